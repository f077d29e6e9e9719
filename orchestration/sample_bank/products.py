"""Products, accounts and who may act on them.

`holdings` is the plan of every account of the bank: opened on, closed on, its share of the
customer's financial assets. Slots: 1 demand, 2 time deposit, 3 wealth, 4 fund, 5 insurance,
6 bond, 7 card, 8 loan; an account's number is the customer's number and its slot.
"""

from __future__ import annotations

from orchestration.sample_bank.bank import Bank, day
from orchestration.sample_bank.options import Month

# code, name, class, asset weight, FTP spread
PRODUCTS = (
    ("DEM-P", "Personal current account", "demand", 1.0, 0.0150),
    ("DEM-C", "Business current account", "demand", 1.0, 0.0130),
    ("TIM-3", "Time deposit, three months", "time_deposit", 1.0, 0.0080),
    ("TIM-12", "Time deposit, twelve months", "time_deposit", 1.0, 0.0065),
    ("WEA-1", "Wealth plan, open-ended", "wealth", 0.8, 0.0040),
    ("WEA-2", "Wealth plan, closed", "wealth", 0.8, 0.0050),
    ("FUN-1", "Equity fund", "fund", 0.6, 0.0060),
    ("INS-1", "Annuity insurance", "insurance", 0.5, 0.0030),
    ("BON-1", "Savings bond", "bond", 0.7, 0.0020),
    ("CRD-1", "Credit card", "card", 0.0, 0.0600),
    ("LOA-H", "Housing loan", "loan", 0.0, 0.0120),
    ("LOA-C", "Consumer loan", "loan", 0.0, 0.0300),
    ("LOA-B", "Business loan", "loan", 0.0, 0.0220),
    ("ECH-1", "Electronic banking", "e_channel", 0.0, 0.0),
    ("AGE-1", "Agency payment and collection", "agency", 0.0, 0.0),
)
SLOTS = """
(values (1, 'demand'), (2, 'time_deposit'), (3, 'wealth'), (4, 'fund'), (5, 'insurance'),
    (6, 'bond'), (7, 'card'), (8, 'loan')) as slots (slot, product_class)
"""
HELD = """
select
    *,
    case
        when slot = 1 then true
        when slot = 8 then wants_loan
        when customer_type <> 'retail'
            then slot in (2, 3) and u('holds', cid, slot) < 0.25
        else u('holds', cid, slot) < case slot
            when 2 then 0.08 + 0.35 * pow(q, 4)
            when 3 then 0.5 * pow(q, 6)
            when 4 then 0.04 + 0.3 * pow(q, 8)
            when 5 then 0.03 + 0.1 * pow(q, 4)
            when 6 then 0.15 * pow(q, 8)
            else 0.10
        end
    end as held,
    u('opens', cid, slot) as when_u,
    ({start} + floor({days} * u('opens', cid, 10 + slot))::int)::date as later_on,
    case
        when slot = 1 then account_on
        when slot = 8 and when_u < 0.75 then
            greatest(account_on + 30, ({start} - 10
                - floor(900 * u('opens', cid, 10 + slot))::int)::date)
        when when_u < 0.8 and slot <> 8 then account_on
        else greatest(later_on, account_on + 40)
    end as open_on,
    case slot when 1 then 400 + floor(500 * u('weight', cid, 1))::int when 2 then 1000
        when 3 then 800 when 4 then 400 when 5 then 250 when 6 then 200 else 0 end as weight,
from people, {slots}
where account_on is not null
"""
HOLDINGS = """
select
    cid * 10 + slot as aid,
    cid, slot, product_class, customer_type, open_on, end_on, end_m, agency_group, branch_no,
    datediff('month', {start}, open_on) as open_m,
    weight,
    weight / sum(weight) over (partition by cid) as share,
    case slot
        when 1 then case customer_type when 'retail' then 'DEM-P' else 'DEM-C' end
        when 2 then case when u('term', cid, 2) < 0.5 then 'TIM-3' else 'TIM-12' end
        when 3 then case when u('term', cid, 3) < 0.6 then 'WEA-1' else 'WEA-2' end
        when 4 then 'FUN-1' when 5 then 'INS-1' when 6 then 'BON-1' when 7 then 'CRD-1'
        else case when customer_type = 'corporate' then 'LOA-B'
            when u('purpose', cid, 0) < 0.55 then 'LOA-H' else 'LOA-C' end
    end as product_id,
    case when slot = 7
        then (5 + floor(95 * u('limit', cid, 7) * u('limit', cid, 8)))::bigint * 100000
    end as limit_cents,
from held
where held and open_on <= {end}
    and (slot = 1 or end_on is null or open_on < end_on - 60)
    and (slot = 1 or decline_m is null or open_m < decline_m)
"""


