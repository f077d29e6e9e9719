{{ config(materialized='view') }}

{{ explained(ref('lifecycle_month'), lifecycle_reasons()) }}
