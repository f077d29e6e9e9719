{#
    Where each amount stands among its peers: one row per month, peers and amount, so that equal
    amounts stand alike and whatever is cut by it never parts them.
    `amounts`: relation with month, peers and the column `amount`; rows without one stand nowhere.
    A loss adds nothing to the total.
    customers_above, gained_above   of those with a larger amount
    customers, gained               of all peers
#}
{% macro standings(amounts, amount) -%}
    select
        month,
        peers,
        amount,
        sum(customers_here) over down_to_here - customers_here as customers_above,
        sum(gained_here) over down_to_here - gained_here as gained_above,
        sum(customers_here) over peers_of_month as customers,
        sum(gained_here) over peers_of_month as gained,
    from (
        select
            month,
            peers,
            {{ amount }} as amount,
            count(*) as customers_here,
            sum(greatest({{ amount }}, 0)) as gained_here,
        from {{ amounts }}
        where {{ amount }} is not null
        group by month, peers, {{ amount }}
    ) as amounts_of_peers
    window
        peers_of_month as (partition by month, peers),
        down_to_here as (
            partition by month, peers order by amount desc
            rows between unbounded preceding and current row
        )
{%- endmacro %}

{#
    Per month and peers, the amount from which a customer belongs to the best: those, ties together,
    who make up at least a share of their peers. A gain is needed; empty where nobody has one.
    `shares`: relation with month and, in column `share`, the share.
#}
{% macro best_share_cut(amounts, amount, shares, share) -%}
    select
        stood.month,
        stood.peers,
        min(stood.amount) as cut,
    from (
        {{ standings(amounts, amount) }}
    ) as stood
    inner join {{ shares }} as shares on stood.month = shares.month
    where stood.amount > 0 and stood.customers_above < shares.{{ share }} * stood.customers
    group by stood.month, stood.peers
{%- endmacro %}
