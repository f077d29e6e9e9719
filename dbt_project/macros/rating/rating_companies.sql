{#
    Who is rated, and by what: one row per company of judged_population() and month, with the
    industry's benchmarks and trade, the statement and the sheet in force, and what knocks out.
    `facts`, `trail`: relations like fct_customer_month and fct_customer_trail; `ratios`, `sheet`:
    like int_company_ratio_month and int_company_sheet_month; `months`: like build_months().
#}
{% macro rating_companies(facts, trail, ratios, sheet, months) -%}
    with

    known as (
        {{ judged_population(facts, trail, months) }}
    ),

    industries as (
        {{ policy_in_force(ref('policy_rating_industry'), months) }}
    ),

    items as (
        {{ policy_in_force(ref('policy_rating_item'), months) }}
    ),

    sheets as (
        select
            sheet.customer_key,
            sheet.month,
            max(sheet.assessed_on) as assessed_on,
            max(sheet.known_on) as known_on,
            max(case when items.trade = 'trading' then sheet.assessed_on end) as trading_on,
            max(case when items.trade = 'producer' then sheet.assessed_on end) as producer_on,
        from {{ sheet }} as sheet
        inner join items on sheet.month = items.month and sheet.item = items.item
        group by sheet.customer_key, sheet.month
    )

    select
        known.customer_key,
        known.month,
        known.judged_on,
        known.is_closed,
        facts.relationship_closed_on,
        facts.industry,
        coalesce(listed.industry, other.industry) as rated_as,
        coalesce(listed.benchmark, other.benchmark) as benchmark,
        case coalesce(listed.trade, other.trade)
            when 'as_assessed' then
                case
                    when sheets.trading_on > sheets.producer_on
                        or (sheets.trading_on is not null and sheets.producer_on is null)
                        then 'trading'
                    else 'producer'
                end
            else coalesce(listed.trade, other.trade)
        end as trade,
        ratios.year_end,
        ratios.known_on as statement_known_on,
        ratios.is_audited,
        sheets.assessed_on,
        sheets.known_on as sheet_known_on,
        facts.loans_in_default,
        facts.days_past_due,
        ratios.equity,
        ratios.net_profit,
        ratios.net_profit_before,
    from known
    inner join {{ facts }} as facts
        on known.customer_key = facts.customer_key and known.month = facts.month
    inner join industries as other on known.month = other.month and other.industry = 'other'
    left join industries as listed
        on known.month = listed.month and facts.industry = listed.industry
    left join {{ ratios }} as ratios
        on known.customer_key = ratios.customer_key and known.month = ratios.month
    left join sheets
        on known.customer_key = sheets.customer_key and known.month = sheets.month
    where facts.customer_type = 'corporate'
{%- endmacro %}
