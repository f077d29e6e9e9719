{{ config(materialized='view') }}

{{ explain_tiers(ref('tier_month')) }}
{% for table in ['int_lifecycle_explained', 'int_star_explained', 'int_segment_explained'] -%}
union all
select * from {{ ref(table) }}
{% endfor -%}
