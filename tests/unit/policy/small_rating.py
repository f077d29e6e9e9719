"""A small good policy of the corporate rating, in force with the tiers of the small policy."""

from __future__ import annotations

from orchestration.policy.rating_rows import GRADES

PERIOD = "2019-01-01,"
_BLOCKS = (
    ("quantitative", "solvency", 40, 40), ("quantitative", "result", 32, 32),
    ("quantitative", "operation", 18, 18), ("quantitative", "growth", 10, 10),
    ("qualitative", "market", 28, 28), ("qualitative", "management", 20, 20),
    ("qualitative", "business", 21, 21), ("qualitative", "standing", 10, 20),
    ("qualitative", "prospects", 11, 11),
)  # fmt: skip
_INDICATORS = (
    ("debt_ratio", "solvency", "base", 40, "less"),
    ("quick_ratio", "solvency", "alternative", 40, "more"),
    ("sales_margin", "result", "base", 32, "more"),
    ("cost_to_sales", "result", "alternative", 32, "less"),
    ("asset_turnover", "operation", "base", 18, "more"),
    ("inventory_turnover", "operation", "alternative", 18, "more"),
    ("sales_growth", "growth", "base", 10, "more"),
    ("asset_growth", "growth", "alternative", 10, "more"),
)
_ITEMS = (
    ("size", "market", 28, "all"), ("managers", "management", 19, "all"),
    ("main_business", "business", 21, "all"), ("loan_quality", "standing", 20, "all"),
    ("technology", "prospects", 11, "producer"), ("location", "prospects", 11, "trading"),
)  # fmt: skip
_BOUNDS = {
    ("B", "always"): "", ("BB", "always"): "40", ("BBB-", "split"): "50", ("BBB", "unsplit"): "50",
    ("BBB", "split"): "52", ("BBB+", "split"): "54", ("A-", "always"): "56", ("A", "always"): "60",
    ("A+", "always"): "64", ("AA-", "always"): "68", ("AA", "always"): "72",
    ("AA+", "always"): "76", ("AAA", "always"): "80",
}  # fmt: skip


def _lines(header: str, *lines: str) -> str:
    return "\n".join([f"{header},valid_from,valid_to", *(f"{line},{PERIOD}" for line in lines), ""])


def _levels(better: str) -> str:
    return "5,4,3,2,1" if better == "more" else "1,2,3,4,5"


SMALL_RATING = {
    "policy_rating_block.csv": _lines(
        "part,block,block_name,declared,corrected",
        *(f"{part},{name},Name,{said},{meant}" for part, name, said, meant in _BLOCKS),
    ),
    "policy_rating_indicator.csv": _lines(
        "indicator,indicator_name,block,indicator_set,weight,better",
        *(
            f"{name},Name,{block},{of},{weight},{way}"
            for name, block, of, weight, way in _INDICATORS
        ),
    ),
    "policy_rating_benchmark.csv": _lines(
        "benchmark,indicator,excellent,good,average,low,poor",
        *(f"general,{name},{_levels(way)}" for name, *_, way in _INDICATORS),
    ),
    "policy_rating_industry.csv": _lines(
        "industry,industry_name,benchmark,trade",
        "wholesale,Wholesale,general,trading",
        "other,Other,general,as_assessed",
    ),
    "policy_rating_item.csv": _lines(
        "item,item_name,block,points,trade",
        *(f"{name},Name,{block},{points},{trade}" for name, block, points, trade in _ITEMS),
    ),
    "policy_rating_grade.csv": _lines(
        "grade_rank,grade,applies,lower_bound,grade_name",
        *(
            f"{GRADES.index(grade) + 1},{grade},{applies},{bound},Name"
            for (grade, applies), bound in _BOUNDS.items()
        ),
    ),
    "policy_rating_master_scale.csv": _lines(
        "grade,default_probability",
        *(f"{grade},0.{20 - place:02}" for place, grade in enumerate(GRADES)),
    ),
    "policy_rating_knockout.csv": _lines(
        "condition,condition_name,best_grade", "equity_gone,Equity is gone,BB"
    ),
}
SMALL_RATING_NUMBERS = {
    "rating_quantitative_weight": "0.75",
    "rating_qualitative_weight": "0.25",
    "rating_excellent_coefficient": "1",
    "rating_good_coefficient": "0.8",
    "rating_average_coefficient": "0.6",
    "rating_low_coefficient": "0.4",
    "rating_poor_coefficient": "0.2",
}
