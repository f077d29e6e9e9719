{# The run's window of knowledge: days [window_start, window_end) of `loaded_on`. #}

{% macro window_start() -%}date '{{ var('window_start') }}'{%- endmacro %}

{% macro window_end() -%}date '{{ var('window_end') }}'{%- endmacro %}

{# First day of the month in which the window starts: month-grained tables rewrite from here. #}
{% macro window_month() -%}date '{{ var('window_start')[:7] }}-01'{%- endmacro %}

{% macro as_of() -%}date '{{ last_day() }}'{%- endmacro %}

{% macro last_day() -%}
    {%- set day = modules.datetime.datetime.strptime(var('window_end'), '%Y-%m-%d')
        - modules.datetime.timedelta(days=1) -%}
    {{ return(day.strftime('%Y-%m-%d')) }}
{%- endmacro %}

{# Whether the window reaches over more than one month. #}
{% macro spans_months() -%}
    {{ return(var('window_start')[:7] < last_day()[:7]) }}
{%- endmacro %}

{# True for rows that became known inside the window. #}
{% macro in_window(column) -%}
    {{ column }} >= {{ window_start() }} and {{ column }} < {{ window_end() }}
{%- endmacro %}

{#
    The months this run builds, as a query: every month from the window's first to its last.
    month         first day
    next_month    first day of the following month
    period_end    day after the last day judged: next_month, or window_end in the running month
    judged_on     last day judged, as of which everything is known
    is_closed     the month has ended within the window; closed months are kept as known then
#}
{% macro build_months() -%}
    {%- set strptime = modules.datetime.datetime.strptime -%}
    {%- set end = strptime(var('window_end'), '%Y-%m-%d') -%}
    {%- set month = namespace(at=strptime(var('window_start')[:7] ~ '-01', '%Y-%m-%d')) -%}
    {%- set last = end - modules.datetime.timedelta(days=1) -%}
    {%- for _ in range((last.year - month.at.year) * 12 + last.month - month.at.month + 1) -%}
        {%- set next = (month.at + modules.datetime.timedelta(days=32)).replace(day=1) -%}
        {%- set period_end = [next, end] | min -%}
        {%- set judged_on = period_end - modules.datetime.timedelta(days=1) -%}
        {{ '\n        union all\n        ' if not loop.first }}
        select
            date '{{ month.at.strftime('%Y-%m-%d') }}' as month,
            date '{{ next.strftime('%Y-%m-%d') }}' as next_month,
            date '{{ period_end.strftime('%Y-%m-%d') }}' as period_end,
            date '{{ judged_on.strftime('%Y-%m-%d') }}' as judged_on,
            {{ (period_end - month.at).days }} as days_judged,
            {{ 'true' if next <= end else 'false' }} as is_closed
        {%- set month.at = next -%}
    {%- endfor -%}
{%- endmacro %}
