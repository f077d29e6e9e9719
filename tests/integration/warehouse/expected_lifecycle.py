"""Per table of the lifecycle: its key and what the reference expects in it."""

from __future__ import annotations

from collections.abc import Callable

from tests.reference import lifecycle
from tests.reference.bank import ReferenceBank
from tests.reference.marts import Table

LIFECYCLE: dict[str, tuple[tuple[str, ...], Callable[[ReferenceBank], Table]]] = {
    "marts.lifecycle_month": (("customer_key", "month"), lambda reference: reference.lifecycle),
    "marts.lifecycle_dwell": (
        ("month", "stage"),
        lambda reference: lifecycle.dwell(reference.lifecycle, reference.periods),
    ),
    "marts.lifecycle_stage_month": (
        ("month", "stage"),
        lambda reference: lifecycle.stage_months(
            reference.policies, reference.lifecycle, reference.periods
        ),
    ),
}
