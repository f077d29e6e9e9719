"""Reading corporate ratios: what the file's own habits are, and a sentence for what is not one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.finratkz import FILE, INDICATORS, RATIOS, finratkz
from orchestration.credit.errors import BadSample

HEADER = ",".join(("Default", "Other", *RATIOS))


def row(default: str = "0", **values: str) -> str:
    """A line of the file; every ratio is 1.00 unless said otherwise."""
    return ",".join([default, "7", *(values.get(name, "1.00") for name in RATIOS)])


def read(
    folder: Path, *rows: str, header: str = HEADER
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The file with these lines, as it is published: with a byte order mark."""
    (folder / FILE).write_text("\n".join([header, *rows, ""]), "utf-8-sig")
    return finratkz(folder)


def test_thousands_are_parted_by_spaces_of_any_kind(tmp_path: Path) -> None:
    ratios, bad = read(tmp_path, row(Rev_gr="42 749.53"), row("1", Rev_gr="-1\u00a0199.18"))
    assert ratios["Rev_gr"].tolist() == [42749.53, -1199.18]
    assert bad.tolist() == [False, True]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([row(), row(CR="n/a")], "line 3, column CR: 'n/a' is no number"),
        ([row(CR="")], "line 2, column CR: '' is no number"),
        ([row(CR="inf")], "is no number"),
        ([row(), "0,1"], "line 3: not the 18 columns"),
        ([row("2")], "1 is in default, 0 is not"),
    ],
)
def test_what_is_no_number_is_told_with_its_place(
    tmp_path: Path, rows: list[str], sentence: str
) -> None:
    with pytest.raises(BadSample, match=sentence):
        read(tmp_path, *rows)


def test_a_file_that_is_not_there_or_another_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSample, match="give the folder"):
        finratkz(tmp_path)
    with pytest.raises(BadSample, match="lacks the columns Default, Rev_gr"):
        read(tmp_path, header="unique_id,premium")
    (tmp_path / FILE).write_text("")
    with pytest.raises(BadSample, match="is empty"):
        finratkz(tmp_path)


def test_indicators_by_hand(tmp_path: Path) -> None:
    """Assets 5 times equity; debt 0.3 of assets, on which operations earn 0.1 x 1.5."""
    values = {"LR": "5", "DTA": "0.3", "OPM": "0.1", "TA": "1.5", "DTE": "1.5", "Rev_gr": "1.2",
              "Cap_gr": "0.9", "ROE": "0.2"}  # fmt: skip
    ratios, _ = read(tmp_path, row(**values))
    told = {name: float(of(ratios)[0]) for name, of in INDICATORS.items()}
    assert told["debt_ratio"] == pytest.approx(0.8)
    assert told["debt_to_ebit"] == pytest.approx(2)
    assert told["capitalisation"] == pytest.approx(0.6)
    assert told["sales_growth"] == pytest.approx(0.2)
    assert told["capital_accumulation"] == pytest.approx(-0.1)
    assert told["return_on_equity"] == pytest.approx(0.2)


@pytest.mark.parametrize("code", ["-1.00", "0.00"])
def test_codes_for_lost_equity_are_no_values(tmp_path: Path, code: str) -> None:
    """The file writes them differently for the two classes; nothing may be learned from that."""
    ratios, _ = read(tmp_path, row(LR="-4", Cap_gr=code, ROE="-2.00", DTE="-3", OPM="-0.1"))
    told = {name: float(of(ratios)[0]) for name, of in INDICATORS.items()}
    undefined = {name for name, value in told.items() if np.isnan(value)}
    assert undefined == {
        "capital_accumulation", "return_on_equity", "capitalisation", "debt_to_ebit"
    }  # fmt: skip
    assert told["debt_ratio"] == pytest.approx(1.25), "liabilities beyond the assets"


def test_a_year_without_revenue_is_a_loss_of_all_of_it(tmp_path: Path) -> None:
    ratios, _ = read(tmp_path, row(Rev_gr="-1.00"), row(Rev_gr="0.00"))
    assert INDICATORS["sales_growth"](ratios).tolist() == [-1, -1]
