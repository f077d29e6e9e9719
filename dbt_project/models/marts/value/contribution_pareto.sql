{{ config(materialized='suffix', suffix_column='month', suffix_from='window_month') }}

with

months as (
    {{ build_months() }}
),

bounds as (
    {{ parameters_in_force(['segment_abc_a', 'segment_abc_b'], 'months') }}
),

members as (
    select
        month,
        dimension as peers,
        member,
        max(judged_on) as judged_on,
        bool_and(is_closed) as is_closed,
        sum(case when side = 'income' then contribution else 0 end) as income,
        -sum(case when side = 'cost' then contribution else 0 end) as cost,
        sum(contribution) as contribution,
    from {{ ref('contribution_total') }}
    where month >= {{ window_month() }} and dimension <> 'bank'
    group by month, dimension, member
),

totals as (
    select
        month,
        peers,
        sum(contribution) as total,
    from members
    group by month, peers
),

stands as (
    {{ standings('members', 'contribution') }}
),

-- Members that bring the same are added up together, whichever of them is looked at.
placed as (
    select
        members.*,
        totals.total,
        stands.customers_above as members_above,
        cast({{ ratio('stands.gained_above', 'stands.gained') }} as decimal(18, 6))
            as gained_above_share,
        sum(members.contribution) over (
            partition by members.month, members.peers order by members.contribution desc
            range between unbounded preceding and current row
        ) as brought_so_far,
    from members
    inner join totals on members.month = totals.month and members.peers = totals.peers
    inner join stands
        on
            members.month = stands.month
            and members.peers = stands.peers
            and members.contribution = stands.amount
)

select
    placed.month,
    placed.peers as dimension,
    placed.member,
    placed.judged_on,
    placed.is_closed,
    cast(1 + placed.members_above as bigint) as place,
    cast(placed.income as decimal(28, 2)) as income,
    cast(placed.cost as decimal(28, 2)) as cost,
    cast(placed.contribution as decimal(28, 2)) as contribution,
    {{ share_of_total('placed.contribution', 'placed.total') }} as share,
    cast(placed.brought_so_far as decimal(28, 2)) as cumulative_contribution,
    {{ share_of_total('placed.brought_so_far', 'placed.total') }} as cumulative_share,
    placed.gained_above_share,
    cast(bounds.segment_abc_a as decimal(18, 6)) as abc_bound_a,
    cast(bounds.segment_abc_b as decimal(18, 6)) as abc_bound_b,
    case
        when placed.contribution <= 0 then 'c'
        when placed.gained_above_share < bounds.segment_abc_a then 'a'
        when placed.gained_above_share < bounds.segment_abc_b then 'b'
        else 'c'
    end as abc,
from placed
inner join bounds on placed.month = bounds.month
