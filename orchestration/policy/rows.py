"""Which policy files there are, and what a row of each may hold."""

from __future__ import annotations

from orchestration.policy.parameters import ParameterRow, SwitchRow
from orchestration.policy.period import PeriodRow
from orchestration.policy.tier_rows import (
    BandRow,
    BoundRow,
    GraceRow,
    MeasureRow,
    SchemeRow,
    SlotRow,
    WatchRow,
)

FILES: dict[str, type[PeriodRow]] = {
    "policy_tier_scheme.csv": SchemeRow,
    "policy_tier_bound.csv": BoundRow,
    "policy_tier_grace.csv": GraceRow,
    "policy_tier_band.csv": BandRow,
    "policy_tier_watch.csv": WatchRow,
    "policy_measure.csv": MeasureRow,
    "policy_customer_tier.csv": SlotRow,
    "policy_parameter.csv": ParameterRow,
    "policy_switch.csv": SwitchRow,
}
