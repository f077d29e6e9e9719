"""Ratios of 400 corporate borrowers, as the indicators of the rating's quantitative part.

The data are finratkz, of the package AFR (Agency of the Republic of Kazakhstan for Regulation and
Development of Financial Market): 200 borrowers in default and 200 of IFRS stage 1, 29 ratios each.
The file has a byte order mark, thousands parted by spaces, and no word of industry or year.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from orchestration.credit.columns import Flags, Floats
from orchestration.credit.errors import BadSample

FILE = "finratKZ.csv"
TARGET = "Default"
# What the indicators below are made of; the file has more.
RATIOS = (
    "Rev_gr", "Cap_gr", "CR", "QR", "DTE", "DTA", "LR", "IC", "DCR", "ROA", "ROE", "NPM", "OPM",
    "RecT", "InvT", "TA",
)  # fmt: skip
# Of amounts in thousands: plain, without a break, narrow without a break, thin.
_SPACES = str.maketrans("", "", " \u00a0\u202f\u2009")
Columns = Mapping[str, Floats]


def finratkz(folder: Path) -> tuple[dict[str, Floats], Flags]:
    """Ratios by their name in the file, and who is in default; shapes (borrowers,)."""
    path = folder / FILE
    if not path.exists():
        raise BadSample(f"{path} is missing: give the folder that holds {FILE} by --data")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    if not rows:
        raise BadSample(f"{path} is empty")
    header, lines = rows[0], rows[1:]
    lacking = [name for name in (TARGET, *RATIOS) if name not in header]
    if lacking:
        raise BadSample(f"{path} lacks the columns {', '.join(lacking)}")
    short = next((n for n, row in enumerate(lines, 2) if len(row) != len(header)), None)
    if short:
        raise BadSample(f"{path}, line {short}: not the {len(header)} columns of the first line")
    table = {name: _column(path, name, lines, header.index(name)) for name in (TARGET, *RATIOS)}
    target = table.pop(TARGET)
    if not np.isin(target, (0, 1)).all():
        raise BadSample(f"{path}, column {TARGET}: 1 is in default, 0 is not, and nothing else")
    return table, target == 1


def _column(path: Path, name: str, lines: Sequence[Sequence[str]], at: int) -> Floats:
    return np.array([_number(path, n, name, row[at]) for n, row in enumerate(lines, 2)])


def _number(path: Path, line: int, name: str, text: str) -> float:
    try:
        found = float(text.translate(_SPACES))
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise BadSample(f"{path}, line {line}, column {name}: {text!r} is no number")
    return found


def _over(top: Floats, below: Floats) -> Floats:
    """A quotient; nan where what it is divided by is nought or less."""
    return top / _where(below > 0, below)


def _where(told: Flags, values: Floats) -> Floats:
    return np.where(told, values, np.nan)


# An indicator of the rating by the ratios of the file; nan where it is not defined.
#
# LR is assets over equity, so its sign is equity's, and liabilities over assets are 1 - 1 / LR.
# Operating profit, which is EBIT, over assets is OPM times TA, and debt over assets is DTA.
# Where equity is below nought the file says -1 or 0 for the growth of capital and, of some, -2 for
# ROE. It says -1 and -2 of borrowers in default only: whoever compiled it wrote the two classes
# differently. Neither growth nor return means anything there, so both codes are read as undefined.
# Growth is this year over last, so that 1 is none; -1 is a year without revenue, as 0 is.
INDICATORS: Mapping[str, Callable[[Columns], Floats]] = {
    "debt_ratio": lambda of: 1 - 1 / _where(of["LR"] != 0, of["LR"]),
    "current_ratio": lambda of: of["CR"],
    "debt_to_ebit": lambda of: _over(of["DTA"], of["OPM"] * of["TA"]),
    "capitalisation": lambda of: _where(of["LR"] > 0, _over(of["DTE"], 1 + of["DTE"])),
    "interest_cover": lambda of: of["IC"],
    "quick_ratio": lambda of: of["QR"],
    "cash_flow_to_debt": lambda of: of["DCR"],
    "return_on_equity": lambda of: _where(of["LR"] > 0, of["ROE"]),
    "sales_margin": lambda of: of["NPM"],
    "return_on_assets": lambda of: of["ROA"],
    "asset_turnover": lambda of: of["TA"],
    "inventory_turnover": lambda of: of["InvT"],
    "receivables_turnover": lambda of: of["RecT"],
    "sales_growth": lambda of: np.maximum(of["Rev_gr"], 0.0) - 1,
    "capital_accumulation": lambda of: _where(of["LR"] > 0, of["Cap_gr"] - 1),
}
