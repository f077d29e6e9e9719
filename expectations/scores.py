"""Scores and the risk gate: everybody asked has the score of the card in force, and it re-adds."""

from __future__ import annotations

from expectations.check import Check, Probe
from expectations.same_people import same_people
from expectations.window import in_months, months
from orchestration.state import Window

# One customer in so many is explained again: a row per characteristic, all made the same way.
EXPLAINED_AGAIN = 20
_NUMBERS = ("past_due_days", "most_pd_application", "most_pd_behavioural", "least_rank")
_CHOICES = ("no_score", "no_rating")
_WATCHED = ("drift", "unseen_share", "least_auc", "rate_error", "least_customers", "least_bads")


def fitted_score_probes(window: Window) -> list[Probe]:
    """The fits gate: scores of the months that the window builds."""
    return [_champions(window), _reach(window), _watched(window)]


def score_probes(window: Window) -> list[Probe]:
    """The forward gate: published scores and the risk gate of these months."""
    return [
        _points(window),
        same_people(
            window,
            "everybody_comes_to_the_gate",
            "forward.credit_gate_month",
            "marts.customer_month",
            "Of everybody who is judged is said once a month whether a loan may be offered.",
        ),
        _lending(window),
    ]


def _champions(window: Window) -> Probe:
    """Who decides on a day is worked out again, from the decisions as they were written."""
    ctes = {
        "days": f"select month, judged_on from ({months(window)})",
        "decided": "select d.month, e.kind, e.card, e.state, (e.valid_from, e.decision) as place "
        "from days as d inner join fits.scorecard_decision as e on e.valid_from <= d.judged_on "
        "where e.state <> 'candidate'",
        "crowned": "select month, kind, max_by(card, place) as card, max(place) as place "
        "from decided where state = 'champion' group by all",
        "in_force": "select month, kind, card from crowned as c where not exists ("
        "select 1 from decided as r where r.state = 'retired' and r.month = c.month "
        "and r.kind = c.kind and r.card = c.card and r.place > c.place)",
        "asked": "select i.month, i.kind, i.card, count(*) as customers, "
        "sum(hash(f.customer_key)) as keys from in_force as i inner join "
        "marts.credit_feature_month as f on f.month = i.month and f.population = i.kind "
        f"where {in_months('f.month', window)} group by all",
        "scored": "select month, kind, card, count(*) as customers, "
        "sum(hash(customer_key)) as keys from fits.credit_score "
        f"where {in_months('month', window)} group by all",
        "paired": "select month, kind, card, coalesce(a.customers, 0) as asked, "
        "coalesce(s.customers, 0) as scored, a.keys is not distinct from s.keys as same_keys "
        "from asked as a full outer join scored as s using (month, kind, card)",
    }
    wrong = "asked <> scored or not same_keys"
    check = Check(
        "everybody_asked_is_scored_by_the_champion",
        "credit_score",
        "error",
        "wrong months of a card",
        "Whoever is asked by a kind of card has one score a month, by the card that was in force "
        "on the day judged, and by no other.",
        value=f"count(*) filter ({wrong})",
        failing=f"coalesce(sum(greatest(abs(asked - scored), 1)) filter ({wrong}), 0)",
        sample=f"select * from paired where {wrong} order by month, kind, card",
    )
    return Probe("paired", (check,), ctes)


def _reach(window: Window) -> Probe:
    ctes = {
        "reached": "select s.month, s.customer_key, s.kind, s.card, s.score, s.pd, s.unseen, "
        "c.lowest_score, c.highest_score from fits.credit_score as s "
        f"left join fits.scorecard as c using (card) where {in_months('s.month', window)}",
    }
    wrong = (
        "not coalesce(score between lowest_score and highest_score, unseen is not null) "
        "or (score is null) <> (pd is null)"
    )
    check = Check(
        "scores_are_within_reach",
        "credit_score",
        "error",
        "scores",
        "A score lies between the lowest and the highest that its card can give, and is missing "
        "only with the characteristic named that was never seen.",
        value=f"count(*) filter ({wrong})",
        sample=f"select * from reached where {wrong} order by month, customer_key",
    )
    return Probe("reached", (check,), ctes)


