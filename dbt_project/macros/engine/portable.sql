{# What engines say differently, in one place. The default is DuckDB's way. #}

{# Whole days from one date to another. #}
{% macro days_between(start_date, end_date) -%}
    {{ return(adapter.dispatch('days_between', 'tenure')(start_date, end_date)) }}
{%- endmacro %}

{% macro default__days_between(start_date, end_date) -%}
    datediff('day', {{ start_date }}, {{ end_date }})
{%- endmacro %}

{% macro spark__days_between(start_date, end_date) -%}
    datediff({{ end_date }}, {{ start_date }})
{%- endmacro %}

{# The same day n months later. #}
{% macro add_months(date, months) -%}
    {{ return(adapter.dispatch('add_months', 'tenure')(date, months)) }}
{%- endmacro %}

{% macro default__add_months(date, months) -%}
    cast({{ date }} + to_months(cast({{ months }} as integer)) as date)
{%- endmacro %}

{% macro spark__add_months(date, months) -%}
    add_months({{ date }}, {{ months }})
{%- endmacro %}

{# The day before. #}
{% macro day_before(date) -%}
    {{ return(adapter.dispatch('day_before', 'tenure')(date)) }}
{%- endmacro %}

{% macro default__day_before(date) -%}
    cast({{ date }} - interval 1 day as date)
{%- endmacro %}

{% macro spark__day_before(date) -%}
    date_sub({{ date }}, 1)
{%- endmacro %}

{# The day after. #}
{% macro day_after(date) -%}
    {{ return(adapter.dispatch('day_after', 'tenure')(date)) }}
{%- endmacro %}

{% macro default__day_after(date) -%}
    cast({{ date }} + interval 1 day as date)
{%- endmacro %}

{% macro spark__day_after(date) -%}
    date_add({{ date }}, 1)
{%- endmacro %}

{#
    Whole months from one date up to another: from 31 January up to 1 March it is one, as it is from
    1 January up to 1 February. Half-open: `end_date` is the first day that is not counted.
#}
{% macro whole_months(start_date, end_date) -%}
    cast(
        (extract(year from {{ end_date }}) - extract(year from {{ start_date }})) * 12
        + extract(month from {{ end_date }}) - extract(month from {{ start_date }})
        - case
            when extract(day from {{ end_date }}) < extract(day from {{ start_date }}) then 1
            else 0
        end as integer
    )
{%- endmacro %}

{#
    Whole years, as of an age: a birthday counts from its morning. Whoever is born on 29 February
    gets older on 1 March in other years.
#}
{% macro whole_years(birth_date, day) -%}
    cast(floor({{ whole_months(birth_date, day) }} / 12) as integer)
{%- endmacro %}

{#
    A surrogate key: 60 bits of a salted hash of the bank's own number. It needs no look-up and no
    state, so it is the same in whatever order days are loaded. Uniqueness is checked by a gate.
#}
{% macro surrogate_key(entity, column) -%}
    {{ return(adapter.dispatch('surrogate_key', 'tenure')(entity, column)) }}
{%- endmacro %}

{% macro default__surrogate_key(entity, column) -%}
    cast('0x' || left(md5('{{ var('key_salt') }}:{{ entity }}:' || {{ column }}), 15) as bigint)
{%- endmacro %}

{% macro spark__surrogate_key(entity, column) -%}
    cast(
        conv(left(md5('{{ var('key_salt') }}:{{ entity }}:' || {{ column }}), 15), 16, 10) as bigint
    )
{%- endmacro %}

{#
    amount * factor, without overflow or rounding: DuckDB multiplies two decimals of up to 18 digits
    in 18 digits, and Spark rounds products of more than 38. `type` holds the amount; with the
    factor's digits it comes to 38. By default it is an account's money, or money times days.
#}
{% macro weighted(amount, factor, type='decimal(19, 2)') -%}
    cast({{ amount }} as {{ type }}) * {{ factor }}
{%- endmacro %}

{#
    amount / divisor, rounded half away from zero to cents, without a binary float on the way:
    |amount| / divisor + 1/2, in cents, is (200 * |amount| + divisor) / (2 * divisor), whose whole
    part no decimals of the dividend can change.
    `amount` is a decimal of `scale` decimals, `divisor` a positive integer.
#}
{% macro divide_money(amount, divisor, scale) -%}
    {{ return(adapter.dispatch('divide_money', 'tenure')(amount, divisor, scale)) }}
{%- endmacro %}

{# What fits 64 bits is divided in 64 bits: DuckDB takes a hundred times as long for 128. #}
{% macro default__divide_money(amount, divisor, scale) -%}
    {%- set dividend = '(abs(' ~ amount ~ ') * 200 + ' ~ divisor ~ ')' -%}
    case when {{ amount }} < 0 then -0.01 else 0.01 end * cast(
        coalesce(
            cast(floor(try_cast({{ dividend }} as decimal(18, {{ scale }}))) as bigint)
            // (2 * {{ divisor }}),
            cast(floor({{ dividend }}) as hugeint) // (2 * {{ divisor }})
        ) as decimal(36, 0)
    )
{%- endmacro %}

{% macro spark__divide_money(amount, divisor, scale) -%}
    case when {{ amount }} < 0 then -0.01 else 0.01 end * cast(
        cast(floor(abs(cast({{ amount }} as decimal(32, {{ scale }}))) * 200 + {{ divisor }}) as bigint)
        div (2 * {{ divisor }}) as decimal(18, 0)
    )
{%- endmacro %}

{# An amount as people read it: 1,234,567.89. `amount` is money. #}
{% macro money_text(amount) -%}
    {{ return(adapter.dispatch('money_text', 'tenure')(amount)) }}
{%- endmacro %}

{# In parts, because DuckDB formats decimals as binary floats, which lose cents of large amounts. #}
{% macro default__money_text(amount) -%}
    case when {{ amount }} < 0 then '-' else '' end
    || format('{:,}', cast(floor(abs({{ amount }})) as bigint))
    || right(cast(cast({{ amount }} as decimal(38, 2)) as varchar), 3)
{%- endmacro %}

{% macro spark__money_text(amount) -%}
    format_number({{ amount }}, 2)
{%- endmacro %}

{# A share as people read it: 12.50%. Rounded before it is written: money_text takes money. #}
{% macro share_text(share) -%}
    {{ money_text('cast(' ~ share ~ ' * 100 as decimal(28, 2))') }} || '%'
{%- endmacro %}

{#
    Orders versions by the day they hold from, then by the day they became known, as one number:
    `max_by(x, version_order(..))` is the version in force.
#}
{% macro version_order(effective_on, known_on) -%}
    (
        cast({{ days_between("date '1900-01-01'", effective_on) }} as bigint) * 1000000
        + {{ days_between("date '1900-01-01'", known_on) }}
    )
{%- endmacro %}

{#
    A model's own closed months, read by a model that it is built from. Closed months before the
    window never change, so this is no cycle in time, though it would be one in the graph.
    Empty where the window begins with the first day.
#}
{% macro closed_months(model_name, columns) -%}
    {%- set relation = adapter.get_relation(this.database, this.schema, model_name)
        if execute else none -%}
    {%- if relation is none or builds_everything() -%}
        select {% for name, type in columns.items() -%}
            cast(null as {{ type }}) as {{ name }}{{ ', ' if not loop.last }}
        {%- endfor %} where 1 = 0
    {%- else -%}
        select {{ columns.keys() | join(', ') }} from {{ relation }}
        where month < {{ window_month() }}
    {%- endif -%}
{%- endmacro %}

{#
    numerator / denominator (money both), rounded half away from zero at six decimals; null where
    the denominator is zero.
#}
{% macro ratio(numerator, denominator) -%}
    {{ return(adapter.dispatch('ratio', 'tenure')(numerator, denominator)) }}
{%- endmacro %}

{#
    As with money, 64 bits where they hold it, which takes DuckDB a sixth of the time: amounts below
    forty billion, whose cents times two million do. Decimals of 15 digits turn into them cheaply.
#}
{% macro default__ratio(numerator, denominator) -%}
    {%- set small = 'try_cast(abs({}) as decimal(15, 2))' -%}
    {%- set cents = 'cast(' ~ small ~ ' * 100 as bigint)' -%}
    {%- set large = 'cast(abs({}) * 100 as hugeint)' -%}
    case
        when {{ denominator }} = 0 then null
        else cast(
            sign({{ numerator }}) * sign({{ denominator }}) * case
                when
                    {{ small.format(numerator) }} < 40000000000
                    and {{ small.format(denominator) }} < 40000000000
                    then cast({{ halves_away(cents, numerator, denominator) }} as hugeint)
                else {{ halves_away(large, numerator, denominator) }}
            end as decimal(32, 0)
        ) * 0.000001
    end
{%- endmacro %}

{# The quotient in millionths, rounded half up, of amounts as `whole` turns them into cents. #}
{% macro halves_away(whole, numerator, denominator) -%}
    ({{ whole.format(numerator) }} * 2000000 + {{ whole.format(denominator) }})
    // (2 * {{ whole.format(denominator) }})
{%- endmacro %}

{% macro spark__ratio(numerator, denominator) -%}
    case
        when {{ denominator }} = 0 then null
        else round(cast({{ numerator }} as decimal(38, 10)) / {{ denominator }}, 6)
    end
{%- endmacro %}

{# Months from one day's month to another's, whatever the days in them. #}
{% macro months_between(start_date, end_date) -%}
    cast(
        (extract(year from {{ end_date }}) - extract(year from {{ start_date }})) * 12
        + extract(month from {{ end_date }}) - extract(month from {{ start_date }}) as integer
    )
{%- endmacro %}

{# One whole number by another above 0, neither negative, rounded half up to a whole one. #}
{% macro divide_whole(amount, divisor) -%}
    {{ return(adapter.dispatch('divide_whole', 'tenure')(amount, divisor)) }}
{%- endmacro %}

{% macro default__divide_whole(amount, divisor) -%}
    (2 * {{ amount }} + {{ divisor }}) // (2 * {{ divisor }})
{%- endmacro %}

{% macro spark__divide_whole(amount, divisor) -%}
    (2 * {{ amount }} + {{ divisor }}) div (2 * {{ divisor }})
{%- endmacro %}
