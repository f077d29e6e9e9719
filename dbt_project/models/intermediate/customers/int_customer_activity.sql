{{ config(materialized='table') }}

-- What customers bring, cost, say and do apart from their accounts. What is learned of a month
-- after its end counts as late in the month that learns it.
{% set flows = {
    'income': ['income'],
    'cost': ['cost'],
    'logins': ['logins'],
    'contacts': ['complaints', 'surveys', 'survey_score'],
    'leads': ['leads', 'unmet_interests'],
} -%}
{% set surveyed = "events.kind = 'survey' and events.score is not null" -%}
with

months as (
    {{ build_months() }}
),

income as (
    {{ learned_flow(ref('stg_income_items'), 'booked_on', [
        ('income', 'events.amount', 'decimal(28, 2)'),
    ]) }}
),

cost as (
    {{ learned_flow(ref('stg_cost_items'), 'booked_on', [
        ('cost', 'events.amount', 'decimal(28, 2)'),
    ]) }}
),

logins as (
    {{ learned_flow(ref('stg_channel_logins'), 'login_on', [
        ('logins', 'events.logins', 'bigint'),
    ]) }}
),

contacts as (
    {{ learned_flow(ref('stg_interactions'), 'happened_on', [
        ('complaints', "case when events.kind = 'complaint' then 1 else 0 end", 'bigint'),
        ('surveys', 'case when ' ~ surveyed ~ ' then 1 else 0 end', 'bigint'),
        ('survey_score', 'case when ' ~ surveyed ~ ' then events.score else 0 end', 'bigint'),
    ]) }}
),

open_classes as (
    select distinct customer_key, month, product_class
    from {{ ref('int_accounts_in_force') }}
    where is_open
),

-- An interest is unmet where no account of its class is open on the day judged. A correction is
-- judged like that, too, by the accounts of the month that learns it.
leads as (
    {{ learned_flow(ref('stg_leads'), 'created_on', [
        ('leads', '1', 'bigint'),
        (
            'unmet_interests',
            'case when events.interest is not null and open_classes.product_class is null'
            ~ ' then 1 else 0 end',
            'bigint',
        ),
    ], joins='left join open_classes on events.customer_key = open_classes.customer_key'
        ~ ' and months.month = open_classes.month'
        ~ ' and events.interest = open_classes.product_class'
    ) }}
),

first_leads as (
    {{ learned_days(ref('stg_leads'), 'created_on', 'min', 'first_lead_on') }}
),

appearances as (
    {% for flow in flows -%}
    select customer_key, month from {{ flow }}
    {{ 'union' if not loop.last }}
    {% endfor -%}
)

select
    appearances.customer_key,
    appearances.month,
    {% for flow, measures in flows.items() -%}
    {% for measure in measures -%}
    coalesce({{ flow }}.{{ measure }}, 0) as {{ measure }},
    coalesce({{ flow }}.late_{{ measure }}, 0) as late_{{ measure }},
    {% endfor -%}
    {% endfor -%}
    first_leads.first_lead_on,
from appearances
{% for flow in (flows | list) + ['first_leads'] -%}
left join {{ flow }}
    on appearances.customer_key = {{ flow }}.customer_key and appearances.month = {{ flow }}.month
{% endfor -%}
