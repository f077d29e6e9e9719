{# One segment of each scheme, from the columns that judge_segment collects; never empty. #}
{% macro segment_verdicts() -%}
    case
        when first_account_on is null or last_own_transaction_on is null then 'potential'
        when accounts_open = 0 or silent_months >= segment_lost_months then 'lost'
        when own_transactions >= segment_frequent_count then 'frequent'
        else 'ordinary'
    end as behaviour,
    case
        when value_amount is null then 'not_measured'
        when {{ is_valuable() }} and {{ is_loyal() }} then 'vip'
        when {{ is_loyal() }} then 'loyal'
        when {{ is_valuable() }} then 'potential'
        else 'ordinary'
    end as value_loyalty,
    case
        when deposit_share is null then 'none'
        when deposit_share >= segment_deposit_heavy then 'deposit_heavy'
        when 1 - deposit_share >= segment_intermediary_heavy then 'intermediary_heavy'
        else 'balanced'
    end as preference,
    case
        when abc_amount is null then 'not_measured'
        when abc_amount <= 0 then 'c'
        when segment_abc = 'literal' and abc_share >= segment_abc_literal_a then 'a'
        when segment_abc = 'literal' and abc_share >= segment_abc_literal_b then 'b'
        when segment_abc = 'literal' then 'c'
        when abc_share < segment_abc_a then 'a'
        when abc_share < segment_abc_b then 'b'
        else 'c'
    end as abc,
    case
        when survey_average is null then 'not_measured'
        when survey_average >= segment_satisfaction_a
            then case when complaints >= segment_complaint_count then 'b' else 'a' end
        when survey_average >= segment_satisfaction_b
            then case when complaints >= segment_complaint_count then 'c' else 'b' end
        else 'c'
    end as satisfaction,
    case
        when is_not_a_person then 'not_a_person'
        else coalesce(age_band, 'unknown')
    end as age_band,
    case
        when first_account_on is null then 'potential'
        when accounts_open = 0 then 'former'
        when tenure_months < segment_new_months then 'new'
        else 'existing'
    end as novelty,
    customer_type,
    region,
    area,
    case
        when is_not_a_person then 'not_a_person'
        else coalesce(income_band, 'unknown')
    end as income_band,
    case
        when is_not_a_person then 'not_a_person'
        else coalesce(strategic_group, 'unknown')
    end as strategic_group,
{%- endmacro %}

{% macro is_valuable() -%}coalesce(value_amount >= value_cut, false){%- endmacro %}

{% macro is_loyal() -%}
    (
        coalesce(tenure_months >= segment_loyal_months, false)
        and classes_held >= segment_loyal_classes
    )
{%- endmacro %}

{# What led to them, and the bounds it was held against. #}
{% macro segment_evidence() -%}
    months_known,
    first_account_on,
    tenure_months,
    cast(accounts_open as bigint) as accounts_open,
    cast(classes_held as bigint) as classes_held,
    last_own_transaction_on,
    silent_months,
    segment_lost_months as lost_months,
    cast(own_transactions as bigint) as own_transactions,
    segment_behaviour_months as behaviour_months,
    segment_frequent_count as frequent_count,
    segment_new_months as new_months,
    segment_value_months as value_months,
    value_measure,
    cast(value_amount as decimal(28, 2)) as value_amount,
    cast(value_cut as decimal(28, 2)) as value_cut,
    segment_loyal_months as loyal_months,
    segment_loyal_classes as loyal_classes,
    average_assets,
    deposit_share,
    segment_deposit_heavy as deposit_heavy_share,
    cast(1 - deposit_share as decimal(18, 6)) as intermediary_share,
    segment_intermediary_heavy as intermediary_heavy_share,
    segment_abc as abc_reading,
    abc_measure,
    cast(abc_amount as decimal(28, 2)) as abc_amount,
    abc_share,
    case when segment_abc = 'literal' then segment_abc_literal_a else segment_abc_a end
        as abc_bound_a,
    case when segment_abc = 'literal' then segment_abc_literal_b else segment_abc_b end
        as abc_bound_b,
    segment_survey_months as survey_months,
    cast(surveys as bigint) as surveys,
    survey_average,
    segment_satisfaction_a as satisfaction_bound_a,
    segment_satisfaction_b as satisfaction_bound_b,
    cast(complaints as bigint) as complaints,
    segment_complaint_count as complaint_bound,
    age_years,
    age_lower_bound,
    age_next_bound,
    household_income,
    income_lower_bound,
    income_next_bound,
    is_insured,
    segment_premium_months as premium_months,
    cast(insurance_premium as decimal(28, 2)) as insurance_premium,
{%- endmacro %}
