{#
    Numbers as whole ones, which engines compare, multiply and divide in 64 bits: many times faster
    than wide decimals, and as exact.
#}

{# A share of up to four decimals in ten-thousandths, and back, with a share's six decimals. #}
{% macro in_parts(share) -%}
    cast({{ share }} * 10000 as bigint)
{%- endmacro %}

{% macro from_parts(parts) -%}
    cast(cast({{ parts }} as decimal(5, 0)) * cast(0.0001 as decimal(4, 4)) as decimal(9, 6))
{%- endmacro %}

{# An amount or points of up to two decimals in hundredths, and back. #}
{% macro in_cents(amount) -%}
    cast({{ amount }} * 100 as bigint)
{%- endmacro %}

{% macro from_cents(cents) -%}
    cast(cast({{ cents }} as decimal(15, 0)) * cast(0.01 as decimal(2, 2)) as decimal(18, 2))
{%- endmacro %}

{#
    A number to be held against bounds of at most twelve digits before the point, in 64 bits: what
    lies beyond all of them stays beyond them. Nothing stays nothing, which `least` would overlook.
#}
{% macro boundable(number) -%}
    case when {{ number }} is not null
        then cast(
            greatest(least({{ number }}, 999999999999.99), -999999999999.99) as decimal(18, 6)
        )
    end
{%- endmacro %}

{#
    An amount whose square is summed over all customers in 128 bits: what is beyond the largest
    single amount that landing takes counts as that. Nineteen digits, because engines multiply up to
    eighteen in 64 bits.
#}
{% macro squarable(amount) -%}
    case when {{ amount }} is not null
        then cast(
            greatest(least({{ amount }}, 9999999999999.99), -9999999999999.99) as decimal(19, 2)
        )
    end
{%- endmacro %}

{% macro square_sum(amount) -%}
    cast(sum({{ squarable(amount) }} * {{ squarable(amount) }}) as decimal(38, 4))
{%- endmacro %}

{# Such bounds where they are open. #}
{% macro open_below() -%}
    cast(-999999999999.999999 as decimal(18, 6))
{%- endmacro %}

{% macro open_above() -%}
    cast(999999999999.999999 as decimal(18, 6))
{%- endmacro %}

{# Hundredths that no number has, for bounds that are open. #}
{% macro below_all() -%}
    cast(-9223372036854775807 as bigint)
{%- endmacro %}

{% macro above_all() -%}
    cast(9223372036854775807 as bigint)
{%- endmacro %}

{#
    What a part is of a whole, in hundredths of a percent, rounded half up. Both in hundredths, the
    whole above 0 and the part from 0 to the whole, of at most twelve digits before the point.
#}
{% macro percent_cents(part, whole) -%}
    {{ divide_whole('(' ~ part ~ ' * 10000)', whole) }}
{%- endmacro %}

{#
    Points in ten-thousandths, rounded half up, and back with their four decimals. Nineteen digits,
    as for squares: a product of eighteen would have to fit in 64 bits with its decimals.
#}
{% macro in_ten_thousandths(points) -%}
    cast(round(cast({{ points }} as decimal(19, 6)) * 10000, 0) as bigint)
{%- endmacro %}

{% macro from_ten_thousandths(parts) -%}
    cast(cast({{ parts }} as decimal(14, 0)) * cast(0.0001 as decimal(4, 4)) as decimal(18, 4))
{%- endmacro %}

{# A number of up to six decimals in millionths, and back. Nineteen digits as above. #}
{% macro in_millionths(number) -%}
    cast(cast({{ number }} as decimal(19, 6)) * 1000000 as bigint)
{%- endmacro %}

{% macro from_millionths(millionths) -%}
    cast(cast({{ millionths }} as decimal(12, 0)) * cast(0.000001 as decimal(6, 6)) as decimal(18, 6))
{%- endmacro %}
