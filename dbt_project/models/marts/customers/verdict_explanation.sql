{{ config(materialized='view') }}

-- Over published tables alone, so that it is published as a view: written out, it would be many
-- times as large as all verdicts together.
{{ explain_tiers(ref('tier_month')) }}
{% for table, reasons in verdict_reasons().items() -%}
union all
{{ explained(ref(table), reasons) }}
{% endfor -%}
