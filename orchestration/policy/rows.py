"""Which policy files there are, and what a row of each may hold."""

from __future__ import annotations

from orchestration.policy.forward_rows import ForwardModelRow
from orchestration.policy.lifecycle_rows import CauseRow, StageRow
from orchestration.policy.parameters import ParameterRow, SwitchRow
from orchestration.policy.period import PeriodRow
from orchestration.policy.rating_rows import (
    RatingBenchmarkRow,
    RatingBlockRow,
    RatingGradeRow,
    RatingIndicatorRow,
    RatingIndustryRow,
    RatingItemRow,
    RatingKnockoutRow,
    RatingScaleRow,
)
from orchestration.policy.segment_rows import SegmentBandRow, SegmentGroupRow
from orchestration.policy.star_rows import (
    StarBandRow,
    StarDimensionRow,
    StarMeasureRow,
    StarScoreRow,
)
from orchestration.policy.tier_rows import (
    BandRow,
    BoundRow,
    GraceRow,
    MeasureRow,
    SchemeRow,
    SlotRow,
    WatchRow,
)
from orchestration.policy.value_matrix_rows import ValueIndicatorRow
from orchestration.policy.value_rows import UnitCostRow

FILES: dict[str, type[PeriodRow]] = {
    "policy_tier_scheme.csv": SchemeRow,
    "policy_tier_bound.csv": BoundRow,
    "policy_tier_grace.csv": GraceRow,
    "policy_tier_band.csv": BandRow,
    "policy_tier_watch.csv": WatchRow,
    "policy_measure.csv": MeasureRow,
    "policy_star_dimension.csv": StarDimensionRow,
    "policy_star_measure.csv": StarMeasureRow,
    "policy_star_score.csv": StarScoreRow,
    "policy_star_band.csv": StarBandRow,
    "policy_segment_band.csv": SegmentBandRow,
    "policy_segment_group.csv": SegmentGroupRow,
    "policy_lifecycle_stage.csv": StageRow,
    "policy_decline_cause.csv": CauseRow,
    "policy_customer_tier.csv": SlotRow,
    "policy_unit_cost.csv": UnitCostRow,
    "policy_value_indicator.csv": ValueIndicatorRow,
    "policy_forward_model.csv": ForwardModelRow,
    "policy_rating_block.csv": RatingBlockRow,
    "policy_rating_indicator.csv": RatingIndicatorRow,
    "policy_rating_benchmark.csv": RatingBenchmarkRow,
    "policy_rating_industry.csv": RatingIndustryRow,
    "policy_rating_item.csv": RatingItemRow,
    "policy_rating_grade.csv": RatingGradeRow,
    "policy_rating_master_scale.csv": RatingScaleRow,
    "policy_rating_knockout.csv": RatingKnockoutRow,
    "policy_parameter.csv": ParameterRow,
    "policy_switch.csv": SwitchRow,
}
