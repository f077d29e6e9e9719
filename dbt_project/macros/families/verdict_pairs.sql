{#
    Parts of a `with` clause: `last_closed`, the newest closed month, and `pairs`, everybody who was
    judged in a closed month or the one before it, with both verdicts of every family, `_before` and
    `_after`: entered where there was none before, left where there is none after.
#}
{% macro verdict_pairs() -%}
    closed as (
        select * from {{ ref('customer_month') }}
        where is_closed and month >= {{ add_months(window_month(), -1) }}
    ),

    last_closed as (
        select max(month) as month from closed
    ),

    pairs as (
        select
            coalesce(after.customer_key, before.customer_key) as customer_key,
            coalesce(after.month, {{ add_months('before.month', 1) }}) as month,
            before.assets as assets_before,
            after.assets as assets_after,
            {% for family in verdict_families() -%}
            case
                when before.customer_key is null then 'entered' else before.{{ family.column }}
            end as {{ family.column }}_before,
            case
                when after.customer_key is null then 'left' else after.{{ family.column }}
            end as {{ family.column }}_after,
            {% endfor %}
        from (select * from closed where month >= {{ window_month() }}) as after
        full outer join closed as before
            on
                after.customer_key = before.customer_key
                and after.month = {{ add_months('before.month', 1) }}
    )
{%- endmacro %}
