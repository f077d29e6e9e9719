{{ config(materialized='table') }}

with

latest as (
    select
        versions.customer_key,
        max_by(
            {{ pack('versions', [
                'customer_type', 'birth_date', 'gender', 'region', 'area', 'branch_id',
                'relationship_manager', 'opened_on', 'closed_on', 'household_income',
                'risk_appetite', 'acquisition_source', 'industry',
            ]) }},
            {{ version_order('versions.effective_on', 'versions.known_on') }}
        ) as version,
    from {{ ref('stg_customers') }} as versions
    where versions.known_on < {{ window_end() }} and versions.effective_on < {{ window_end() }}
    group by versions.customer_key
)

select
    latest.customer_key,
    latest.version.customer_type,
    cast(extract(year from latest.version.birth_date) as integer) as birth_year,
    latest.version.gender,
    latest.version.region,
    latest.version.area,
    latest.version.branch_id,
    latest.version.relationship_manager,
    latest.version.opened_on,
    latest.version.closed_on,
    latest.version.household_income,
    latest.version.risk_appetite,
    latest.version.acquisition_source,
    latest.version.industry,
    {{ as_of() }} as as_of,
from latest
