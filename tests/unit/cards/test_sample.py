"""What a card may learn from: what was known on the day, of whom, and how much of it."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
import yaml

from orchestration.cards.development import KINDS, NEVER_ASKED, Development, shipped
from orchestration.cards.sample import draw, fit_from_warehouse
from orchestration.credit.card import Card
from orchestration.credit.errors import BadPolicy, BadSample
from orchestration.settings import REPOSITORY
from tests.unit.cards.marts import AS_OF, development, marts


def test_windows_end_with_the_newest_outcomes_that_were_known() -> None:
    """On 30 June 2024 windows of months up to June 2023 have closed; on the 29th, up to May."""
    with marts(50) as con:
        rows = draw(con, date(2024, 6, 30), development())
        before = draw(con, date(2024, 6, 29), development())
    windows = rows.windows
    assert (windows.start, windows.split, windows.end) == (
        date(2022, 1, 1), date(2023, 1, 1), date(2023, 7, 1),
    )  # fmt: skip
    assert before.windows.end == date(2023, 6, 1)
    assert rows.frame["observed_month"].max() == pd.Timestamp(2023, 6, 1)


def test_what_is_delivered_later_changes_no_card(card: Card) -> None:
    day = date(2024, 6, 30)
    with marts() as con:
        then = fit_from_warehouse(con, "behavioural", day, development())
        con.execute("delete from marts.credit_outcome_month where judged_on > ?", [day])
        con.execute("update marts.credit_feature_month set income = 1 where month > '2023-06-01'")
        assert fit_from_warehouse(con, "behavioural", day, development()).sha256 == then.sha256
    assert then.sha256 != card.sha256


def test_the_order_of_rows_decides_nothing(card: Card) -> None:
    with marts() as con:
        for table in ("credit_feature_month", "credit_outcome_month"):
            con.execute(
                f"create or replace table marts.{table} as select * from marts.{table} "
                "order by hash(customer_key + 1)"
            )
        assert fit_from_warehouse(con, "behavioural", AS_OF, development()).sha256 == card.sha256


def test_of_a_customer_one_month_in_three_teaches_and_one_tests() -> None:
    with marts(100) as con:
        con.execute("update marts.credit_outcome_month set outcome = 'good'")
        rows = draw(con, AS_OF, development())
    is_test = rows.frame["observed_month"].dt.date >= rows.windows.split
    per_customer = rows.frame.groupby(["customer_key", is_test]).size().unstack()
    # Twelve months teach and six test.
    assert set(per_customer[False]) == {4}
    assert set(per_customer[True]) == {1}
    taught = rows.frame[~is_test].groupby("customer_key")["observed_month"]
    apart = taught.diff().dropna().dt.days
    assert apart.between(89, 92).all()
    assert rows.frame["observed_month"].nunique() == 18


def test_rows_go_bad_as_often_as_months_do() -> None:
    """Half of the borrowers are bad and have a month each; the others have all eighteen."""
    with marts(4000) as con:
        con.execute("update marts.credit_outcome_month set outcome = 'good'")
        con.execute(
            "delete from marts.credit_outcome_month where customer_key % 2 = 0 "
            "and (month(observed_month) + customer_key // 2) % 18 <> 0"
        )
        con.execute(
            "update marts.credit_outcome_month set outcome = 'bad' where customer_key % 2 = 0"
        )
        rows = draw(con, AS_OF, development())
        of_all = con.execute(
            "select avg((outcome = 'bad')::integer) from marts.credit_outcome_month "
            "where kind = 'behavioural' and observed_month >= ? and observed_month < ?",
            [rows.windows.start, rows.windows.end],
        ).fetchone()
    assert of_all is not None
    is_test = rows.frame["observed_month"].dt.date >= rows.windows.split
    for part in (rows.frame[is_test], rows.frame[~is_test]):
        assert part["bad"].mean() == pytest.approx(of_all[0], abs=0.01)


def test_who_is_observed_once_always_teaches_or_tests() -> None:
    """As in the month before a first loan."""
    with marts(400) as con:
        con.execute(
            "delete from marts.credit_outcome_month where "
            "(12 * year(observed_month) + month(observed_month) + customer_key // 7) % 18 <> 0"
        )
        rows = draw(con, AS_OF, development(months_apart=1))
    assert len(rows.frame) == rows.counts["good"] + rows.counts["bad"]
    assert (rows.frame["observed_month"].dt.date >= rows.windows.split).sum() > 100


def test_the_window_of_a_young_bank_begins_where_its_months_do() -> None:
    with marts(50) as con:
        windows = draw(con, AS_OF, development(development_months=36)).windows
    assert (windows.start, windows.split) == (date(2022, 1, 1), date(2023, 7, 1))


def test_a_large_bank_is_drawn_from_by_whole_customers() -> None:
    with marts(1000) as con:
        everybody = draw(con, AS_OF, development()).frame
        some = draw(con, AS_OF, development(rows_at_most=700))
    keys = set(some.frame["customer_key"])
    assert some.share == pytest.approx(700 / len(everybody))
    assert len(some.frame) == pytest.approx(700, rel=0.15)
    of_them = everybody[everybody["customer_key"].isin(keys)].reset_index(drop=True)
    pd.testing.assert_frame_equal(of_them, some.frame)


def test_only_good_and_bad_teach_and_the_others_are_counted(card: Card) -> None:
    assert card.origin is not None
    assert card.tested is not None
    assert (card.origin.kind, card.origin.as_of) == ("behavioural", AS_OF)
    assert card.origin.indeterminate > 0
    assert card.origin.excluded > 0
    assert card.origin.months_apart == 3
    assert card.learned.rows <= 4 * card.origin.customers
    assert card.tested.rows <= card.origin.customers
    # 800 customers and 18 months, each row of one outcome.
    counts = (card.origin.goods, card.origin.bads, card.origin.indeterminate, card.origin.excluded)
    assert sum(counts) == 800 * 18


def test_kinds_do_not_mix() -> None:
    terms = development().model_copy(update={"kind": "application"})
    with marts(100) as con:
        rows = draw(con, AS_OF, terms)
        assert {month.month % 3 for month in rows.frame["observed_month"]} == {1}
        with pytest.raises(BadPolicy, match="terms of application cards"):
            fit_from_warehouse(con, "behavioural", AS_OF, terms)


def test_too_little_is_refused_in_a_sentence() -> None:
    with marts(100) as con:
        for day, match in (
            (date(2022, 6, 30), "outcomes of 0 months are known of behavioural cards"),
            (date(2023, 6, 30), "outcomes of 6 months .* the newest 6 test a card"),
            (date(2023, 7, 31), "rows to learn from; the policy asks for"),
        ):
            with pytest.raises(BadSample, match=match):
                fit_from_warehouse(con, "behavioural", day, development(min_rows=400))
        con.execute("update marts.credit_outcome_month set outcome = 'good'")
        with pytest.raises(BadSample, match="0 bad rows to learn from"):
            fit_from_warehouse(con, "behavioural", AS_OF, development())
        lacking = development(features=({"name": "dreams", "kind": "numeric"},))
        with pytest.raises(BadPolicy, match="no column dreams"):
            fit_from_warehouse(con, "behavioural", AS_OF, lacking)


@pytest.mark.parametrize("kind", KINDS)
def test_shipped_terms_ask_what_may_be_asked(kind: str) -> None:
    terms = shipped(kind)
    assert terms.kind == kind
    assert not NEVER_ASKED & {feature.name for feature in terms.card.features}


@pytest.mark.parametrize("kind", KINDS)
def test_shipped_terms_ask_what_the_mart_holds(kind: str) -> None:
    path = REPOSITORY / "dbt_project" / "models/marts/credit/credit_feature_month.yml"
    (mart,) = yaml.safe_load(path.read_text("utf-8"))["models"]
    types = {column["name"]: column["data_type"] for column in mart["columns"]}
    for feature in shipped(kind).card.features:
        is_text = types[feature.name] == "varchar"
        assert is_text == (feature.kind == "categorical"), feature.name


def test_a_lender_may_not_ask_for_gender() -> None:
    content = shipped("behavioural").model_dump()
    content["card"]["features"] += ({"name": "gender", "kind": "categorical"},)
    with pytest.raises(ValueError, match="may not ask for gender"):
        Development.model_validate(content)
    with pytest.raises(BadPolicy, match="no kind of card"):
        shipped("corporate")
