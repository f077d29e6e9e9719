{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- A point wherever the customers counted so far pass a whole percent of all; many with one
-- contribution pass several at once and are one point.
with

placed as (
    select
        *,
        {{ whole_percent('customers_so_far', 'customers') }} as step,
        {{ whole_percent('(customers_so_far - customers_here)', 'customers') }} as step_before,
    from {{ ref('int_contribution_stand') }}
)

select
    month,
    horizon,
    step,
    horizon_months,
    judged_on,
    is_closed,
    customers_so_far as customers,
    cast({{ ratio('customers_so_far', 'customers') }} as decimal(18, 6)) as customer_share,
    contribution as least_contribution,
    brought_so_far as contribution,
    total as total_contribution,
    {{ share_of_total('brought_so_far', 'total') }} as contribution_share,
from placed
where step > step_before
