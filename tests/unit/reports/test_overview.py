"""What a demo prints of the published tables, and how a customer's tiers are told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from orchestration.reports import explain, overview
from orchestration.reports.tables import amounts, percent, points
from orchestration.settings import Settings, load_settings
from tests.unit.reports.home import said

TABLES = """
create table published_version as select date '2024-06-30' as as_of;
create table dim_customer as
    select i as customer_key, if(i < 7, 'retail', 'corporate') as customer_type,
        if(i = 5, date '2024-05-28', null) as closed_on
    from range(1, 9) as t(i);
create table tier_month as
    select 's' as scheme_code, i as customer_key, date '2024-06-01' as month,
        date '2024-06-30' as judged_on, 'deposit_adb' as measure_code,
        (i * 1000)::decimal(18, 2) as measure_amount, 'gold' as measured_tier,
        null as tier_before, 'gold' as tier, if(i = 4, 'upgrade', 'none') as change,
        0 as months_below, true as is_closed, 'diamond' as next_tier
    from range(1, 5) as t(i);
insert into tier_month select * replace (date '2024-05-01' as month, 5 as customer_key)
    from tier_month where customer_key = 1;
create table tier_distribution as
    select 's' as scheme_code, date '2024-06-01' as month, 1 as tier_rank, 'Gold' as tier_name,
        4::bigint as customers, 10000::decimal(38, 2) as assets,
        0.543210::decimal(18, 6) as customer_share, -0.012345::decimal(18, 6) as growth_divergence;
create table tier_watch_list as
    select list_code, scheme_code, i as customer_key, 'RM1' as relationship_manager,
        'gold' as tier, 1::decimal(18, 2) as measure_amount, 10::decimal(18, 2) as reference_bound,
        i::decimal(18, 2) as distance, 'Needs 90104.05 more' as reason
    from (values ('at_risk'), ('borderline')) as l(list_code),
        (values ('s'), ('t')) as s(scheme_code), range(1, 5) as t(i);
create table tier_history as
    select 's' as scheme_code, 4 as customer_key, 'ordinary' as tier,
        date '2024-04-01' as valid_from, date '2024-07-01' as valid_to;
create table tier_explanation as
    select 's' as scheme_code, i as customer_key, date '2024-06-01' as month,
        date '2024-06-30' as judged_on, 's@1990-01-01' as policy_version,
        'deposit_adb is 6823149.20, up to gold from 2024-07-01. Highest tier.' as explanation,
        823149.20::decimal(18, 2) as margin, 'gold' as tier, 1 as held_bound,
        if(i = 4, null, 'top') as next_tier
    from range(3, 5) as t(i);
create table tier_restatement as
    select 's' as scheme_code, 9 as customer_key, date '2024-06-01' as month, 0 as measure_then,
        0 as measure_now, '' as tier_then, '' as tier_now;
create table customer_month as
    select i as customer_key, date '2024-06-01' as month, date '2024-06-30' as judged_on,
        'growing' as stage, 'three' as star_grade
    from range(1, 4) as t(i);
create table tier_changes (
    scheme_code varchar, customer_key bigint, month date, change varchar, tier_before varchar,
    tier varchar, judged_on date, takes_effect_on date
);
insert into tier_changes values
    ('s', 4, '2024-06-01', 'new', null, 'gold', '2024-06-30', '2024-07-01'),
    ('s', 3, '2024-05-01', 'upgrade', 'gold', 'top', '2024-05-31', '2024-06-01');
create table star_month as
    select i as customer_key, date '2024-06-01' as month, if(i < 3, 6, 3) as grade_rank
    from range(1, 5) as t(i);
create table customer_today as
    select i as customer_key, date '2024-06-01' as month, if(i < 4, 'growing', 'prospect') as stage,
        if(i < 3, 'six', 'three') as star_grade,
        ['optimal', 'general', 'low_value', 'suboptimal'][i] as value_cell,
        (i * 100)::decimal(28, 2) as assets, 10::decimal(28, 2) as income,
        4::decimal(28, 2) as cost
    from range(1, 5) as t(i);
