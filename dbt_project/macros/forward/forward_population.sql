{#
    Whose model speaks of a customer. Over verdicts, facts, trails and purchases; `before`: the trail
    before the months in which a salary or pension makes a customer one of an agency group.
#}
{% macro forward_population(before) -%}
    case
        when verdicts.stage = 'prospect' then 'prospect'
        when verdicts.stage = 'terminated' then 'gone'
        when
            coalesce(facts.loans_owed, 0) > 0
            or coalesce(facts.time_deposit_closing, 0) > 0
            or trails.total_income_transactions
            > coalesce({{ before }}.total_income_transactions, 0)
            then 'contract'
        when purchases.purchase_days > 0 then 'payments'
        else 'account'
    end
{%- endmacro %}
