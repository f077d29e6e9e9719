"""A small good policy, and changes that each break it in one place."""

from __future__ import annotations

from dataclasses import dataclass

from orchestration.policy.lifecycle_rows import CAUSES, STAGES
from orchestration.policy.parameters import NUMBERS, SWITCHES
from tests.unit.policy.small_rating import SMALL_RATING, SMALL_RATING_NUMBERS
from tests.unit.policy.small_segments import SEGMENT_FILES, SEGMENT_NUMBERS
from tests.unit.policy.small_star import SMALL_STAR
from tests.unit.policy.small_value_matrix import SMALL_VALUE_MATRIX

# As high as allowed, save where numbers have to lie in an order, or below their highest.
GIVEN = {name: str(known.high) for name, known in NUMBERS.items()} | SEGMENT_NUMBERS
GIVEN |= SMALL_RATING_NUMBERS | {"forward_interval_share": "0.9"}

# A small policy of its own, so that the shipped one can change without these tests.
SMALL = SEGMENT_FILES | {
    "policy_tier_scheme.csv": """\
scheme_code,scheme_name,measure_code,customer_type,upgrade_takes_effect,valid_from,valid_to,source
tiers,Tiers,adb,retail,judgement,2020-01-01,,somewhere
""",
    "policy_tier_bound.csv": """\
scheme_code,tier_rank,tier_code,tier_name,lower_bound,grace_code,valid_from,valid_to
tiers,1,ordinary,Ordinary,,none,2020-01-01,
tiers,2,gold,Gold,50000,grace_3,2020-01-01,2024-07-01
tiers,2,gold,Gold,60000,grace_3,2024-07-01,
tiers,3,platinum,Platinum,200000,grace_3,2020-01-01,
""",
    "policy_tier_grace.csv": """\
grace_code,grace_months,silent_months,demote_to,valid_from,valid_to,source
none,1,0,latest,2020-01-01,,
grace_3,3,1,best,2020-01-01,,
""",
    "policy_tier_band.csv": """\
scheme_code,band_code,band_name,lower_bound,lower_inclusive,valid_from,valid_to
tiers,low,Low,,true,2020-01-01,
tiers,high,High,80000,false,2020-01-01,
""",
    "policy_tier_watch.csv": """\
scheme_code,tier_rank,list_code,within_amount,within_share,valid_from,valid_to
tiers,2,borderline,,0.1,2020-01-01,
tiers,3,at_risk,10000,,2020-01-01,
""",
    "policy_measure.csv": """\
measure_code,basis,component,weight,valid_from,valid_to
adb,average,demand,1,2020-01-01,
adb,average,time_deposit,0.5,2020-01-01,
""",
    **SMALL_STAR,
    **SMALL_VALUE_MATRIX,
    **SMALL_RATING,
    "policy_lifecycle_stage.csv": (
        "stage,stage_name,relationship_stage,strategy,valid_from,valid_to\n"
    )
    + "".join(f"{stage},Name,exploration,Talk,2019-01-01,\n" for stage in STAGES),
    "policy_decline_cause.csv": (
        "cause,cause_name,precedence,strategy,valid_from,valid_to,source\n"
    )
    + "".join(
        f"{cause},Name,{place},response,2019-01-01,,\n" for place, cause in enumerate(CAUSES, 1)
    ),
    "policy_customer_tier.csv": """\
slot,scheme_code,valid_from,valid_to
deposit,tiers,2020-01-01,2021-01-01
""",
    "policy_unit_cost.csv": """\
kind,channel,unit_cost,valid_from,valid_to,source
payment,mobile,0.08,2019-01-01,,
login,mobile,0.01,2019-01-01,,
""",
    "policy_forward_model.csv": """\
population,model,valid_from,valid_to,source
prospect,chain,2019-01-01,,
account,best,2019-01-01,,
contract,retention,2019-01-01,,
payments,pareto,2019-01-01,,
""",
    # Under the number that the cases change, every other one that has to be there.
    "policy_parameter.csv": """\
parameter,value,unit,valid_from,valid_to,description
restatement_months,13,months,2020-01-01,,
"""
    + "".join(
        f"{name},{GIVEN[name]},{known.unit},2019-01-01,,\n"
        for name, known in NUMBERS.items()
        if name != "restatement_months"
    ),
    "policy_switch.csv": "switch,choice,valid_from,valid_to,description\n"
    + "".join(f"{name},{choices[0]},2019-01-01,,\n" for name, choices in SWITCHES.items()),
}


