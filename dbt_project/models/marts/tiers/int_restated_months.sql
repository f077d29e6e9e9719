{{ config(materialized='table') }}

-- Past month ends that are looked at again, from the population's own record of what was judged.
select distinct
    distribution.month,
    {{ add_months('distribution.month', 1) }} as period_end,
    distribution.judged_on,
    {{ days_between('distribution.month', add_months('distribution.month', 1)) }} as days_judged,
from {{ ref('tier_distribution') }} as distribution
inner join {{ ref('policy_parameter') }} as horizon
    on
        horizon.parameter = 'restatement_months'
        and {{ valid_on('horizon', as_of()) }}
        and distribution.month
        >= {{ add_months(
            "date_trunc('month', " ~ as_of() ~ ")", 'cast(-horizon.value as integer)'
        ) }}
where distribution.is_closed