create table verdict_explanation as
    select i as customer_key, date '2024-06-01' as month, family, verdict,
        family || '@1990-01-01' as policy_version, step, reason
    from range(1, 4) as t(i), (values
        ('s', 'gold', 1, 'A tier is told elsewhere.'), ('s', 'gold', 2, 'Below the top so long.'),
        ('star_grade', 'three', 2, 'Then this.'), ('star_grade', 'three', 1, 'First this.'),
        ('star_grade', 'three', 3, 'First this.'),
        ('stage', 'growing', 1, 'Own transactions in the window: 5; growing from 3.')
    ) as why(family, verdict, step, reason);
create table rating_month (
    customer_key bigint, month date, judged_on date, rating text, grade text,
    default_probability decimal(9, 6), model_grade text, model_rank integer,
    model_bound decimal(9, 2), valid_to date, industry text, rated_as text, benchmark text,
    trade text, year_end date, is_audited boolean, quantitative_weight decimal(18, 2),
    qualitative_weight decimal(18, 2), total_points decimal(18, 6)
);
create table credit_gate_month (
    customer_key bigint, month date, judged_on date, may_lend boolean, gate_reason text,
    customer_type text, days_past_due integer, past_due_days integer, kind text, card text,
    score integer, pd decimal(9, 6), most_pd decimal(9, 6), rating text, least_rank integer,
    policy_version text
);
create table credit_score_month (customer_key bigint, month date, grade text);
insert into credit_gate_month (customer_key, month, gate_reason, customer_type, kind)
    select i, date '2024-07-01', if(i < 7, 'no_card', 'not_rated'),
        if(i < 7, 'retail', 'corporate'), if(i < 7, 'application', null)
    from range(1, 9) as t(i);
create table rating_distribution as
    select month, rating, grade_rank, companies, 0.25::decimal(9, 6) as company_share,
        1::bigint as overrides, 7::bigint as borrowers,
        expected::decimal(18, 6) as expected_defaults
    from (values
        (date '2024-06-01', 'AAA', 12, 99, 0.5), (date '2024-07-01', null, null, 31, null),
        (date '2024-07-01', 'BB', 2, 41, 0.068), (date '2024-07-01', 'AA', 10, 51, 0.0012)
    ) as graded (month, rating, grade_rank, companies, expected);
create table contribution_component as
    select 3 as customer_key, date '2024-06-01' as month, date '2024-06-30' as judged_on,
        side, component, contribution::decimal(28, 2) as contribution
    from (values ('income', 'fee', 7), ('cost', 'service', -2.5)) as line(
        side, component, contribution);
create table clv_history as
    select 3 as customer_key, date '2024-06-01' as month, date '2024-06-30' as judged_on,
        'short' as horizon, 36 as horizon_months, 5 as months_counted, 70::decimal(28, 2) as income,
        30::decimal(28, 2) as cost, 40::decimal(28, 2) as clv;
create table forward_month as
    select i as customer_key, date '2024-06-01' as month, date '2024-06-30' as judged_on,
        ['account', 'gone', 'contract', 'account', 'payments'][i] as population,
        ['chain', 'none', 'retention', 'none', 'pareto'][i] as model, 'best' as policy_model,
        date '2024-05-01' as fitted_in, 'gold mature' as state, 14 as tenure_months,
        -2.5::decimal(28, 2) as margin, 12 as margin_months, 36 as horizon_months,
        0.08::decimal(18, 6) as discount_rate, 1234.5::decimal(28, 2) as forward_value,
        -10::decimal(28, 2) as value_low, 2479::decimal(28, 2) as value_high,
        0.9::decimal(18, 6) as interval_share, 0.876::decimal(9, 6) as alive,
        41.26::decimal(28, 6) as expected_purchases, 12.3::decimal(28, 2) as expected_spend
    from range(1, 6) as t(i);
create table forward_parameter as
    select 'retention' as model, date '2024-05-01' as month, name as parameter,
        value::double as value
    from (values ('b', 18.98765), ('a', 0.14)) as p(name, value);
create table forward_backtest as
    select 'retention' as model, 'contract' as population, date '2024-06-30' as judged_on,
        1200::bigint as customers, -0.0321::decimal(28, 6) as aggregate_error,
        0.875::decimal(28, 6) as covered_share, date '2023-12-01' as origin,
        date '2024-06-01' as month;
