"""Campaigns with a control group, leads, and what is known of assets held elsewhere.

Who is put on a list depends on how active the customer is (as lists do), the arm does not: the
difference of the arms' acceptance is the planted uplift, the difference between people on the
list and the others is not.
"""

from __future__ import annotations

from datetime import date, timedelta

from orchestration.sample_bank.bank import Bank, day, text_list
from orchestration.sample_bank.options import Month

# goal, product class, stages addressed, acceptance without contact, uplift, multiple of the share
DESIGNS = (
    ("convert", "wealth", ("mature", "growing"), 0.05, 0.07, 1),
    ("activate", "e_channel", ("developing", "growing", "mature"), 0.08, 0.05, 1),
    ("retain", "time_deposit", ("mature", "declining"), 0.06, 0.06, 1),
    ("acquire", "card", ("prospect", "developing"), 0.03, 0.04, 6),
    ("win_back", "demand", ("declining", "terminated"), 0.02, 0.03, 8),
    ("convert", "fund", ("mature", "growing"), 0.04, 0.0, 1),
)
EVERY_MONTHS = 2
METHODS = (
    "desk_research", "advertising", "chain_referral", "centre_of_influence", "guide", "consulting",
    "competitor_replacement", "door_to_door",
)  # fmt: skip
CLASSES = ("time_deposit", "wealth", "fund", "insurance", "bond", "loan", "card", "e_channel")


def plan_campaigns(bank: Bank) -> None:
    """Fix the calendar of campaigns and prepare the record of their effect."""
    bank.run(
        """
        create table campaign_truth (
            campaign_id varchar, goal varchar, starts_on date, base_rate decimal(9, 4),
            uplift decimal(9, 4))
        """
    )
    bank.run(
        """
        create table campaign_members (
            campaign_id varchar, customer_id varchar, arm varchar, chance_without double,
            chance_with double, accepted boolean)
        """
    )
    start = bank.request.start
    for month in bank.months[::EVERY_MONTHS]:
        number, starts_on = _number(month), _starts(month)
        goal, product_class, _, base, uplift, _ = _design(month)
        announced = max(start, starts_on - timedelta(days=14))
        bank.emit(
            "campaigns",
            f"""
            select '{number}' as campaign_id,
                '{goal} {product_class} {month.label}' as campaign_name,
                {day(starts_on)} as starts_on, {day(starts_on + timedelta(days=30))} as ends_on,
                '{goal}' as goal, '{product_class}' as product_class, {day(announced)} as loaded_on
            """,
        )
        bank.run(
            f"insert into campaign_truth values"
            f" ('{number}', '{goal}', {day(starts_on)}, {base}, {uplift})"
        )


def _number(month: Month) -> str:
    return f"CP{month.first:%Y%m}"


def _starts(month: Month) -> date:
    return month.first + timedelta(days=9)


