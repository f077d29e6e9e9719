{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

-- How cards in use do, beside the bounds of policy beyond which somebody should look.
with

months as (
    {{ build_months() }}
),

bounds as (
    {{ parameters_in_force([
        'monitoring_drift', 'monitoring_unseen_share', 'monitoring_least_auc',
        'monitoring_rate_error', 'monitoring_least_customers', 'monitoring_least_bads',
    ], 'months') }}
),

measures as (
    select * from {{ source('fits', 'scorecard_monitor') }} where month >= {{ window_month() }}
),

outcomes as (
    select
        month,
        card,
        observed_month,
        max(case when measure = 'bad_rate' then value * customers end) as bads,
        max(value * customers) as bads_or_promised,
    from measures
    where measure in ('bad_rate', 'promised_rate')
    group by month, card, observed_month
),

bounded as (
    select
        measures.*,
        case
            when measures.customers < bounds.monitoring_least_customers then null
            when measures.measure in ('psi', 'csi') then bounds.monitoring_drift
            when measures.measure = 'unscored_share' then bounds.monitoring_unseen_share
            when measures.measure = 'auc' and outcomes.bads >= bounds.monitoring_least_bads
                then bounds.monitoring_least_auc
            when
                measures.measure = 'rate_error'
                and outcomes.bads_or_promised >= bounds.monitoring_least_bads
                then bounds.monitoring_rate_error
        end as bound,
    from measures
    inner join bounds on measures.month = bounds.month
    left join outcomes
        on
            measures.month = outcomes.month
            and measures.card = outcomes.card
            and measures.observed_month = outcomes.observed_month
)

select
    month,
    kind,
    card,
    observed_month,
    measure,
    feature,
    value,
    low,
    high,
    customers,
    cast(bound as double) as bound,
    coalesce(case when measure = 'auc' then value < bound else value > bound end, false)
        as is_beyond,
from bounded