create table tier_cost_return as
    select 's' as scheme_code, date '2024-06-01' as month, 'short' as horizon, i as tier_rank,
        if(i = 1, 'Plain', 'Gold') as tier_name, (5 - i)::bigint as customers,
        if(i = 1, 10, 100)::decimal(28, 2) as income,
        if(i = 1, 5, 45)::decimal(28, 2) as variable_cost,
        if(i = 1, 3, 25)::decimal(28, 2) as fixed_cost,
        if(i = 1, 0.8, 0.7)::decimal(28, 6) as cost_income_ratio,
        if(i = 1, 0.5, 10)::decimal(28, 2) as return_per_customer, i = 2 as pays_off
    from range(1, 3) as t(i);
insert into tier_cost_return select * replace ('month' as horizon) from tier_cost_return;
create table contribution_concentration as
    select date '2024-06-01' as month, 'short' as horizon, 36 as horizon_months,
        4::bigint as customers, 120::decimal(28, 2) as contribution, 1::bigint as best_customers,
        0.833333::decimal(28, 6) as best_share, 1::bigint as bulk_customers,
        0.8::decimal(18, 6) as bulk_bound, 1::bigint as losing_customers,
        30::decimal(28, 2) as lost, 0.611111::decimal(18, 6) as gini;
create table verdict_change as
    select 3 as customer_key, month, 'stage' as family, 'developing' as from_verdict,
        'growing' as to_verdict
    from (values (date '2024-01-01'), (date '2024-06-01'), (date '2024-07-01')) as m(month);
