"""Electronic channels and contacts: enrolments, logins, complaints, surveys, visits, calls.

Complaints precede the decline of customers whose planted cause is the bank's own side.
"""

from __future__ import annotations

from orchestration.sample_bank.bank import Bank, day
from orchestration.sample_bank.options import Month

# channel, share of persons under 40, of older persons, of companies and public bodies
TAKE_UP = (
    ("mobile", 0.48, 0.20, 0.0),
    ("net", 0.22, 0.10, 0.35),
    ("wechat", 0.30, 0.12, 0.0),
    ("phone", 0.05, 0.06, 0.02),
    ("tv", 0.01, 0.015, 0.0),
    ("direct_link", 0.0, 0.0, 0.02),
)


def plan_channels(bank: Bank) -> None:
    """Who enrols for which channel, and when."""
    rows = ", ".join(f"({i}, {', '.join(repr(v) for v in r)})" for i, r in enumerate(TAKE_UP, 1))
    start = day(bank.request.start)
    bank.run(
        f"""
        create table enrolments as
        with offered as (
            select p.cid, p.customer_type, p.end_on, p.account_on, t.no, t.channel,
                case when p.customer_type <> 'retail' then t.firms
                    when p.age < 40 then t.young else t.old end
                * case when p.agency_group is null then 1 else 0.8 end as share,
                case when u('enrolled', p.cid, t.no) < 0.72 then p.account_on
                    + floor(greatest(0, {start} - p.account_on) * u('enrolled', p.cid, 20 + t.no))
                    ::int
                    else greatest(p.account_on, {start})
                        + floor({bank.days} * u('enrolled', p.cid, 40 + t.no))::int
                end as enrolled_on,
            from people as p,
                (values {rows}) as t (no, channel, young, old, firms)
            where p.account_on is not null
        )

        select
            * exclude (share),
            case when u('leaves', cid, no) < 0.04
                    and enrolled_on + 60 < coalesce(end_on, {day(bank.end)})
                then enrolled_on + 60 + floor(900 * u('leaves', cid, 20 + no))::int
            end as left_on,
            u('logs in', cid, no) < 0.75 as is_active,
        from offered
        where u('enrols', cid, no) < share
            and enrolled_on <= {day(bank.end)} and (end_on is null or enrolled_on < end_on)
        order by cid, no
        """
    )
    bank.run(
        """
        create table electronic as
        select cid,
            min(enrolled_on) filter (channel = 'mobile') as mobile_on,
            min(enrolled_on) filter (channel = 'net') as net_on
        from enrolments group by cid
        """
    )


def emit_enrolments(bank: Bank, month: Month) -> None:
    """Enrolments as they happen; a closure is sent as the enrolment's next version."""
    start = day(bank.request.start)
    gone = f"case when left_on <= {day(bank.end)} then left_on end"
    row = """
        select customer_no(cid) as customer_id, channel, enrolled_on,
            {closed} as closed_on,
            case when channel = 'net' and customer_type <> 'retail'
                then case when u('version', cid, 0) < 0.72 then 'professional' else 'query' end
            end as version,
            {loaded} as loaded_on, {sent} as sent, {fate} as fate
        from enrolments where {where}
    """
    known = f"case when left_on <= {start} then left_on end"
    replaced = (
        f"case when {gone} > greatest(enrolled_on, {start}) then 'superseded' else 'accepted' end"
    )
    if month.index == 0:
        bank.emit(
            "channel_enrolments",
            row.format(
                closed=known, loaded=start, sent=0, fate=replaced, where=f"enrolled_on <= {start}"
            ),
        )
    within = f"between {day(month.first)} and {day(month.end)}"
    bank.emit(
        "channel_enrolments",
        row.format(
            closed="null::date",
            loaded="enrolled_on",
            sent=0,
            fate=replaced,
            where=f"enrolled_on > {start} and enrolled_on {within}",
        ),
    )
    bank.emit(
        "channel_enrolments",
        row.format(
            closed="left_on",
            loaded="left_on",
            sent=1,
            fate="'accepted'",
            where=f"left_on > {start} and left_on {within}",
        ),
    )