def _design(month: Month) -> tuple[str, str, tuple[str, ...], float, float, int]:
    return DESIGNS[month.index // EVERY_MONTHS % len(DESIGNS)]


def emit_campaign(bank: Bank, month: Month) -> None:
    """The month's campaign: list, arms, contacts and responses."""
    if month.index % EVERY_MONTHS:
        return
    number, starts_on = _number(month), day(_starts(month))
    _, _, stages, base, uplift, multiple = _design(month)
    addressed = ", ".join(f"'{stage}'" for stage in stages)
    m = month.index
    share = bank.volumes.campaign_share * multiple
    bank.run(
        f"""
        create or replace table listed as
        with chosen as (
            select p.cid, s.busy, {base} * (0.6 + 0.4 * least(2, s.busy)) as chance,
                case when u('arm', p.cid, {m}) < {bank.volumes.control_share}
                    then 'control' else 'treatment' end as arm,
                {starts_on} + floor(4 * u('assigned', p.cid, {m}))::int as assigned_on,
            from people as p
            inner join plan as s using (cid)
            where s.stage in ({addressed})
                and u('listed', p.cid, {m}) < {share} * (0.3 + 0.7 * least(3, s.busy))
                and p.opened_on < {starts_on}
        )

        select *,
            case when arm = 'treatment'
                then assigned_on + 1 + floor(9 * u('contact', cid, {m}))::int end as contacted_on,
            u('accepts', cid, {m}) < chance + case arm when 'treatment' then {uplift} else 0 end
                as accepted,
            assigned_on + 12 + floor(18 * u('accepted', cid, {m}))::int as accepted_on,
            u('reacts', cid, {m}) as reaction,
        from chosen
        """
    )
    bank.run(
        f"""
        insert into campaign_members
        select '{number}', customer_no(cid), arm, chance, chance + {uplift}, accepted
        from listed order by cid
        """
    )
    head = f"select '{number}' as campaign_id, customer_no(cid) as customer_id"
    # Both dates stand in one row, so the row comes when the contact has been made.
    bank.emit(
        "campaign_contacts",
        f"""
        {head}, assigned_on, arm,
            case when arm = 'treatment' then pick(['phone', 'sms', 'sms', 'mobile', 'wechat',
                'counter', 'net', 'mail'], 'by', cid, {m}) end as channel,
            contacted_on, coalesce(contacted_on, assigned_on) as loaded_on
        from listed
        """,
    )
    for outcome, on, where in (
        ("accepted", "accepted_on", "accepted"),
        ("opened", "contacted_on", "contacted_on is not null and reaction < 0.25"),
        ("declined", "contacted_on + 1",
         "contacted_on is not null and not accepted and reaction between 0.25 and 0.33"),
        ("opted_out", "contacted_on",
         "contacted_on is not null and not accepted and reaction > 0.99"),
    ):  # fmt: skip
        bank.emit(
            "campaign_responses",
            f"{head}, {on} as responded_on, '{outcome}' as outcome, {on} as loaded_on"
            f" from listed where {where}",
        )


def emit_leads(bank: Bank, month: Month) -> None:
    """Leads: prospects of the bank, customers for another product, and strangers."""
    m = month.index
    bank.emit(
        "leads",
        f"""
        with found as (
            select p.cid, s.stage, u('lead', p.cid, {m}) as lead_u,
                ({day(month.first)} + floor({month.days} * u('found', p.cid, {m}))::int)::date
                    as created_on,
            from people as p
            inner join plan as s using (cid)
            where p.opened_on < {day(month.first)}
                and u('lead', p.cid, {m}) < case s.stage when 'prospect' then 0.15
                    when 'terminated' then 0.002 else 0.006 end
        )

        select 'LD{month.first:%y%m}' || lpad(cid::varchar, 9, '0') as lead_id,
            case when stage = 'prospect' or lead_u < 0.003 then customer_no(cid) end as customer_id,
            created_on,
            pick({text_list(METHODS)}, 'method', cid, {m}) as source_method,
            case when u('interested', cid, {m}) < 0.85
                then pick({text_list(CLASSES)}, 'interest', cid, {m}) end as interest,
            case when u('owned', cid, {m}) < 0.9
                then 'S' || lpad((1 + cid % 50)::varchar, 4, '0') end as owner,
            created_on as loaded_on
        from found
        """,
    )


def emit_external_assets(bank: Bank, month: Month) -> None:
    """Assets elsewhere, as surveyed: what customers take out in a decline turns up there."""
    m = month.index
    bank.emit(
        "external_assets",
        f"""
        with asked as (
            select p.cid, p.fa, p.cause, s.wealth, s.stage,
                ({day(month.first)} + floor({month.days} * u('observed', p.cid, {m}))::int)::date
                    as observed_on,
            from people as p
            inner join plan as s using (cid)
            where s.stage not in ('prospect', 'terminated') and p.account_on < {day(month.first)}
                -- Half a year apart: shares of wallet are known of most, and of nobody exactly.
                and ((p.cid + {m}) % 6 = 0 and u('asked', p.cid, {m}) < 0.85
                    or s.stage = 'declining' and u('asked', p.cid, {m}) < 0.12)
        )

        select customer_no(cid) as customer_id, observed_on,
            case when fa > 500000 and u('asks', cid, {m}) < 0.5 then 'manager'
                when u('asks', cid, {m}) < 0.75 then 'survey' else 'bureau' end as source,
            money(round(100 * (
                fa * (case stage when 'mature' then 0.1 + 0.4 * u('elsewhere', cid, 0)
                    else 0.5 + 1.5 * u('elsewhere', cid, 0) end)
                + case when stage = 'declining' and cause in ('competitor', 'sudden_outflow')
                    then greatest(0, fa - wealth) else 0 end))::bigint) as amount,
            observed_on as loaded_on
        from asked
        """,
    )