def _watched(window: Window) -> Probe:
    """Cards in use beside the bounds of policy; of few customers a measure says nothing."""
    numbers = ", ".join(
        f"max(p.value) filter (p.parameter = 'monitoring_{name}') as {name}" for name in _WATCHED
    )
    ctes = {
        "days": f"select month, judged_on from ({months(window)})",
        "bounds": f"select d.month, {numbers} from days as d left join policy.policy_parameter as "
        "p on p.valid_from <= d.judged_on and coalesce(p.valid_to > d.judged_on, true) "
        "group by d.month",
        "bad": "select month, card, observed_month, value as bad_rate, value * customers as bads "
        "from fits.scorecard_monitor where measure = 'bad_rate'",
        "watched": "select m.month, m.kind, m.card, m.observed_month, m.measure, m.feature, "
        "m.value, bad.bad_rate, bad.bads, m.customers, b.* exclude (month) "
        "from fits.scorecard_monitor as m inner join bounds as b on m.month = b.month "
        "left join bad on m.month = bad.month and m.card = bad.card "
        f"and m.observed_month = bad.observed_month where {in_months('m.month', window)} "
        "and m.customers >= b.least_customers",
    }

    def look(name: str, reason: str, wrong: str) -> Check:
        return Check(
            name,
            "scorecard_monitor",
            "warn",
            "measures",
            reason,
            value=f"count(*) filter ({wrong})",
            sample="select month, kind, card, observed_month, measure, feature, value, bad_rate, "
            f"customers from watched where {wrong} order by month, card, measure, feature",
        )

    checks = (
        look(
            "scored_are_those_learned_from",
            "Classes and answers are spread as they were where the card learned, to within "
            "monitoring_drift: otherwise it speaks of people it has not seen.",
            "measure in ('psi', 'csi') and value > drift",
        ),
        look(
            "answers_are_known",
            "At most monitoring_unseen_share of those asked have no score: more, and a column is "
            "delivered otherwise than before.",
            "measure = 'unscored_share' and value > unseen_share",
        ),
        look(
            "cards_still_rank",
            "A card tells good from bad at least as well as monitoring_least_auc, where outcomes "
            "are known of monitoring_least_bads bad ones.",
            "measure = 'auc' and bads >= least_bads and value < least_auc",
        ),
        look(
            "chances_come_true",
            "As many turn out bad as was promised, to within monitoring_rate_error of it, where "
            "monitoring_least_bads were promised or came.",
            "measure = 'promised_rate' and abs(value - bad_rate) > rate_error * value "
            "and greatest(value * customers, bads) >= least_bads",
        ),
    )
    return Probe("watched", checks, ctes)


def _points(window: Window) -> Probe:
    some = f"customer_key % {EXPLAINED_AGAIN} = 0"
    ctes = {
        "explained": "select month, customer_key, count(*) as lines, "
        "case when count(points) = count(*) then sum(points) end as points "
        f"from forward.scorecard_points where {in_months('month', window)} and {some} group by all",
        "asked": "select card, count(distinct feature) as features from forward.scorecard_line "
        "group by all",
        "beside": "select s.month, s.customer_key, s.card, s.score, e.points, e.lines, a.features "
        "from forward.credit_score_month as s left join explained as e using (month, customer_key) "
        "left join asked as a using (card) "
        f"where s.card is not null and {in_months('s.month', window)} and s.{some}",
    }
    wrong = "score is distinct from points or lines is distinct from features"
    check = Check(
        "points_re_add",
        "credit_score_month",
        "error",
        "scores",
        "A score explains itself: the points of the lines that the answers fall into add up to "
        f"it, of one customer in {EXPLAINED_AGAIN}.",
        value=f"count(*) filter ({wrong})",
        sample=f"select * from beside where {wrong} order by month, customer_key",
    )
    return Probe("beside", (check,), ctes)


def _lending(window: Window) -> Probe:
    """Who is let through is judged again by facts, scores and policy, not by what the gate says."""
    numbers = ", ".join(
        f"max(p.value) filter (p.parameter = 'lending_{name}') as {name}" for name in _NUMBERS
    )
    choices = ", ".join(
        f"max(s.choice) filter (s.switch = 'lending_{name}') as {name}" for name in _CHOICES
    )
    in_force = "{0}.valid_from <= d.judged_on and coalesce({0}.valid_to > d.judged_on, true)"
    ctes = {
        "days": f"select month, judged_on from ({months(window)})",
        "numbers": f"select d.month, {numbers} from days as d left join policy.policy_parameter as "
        f"p on {in_force.format('p')} group by d.month",
        "choices": f"select d.month, {choices} from days as d left join policy.policy_switch as s "
        f"on {in_force.format('s')} group by d.month",
        "let_through": "select g.month, g.customer_key, g.customer_type, g.gate_reason, "
        "g.rating_rank, f.loans_in_default, f.days_past_due, s.score, s.pd, n.past_due_days, "
        "case s.kind when 'application' then n.most_pd_application "
        "else n.most_pd_behavioural end as most_pd, n.least_rank, c.no_score, c.no_rating "
        "from forward.credit_gate_month as g inner join numbers as n using (month) "
        "inner join choices as c using (month) left join facts.fct_customer_month as f "
        "on f.customer_key = g.customer_key and f.month = g.month "
        f"and {in_months('f.month', window)} "
        "left join fits.credit_score as s on s.customer_key = g.customer_key "
        f"and s.month = g.month and {in_months('s.month', window)} "
        f"where g.may_lend and {in_months('g.month', window)}",
    }
    wrong = (
        "not coalesce(loans_in_default = 0 and days_past_due < past_due_days "
        "and case when customer_type = 'retail' "
        "then coalesce(pd <= most_pd, score is null and no_score = 'approve') "
        "else coalesce(rating_rank >= least_rank, rating_rank is null and no_rating = 'approve') "
        "end, false)"
    )
    check = Check(
        "nobody_unknown_is_lent_to",
        "credit_gate_month",
        "error",
        "customer months",
        "Nobody is let through who is in default, past due, beyond the cut-off of the policy in "
        "force or below its grade, nor anybody of whom that is not known, unless policy says so.",
        value=f"count(*) filter ({wrong})",
        sample=f"select * from let_through where {wrong} order by month, customer_key",
    )
    return Probe("let_through", (check,), ctes)
