{#
    Per customer and month every component of the contribution, as the choices of policy in force
    take it: delivered, or worked out from balances and uses.
    `known`: relation with everybody and month; `terms`: of contribution_terms; `served`: cost of the
    uses of channels.
#}
{% macro contribution_gathered(known, terms, served) -%}
    select
        known.customer_key,
        known.month,
        known.months_known,
        coalesce(branches.branch_id, 'unknown') as branch_id,
        case
            when terms.spread_choice = 'delivered' then coalesce(items.spread_deposit, 0) else 0
        end as spread_deposit,
        {% for class in balance_classes() -%}
        case
            when terms.spread_choice = 'balances' then coalesce({{ divide_money(
                'spread.' ~ class ~ '_spread_days', 'terms.year_days', scale=8
            ) }}, 0)
            else {{ 'coalesce(items.spread_loan, 0)' if class == 'loan' else '0' }}
        end as spread_{{ class }},
        {% endfor -%}
        {% for component in income_components() if component not in spread_components() -%}
        coalesce(items.{{ component }}, 0) as {{ component }},
        {% endfor -%}
        case
            when terms.service_choice = 'activity' then coalesce(served.service, 0)
            else coalesce(items.service, 0)
        end as service,
        {% for component in ['acquisition', 'maintenance'] + reward_components() -%}
        coalesce(items.{{ component }}, 0) as {{ component }},
        {% endfor -%}
        case
            when terms.expected_loss_choice = 'on' then coalesce({{ divide_money(
                weighted('spread.owed_days', 'terms.loss_rate'), 'terms.year_days', scale=8
            ) }}, 0)
            else 0
        end as expected_loss,
    from {{ known }} as known
    inner join {{ terms }} as terms on known.month = terms.month
    left join {{ ref('int_customer_branch') }} as branches
        on known.customer_key = branches.customer_key and known.month = branches.month
    left join {{ ref('int_customer_items') }} as items
        on known.customer_key = items.customer_key and known.month = items.month
    left join {{ ref('int_customer_spread') }} as spread
        on known.customer_key = spread.customer_key and known.month = spread.month
    left join {{ served }} as served
        on known.customer_key = served.customer_key and known.month = served.month
{%- endmacro %}
