{#
    The rows of a model that this run wrote, as a condition. Tests run after every build, so they
    look at the run's window only: `window` names the column that holds the day (known_on) or the month.
    The window is read here, when the test runs; in YAML it would be that of the parsing.
    Without it the model holds nothing but the window, or only the present.
#}
{% macro window_rows(window) -%}
    {%- if window == 'month' -%}
        month >= {{ window_month() }}
    {%- elif window -%}
        {{ window }} >= {{ window_start() }}
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
