{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

with

judged as (
    select
        month,
        income_band,
        max(judged_on) as judged_on,
        bool_and(is_closed) as is_closed,
        max(premium_months) as premium_months,
        count(*) as customers,
        sum(case when is_insured then 1 else 0 end) as insured_customers,
        cast(sum(insurance_premium) as decimal(38, 2)) as premium,
    from {{ ref('segment_month') }}
    where month >= {{ window_month() }}
    group by month, income_band
),

months as (
    select
        month,
        max(judged_on) as judged_on,
        bool_and(is_closed) as is_closed,
        max(premium_months) as premium_months,
        sum(customers) as population,
        cast(sum(premium) as decimal(38, 2)) as population_premium,
    from judged
    group by month
),

named as (
    {{ segments_in_force('months') }}
),

-- Every band in force has a row, also when nobody is in it.
bands as (
    select
        months.*,
        named.segment as income_band,
        named.segment_name as band_name,
        coalesce(judged.customers, 0) as customers,
        coalesce(judged.insured_customers, 0) as insured_customers,
        cast(coalesce(judged.premium, 0) as decimal(38, 2)) as premium,
    from months
    inner join named on months.month = named.month and named.scheme = 'income_band'
    left join judged
        on months.month = judged.month and named.segment = judged.income_band
)

select
    month,
    income_band,
    band_name,
    judged_on,
    is_closed,
    cast(customers as bigint) as customers,
    cast({{ ratio('customers', 'population') }} as decimal(18, 6)) as customer_share,
    cast(insured_customers as bigint) as insured_customers,
    cast({{ ratio('insured_customers', 'customers') }} as decimal(18, 6)) as penetration,
    premium_months,
    premium,
    cast({{ ratio('premium', 'population_premium') }} as decimal(18, 6)) as premium_share,
    cast(
        {{ ratio('(premium * population)', '(population_premium * customers)') }}
        as decimal(18, 6)
    ) as concentration_index,
    case
        when customers > 0
            then cast({{ divide_money('premium', 'customers', scale=2) }} as decimal(18, 2))
    end as premium_per_head,
from bands
