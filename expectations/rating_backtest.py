"""The rating's back-test in the marts gate: matrices balance, and rates are those of matrices."""

from __future__ import annotations

from expectations.check import Check, Probe
from expectations.window import in_months
from orchestration.state import Window

# States of whom the rating of a month does not tell.
_OUTSIDE = "('entered', 'left', 'default')"


def rating_backtest_probes(window: Window) -> list[Probe]:
    """Rows of the months that the window builds."""
    return [_matrices(window), _rates(window)]


def _matrices(window: Window) -> Probe:
    """Ratings are counted anew from both ends of what is followed."""
    ends = (
        "select f.month, f.followed_months, r.rating as state, count(*) as {side} from followed as "
        "f inner join ratings as r on r.month = f.{end} where not exists (select 1 from defaults "
        "as d where d.customer_key = r.customer_key and {known}) group by all"
    )
    ctes = {
        "moves": f"select * from marts.rating_migration where {in_months('month', window)}",
        "followed": "select distinct month, cohort, followed_months from moves",
        "ratings": "select customer_key, month, rating from marts.rating_month where month in "
        "(select month from followed union select cohort from followed)",
        "defaults": "select distinct customer_key, month from facts.int_loan_month where "
        "in_default and coalesce(status <> 'repaid', true) "
        "and month >= (select min(cohort) from followed)",
        "opening": ends.format(side="judged", end="cohort", known="d.month = f.cohort"),
        "closing": ends.format(
            side="judged", end="month", known="d.month > f.cohort and d.month <= f.month"
        ),
        "sides": "select month, followed_months, state, 'opening' as side, judged, 0 as counted "
        "from opening union all select month, followed_months, state, 'closing', judged, 0 "
        "from closing union all select month, followed_months, from_state, 'opening', 0, companies "
        f"from moves where from_state not in {_OUTSIDE} union all select month, followed_months, "
        f"to_state, 'closing', 0, companies from moves where to_state not in {_OUTSIDE}",
        "states": "select month, followed_months, state, side, sum(judged) as judged, "
        "sum(counted) as counted from sides group by all",
        "built": "select distinct month from marts.rating_month where is_closed and "
        f"{in_months('month', window)} and month > (select min(month) from marts.rating_month)",
    }
    wrong = "judged <> counted"
    lacking = "select month from built where month not in (select month from followed)"
    check = Check(
        "rating_matrix_balances",
        "rating_migration",
        "error",
        "unbalanced states and months without a matrix",
        "Per closed month and months followed, those of a grade at either end who were not in "
        "default are the row's or the column's sum, and no closed month is without its matrix.",
        value=f"count(*) filter ({wrong}) + (select count(*) from ({lacking}))",
        sample="select month, followed_months, state, side, judged, counted from states "
        f"where {wrong} union all select month, null, null, 'lacking', 0, 0 from ({lacking}) "
        "order by all",
    )
    return Probe("states", (check,), ctes)


def _rates(window: Window) -> Probe:
    seen = in_months("month", window)
    ctes = {
        "moved": "select m.month, m.from_state as grade, sum(m.companies) as companies, "
        "sum(case when m.to_state = 'default' then m.companies else 0 end) as defaulted "
        "from marts.rating_migration as m inner join policy.policy_parameter as p "
        "on p.parameter = 'rating_default_months' and p.value = m.followed_months "
        "and p.valid_from <= m.judged_on and coalesce(p.valid_to > m.judged_on, true) "
        f"where {in_months('m.month', window)} "
        "and m.from_state in (select grade from policy.policy_rating_grade) group by all",
        "told": "select month, grade, sum(companies) as companies, sum(defaulted) as defaulted "
        f"from marts.rating_default_rate where {seen} group by all "
        "having sum(companies) > 0",
        "given": "select month, grade, sum(companies) as companies, sum(defaulted) as defaulted "
        f"from marts.rating_override where {seen} group by all",
        "paired": "select month, grade, m.companies as moved, t.companies as told, "
        "g.companies as given, m.defaulted as moved_to_default, t.defaulted, "
        "g.defaulted as given_defaulted from moved as m full outer join told as t "
        "using (month, grade) full outer join given as g using (month, grade)",
    }
    wrong = (
        "not coalesce(moved = told and told = given and moved_to_default = defaulted "
        "and defaulted = given_defaulted, false)"
    )
    check = Check(
        "rates_are_the_matrix",
        "rating_default_rate",
        "error",
        "wrong grades",
        "Companies and defaults of a grade are those of the matrix over the same months, also "
        "added up over the model's grades.",
        value=f"count(*) filter ({wrong})",
        sample=f"select * from paired where {wrong} order by month, grade",
    )
    return Probe("paired", (check,), ctes)