@dataclass(frozen=True)
class Broken:
    """One change of a good policy, and where its problem must be found."""

    name: str
    file: str
    old: str
    new: str
    line: int
    column: str
    rule: str
    says: str
    found_in: str = ""


SCHEME, BOUND, GRACE = "policy_tier_scheme.csv", "policy_tier_bound.csv", "policy_tier_grace.csv"
BAND, WATCH, MEASURE = "policy_tier_band.csv", "policy_tier_watch.csv", "policy_measure.csv"
PARAMETER = "policy_parameter.csv"
# Its lines: the header, restatement_months, then the other numbers in order.
LINES = {name: 2 + place for place, name in enumerate(NUMBERS)}
SWITCH = "policy_switch.csv"
SLOT = "policy_customer_tier.csv"
GOLD_1 = "tiers,2,gold,Gold,50000,grace_3,2020-01-01,2024-07-01\n"
GOLD_2 = "tiers,2,gold,Gold,60000,grace_3,2024-07-01,\n"
PLATINUM = "tiers,3,platinum,Platinum,200000,grace_3,2020-01-01,\n"

CASES = [
    # The file itself.
    Broken(
        "header order",
        BOUND,
        "scheme_code,tier_rank",
        "tier_rank,scheme_code",
        1,
        "",
        "file",
        "header must be exactly",
    ),
    Broken("header name", GRACE, "demote_to", "demoted_to", 1, "", "file", "demote_to"),
    Broken("header missing column", MEASURE, ",valid_to\n", "\n", 1, "", "file", "valid_to"),
    Broken("torn quote", SCHEME, "somewhere", '"somewhere', 0, "", "file", "CSV"),
    # One row by itself.
    Broken(
        "too many fields", BAND, "tiers,low,Low", "tiers,low,Low,er", 2, "", "value", "8 fields"
    ),
    Broken("empty line", BAND, "tiers,high", "\ntiers,high", 3, "", "value", "0 fields"),
    Broken(
        "not a date",
        BOUND,
        GOLD_2,
        GOLD_2.replace("2024-07-01", "1.7.2024"),
        4,
        "valid_from",
        "value",
        "year-month-day",
    ),
    Broken(
        "no such day", SCHEME, "2020-01-01", "2020-02-30", 2, "valid_from", "value", "not a date"
    ),
    Broken("missing date", SCHEME, "2020-01-01", "", 2, "valid_from", "value", "empty"),
    Broken(
        "thousands separator", BOUND, "60000", '"60,000"', 4, "lower_bound", "value", "separators"
    ),
    Broken("three decimals", BOUND, "60000", "60000.005", 4, "lower_bound", "value", "decimals"),
    Broken("exponent", BOUND, "60000", "6e4", 4, "lower_bound", "value", "not a number"),
    Broken("not a number", BOUND, "60000", "nan", 4, "lower_bound", "value", "not a number"),
    Broken("too large", BOUND, "60000", "60000" + "0" * 12, 4, "lower_bound", "value", "digits"),
    Broken("rank is no integer", BOUND, "tiers,3,", "tiers,3.0,", 5, "tier_rank", "value", "whole"),
    Broken("rank zero", BOUND, "tiers,3,", "tiers,0,", 5, "tier_rank", "value", "rank 1"),
    Broken(
        "lowest tier with a bound",
        BOUND,
        "Ordinary,,",
        "Ordinary,0,",
        2,
        "lower_bound",
        "value",
        "must be empty",
    ),
    Broken("higher tier without a bound", BOUND, "60000", "", 4, "lower_bound", "value", "rank 1"),
    Broken("code in capitals", BOUND, "platinum", "Platinum!", 5, "tier_code", "value", "code"),
    Broken("a NUL in a text", SCHEME, ",Tiers,", ",Ti\0ers,", 2, "scheme_name", "value", "control"),
    Broken(
        "space around a text", SCHEME, ",Tiers,", ", Tiers,", 2, "scheme_name", "value", "space"
    ),
    Broken(
        "unknown customer type", SCHEME, "retail", "private", 2, "customer_type", "value", "retail"
    ),
    Broken(
        "unknown upgrade rule",
        SCHEME,
        "judgement",
        "at_once",
        2,
        "upgrade_takes_effect",
        "value",
        "next_month",
    ),
    Broken("empty choice", SCHEME, "judgement", "", 2, "upgrade_takes_effect", "value", "empty"),
    Broken("no grace months", GRACE, "none,1,0", "none,0,0", 2, "grace_months", "value", "below 1"),
    Broken(
        "all grace is silent",
        GRACE,
        "grace_3,3,1",
        "grace_3,3,3",
        3,
        "silent_months",
        "value",
        "less than",
    ),
    Broken(
        "negative silence",
        GRACE,
        "grace_3,3,1",
        "grace_3,3,-1",
        3,
        "silent_months",
        "value",
        "at least 0",
    ),
    Broken("unknown demotion", GRACE, "best", "worst", 3, "demote_to", "value", "latest or best"),
    Broken(
        "period runs backward",
        BOUND,
        GOLD_1,
        GOLD_1.replace("2024-07-01", "2019-07-01"),
        3,
        "valid_to",
        "value",
        "not after valid_from",
    ),
    Broken(
        "empty period",
        BOUND,
        GOLD_1,
        GOLD_1.replace("2024-07-01", "2020-01-01"),
        3,
        "valid_to",
        "value",
        "not after valid_from",
    ),
    Broken("not a truth", BAND, "false", "no", 3, "lower_inclusive", "value", "true"),
    Broken(
        "watch with amount and share",
        WATCH,
        ",,0.1",
        ",100,0.1",
        2,
        "within_share",
        "value",
        "keep one",
    ),
    Broken("watch with neither", WATCH, "10000,", ",", 3, "within_amount", "value", "give one"),
    Broken(
        "watch of the lowest tier",
        WATCH,
        "tiers,2",
        "tiers,1",
        2,
        "tier_rank",
        "value",
        "from 2 on",
    ),
    Broken("watch share above one", WATCH, "0.1", "10", 2, "within_share", "value", "at most 1"),
    Broken("watch amount zero", WATCH, "10000", "0", 3, "within_amount", "value", "above 0"),
    Broken("unknown list", WATCH, "at_risk", "risky", 3, "list_code", "value", "borderline"),
    Broken(
        "unknown component", MEASURE, "time_deposit", "crypto", 3, "component", "value", "demand"
    ),
    Broken(
        "unknown basis",
        MEASURE,
        "average,demand",
        "mean,demand",
        2,
        "basis",
        "value",
        "average or closing",
    ),
    Broken("negative weight", MEASURE, "0.5", "-0.5", 3, "weight", "value", "negative"),
    Broken(
        "unknown parameter",
        PARAMETER,
        "restatement_months",
        "restated_months",
        2,
        "parameter",
        "value",
        "restatement_months",
    ),
    Broken("half a month", PARAMETER, "13", "12.5", 2, "value", "value", "whole number"),
    Broken("negative months", PARAMETER, "13", "-1", 2, "value", "value", "from 0 to 600"),
    # Rows of one key.
    Broken(
        "row twice",
        MEASURE,
        "adb,average,demand,1,2020-01-01,\n",
        "adb,average,demand,1,2020-01-01,\n" * 2,
        3,
        "",
        "duplicate",
        "line 2",
    ),
    Broken(
        "overlap by a day",
        BOUND,
        GOLD_1,
        GOLD_1.replace("2024-07-01", "2024-07-02"),
        4,
        "valid_from",
        "timeline",
        "twice from 2024-07-01",
    ),
    Broken(
        "open period before another",
        BOUND,
        GOLD_1,
        GOLD_1.replace("2024-07-01", ""),
        4,
        "valid_from",
        "timeline",
        "open",
    ),
    Broken(
        "gap of a day",
        BOUND,
        GOLD_1,
        GOLD_1.replace("2024-07-01", "2024-06-30"),
        4,
        "valid_from",
        "timeline",
        "from 2024-06-30 to 2024-07-01",
    ),
    # What is named.
    Broken("unknown measure", SCHEME, ",adb,", ",abd,", 2, "measure_code", "reference", "'abd'"),
    Broken(
        "unknown grace",
        BOUND,
        "Ordinary,,none",
        "Ordinary,,nine",
        2,
        "grace_code",
        "reference",
        "'nine'",
    ),
    Broken(
        "grace ends",
        GRACE,
        "best,2020-01-01,",
        "best,2020-01-01,2025-01-01",
        4,
        "grace_code",
        "reference",
        "2025-01-01",
        BOUND,
    ),
    Broken(
        "tiers of an unknown scheme",
        BAND,
        "tiers,high",
        "tires,high",
        3,
        "scheme_code",
        "reference",
        "'tires'",
    ),
    Broken(
        "watch of a missing rank",
        WATCH,
        "tiers,3",
        "tiers,4",
        3,
        "tier_rank",
        "reference",
        "tiers 4",
    ),
    # On some day.
    Broken(
        "bounds equal", BOUND, "200000", "60000", 5, "lower_bound", "order", "not above the 60000"
    ),
    Broken("bounds cross later", BOUND, "60000", "300000", 5, "lower_bound", "order", "2024-07-01"),
    Broken(
        "rank missing from the start",
        BOUND,
        "tiers,3,",
        "tiers,4,",
        5,
        "tier_rank",
        "order",
        "no rank 3",
    ),
    Broken(
        "lowest rank missing",
        BOUND,
        "tiers,1,ordinary,Ordinary,,none,2020-01-01,\n",
        "",
        2,
        "tier_rank",
        "order",
        "no rank 1",
    ),
    Broken(
        "rank disappears",
        BOUND,
        PLATINUM,
        PLATINUM.replace(",\n", ",2025-01-01\n"),
        5,
        "valid_to",
        "order",
        "disappears on 2025-01-01",
    ),
    Broken(
        "rank changes its tier",
        BOUND,
        "tiers,2,gold,Gold,60000",
        "tiers,2,silver,Silver,60000",
        4,
        "tier_code",
        "order",
        "is 'gold' until 2024-07-01",
    ),
    Broken("tier named twice", BOUND, "platinum", "gold", 5, "tier_code", "order", "two ranks"),
    Broken("bands at one bound", BAND, "80000", "", 3, "lower_bound", "order", "low (line 2)"),
    Broken("two bases", MEASURE, "average,time", "closing,time", 3, "basis", "order", "one basis"),
    Broken(
        "weighted and more", MEASURE, "time_deposit", "weighted", 3, "component", "order", "already"
    ),
    Broken(
        "slot of no scheme",
        SLOT,
        "deposit,tiers",
        "deposit,tears",
        2,
        "scheme_code",
        "reference",
        "'tears' is not in policy_tier_scheme.csv",
    ),
    Broken("unknown slot", SLOT, "deposit", "main", 2, "slot", "value", "deposit, asset or mass"),
    Broken(
        "parameter starts late",
        PARAMETER,
        "2020-01-01",
        "2021-01-01",
        2,
        "parameter",
        "order",
        "2020-01-01",
    ),
]
# Changes that drag a second problem after them.
MORE = {
    "grace ends": {(BOUND, 4), (BOUND, 5)},
    "rank missing from the start": {(WATCH, 3)},
    "lowest rank missing": {(BOUND, 3)},
    "rank disappears": {(WATCH, 3)},
}
