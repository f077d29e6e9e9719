"""Which characteristics go into the regression, and why the others do not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from orchestration.credit.bins import Binned
from orchestration.credit.columns import Floats
from orchestration.credit.policy import CardPolicy

# Added to the diagonal of correlations: a VIF is a few thousand millions at most.
_REGULAR = 1e-10


def vif(columns: Floats) -> Floats:
    """Variance inflation of each column by the others, (n, m) to (m,).

    Columns that repeat each other come out huge and finite: rounding keeps the matrix regular.
    """
    if columns.shape[1] < 2:
        return np.ones(columns.shape[1])
    correlation = np.asarray(np.corrcoef(columns, rowvar=False), np.float64)
    regular = correlation + _REGULAR * np.eye(columns.shape[1])
    return np.asarray(np.diag(np.linalg.inv(regular)), np.float64)


def screen(
    binned: Sequence[Binned], columns: Floats, policy: CardPolicy
) -> tuple[list[int], dict[str, str]]:
    """Positions of characteristics that stay, in their order, and the others' reasons by name.

    `columns`: weights of evidence of the sample's rows, shape (n, m). Of two that say the same the
    one with more information stays; of the same information, the one declared first.
    """
    reasons: dict[str, str] = {}
    candidates: list[int] = []
    for at in sorted(range(len(binned)), key=lambda i: (-binned[i].information, i)):
        if reason := _alone(binned[at], columns[:, at], policy):
            reasons[binned[at].characteristic.name] = reason
        else:
            candidates.append(at)
    if not candidates:
        return [], reasons
    kept = _by_correlation(candidates, binned, columns, policy, reasons)
    while len(kept) > 1:
        inflation = vif(columns[:, kept])
        # The least informative stands last.
        worst = len(kept) - 1 - int(np.argmax(inflation[::-1]))
        if inflation[worst] <= policy.most_vif:
            break
        name = binned[kept.pop(worst)].characteristic.name
        reasons[name] = f"VIF {inflation[worst]:.1f} is above {policy.most_vif:g}"
    return sorted(kept), reasons


def _alone(one: Binned, column: Floats, policy: CardPolicy) -> str | None:
    if len(one.bins) == 1:
        return f"one bin only ({one.bins[0].label}): it tells nobody apart"
    if np.ptp(column) == 0:
        return "all bins weigh alike: it tells nobody apart"
    if one.information < policy.least_information:
        return f"IV {one.information:.4f} is below {policy.least_information:g}"
    return None


def _by_correlation(
    candidates: Sequence[int],
    binned: Sequence[Binned],
    columns: Floats,
    policy: CardPolicy,
    reasons: dict[str, str],
) -> list[int]:
    """Of candidates, the most informative first, those that do not say what an earlier one says."""
    kept: list[int] = []
    correlation = np.atleast_2d(np.corrcoef(columns[:, candidates], rowvar=False))
    for i, at in enumerate(candidates):
        say_it = [j for j in range(i) if abs(correlation[i, j]) > policy.most_correlation]
        said = next((j for j in say_it if candidates[j] in kept), None)
        if said is None:
            kept.append(at)
        else:
            reasons[binned[at].characteristic.name] = (
                f"correlation {correlation[i, said]:.2f} with "
                f"{binned[candidates[said]].characteristic.name}, which tells more"
            )
    return kept
