{{ config(materialized='view') }}

{{ explain_tiers(ref('tier_month')) }}
union all
{{ explain_lifecycle(ref('lifecycle_month')) }}
union all
{{ explain_star(ref('star_month')) }}
union all
{{ explain_segment(ref('segment_month')) }}
