{{ config(materialized='view') }}

{{ explained(ref('star_month'), star_reasons()) }}
