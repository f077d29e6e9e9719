{{ config(materialized='table') }}

with

latest as (
    select
        customer_key,
        max_by(
            {{ pack('versions', [
                'customer_type', 'birth_date', 'gender', 'region', 'area', 'branch_id',
                'relationship_manager', 'opened_on', 'closed_on', 'household_income',
                'risk_appetite', 'acquisition_source',
            ]) }},
            {{ version_order('effective_on', 'known_on') }}
        ) as version,
    from {{ ref('stg_customers') }} as versions
    where known_on < {{ window_end() }} and effective_on < {{ window_end() }}
    group by customer_key
)

select
    customer_key,
    version.customer_type,
    cast(extract(year from version.birth_date) as integer) as birth_year,
    version.gender,
    version.region,
    version.area,
    version.branch_id,
    version.relationship_manager,
    version.opened_on,
    version.closed_on,
    version.household_income,
    version.risk_appetite,
    version.acquisition_source,
    {{ as_of() }} as as_of,
from latest
