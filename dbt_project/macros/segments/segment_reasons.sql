{# Why a customer is in each segment, measures that took part. Yes and no are 1 and 0. #}
{% macro segment_reasons() -%}
    {%- set rows = [] -%}
    {%- for scheme, measures in segment_measured().items() -%}
        {%- for measure, value, bound, says in measures -%}
            {%- do rows.append(reason(scheme, scheme, measure, value, bound, says)) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(rows) }}
{%- endmacro %}

{# Per scheme its rows: the measure's code, its value, the bound it was held against, a sentence. #}
{% macro segment_measured() -%}
    {{ return({
        'behaviour': [had_account_reason(), accounts_open_reason()] + behaviour_reasons(),
        'value_loyalty': value_loyalty_reasons(),
        'preference': preference_reasons(),
        'abc': abc_reasons(),
        'satisfaction': satisfaction_reasons(),
        'age_band': band_reasons('age_band', 'age_years', 'age', 'Age'),
        'novelty': [had_account_reason(), accounts_open_reason(), new_reason()],
        'customer_type': [master_data_reason('customer_type')],
        'region': [master_data_reason('region')],
        'area': [master_data_reason('area')],
        'income_band': income_reasons('income_band'),
        'strategic_group': income_reasons('strategic_group') + [insured_reason()],
    }) }}
{%- endmacro %}

{# A number without decimals, and a yes as 1, as text or as a number. #}
{% macro counted(column) -%}cast({{ column }} as string){%- endmacro %}

{% macro yes(condition) -%}case when {{ condition }} then 1 else 0 end{%- endmacro %}

{% macro had_account_reason() -%}
    {{ return([
        "'had_account'", yes('first_account_on is not null'), '1',
        "coalesce('First account opened on ' || " ~ counted('first_account_on')
        ~ " || '.', 'Never had an account.')"
    ]) }}
{%- endmacro %}

{% macro accounts_open_reason() -%}
    {{ return([
        "'accounts_open'", 'accounts_open', '1',
        counted('accounts_open') ~ " || ' account(s) open on ' || " ~ counted('judged_on')
        ~ " || '; with none a customer has left.'"
    ]) }}
{%- endmacro %}

{% macro new_reason() -%}
    {{ return([
        "'tenure_months'", 'tenure_months', 'new_months',
        "coalesce('Customer for ' || " ~ counted('tenure_months')
        ~ " || ' whole month(s); new below ' || " ~ counted('new_months')
        ~ " || '.', 'Not a customer yet.')"
    ]) }}
{%- endmacro %}

{% macro behaviour_reasons() -%}
    {{ return([
        [
            "'silent_months'", 'silent_months', 'lost_months',
            "coalesce('Last own transaction on ' || " ~ counted('last_own_transaction_on')
            ~ " || ', ' || " ~ counted('silent_months')
            ~ " || ' whole month(s) ago; lost from ' || " ~ counted('lost_months')
            ~ " || '.', 'No own transaction yet.')"
        ],
        [
            "'own_transactions'", 'own_transactions', 'frequent_count',
            counted('own_transactions') ~ " || ' own transaction(s) in ' || "
            ~ counted('behaviour_months') ~ " || ' month(s); frequent from ' || "
            ~ counted('frequent_count') ~ " || '.'"
        ],
    ]) }}
{%- endmacro %}

{% macro value_loyalty_reasons() -%}
    {{ return([
        [
            "'value_' || value_measure", 'value_amount', 'value_cut',
            "coalesce(case value_measure when 'margin' then 'Income less cost of '"
            " || cast(value_months as string) || ' month(s) is ' else 'Average assets are ' end || "
            ~ money_text('value_amount')
            ~ " || coalesce('; valuable from ' || " ~ money_text('value_cut')
            ~ " || '.', '; nobody is valuable this month.'), 'Value is not measured.')"
        ],
        [
            "'tenure_months'", 'tenure_months', 'loyal_months',
            "coalesce('Customer for ' || " ~ counted('tenure_months')
            ~ " || ' whole month(s); loyal from ' || " ~ counted('loyal_months')
            ~ " || '.', 'Not a customer yet.')"
        ],
        [
            "'classes_held'", 'classes_held', 'loyal_classes',
            "'Products of ' || " ~ counted('classes_held')
            ~ " || ' class(es) held; loyal from ' || " ~ counted('loyal_classes') ~ " || '.'"
        ],
    ]) }}
{%- endmacro %}

{% macro preference_reasons() -%}
    {% set rows = [] -%}
    {% for kind, held in [('deposit', 'Deposits'), ('intermediary', 'Intermediary products')] -%}
    {% do rows.append([
        "'" ~ kind ~ "_share'", kind ~ '_share', kind ~ '_heavy_share',
        "coalesce('" ~ held ~ " are ' || " ~ share_text(kind ~ '_share')
        ~ " || ' of what is held on average; heavy from ' || " ~ share_text(kind ~ '_heavy_share')
        ~ " || '.', 'Holds neither deposits nor intermediary products.')"
    ]) -%}
    {% endfor -%}
    {{ return(rows) }}
{%- endmacro %}

{% macro abc_reasons() -%}
    {% set rows = [[
        "'abc_' || abc_measure", 'abc_amount', '0',
        "coalesce(case abc_measure when 'income' then 'Income' else 'Turnover' end || ' of '"
        " || cast(value_months as string) || ' month(s) is ' || " ~ money_text('abc_amount')
        ~ " || '; C without any.', 'Neither income nor turnover is measured.')"
    ]] -%}
    {% for class in ['a', 'b'] -%}
    {% do rows.append([
        "case abc_reading when 'literal' then 'own_share' else 'share_above' end || '_" ~ class
        ~ "'",
        'abc_share', 'abc_bound_' ~ class,
        "coalesce(case abc_reading when 'literal' then 'Brings '"
        " else 'Those who bring more have ' end || " ~ share_text('abc_share')
        ~ " || ' of the total; " ~ class | upper ~ " ' || case abc_reading when 'literal'"
        " then 'from ' else 'below ' end || " ~ share_text('abc_bound_' ~ class)
        ~ " || '.', 'Nobody brings anything this month.')"
    ]) -%}
    {% endfor -%}
    {{ return(rows) }}
{%- endmacro %}

{% macro satisfaction_reasons() -%}
    {% set rows = [] -%}
    {% for class in ['a', 'b'] -%}
    {% do rows.append([
        "'survey_average_" ~ class ~ "'", 'survey_average', 'satisfaction_bound_' ~ class,
        "coalesce('Average of ' || " ~ counted('surveys') ~ " || ' survey(s) in ' || "
        ~ counted('survey_months') ~ " || ' month(s) is ' || " ~ counted('survey_average')
        ~ " || ' points; " ~ class | upper ~ " from ' || "
        ~ counted('satisfaction_bound_' ~ class) ~ " || '.', 'No survey in '"
        " || cast(survey_months as string) || ' month(s).')"
    ]) -%}
    {% endfor -%}
    {% do rows.append([
        "'complaints'", 'complaints', 'complaint_bound',
        counted('complaints') ~ " || ' complaint(s) in ' || " ~ counted('survey_months')
        ~ " || ' month(s); one class lower from ' || " ~ counted('complaint_bound') ~ " || '.'"
    ]) -%}
    {{ return(rows) }}
{%- endmacro %}

{% macro income_reasons(family) -%}
    {{ return(band_reasons(family, 'household_income', 'income', 'Household income')) }}
{%- endmacro %}

{# A band has two ends: the bound reached, and the next one, which is not. #}
{% macro band_reasons(family, measure, prefix, called) -%}
    {% set rows = [] -%}
    {% for end, said in [('lower', '; the band begins at '), ('next', '; the next begins at ')] -%}
    {% set bound = prefix ~ '_' ~ end ~ '_bound' -%}
    {% do rows.append([
        "'" ~ measure ~ "_" ~ end ~ "'", measure, bound,
        "case when " ~ family ~ " = 'not_a_person' then 'Not a person.' else coalesce('"
        ~ called ~ " ' || " ~ band_text(prefix, measure) ~ " || coalesce('" ~ said ~ "' || "
        ~ band_text(prefix, bound) ~ " || '.', '; no bound on this side.'), '" ~ called
        ~ " not known.') end"
    ]) -%}
    {% endfor -%}
    {{ return(rows) }}
{%- endmacro %}

{# Years are whole, incomes are money. #}
{% macro band_text(prefix, column) -%}
    {{ money_text(column) if prefix == 'income' else counted('cast(' ~ column ~ ' as integer)') }}
{%- endmacro %}

{% macro insured_reason() -%}
    {{ return([
        "'is_insured'", yes('is_insured'), '1',
        "case when is_insured then 'Is insured' else 'Is not insured' end"
        " || ' (premiums of ' || cast(premium_months as string) || ' month(s): ' || "
        ~ money_text('insurance_premium') ~ " || '), income band ' || income_band || '.'"
    ]) }}
{%- endmacro %}

{% macro master_data_reason(column) -%}
    {{ return([
        "'" ~ column ~ "'", 'null', 'null',
        "case when " ~ column ~ " = 'unknown' then 'The master data do not say.'"
        " else 'The master data say ' || " ~ column ~ " || '.' end"
    ]) }}
{%- endmacro %}
