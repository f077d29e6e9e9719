"""docs/policies.md says of the star grade what the policy files hold."""

from __future__ import annotations

import re

from tests.unit.docs.pages import names, page, section, table
from tests.unit.docs.test_policies_page import rows

STAR = section(page("docs/policies.md"), "The star grade")
DIMENSIONS, GRADES, NUMBERS, _ = (
    table(text)[1] for text in re.findall(r"(?:^\|.*\n)+", STAR, re.MULTILINE)
)


def test_dimensions_weights_and_measures() -> None:
    expected = [
        (
            row["dimension"],
            row["weight"],
            [
                measure["measure"]
                for measure in rows("policy_star_measure.csv")
                if measure["dimension"] == row["dimension"]
            ],
        )
        for row in rows("policy_star_dimension.csv")
    ]
    found = [(names(first)[0], weight, names(measures)) for first, weight, measures in DIMENSIONS]
    assert found == expected


def test_grades() -> None:
    bands = rows("policy_star_band.csv")
    assert [names(grade) for _, grade in GRADES] == [[row["grade_code"]] for row in bands]
    for (points, _), row in zip(GRADES[1:], bands[1:], strict=True):
        above = "" if row["lower_inclusive"] == "true" else "above "
        assert points == f"{above}{int(row['lower_bound']):,}"


def test_numbers_and_choices() -> None:
    shipped = {row["parameter"]: row["value"] for row in rows("policy_parameter.csv")}
    shipped |= {row["switch"]: row["choice"] for row in rows("policy_switch.csv")}
    found = {names(name)[0]: value.strip("`") for name, value, _ in NUMBERS}
    assert found == {name: value for name, value in shipped.items() if name.startswith("star_")}
