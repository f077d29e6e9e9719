{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

with

months as (
    {{ build_months() }}
),

newest as (
    {{ newest_known(
        ref('stg_qualitative_assessments'), [('item', 'known.item')], 'assessed_on',
        ['points', 'assessed_on', 'assessor', 'known_on'], 'months'
    ) }}
)

select
    newest.customer_key,
    newest.month,
    months.judged_on,
    months.is_closed,
    newest.item,
    newest.points,
    newest.assessor,
    newest.assessed_on,
    newest.known_on,
from newest
inner join months on newest.month = months.month
