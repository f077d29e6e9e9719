{#
    What the windows of policy measure: the month's volume and its baseline, dealings and profit. Of
    who came later they count from the first month, of who came back from the month of return.
    `present`: relation of lifecycle_presence.
#}
{% macro lifecycle_measures(present, trail, terms) -%}
    {%- set ends = ['month', 'before_month', 'baseline_since', 'repeat_since', 'profit_since'] -%}
    {%- set totals = [
        'months_known', 'days_known', 'total_asset_balance_days', 'total_own_transactions',
        'total_income', 'total_cost',
    ] -%}
    with

    {{ trail_ends(present, trail, terms, totals, ends) }},

    windows as (
        select
            present.customer_key,
            present.month,
            {{ grown('days_known', 'before_month') }} as days,
            {{ grown('total_asset_balance_days', 'before_month') }} as balance_days,
            {{ grown('total_own_transactions', 'before_month') }} as transactions,
            {{ grown('days_known', 'baseline_since', 'before_month') }} as baseline_days,
            {{ grown('total_asset_balance_days', 'baseline_since', 'before_month') }}
                as baseline_balance_days,
            {{ grown('total_own_transactions', 'baseline_since', 'before_month') }}
                as baseline_transactions,
            present.is_held
            and {{ grown('months_known', 'baseline_since', 'before_month') }}
            >= terms.baseline_known_months_bound as has_baseline,
            {{ grown('total_own_transactions', 'repeat_since') }} as own_transactions,
            cast({{ grown('total_income', 'profit_since') }} as decimal(28, 2)) as income,
            cast({{ grown('total_cost', 'profit_since') }} as decimal(28, 2)) as cost,
            terms.volume_choice,
        from {{ present }} as present
        inner join {{ terms }} as terms on present.month = terms.month
        {{ join_ends(ends) }}
    ),

    averages as (
        select
            *,
            cast({{ divide_money('balance_days', 'days', scale=2) }} as decimal(28, 2)) as assets,
            case
                when has_baseline
                    then cast(
                        {{ divide_money('baseline_balance_days', 'baseline_days', scale=2) }}
                        as decimal(28, 2)
                    )
            end as baseline_assets,
            case
                when has_baseline and baseline_transactions > 0
                    then cast({{ ratio(
                        '(transactions * baseline_days - baseline_transactions * days)',
                        '(baseline_transactions * days)'
                    ) }} as decimal(28, 6))
            end as transaction_change,
        from windows
    ),

    changes as (
        select
            *,
            {{ share_of_positive('(assets - baseline_assets)', 'baseline_assets') }}
                as asset_change,
        from averages
    ),

    -- Where a bank delivers no income and no cost, nobody has any.
    delivered as (
        select
            at_month,
            max(case when total_income <> 0 or total_cost <> 0 then 1 else 0 end) = 1 as has_profit,
        from at_month
        group by at_month
    )

    select
        changes.customer_key,
        changes.month,
        changes.own_transactions,
        changes.income,
        changes.cost,
        case
            when delivered.has_profit then cast(changes.income - changes.cost as decimal(28, 2))
        end as profit,
        changes.assets,
        changes.baseline_assets,
        {{ chosen_change('least', 'asset_change', 'transaction_change') }} as volume_change,
        {{ chosen_change('greatest', 'abs(asset_change)', 'abs(transaction_change)') }}
            as volume_swing,
    from changes
    inner join delivered on changes.month = delivered.at_month
{%- endmacro %}

{# The volume that policy looks at: of either, the one that moved further. #}
{% macro chosen_change(pick, assets, transactions) -%}
    case volume_choice
        when 'assets' then {{ assets }}
        when 'transactions' then {{ transactions }}
        else {{ pick }}({{ assets }}, {{ transactions }})
    end
{%- endmacro %}
