"""Default rates per grade as a picture: a panel per rating, with the interval around each rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

from orchestration.credit.columns import Floats
from orchestration.credit.validation.rates import Rates
from orchestration.reports.chart import Line, Panel, svg


def default_rates_chart(
    title: str,
    scale: Sequence[str],
    ratings: Mapping[str, Rates],
    expected: Mapping[str, Floats] | None = None,
) -> str:
    """Grades from best to worst, those of nobody left out: nothing lies between two of them.

    `expected`: what was foretold of each grade, by rating.
    """
    return svg(
        title,
        [
            Panel(
                name,
                "grade",
                _lines(rates, (expected or {}).get(name)),
                x_label=lambda at: scale[int(at)],
                y_label="{:.0%}".format,
                y_zero=True,
                every_x=True,
            )
            for name, rates in ratings.items()
        ],
    )


def _lines(rates: Rates, expected: Floats | None) -> list[Line]:
    foretold = [Line("PD", _points(rates, expected), 1)] if expected is not None else []
    ends = zip(_points(rates, rates.low), _points(rates, rates.high), strict=True)
    return [
        Line("interval", list(chain.from_iterable(ends)), 2),
        Line("default rate", _points(rates, rates.rate), 1),
        *foretold,
    ]


def _points(rates: Rates, values: Floats) -> list[tuple[float, float]]:
    return [
        (float(at), float(value))
        for at, (companies, value) in enumerate(zip(rates.companies, values, strict=True))
        if companies
    ]