"""


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Settings]:
    """A home whose published version holds TABLES."""
    with duckdb.connect() as con:
        con.execute(TABLES)
        for report in (overview, explain):
            monkeypatch.setattr(report, "open_published", lambda _: nullcontext(con))
        yield load_settings(home=tmp_path)


def test_the_overview_accounts_for_every_customer(settings: Settings) -> None:
    text = said(lambda console: overview.overview(settings, console))
    assert (
        "4 of 8 customers have a tier; without: 2 of a type that no scheme grades (they grade "
        "retail), 1 who left, 1 not open yet" in text
    )


def test_ratings_and_the_gate_of_the_newest_month(settings: Settings) -> None:
    text = said(lambda console: overview.overview(settings, console))
    assert "AA 51 25.00 % 1 7 0.00 BB 41 25.00 % 1 7 0.07 none 31 25.00 % 1 7 Risk gate" in text
    assert (
        "what decides retail others no_card: application 6 0 not_rated 0 2 no_card: application: "
        "no scorecard is in force of those who owe no loan" in text
    )
    assert "AAA" not in text


def test_who_is_known_by_items_alone_is_counted(settings: Settings) -> None:
    """As concentration counts them: both speak of everybody known."""
    with overview.open_published(settings.published_dir) as con:
        con.execute(
            "insert into customer_today select * replace (9 as customer_key) from customer_today "
            "where customer_key = 4"
        )
        text = said(lambda console: overview.overview(settings, console))
    assert "4 of 9 customers have a tier" in text
    assert "1 not open yet, 1 whose own row was not delivered" in text


def test_a_bank_of_one_customer(settings: Settings) -> None:
    with overview.open_published(settings.published_dir) as con:
        for name in ("customer_today", "dim_customer", "tier_month"):
            con.execute(f"delete from {name} where customer_key <> 4")
        con.execute("update contribution_concentration set customers = 1")
        text = said(lambda console: overview.overview(settings, console))
    assert "1 of 1 customer has a tier Tiers" in text
    assert "the only customer, with or without a tier, brought 120.00" in text
    for many in ("all 1 customers", "the best 1", "1 were", "Gini"):
        assert many not in text


def test_a_bank_without_tiers_has_no_empty_tables(settings: Settings) -> None:
    tables = ("tier_month", "tier_distribution", "tier_watch_list", "tier_cost_return")
    with overview.open_published(settings.published_dir) as con:
        for name in tables:
            con.execute(f"delete from {name}")
        text = said(lambda console: overview.overview(settings, console))
    assert "0 of 8 customers have a tier; without: 8 of a type that no scheme grades over" in text
    assert "Nobody stands on a watch list. Lifecycle" in text
    assert "What tiers cost" not in text


def test_tiers_say_what_their_numbers_are(settings: Settings) -> None:
    text = said(lambda console: overview.overview(settings, console))
    assert "Gold 4 10,000.00 54.32 % -1.23" in text
    assert "deposit_adb in s" in text
    assert "above 0 customers grow faster than their assets" in text


def test_tiers_that_do_not_pay_off_show(settings: Settings) -> None:
    text = said(lambda console: overview.overview(settings, console))
    assert (
        "s Plain 4 10.00 5.00 3.00 80.00 % 0.50 no s Gold 3 100.00 45.00 25.00 70.00 % 10.00 yes"
    ) in text
    assert "all 4 customers, with or without a tier, brought 120.00" in text
    assert "the best 1 of them brought 83.33 % of it, and 1 was enough for 80.00 %" in text
    assert "Gini coefficient 0.61" in text
    assert "1 cost 30.00 more than they brought" in text


def test_a_loss_has_no_shares(settings: Settings) -> None:
    with overview.open_published(settings.published_dir) as con:
        con.execute(
            "update contribution_concentration set contribution = -5, best_share = null, "
            "bulk_customers = null"
        )
        text = said(lambda console: overview.overview(settings, console))
        assert "brought -5.00 1 cost 30.00" in text
        con.execute("update contribution_concentration set losing_customers = 0, lost = 0")
        text = said(lambda console: overview.overview(settings, console))
        assert "brought -5.00 nobody cost more than they brought" in text
        con.execute("delete from contribution_concentration")
        assert "Gini" not in said(lambda console: overview.overview(settings, console))


def test_stages_and_stars_are_counted(settings: Settings) -> None:
    text = said(lambda console: overview.overview(settings, console))
    assert "prospect 1 400.00 6.00 growing 3 600.00 18.00" in text, "in the order of a life"
    assert "three 2 700.00 12.00 six 2 300.00 12.00" in text, "in the order of the grades"


def test_every_scheme_and_list_shows_its_first(settings: Settings) -> None:
    text = said(lambda console: overview.overview(settings, console))
    for scheme in "st":
        for listed in ("at_risk", "borderline"):
            assert f"{scheme} {listed} 4" in text, "the count"
            assert f"{scheme} {listed} 1 RM1 gold 1.00 Needs 90,104.05 more" in text
            assert f"{scheme} {listed} 2 RM1" in text
            assert f"{scheme} {listed} 3 RM1" not in text


def test_a_story_is_somebody_whose_tier_changed(settings: Settings) -> None:
    found: list[int | None] = []
    said(lambda console: found.append(overview.overview(settings, console)))
    assert found == [4]


def test_a_story_prefers_grace_below_the_top(settings: Settings) -> None:
    with overview.open_published(settings.published_dir) as con:
        con.execute("update tier_month set months_below = 1 where customer_key in (2, 3)")
        con.execute("update tier_month set next_tier = null where customer_key = 3")
        found: list[int | None] = []
        said(lambda console: found.append(overview.overview(settings, console)))
    assert found == [2]


def test_a_period_names_its_first_and_last_day(settings: Settings) -> None:
    text = said(lambda console: explain.explain(settings, "4", None, 6, console))
    assert "s: ordinary from 2024-04-01, last day 2024-06-30" in text
    assert "deposit_adb is 6,823,149.20, up to gold from 2024-07-01." in text
    assert "up to gold from 2024-07-01. Highest tier." in text
    assert "The last 1 judgement(s)" in text
    assert "until" not in text


def test_what_grace_is_left_is_told_under_the_tier(settings: Settings) -> None:
    text = said(lambda console: explain.explain(settings, "3", None, 6, console))
    assert "Highest tier. Below the top so long. The last 1 judgement(s)" in text
    assert "Below the top" not in said(
        lambda console: explain.explain(settings, "4", None, 6, console)
    )


def test_who_holds_nothing_on_a_day_is_told_so(settings: Settings) -> None:
    text = said(lambda console: explain.explain(settings, "3", date(2024, 6, 30), 6, console))
    assert "s: no tier on that day" in text
    assert "deposit_adb is 6,823,149.20" in text


def test_a_day_between_judgements_is_said_to_be_one(settings: Settings) -> None:
    with explain.open_published(settings.published_dir) as con:
        con.execute("update published_version set as_of = date '2024-07-20'")
    between = "What the running month looked like on that day is not kept"
    for day, told in ((date(2024, 6, 30), False), (date(2024, 7, 9), True)):
        text = said(lambda console, day=day: explain.explain(settings, "3", day, 6, console))
        assert (between in text) == told


def test_all_other_verdicts_are_told_in_the_order_of_their_rules(settings: Settings) -> None:
    text = said(lambda console: explain.explain(settings, "3", None, 5, console))
    assert "Stage, star grade, value, rating and segments, judged on 2024-06-30" in text
    assert "star_grade three star_grade@1990-01-01 First this. Then this." in text
    assert text.index("stage growing") < text.index("star_grade three"), "as in customer_month"
    assert "stage growing stage@1990-01-01 Own transactions in the window: 5" in text
    assert "A tier is told elsewhere." not in text
    assert "What moved in the 5 month(s) to 2024-06 month family from to" in text
    assert "2024-05 s gold top" in text, "tiers too"
    assert "2024-06 stage developing growing" in text
    assert "2024-01 stage" not in text, "longer ago than asked for"
    assert "2024-07 stage" not in text, "after the day"


def test_who_is_known_by_verdicts_alone_is_explained(settings: Settings) -> None:
    """As somebody whose loans are delivered, and who they are not."""
    with overview.open_published(settings.published_dir) as con:
        con.execute(
            "insert into customer_month by name select * replace (99 as customer_key) "
            "from customer_month limit 1"
        )
        assert explain.find_customer(con, settings, "99") == 99
        assert explain._no_tier(con, 99).startswith("No tier: the bank has not delivered who")
        with pytest.raises(explain.UnknownCustomer):
            explain.find_customer(con, settings, "98")


def test_why_somebody_has_no_tier_is_told(settings: Settings) -> None:
    for key, told in (
        ("8", "No tier: the schemes grade retail customers, and this one is corporate."),
        ("6", "No tier: no scheme had judged this customer by that day."),
        ("5", "Left the bank on 2024-05-28: verdicts are those before it."),
    ):
        text = said(lambda console, key=key: explain.explain(settings, key, None, 6, console))
        assert told in text


def test_what_somebody_brought_and_was_worth_is_told(settings: Settings) -> None:
    text = said(lambda console: explain.explain(settings, "3", None, 6, console))
    assert "income fee 7.00 7.00 cost service -2.50 -2.50 together 4.50 4.50" in text
    assert "36 5 70.00 30.00 40.00" in text
    nothing = said(lambda console: explain.explain(settings, "2", None, 6, console))
    assert "Nothing was brought and nothing spent by that day." in nothing


def test_what_somebody_is_expected_to_bring_is_told(settings: Settings) -> None:
    text = said(lambda console: explain.explain(settings, "3", None, 6, console))
    for part in (
        "1,234.50 over the next 36 months at a discount of 8.00% a year; with 90% between -10.00 "
        "and 2,479.00.",
        "Model retention (policy for contract: best), fitted in 2024-05 with a 0.14, b 18.99: "
        "-2.50 a month, the average of 12, by the odds of staying after 14 months.",
        "Tested from the end of 2023-12 to 2024-06 on 1,200 customers: -3.2% off in all, 88% in "
        "their interval.",
    ):
        assert part in text
    chain = said(lambda console: explain.explain(settings, "1", None, 6, console))
    assert "fitted in 2024-05: what customers bring who stand at gold mature." in chain
    assert "Not tested yet" in chain
    gone = said(lambda console: explain.explain(settings, "2", None, 6, console))
    assert "0.00: the customer is gone." in gone
    unknown = said(lambda console: explain.explain(settings, "4", None, 6, console))
    assert "No model has a good fit yet." in unknown
    paying = said(lambda console: explain.explain(settings, "5", None, 6, console))
    assert "pays on with a probability of 87.6%; 41.3 days of payments of 12.30 each" in paying


def test_who_has_no_other_verdict_is_told_so(settings: Settings) -> None:
    text = said(lambda console: explain.explain(settings, "4", None, 6, console))
    assert "No stage, star grade, cell of value or segment by that day." in text


@pytest.mark.parametrize(
    ("sentence", "grouped"),
    [
        ("Only 335188.02 above", "Only 335,188.02 above"),
        ("-1234567.89, or 999.99", "-1,234,567.89, or 999.99"),
        ("rule s@1990-01-01 from 2024-07-01.", "rule s@1990-01-01 from 2024-07-01."),
        ("12345.678 and 1.12345.67", "12345.678 and 1.12345.67"),
    ],
)
def test_only_amounts_are_grouped(sentence: str, grouped: str) -> None:
    assert amounts(sentence) == grouped


def test_shares_are_empty_where_there_is_none() -> None:
    assert (percent(None), points(None)) == ("", "")
    assert (percent(Decimal("0.5")), points(Decimal("0.5"))) == ("50.00 %", "+50.00")
