{#
    What the windows of policy measure, as differences of rows of the trail: the month's volume and
    its baseline, dealings and profit. Of who came later they count from the first month, of who
    came back from the month of return.

    `present`: relation of lifecycle_presence. Of the trail only the months at which a window begins
    are read, and of who came back the month before.
#}
{% macro lifecycle_measures(present, trail, terms) -%}
    with

    {{ trail_starts(present, trail, terms, ['before_month', 'baseline_since', 'repeat_since',
        'profit_since']) }},

    windows as (
        select
            present.*,
            present.days_known - {{ total_at('before_month', 'days_known') }} as days,
            present.total_asset_balance_days
            - {{ total_at('before_month', 'total_asset_balance_days') }} as asset_balance_days,
            present.total_own_transactions
            - {{ total_at('before_month', 'total_own_transactions') }} as month_transactions,
            {% for name, total in baseline_totals().items() -%}
            {{ total_at('before_month', total) }} - {{ total_at('baseline_since', total) }}
                as baseline_{{ name }},
            {% endfor -%}
            present.total_own_transactions
            - {{ total_at('repeat_since', 'total_own_transactions') }} as own_transactions,
            {% for flow in ['income', 'cost'] -%}
            cast(
                present.total_{{ flow }} - {{ total_at('profit_since', 'total_' ~ flow) }}
                as decimal(28, 2)
            ) as {{ flow }},
            {% endfor -%}
        from {{ present }} as present
        inner join {{ terms }} as terms on present.month = terms.month
        {{ join_starts(['before_month', 'baseline_since', 'repeat_since', 'profit_since']) }}
    ),

    -- Where a bank delivers no income and no cost, nobody has any.
    delivered as (
        select
            month,
            max(case when total_income <> 0 or total_cost <> 0 then 1 else 0 end) = 1 as has_profit,
        from {{ trail }}
        where month in (select terms.month from {{ terms }} as terms)
        group by month
    ),

    averages as (
        select
            windows.*,
            delivered.has_profit,
            cast({{ divide_money('asset_balance_days', 'days', scale=2) }} as decimal(28, 2))
                as assets,
            case
                when
                    windows.is_held
                    and windows.baseline_months >= terms.baseline_known_months_bound
                    then cast(
                        {{ divide_money('baseline_balance_days', 'baseline_days', scale=2) }}
                        as decimal(28, 2)
                    )
            end as baseline_assets,
            case
                when
                    windows.is_held
                    and windows.baseline_months >= terms.baseline_known_months_bound
                    and windows.baseline_transactions > 0
                    then cast({{ ratio(
                        '(month_transactions * baseline_days - baseline_transactions * days)',
                        '(baseline_transactions * days)'
                    ) }} as decimal(28, 6))
            end as transaction_change,
            terms.volume_choice,
        from windows
        inner join {{ terms }} as terms on windows.month = terms.month
        inner join delivered on windows.month = delivered.month
    ),

    changes as (
        select
            *,
            case
                when baseline_assets > 0
                    then cast(
                        {{ ratio('(assets - baseline_assets)', 'baseline_assets') }}
                        as decimal(28, 6)
                    )
            end as asset_change,
        from averages
    )

    select
        *,
        {{ chosen_change('least', 'asset_change', 'transaction_change') }} as volume_change,
        {{ chosen_change('greatest', 'abs(asset_change)', 'abs(transaction_change)') }}
            as volume_swing,
    from changes
{%- endmacro %}

{# What a baseline adds up: name -> total of the trail. #}
{% macro baseline_totals() -%}
    {{ return({
        'months': 'months_known',
        'days': 'days_known',
        'balance_days': 'total_asset_balance_days',
        'transactions': 'total_own_transactions',
    }) }}
{%- endmacro %}

{# The volume that policy looks at: of either, the one that moved further. #}
{% macro chosen_change(pick, assets, transactions) -%}
    case volume_choice
        when 'assets' then {{ assets }}
        when 'transactions' then {{ transactions }}
        else {{ pick }}({{ assets }}, {{ transactions }})
    end
{%- endmacro %}
