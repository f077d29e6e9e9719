{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- Ratios of the newest financial year known, of the year before it where balances are averaged or
-- growth is measured, and of three years before for the growth of profit.
{% set ratios, items = company_ratios(), statement_items() -%}
with

months as (
    {{ build_months() }}
),

-- Years are told by the month they end in: of two statements of one month the later one counts.
years as (
    {{ newest_known(
        ref('stg_financial_statements'),
        [('year_no', months_between("date '1900-01-01'", 'known.year_end'))],
        'year_end', ['year_end', 'known_on', 'audited'] + items, 'months'
    ) }}
),

newest as (
    select
        customer_key,
        month,
        max(year_no) as year_no,
    from years
    group by customer_key, month
),

stated as (
    select
        years.*,
        before.net_profit as net_profit_before,
        {% for item in [
            'total_assets', 'current_assets', 'inventory', 'receivables', 'equity', 'sales',
        ] -%}
        before.{{ item }} as {{ item }}_before,
        {% endfor -%}
        three_before.net_profit as net_profit_then,
    from newest
    inner join years
        on
            newest.customer_key = years.customer_key
            and newest.month = years.month
            and newest.year_no = years.year_no
    left join years as before
        on
            newest.customer_key = before.customer_key
            and newest.month = before.month
            and newest.year_no - 12 = before.year_no
    left join years as three_before
        on
            newest.customer_key = three_before.customer_key
            and newest.month = three_before.month
            and newest.year_no - 36 = three_before.year_no
),

divided as (
    select
        *,
        {% for name, (above, below, _, _) in ratios.items() -%}
        {{ above }} as {{ name }}_above,
        {{ below }} as {{ name }}_below,
        {% endfor -%}
    from stated
),

told as (
    select
        *,
        {% for name, (_, _, worst, best) in ratios.items() -%}
        {{ ratio_state(name, worst, best) }} as {{ name }}_state,
        {% endfor -%}
    from divided
)

select
    told.customer_key,
    told.month,
    months.judged_on,
    months.is_closed,
    told.year_end,
    told.known_on,
    told.audited as is_audited,
    told.equity,
    told.net_profit,
    told.net_profit_before,
    {% for name in ratios -%}
    case
        when told.{{ name }}_state = 'measured'
            then {{ boundable('(' ~ ratio_value(name, 'told.' ~ name) ~ ')') }}
    end as {{ name }},
    told.{{ name }}_state,
    {% endfor -%}
from told
inner join months on told.month = months.month
