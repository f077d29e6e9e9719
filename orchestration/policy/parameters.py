"""Single numbers and choices of policy: which there are, and what each may be."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Self

from pydantic import model_validator

from orchestration.policy.period import PeriodRow
from orchestration.policy.values import (
    Code,
    Day,
    OptionalDay,
    OptionalText,
    Text,
    number,
    problem,
    required,
)

# Levels of the benchmarks of a corporate rating, the best first.
LEVELS = ("excellent", "good", "average", "low", "poor")


@dataclass(frozen=True)
class Number:
    """What a parameter may be: low <= value <= high, in its unit; counts are whole."""

    unit: str
    low: int
    high: int

    @property
    def is_whole(self) -> bool:
        """Months and other counts have no decimals."""
        return self.unit not in ("share", "amount", "points")


# Every number the models read; one that nobody reads is a typing error.
NUMBERS: dict[str, Number] = {
    "restatement_months": Number("months", 0, 600),
    "star_months": Number("months", 1, 36),
    "star_care_months": Number("months", 1, 36),
    "star_evaluation_months": Number("months", 1, 12),
    "star_buffer_evaluations": Number("count", 0, 24),
    "star_neutral_points": Number("points", 0, 100_000_000),
    "segment_behaviour_months": Number("months", 1, 120),
    "segment_frequent_count": Number("count", 1, 1_000_000),
    "segment_lost_months": Number("months", 1, 120),
    "segment_new_months": Number("months", 1, 120),
    "segment_value_months": Number("months", 1, 120),
    "segment_value_amount": Number("amount", 0, 1_000_000_000),
    "segment_value_share": Number("share", 0, 1),
    "segment_loyal_months": Number("months", 0, 600),
    "segment_loyal_classes": Number("count", 0, 100),
    "segment_deposit_heavy": Number("share", 0, 1),
    "segment_intermediary_heavy": Number("share", 0, 1),
    "segment_abc_a": Number("share", 0, 1),
    "segment_abc_b": Number("share", 0, 1),
    "segment_abc_literal_a": Number("share", 0, 1),
    "segment_abc_literal_b": Number("share", 0, 1),
    "segment_survey_months": Number("months", 1, 120),
    "segment_satisfaction_a": Number("points", 0, 10),
    "segment_satisfaction_b": Number("points", 0, 10),
    "segment_complaint_count": Number("count", 1, 1_000),
    "segment_premium_months": Number("months", 1, 120),
    # Windows are bounded, because each is a month of the trail that every run reads again.
    "lifecycle_silent_months": Number("months", 1, 60),
    "lifecycle_repeat_months": Number("months", 1, 60),
    "lifecycle_repeat_count": Number("transactions", 0, 10_000),
    "lifecycle_profit_months": Number("months", 1, 60),
    "lifecycle_baseline_months": Number("months", 1, 60),
    "lifecycle_baseline_known_months": Number("months", 1, 60),
    "lifecycle_fall_share": Number("share", 0, 1),
    "lifecycle_fall_months": Number("months", 1, 60),
    "lifecycle_stable_share": Number("share", 0, 1),
    "lifecycle_stable_months": Number("months", 0, 60),
    "lifecycle_wallet_share": Number("share", 0, 1),
    "lifecycle_wallet_months": Number("months", 1, 600),
    "lifecycle_top_assets": Number("amount", 0, 1_000_000_000),
    "lifecycle_outflow_share": Number("share", 0, 1),
    "lifecycle_evidence_months": Number("months", 2, 60),
    "lifecycle_competitor_share": Number("share", 0, 10),
    "lifecycle_complaints": Number("complaints", 1, 1_000),
    "lifecycle_fee_share": Number("share", 0, 1),
    "lifecycle_unmet_interests": Number("leads", 1, 1_000),
    "lifecycle_income_months": Number("months", 1, 24),
    "lifecycle_past_due_days": Number("days", 1, 10_000),
    "contribution_year_days": Number("days", 360, 366),
    "contribution_loss_rate": Number("share", 0, 1),
    "contribution_short_months": Number("months", 1, 600),
    "contribution_middle_months": Number("months", 1, 600),
    "contribution_long_months": Number("months", 1, 600),
    "contribution_best_share": Number("share", 0, 1),
    "contribution_bulk_share": Number("share", 0, 1),
    "contribution_tier_cost_share": Number("share", 0, 1),
    "forward_horizon_months": Number("months", 1, 240),
    "forward_test_months": Number("months", 1, 60),
    "forward_window_months": Number("months", 1, 120),
    "forward_margin_months": Number("months", 1, 120),
    "forward_agency_months": Number("months", 1, 24),
    "forward_discount_rate": Number("share", 0, 1),
    "forward_smoothing": Number("count", 1, 1_000_000),
    "forward_fit_customers": Number("count", 1_000, 100_000_000),
    "forward_least_months": Number("count", 1, 1_000_000),
    "forward_interval_share": Number("share", 0, 1),
    "forward_drift_share": Number("share", 0, 2),
    "value_months": Number("months", 1, 120),
    "value_current_cut": Number("points", -100, 100),
    "value_potential_cut": Number("points", 0, 100),
    "scorecard_short_months": Number("months", 1, 60),
    "scorecard_middle_months": Number("months", 1, 60),
    "scorecard_long_months": Number("months", 1, 60),
    "scorecard_month_days": Number("days", 1, 366),
    "scorecard_least_age": Number("years", 0, 120),
    "scorecard_performance_months": Number("months", 1, 60),
    "scorecard_application_months": Number("months", 1, 60),
    "scorecard_bad_days": Number("days", 1, 10_000),
    "scorecard_indeterminate_days": Number("days", 1, 10_000),
    "rating_quantitative_weight": Number("share", 0, 1),
    "rating_qualitative_weight": Number("share", 0, 1),
    **{f"rating_{level}_coefficient": Number("share", 0, 1) for level in LEVELS},
    "rating_statement_months": Number("months", 1, 120),
    "rating_assessment_months": Number("months", 1, 120),
    "rating_validity_months": Number("months", 1, 120),
    "rating_most_missing_share": Number("share", 0, 1),
    "rating_past_due_days": Number("days", 1, 10_000),
    "rating_override_up": Number("notches", 0, 11),
    "rating_override_down": Number("notches", 0, 11),
    "rating_decision_months": Number("months", 1, 120),
    "rating_outlook_months": Number("months", 1, 60),
    "rating_outlook_points": Number("points", 0, 100),
    "rating_default_months": Number("months", 1, 60),
    "lending_past_due_days": Number("days", 1, 10_000),
    "lending_most_pd_application": Number("share", 0, 1),
    "lending_most_pd_behavioural": Number("share", 0, 1),
    "lending_least_rank": Number("count", 1, 12),
    "monitoring_drift": Number("share", 0, 10),
    "monitoring_unseen_share": Number("share", 0, 1),
    "monitoring_least_auc": Number("share", 0, 1),
    "monitoring_rate_error": Number("share", 0, 1),
    "monitoring_least_customers": Number("count", 1, 1_000_000),
    "monitoring_least_bads": Number("count", 1, 1_000_000),
}
# Of these the bounds themselves make no sense: an interval of nothing, or of everything.
WITHIN = ("forward_interval_share",)
# Every choice between readings of a rule, and what may be chosen.
SWITCHES: dict[str, tuple[str, ...]] = {
    "star_missing": ("reweigh", "zero", "neutral"),
    "segment_peers": ("everybody", "customer_type"),
    "segment_value_measure": ("margin_else_assets", "margin", "assets"),
    "segment_value_cut": ("share", "amount"),
    "segment_abc": ("cumulative", "literal"),
    "segment_abc_measure": ("income_else_turnover", "income", "turnover"),
    "lifecycle_volume": ("assets", "transactions", "either"),
    "lifecycle_profit_missing": ("ignore", "not_growing"),
    "lifecycle_wallet_missing": ("not_mature", "ignore"),
    "contribution_spread": ("delivered", "balances"),
    "contribution_service": ("delivered", "activity"),
    "contribution_rewards": ("cost", "seed_literal"),
    "contribution_expected_loss": ("off", "on"),
    **{
        f"contribution_{component}_cost": ("variable", "fixed")
        for component in (
            "service",
            "acquisition",
            "maintenance",
            "expected_loss",
            "points",
            "referral",
        )
    },
    "value_on_cut": ("high", "low"),
    "value_missing": ("reweigh", "zero"),
    "rating_reading": ("corrected", "items_literal", "headers_literal"),
    "rating_set": ("base_else_alternative", "base", "alternative"),
    "rating_missing": ("zero", "reweigh"),
    "rating_bbb_split": ("off", "on"),
    "lending_no_score": ("refuse", "approve"),
    "lending_no_rating": ("refuse", "approve"),
}


class ParameterRow(PeriodRow):
    """A single number of policy."""

    key = ("parameter",)
    parameter: Code
    value: Annotated[Decimal, required(number(18, 6))]
    unit: Text
    valid_from: Day
    valid_to: OptionalDay
    description: OptionalText

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        known = NUMBERS.get(self.parameter)
        if known is None:
            raise problem(f"is read by nothing; known are: {', '.join(NUMBERS)}", "parameter")
        if self.unit != known.unit:
            raise problem(f"is not what {self.parameter} is counted in: {known.unit}", "unit")
        if known.is_whole and self.value != int(self.value):
            raise problem(f"must be a whole number of {known.unit}", "value")
        if not known.low <= self.value <= known.high:
            raise problem(f"must be from {known.low} to {known.high} {known.unit}", "value")
        if self.parameter in WITHIN and self.value in (known.low, known.high):
            raise problem(f"must lie between {known.low} and {known.high} {known.unit}", "value")
        return self


class SwitchRow(PeriodRow):
    """Which reading of a rule holds, where sources allow several."""

    key = ("switch",)
    switch: Code
    choice: Code
    valid_from: Day
    valid_to: OptionalDay
    description: OptionalText

    @model_validator(mode="after")
    def _can_be_chosen(self) -> Self:
        choices = SWITCHES.get(self.switch)
        if choices is None:
            raise problem(f"is read by nothing; known are: {', '.join(SWITCHES)}", "switch")
        if self.choice not in choices:
            raise problem(f"is no choice of {self.switch}; use {', '.join(choices)}", "choice")
        return self
