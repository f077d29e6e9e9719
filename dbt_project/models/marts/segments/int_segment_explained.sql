{{ config(materialized='view') }}

{{ explain_segment(ref('segment_month')) }}
