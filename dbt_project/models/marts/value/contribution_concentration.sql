{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

{% set above = '(stands.customers_so_far - stands.customers_here)' -%}
{% set is_best -%}
stands.contribution > 0 and {{ above }} < terms.best_bound * stands.customers
{%- endset -%}
{% set is_bulk -%}
stands.total > 0 and stands.brought_so_far >= terms.bulk_bound * stands.total
{%- endset -%}
with

months as (
    {{ build_months() }}
),

terms as (
    {{ concentration_terms('months') }}
),

-- Those above a contribution less those below it, times the contribution, add up to the sum of the
-- differences of every two customers: Gini needs no pairs.
measured as (
    select
        stands.month,
        stands.horizon,
        max(stands.horizon_months) as horizon_months,
        max(stands.judged_on) as judged_on,
        bool_and(stands.is_closed) as is_closed,
        max(stands.customers) as customers,
        max(stands.total) as total,
        max(stands.gained) as gained,
        max(stands.gained - (stands.total - stands.gained)) as moved,
        sum(case when stands.contribution < 0 then stands.customers_here else 0 end)
            as losing_customers,
        max(case when {{ is_best }} then stands.customers_so_far else 0 end) as best_customers,
        max(case when {{ is_best }} then stands.brought_so_far else 0 end) as best_contribution,
        min(case when {{ is_bulk }} then stands.customers_so_far end) as bulk_customers,
        sum(
            {{ weighted(
                'stands.contribution',
                'stands.customers_here * (stands.customers - stands.customers_so_far - ' ~ above ~ ')'
            ) }}
        ) as differences,
        sum(
            case
                when stands.contribution > 0
                    then cast(
                        stands.customers_here
                        * {{ fine_share('stands.contribution', 'stands.gained') }}
                        as decimal(18, 12)
                    ) * {{ fine_share('stands.contribution', 'stands.gained') }}
            end
        ) as squares,
    from {{ ref('int_contribution_stand') }} as stands
    inner join terms on stands.month = terms.month
    group by stands.month, stands.horizon
)

select
    measured.month,
    measured.horizon,
    measured.horizon_months,
    measured.judged_on,
    measured.is_closed,
    measured.customers,
    cast(measured.total as decimal(28, 2)) as contribution,
    cast(measured.gained as decimal(28, 2)) as gained,
    cast(measured.gained - measured.total as decimal(28, 2)) as lost,
    cast(measured.losing_customers as bigint) as losing_customers,
    cast({{ ratio('measured.losing_customers', 'measured.customers') }} as decimal(18, 6))
        as losing_share,
    terms.best_bound,
    cast(measured.best_customers as bigint) as best_customers,
    cast(measured.best_contribution as decimal(28, 2)) as best_contribution,
    {{ share_of_total('measured.best_contribution', 'measured.total') }} as best_share,
    terms.bulk_bound,
    cast(measured.bulk_customers as bigint) as bulk_customers,
    cast({{ ratio('measured.bulk_customers', 'measured.customers') }} as decimal(18, 6))
        as bulk_share,
    cast(
        {{ ratio('measured.differences', '(measured.moved * measured.customers)') }}
        as decimal(18, 6)
    ) as gini,
    cast(measured.squares as decimal(18, 6)) as herfindahl,
    terms.policy_version,
from measured
inner join terms on measured.month = terms.month
