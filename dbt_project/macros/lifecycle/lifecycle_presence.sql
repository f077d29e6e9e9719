{#
    Per customer and month, what is known on the day judged: what is held and owed here and
    elsewhere, and when the relationship ends if that is in sight.
    `population`: relation of judged_population. The trail's other months are left unread.
#}
{% macro lifecycle_known(population, facts, trail, terms) -%}
    select
        population.customer_key,
        population.month,
        population.judged_on,
        population.is_closed,
        trail.external_assets,
        trail.external_observed_on,
        trail.first_account_on is not null as is_held,
        coalesce(facts.accounts_open, 0) as accounts_open,
        coalesce(facts.time_deposit_closing, 0) as time_deposits,
        {{ money_or_none(closings('facts', asset_classes())) }} as closing_assets,
        {{ money_or_none(owed('facts')) }} as debt,
        {{ money_or_none(
            owed('facts') ~ ' + ' ~ closings('facts', asset_classes() + ['unknown'], 'abs')
        ) }} as unsettled,
        coalesce(facts.days_past_due, 0) as days_past_due_now,
        coalesce(facts.loans_in_default, 0) as loans_in_default_now,
        -- A relationship that ends, or accounts that all do, whichever comes first.
        least(
            case
                when facts.relationship_closed_on > population.judged_on
                    then facts.relationship_closed_on
            end,
            case
                when facts.accounts_open > 0 and facts.accounts_ending = facts.accounts_open
                    then facts.accounts_end_on
            end
        ) as ends_on,
        case
            when trail.first_account_on is null then null
            when facts.accounts_open > 0 then population.month
            else greatest(
                {{ month_of('trail.first_account_on') }},
                {{ month_of('trail.last_own_transaction_on') }}
            )
        end as sign_of_life_in,
    from {{ population }} as population
    inner join (
        select * from {{ trail }} as every_month
        where every_month.month in (select judged.month from {{ terms }} as judged)
    ) as trail
        on population.customer_key = trail.customer_key and population.month = trail.month
    left join {{ facts }} as facts
        on population.customer_key = facts.customer_key and population.month = facts.month
{%- endmacro %}

{% macro closings(facts, classes, of='') -%}
    {%- for class in classes -%}
    {{ of }}({{ facts }}.{{ class }}_closing){{ ' + ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# Somebody without facts in a month has nothing. #}
{% macro money_or_none(amount) -%}
    cast(coalesce({{ amount }}, 0) as decimal(28, 2))
{%- endmacro %}

{# Debts on loans and cards. A loan's account and its performance speak of one debt. #}
{% macro owed(facts) -%}
    greatest(abs({{ facts }}.loan_closing), {{ facts }}.loan_outstanding)
    + abs({{ facts }}.card_closing)
{%- endmacro %}

{% macro month_of(day) -%}
    cast(date_trunc('month', {{ day }}) as date)
{%- endmacro %}

{#
    Whether a relationship has ended, and whether it has begun again since.

    active_in       month of the last sign of life: an open account, or a transaction of one's own
    is_terminated   an account was held, nothing has moved for the months of policy, all is settled
    terminated_in   last month judged terminated
    reactivated_in  month of the first sign of life after it, until terminated again

    All are running maxima of a customer's own months, so they go on from `before`: the state at
    the end of the closed month before. Only those are looked at who had nothing open, now or then:
    of all others nothing ends.
#}
{% macro lifecycle_presence(known, terms, before) -%}
    with

    quiet as (
        select customer_key from {{ known }} where is_held and accounts_open = 0
        union
        select customer_key from {{ before }} where terminated_in is not null
    ),

    lively as (
        select
            known.customer_key,
            known.month,
            known.is_held and known.unsettled = 0 as is_settled,
            terms.silent_months_bound,
            before.terminated_in as state_terminated_in,
            before.reactivated_in as state_reactivated_in,
            greatest(before.active_in, max(known.sign_of_life_in) over so_far) as active_in,
            greatest(before.active_in, max(known.sign_of_life_in) over earlier) as active_before,
        from {{ known }} as known
        inner join quiet on known.customer_key = quiet.customer_key
        inner join {{ terms }} as terms on known.month = terms.month
        left join {{ before }} as before on known.customer_key = before.customer_key
        window
            so_far as (partition by known.customer_key order by known.month),
            earlier as (
                partition by known.customer_key order by known.month
                rows between unbounded preceding and 1 preceding
            )
    ),

    ended as (
        select
            *,
            coalesce(
                is_settled
                and {{ months_between('active_in', 'month') }} >= silent_months_bound,
                false
            ) as is_terminated,
        from lively
    ),

    ends as (
        select
            *,
            greatest(
                state_terminated_in, max(case when is_terminated then month end) over so_far
            ) as terminated_in,
            greatest(
                state_terminated_in, max(case when is_terminated then month end) over earlier
            ) as terminated_before,
        from ended
        window
            so_far as (partition by customer_key order by month),
            earlier as (
                partition by customer_key order by month
                rows between unbounded preceding and 1 preceding
            )
    ),

    returns as (
        select
            *,
            greatest(
                state_reactivated_in,
                max(
                    case
                        when
                            not is_terminated
                            and active_in > terminated_before
                            and active_before <= terminated_before
                            then month
                    end
                ) over (partition by customer_key order by month)
            ) as returned_in,
        from ends
    )

    select
        known.*,
        -- Who is not quiet and has held an account has one open, in every month.
        case
            when returns.customer_key is not null then returns.active_in
            when known.is_held then known.month
        end as active_in,
        coalesce(returns.is_terminated, false) as is_terminated,
        returns.terminated_in,
        case
            when not returns.is_terminated and returns.returned_in > returns.terminated_in
                then returns.returned_in
        end as reactivated_in,
    from {{ known }} as known
    left join returns
        on known.customer_key = returns.customer_key and known.month = returns.month
{%- endmacro %}
