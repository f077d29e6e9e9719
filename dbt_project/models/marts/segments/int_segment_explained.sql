{{ config(materialized='view') }}

{{ explained(ref('segment_month'), segment_reasons()) }}