def plan_holdings(bank: Bank) -> None:
    """Lay out every account of the bank."""
    values = {
        "start": day(bank.request.start),
        "end": day(bank.end),
        "days": bank.days,
        "slots": SLOTS,
    }
    bank.run(
        f"create table holdings as with held as ({HELD.format(**values)})"
        f" {HOLDINGS.format(**values)} order by aid"
    )


def emit_products(bank: Bank, month: Month) -> None:
    """The price list on the first day; spreads are reset every half year."""
    rows = ", ".join(str(row) for row in PRODUCTS)
    listed = (
        f"(values {rows}) as p (product_id, product_name, product_class, asset_weight, ftp_spread)"
    )
    if month.index == 0:
        effective, factor, where = day(bank.request.start), 1.0, "true"
    elif month.first.month in (1, 7):
        step = month.index // 6
        effective, factor = day(month.first), 1 - 0.03 * step
        where = "product_class in ('demand', 'time_deposit', 'loan')"
    else:
        return
    bank.emit(
        "products",
        f"""
        select product_id, {effective} as effective_on, product_name, product_class,
            asset_weight::decimal(18, 6) as asset_weight,
            round(ftp_spread * {factor}, 6)::decimal(18, 6) as ftp_spread,
            {effective} as loaded_on
        from {listed} where {where}
        """,
    )


def account_rows(effective_on: str, loaded_on: str, closed_on: str, where: str) -> str:
    """Select account versions out of `holdings`."""
    return f"""
        select
            account_no(aid) as account_id,
            {effective_on} as effective_on,
            customer_no(cid) as customer_id,
            product_id,
            'CNY' as currency,
            'BR' || lpad(branch_no::varchar, 4, '0') as branch_id,
            open_on as opened_on,
            {closed_on} as closed_on,
            case when {closed_on} is null then 'active' else 'closed' end as status,
            money(limit_cents) as credit_limit,
            case when slot = 1 then agency_group end as agency_group,
            {loaded_on} as loaded_on
        from holdings
        where {where}
    """


def emit_accounts(bank: Bank, month: Month) -> None:
    """Accounts and roles: the stock, then what is opened and closed."""
    start = day(bank.request.start)
    new = f"open_on > {start} and open_on between {day(month.first)} and {day(month.end)}"
    delivered = [("open_on", new)]
    if month.index == 0:
        delivered.append((start, f"open_on <= {start}"))
    for loaded_on, where in delivered:
        bank.emit("accounts", account_rows("open_on", loaded_on, "null::date", where))
        bank.emit("account_roles", role_rows("owner", "cid", "true", loaded_on, where))
        bank.emit(
            "account_roles",
            role_rows(
                "authorised",
                PARTNER,
                "slot <> 8 and u('authorised', aid, 0) < 0.03",
                loaded_on,
                where,
            ),
        )
        bank.emit(
            "account_roles",
            role_rows(
                "guarantor", PARTNER, "slot = 8 and u('guarantor', aid, 0) < 0.2", loaded_on, where
            ),
        )
    bank.emit("accounts", account_rows("end_on", "end_on", "end_on", f"end_m = {month.index}"))


# Another customer of the same bank who has an account; never the owner.
PARTNER = "partner"


def role_rows(role: str, holder: str, chosen: str, loaded_on: str, where: str) -> str:
    """Select roles; a second holder is drawn among those who were customers by then."""
    if holder != PARTNER:
        return f"""
            select account_no(aid) as account_id, customer_no({holder}) as customer_id,
                open_on as effective_on, '{role}' as role, null::date as ended_on,
                {loaded_on} as loaded_on
            from holdings where {where}
        """
    return f"""
        select account_no(h.aid) as account_id, customer_no(p.cid) as customer_id,
            h.open_on as effective_on, '{role}' as role, null::date as ended_on,
            {loaded_on} as loaded_on
        from (
            select *, 1 + floor(u('partner', aid, 0) * (select count(*) from people))::bigint
                as partner_cid
            from holdings where {where} and {chosen}
        ) as h
        inner join people as p
            on p.cid = h.partner_cid and p.cid <> h.cid
            and p.customer_type = 'retail' and p.opened_on <= h.open_on
    """
