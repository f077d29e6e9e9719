{#
    The stage of each customer and month, by precedence: prospect where nothing was ever held,
    terminated, developing in the month of a return, declining, mature, growing, developing; and
    whether there is a sign of decline.

    `present`, `measured`: relations of lifecycle_presence and lifecycle_measures; `before`: state at
    the end of the closed month before, from which runs of months go on.
#}
{% macro lifecycle_stages(present, measured, terms, before) -%}
    with

    judged as (
        select
            measured.*,
            present.is_held and present.time_deposits > 0 as has_time_deposits,
            case when present.is_held then measured.assets end as held_assets,
            coalesce(measured.volume_change <= -terms.fall_share_bound, false) as is_fallen,
            coalesce(measured.volume_swing <= terms.stable_share_bound, false) as is_stable,
        from {{ present }} as present
        inner join {{ measured }} as measured
            on
                present.customer_key = measured.customer_key
                and present.month = measured.month
        inner join {{ terms }} as terms on present.month = terms.month
    ),

    runs as (
        select
            judged.*,
            {{ run_length('judged.is_fallen', 'before.months_fallen') }} as months_fallen,
            {{ run_length('judged.is_stable', 'before.months_stable') }} as months_stable,
            greatest(
                before.time_deposits_in,
                {{ so_far('max', 'case when judged.has_time_deposits then judged.month end') }}
            ) as time_deposits_in,
            -- Of who held nothing there is no month before: nobody else can have a gap there.
            coalesce(
                {{ one_before('judged.held_assets') }},
                case when before.active_in is not null then before.assets end
            ) as assets_before,
        from judged
        left join {{ before }} as before on judged.customer_key = before.customer_key
        window so_far as (partition by judged.customer_key order by judged.month)
    ),

    wallets as (
        select
            present.*,
            runs.own_transactions,
            runs.income,
            runs.cost,
            runs.profit,
            runs.assets,
            runs.baseline_assets,
            runs.volume_change,
            runs.volume_swing,
            runs.is_fallen,
            runs.months_fallen,
            runs.months_stable,
            runs.time_deposits_in,
            runs.assets_before,
            {{ months_between('present.active_in', 'present.month') }} as months_silent,
            case
                when
                    {{ months_between(
                        month_of('present.external_observed_on'), 'present.month'
                    ) }} < terms.wallet_months_bound
                    then present.external_assets
            end as external_known,
        from {{ present }} as present
        inner join runs
            on present.customer_key = runs.customer_key and present.month = runs.month
        inner join {{ terms }} as terms on present.month = terms.month
    ),

    shared as (
        select
            *,
            {{ share_of_positive('closing_assets', '(closing_assets + external_known)') }}
                as wallet_share,
        from wallets
    ),

    held_against as (
        select
            shared.*,
            shared.own_transactions >= terms.repeat_count_bound
            and coalesce(shared.profit > 0, terms.profit_missing_choice = 'ignore') as is_growing,
            coalesce(
                shared.wallet_share >= terms.wallet_share_bound,
                terms.wallet_missing_choice = 'ignore'
            )
            and shared.months_stable >= terms.stable_months_bound as is_steady,
            shared.accounts_open = 0 or shared.ends_on is not null as is_leaving,
            shared.months_fallen >= terms.fall_months_bound as is_falling,
            shared.is_held
            and not shared.is_terminated
            and coalesce(shared.reactivated_in <> shared.month, true) as may_decline,
        from shared
        inner join {{ terms }} as terms on shared.month = terms.month
    )

    select
        *,
        case
            when not is_held then 'prospect'
            when is_terminated then 'terminated'
            when not may_decline then 'developing'
            when is_leaving or is_falling then 'declining'
            when is_growing and is_steady then 'mature'
            when is_growing then 'growing'
            else 'developing'
        end as stage,
        may_decline and (is_leaving or is_fallen) as is_doubtful,
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
                so_far('max', 'case when not ' ~ condition ~ ' then judged.month end'),
                'judged.month'
            ) }},
            cast({{ so_far('sum', '1') }} as integer) + coalesce({{ state }}, 0)
        )
    end
{%- endmacro %}
