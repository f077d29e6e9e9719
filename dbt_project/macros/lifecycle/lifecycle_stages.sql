{#
    The stage of each customer and month, by precedence: terminated, prospect where nothing was ever
    held, developing in the month of a return, declining, mature, growing, developing.

    `measured`: relation of lifecycle_measures; `before`: state at the end of the closed month
    before, from which running months go on.
#}
{% macro lifecycle_stages(measured, terms, before) -%}
    with

    judged as (
        select
            measured.*,
            case when before.active_in is not null then before.assets end as state_assets,
            before.months_fallen as state_months_fallen,
            before.months_stable as state_months_stable,
            before.time_deposits_in as state_time_deposits_in,
            coalesce(measured.volume_change <= -terms.fall_share_bound, false) as is_fallen,
            coalesce(measured.volume_swing <= terms.stable_share_bound, false) as is_stable,
            {{ months_between(
                month_of('measured.external_observed_on'), 'measured.month'
            ) }} < terms.wallet_months_bound as is_wallet_known,
        from {{ measured }} as measured
        inner join {{ terms }} as terms on measured.month = terms.month
        left join {{ before }} as before on measured.customer_key = before.customer_key
    ),

    runs as (
        select
            *,
            {{ run_length('is_fallen', 'state_months_fallen') }} as months_fallen,
            {{ run_length('is_stable', 'state_months_stable') }} as months_stable,
            greatest(
                state_time_deposits_in,
                max(case when is_held and time_deposits > 0 then month end) over so_far
            ) as time_deposits_in,
            -- Of who held nothing there is no month before: nobody else can have a gap there.
            coalesce(lag(case when is_held then assets end) over so_far, state_assets)
                as assets_before,
            case when is_wallet_known then external_assets end as external_known,
            case
                when is_wallet_known and closing_assets + external_assets > 0
                    then cast(
                        {{ ratio('closing_assets', '(closing_assets + external_assets)') }}
                        as decimal(28, 6)
                    )
            end as wallet_share,
            case when has_profit then cast(income - cost as decimal(28, 2)) end as profit,
        from judged
        window so_far as (partition by customer_key order by month)
    ),

    held_against as (
        select
            runs.*,
            {% for bound in lifecycle_bounds() if bound != 'silent_months' -%}
            terms.{{ bound }}_bound,
            {% endfor -%}
            terms.profit_missing_choice,
            terms.wallet_missing_choice,
            terms.policy_version,
            runs.own_transactions >= terms.repeat_count_bound
            and coalesce(runs.profit > 0, terms.profit_missing_choice = 'ignore') as is_growing,
            coalesce(
                runs.wallet_share >= terms.wallet_share_bound,
                terms.wallet_missing_choice = 'ignore'
            )
            and runs.months_stable >= terms.stable_months_bound as is_steady,
            coalesce(runs.reactivated_in = runs.month, false) as returns_now,
        from runs
        inner join {{ terms }} as terms on runs.month = terms.month
    )

    select
        *,
        case
            when not is_held then 'prospect'
            when is_terminated then 'terminated'
            when returns_now then 'developing'
            when accounts_open = 0 or ends_on is not null then 'declining'
            when months_fallen >= fall_months_bound then 'declining'
            when is_growing and is_steady then 'mature'
            when is_growing then 'growing'
            else 'developing'
        end as stage,
        is_held
        and not is_terminated
        and not returns_now
        and (accounts_open = 0 or ends_on is not null or is_fallen) as is_doubtful,
    from held_against
{%- endmacro %}

{#
    How many months in a row a condition has held, this one included: since the last month in which
    it did not, or since before the state at the end of the closed month before.
#}
{% macro run_length(condition, state) -%}
    case
        when not {{ condition }} then 0
        else coalesce(
            {{ months_between(
                'max(case when not ' ~ condition ~ ' then month end) over so_far', 'month'
            ) }},
            cast(count(*) over so_far as integer) + coalesce({{ state }}, 0)
        )
    end
{%- endmacro %}