def emit_logins(bank: Bank, month: Month) -> None:
    """Login days: drawn per enrolment, fewer as a customer's business falls."""
    m = month.index
    rate = bank.volumes.login_days_per_month / 0.45
    bank.emit(
        "channel_logins",
        f"""
        with visits as (
            select e.cid, e.no, e.channel, e.enrolled_on, e.left_on, p.fall, unnest(range(
                least(20, floor({rate} * p.fall * (0.2 + 1.6 * u('keen', e.cid, e.no))
                    + u('logins', e.cid, {m} * 8 + e.no)))::int)) as j
            from enrolments as e
            inner join plan as p using (cid)
            where e.is_active and p.stage <> 'terminated'
                and e.enrolled_on <= {day(month.end)}
                and (e.left_on is null or e.left_on > {day(month.end)})
        ),
        dated as (
            select *, ({day(month.first)}
                + floor({month.days} * u('login day', cid * 256 + no * 32 + j, {m}))::int)::date
                as login_on
            from visits
        )

        select customer_no(cid) as customer_id, channel, login_on,
            sum(1 + floor(2.2 * u('times', cid * 256 + no * 32 + j, {m})))::bigint as logins,
            login_on as loaded_on
        from dated
        where login_on >= enrolled_on
        group by cid, channel, login_on
        """,
    )


def emit_interactions(bank: Bank, month: Month) -> None:
    """Contacts of the month; a complaint is sent again on the day it is resolved."""
    m, first = month.index, day(month.first)
    bank.run(
        f"""
        create or replace table contacts as
        with kinds as (
            select p.cid, k.no, k.kind, p.fa, p.cause, p.decline_m, p.customer_type,
                case k.kind
                    when 'complaint' then
                        case when p.cause = 'bank_side' and p.decline_m - {m} in (0, 1) then 0.95
                            when p.cause = 'bank_side' and p.decline_m < {m} then 0.10
                            else 0.003 end
                    when 'survey' then case when p.cause = 'bank_side' and p.decline_m - {m} in
                        (-1, 0) then 0.4 else 0.008 end
                    when 'visit' then case when p.fa > 500000 then 0.03 else 0.0005 end
                    else case when p.fa > 100000 then 0.03 else 0.003 end
                end as share,
            from people as p
            inner join plan as s using (cid),
                (values (1, 'complaint'), (2, 'survey'), (3, 'visit'), (4, 'call'))
                    as k (no, kind)
            where s.stage not in ('prospect', 'terminated')
        ),
        dated as (
            select *, ({first} + floor({month.days} * u('contacted', cid, {m} * 8 + no))::int)::date
                    as happened_on,
                2 + floor(13 * u('resolved', cid, {m}))::int as open_days,
            from kinds where u('contacts', cid, {m} * 8 + no) < share
        )

        select *,
            case when kind = 'survey' then greatest(0, least(10,
                case when cause = 'bank_side' and decline_m - 1 <= {m} then 2 else 8 end
                + round(1.3 * n01('score', cid, {m}))))::int
                when kind = 'complaint' and u('asked', cid, {m}) < 0.5
                    then floor(4 * u('score', cid, {m}))::int
            end as score,
            case when kind = 'complaint' and u('settled', cid, {m})
                < case when cause = 'bank_side' then 0.5 else 0.92 end
                then happened_on + open_days end as settled_on,
        from dated
        where happened_on >= (select opened_on from people as p where p.cid = dated.cid)
        """
    )
    row = f"""
        select 'I' || lpad(cid::varchar, 9, '0') || '-{month.first:%y%m}-' || no::varchar
                as interaction_id,
            customer_no(cid) as customer_id, happened_on, kind, score,
            {{resolved}} as resolved_on, {{loaded}} as loaded_on, {{sent}} as sent, {{fate}} as fate
        from contacts where {{where}}
    """
    fate = f"case when settled_on <= {day(bank.end)} then 'superseded' else 'accepted' end"
    bank.emit(
        "interactions",
        row.format(resolved="null::date", loaded="happened_on", sent=0, fate=fate, where="true"),
    )
    bank.emit(
        "interactions",
        row.format(
            resolved="settled_on",
            loaded="settled_on",
            sent=1,
            fate="'accepted'",
            where="settled_on is not null",
        ),
    )
