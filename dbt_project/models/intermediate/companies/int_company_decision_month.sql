{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

with

months as (
    {{ build_months() }}
),

newest as (
    {{ newest_known(
        ref('stg_rating_decisions'), [('kind', 'known.kind')], 'decided_on',
        ['decided_on', 'grade', 'outlook', 'reason', 'approver', 'expires_on', 'known_on'], 'months'
    ) }}
)

select
    newest.customer_key,
    newest.month,
    months.judged_on,
    months.is_closed,
    newest.kind,
    newest.decided_on,
    newest.grade,
    newest.outlook,
    newest.reason,
    newest.approver,
    newest.expires_on,
    newest.known_on,
from newest
inner join months on newest.month = months.month
