"""A card as SQL: one select that scores every row of a table by comparisons and additions.

Standard CASE expressions, which DuckDB and Spark read alike. Numbers are compared as doubles, on
both sides: bounds are written with an exponent, for engines take other literals for decimals.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import duckdb

from orchestration.credit.calibration import PD_DIGITS
from orchestration.credit.card import Card, CardFeature, Row
from orchestration.credit.errors import BadCard

_LARGEST = "1.7976931348623157e308"


def compile_card(card: Card, source: str, keys: Sequence[str]) -> str:
    """A select over `source`, a table's name or a query in brackets, with its `keys` in front.

    Columns after them: `card_version`, `score`, `pd`, `grade`, `reason_1` ..., `unseen`,
    `exact_score`, and `points_` of every feature.
    """
    features = card.features
    names = [feature.name for feature in features]
    _speakable([*keys, *names])
    _apart(keys, names)
    parts = {
        "input_values": _select([*keys, *map(_read, features)], source),
        # Each column straight from the value: an engine works out those alone that are asked for.
        "pointed": _select(
            [
                *keys,
                *(_by_bin(one, "points", [row.points for row in one.rows]) for one in features),
                *(_by_bin(one, "exact", [row.exact for row in one.rows]) for one in features),
                *(_flag(one) for one in features if not _is_told_by_points(one)),
            ],
            "input_values",
        ),
        "summed": _select(
            [
                "*",
                f"{_sum('points', names)} as score",
                f"{_sum('exact', names)} as exact_score",
                *(_no_points(one) for one in features if _is_told_by_points(one)),
                *(_lost(one, at, len(names)) for at, one in enumerate(features)),
            ],
            "pointed",
        ),
    }
    last = "summed"
    for rank in range(1, card.policy.reasons + 1):
        parts[f"ranked_{rank}"] = _select(["*", _next_most(names, rank)], last)
        last = f"ranked_{rank}"
    final = [
        *keys,
        f"{_text(card.version)} as card_version",
        "score",
        _chance(card),
        _grade(card),
        *(_reason(names, rank) for rank in range(1, card.policy.reasons + 1)),
        f"nullif(concat_ws(', ', {', '.join(f'unseen_{name}' for name in names)}), '') as unseen",
        "exact_score",
        *(f"points_{name}" for name in names),
    ]
    steps = ",\n".join(f"{name} as (\n{query}\n)" for name, query in parts.items())
    return f"with {steps}\n{_select(final, last)}"


def compile_bins(card: Card, source: str, keys: Sequence[str]) -> str:
    """A select over `source` with its `keys` and, as `bin_` of every feature, the place of the bin
    that the answer falls into.
    """
    features = card.features
    names = [feature.name for feature in features]
    _speakable([*keys, *names])
    _apart(keys, names)
    parts = _select([*keys, *map(_read, features)], source)
    bins = [*keys, *(_by_bin(one, "bin", range(len(one.rows))) for one in features)]
    return _select(bins, f"(\n{parts}\n) as input_values")


def _speakable(names: Iterable[str]) -> None:
    """Names stand unquoted, for engines quote differently."""
    rows = duckdb.execute(
        "select keyword_name from duckdb_keywords() where keyword_category = 'reserved'"
    ).fetchall()
    reserved = {name for (name,) in rows}
    for name in names:
        if name in reserved:
            raise BadCard(f"{name} is a reserved word of SQL: give the column another name")


def _apart(keys: Sequence[str], names: Sequence[str]) -> None:
    """A key stands beside features and results: none may have its name."""
    results = {"card_version", "score", "pd", "grade", "unseen", "exact_score", *names}
    for key in keys:
        if key in results:
            raise BadCard(f"key {key} has the name of a feature or of a result")


def _select(columns: Iterable[str], source: str) -> str:
    listed = ",\n".join(f"    {column}" for column in columns)
    return f"select\n{listed}\nfrom {source}"


def _read(feature: CardFeature) -> str:
    kind = "double" if feature.kind == "numeric" else "varchar"
    return f"cast({feature.name} as {kind}) as {feature.name}"


def _by_bin(feature: CardFeature, what: str, values: Sequence[float | int | str | None]) -> str:
    """A column with what each bin of a feature stands for.

    Comparisons cost per row that reaches them: what is rare stands last.
    """
    literals = [_literal(value) for value in values]
    case = _case_of_number if feature.kind == "numeric" else _case_of_code
    return f"{case(feature, literals)} as {what}_{feature.name}"


def _case_of_number(feature: CardFeature, literals: Sequence[str]) -> str:
    """Ranges upwards, with what is no measure told apart in the range that it would fall into.

    To both engines NaN is greater than every number, and nothing is less than null.
    """
    name, rows = feature.name, feature.rows
    missing, unseen = literals[-2:]
    whens = []
    for row, literal in zip(rows, literals, strict=True):
        if row.sort != "range":
            continue
        apart = [
            f"when {name} = {_literal(float(value))} then {literals[code]}"
            for code, special in enumerate(rows)
            for value in special.values
            if not isinstance(value, str) and _within(value, row)
        ]
        if row.lower is None:
            apart.append(f"when {name} < -{_LARGEST} then {unseen}")
        found = f"case {' '.join(apart)} else {literal} end" if apart else literal
        end = f"<= {_LARGEST}" if row.upper is None else f"< {_literal(row.upper)}"
        whens.append(f"when {name} {end} then {found}")
    whens.append(f"when {name} is null or isnan({name}) then {missing}")
    return f"case {' '.join(whens)} else {unseen} end"


def _within(value: float, row: Row) -> bool:
    return (row.lower is None or row.lower <= value) and (row.upper is None or value < row.upper)


def _case_of_code(feature: CardFeature, literals: Sequence[str]) -> str:
    """Codes seen most often first."""
    name, rows = feature.name, feature.rows
    missing, unseen = literals[-2:]
    listed = [(row.goods + row.bads, at, row) for at, row in enumerate(rows) if row.values]
    whens = [
        f"when {name} in ({', '.join(map(_literal, row.values))}) then {literals[at]}"
        for _, at, row in sorted(listed, key=lambda entry: (-entry[0], entry[1]))
    ]
    whens.append(f"when {name} is null then {missing}")
    return f"case {' '.join(whens)} else {unseen} end"


def _is_told_by_points(feature: CardFeature) -> bool:
    """Whether what was never seen is told from what was by having no points."""
    return feature.rows[-1].points is None


def _no_points(feature: CardFeature) -> str:
    name = feature.name
    return f"case when points_{name} is null then {_text(name)} end as unseen_{name}"


def _flag(feature: CardFeature) -> str:
    flags = [feature.name if row.basis == "unseen" else None for row in feature.rows]
    return _by_bin(feature, "unseen", flags)


def _sum(what: str, names: Sequence[str]) -> str:
    return " + ".join(f"{what}_{name}" for name in names)


def _lost(feature: CardFeature, at: int, of: int) -> str:
    """Points lost, with the feature's place in the remainder: all differ, the first one leads."""
    name = feature.name
    return f"({feature.best} - points_{name}) * {of} + {of - 1 - at} as lost_{name}"


def _next_most(names: Sequence[str], rank: int) -> str:
    """The greatest loss below the one before; -1, below every loss, where there is none."""
    if rank == 1:
        listed = [f"lost_{name}" for name in names]
    else:
        before = f"most_{rank - 1}"
        listed = [
            f"case when lost_{name} < {before} then lost_{name} else -1 end" for name in names
        ]
    return f"greatest({', '.join(listed)}, -1) as most_{rank}"


def _reason(names: Sequence[str], rank: int) -> str:
    of = len(names)
    whens = " ".join(f"when {of - 1 - at} then {_text(name)}" for at, name in enumerate(names))
    lost = f"score is not null and most_{rank} >= {of}"
    return f"case when {lost} then case most_{rank} % {of} {whens} end end as reason_{rank}"


def _chance(card: Card) -> str:
    unit = f"1e{PD_DIGITS}"
    logit = f"{_literal(card.curve.intercept)} + {_literal(card.curve.slope)} * score"
    return f"floor(1e0 / (1e0 + exp({logit})) * {unit} + 0.5e0) / {unit} as pd"


def _grade(card: Card) -> str:
    whens = [
        f"when score >= {step.from_score} then {_text(step.grade)}"
        for step in card.steps
        if step.from_score is not None
    ]
    whens.append(f"when score is not null then {_text(card.steps[-1].grade)}")
    return f"case {' '.join(whens)} end as grade"


def _literal(value: float | int | str | None) -> str:
    """A value to the last bit; doubles with an exponent."""
    if value is None:
        return "null"
    if isinstance(value, str):
        return _text(value)
    text = repr(value)
    return text if isinstance(value, int) or "e" in text else f"{text}e0"


def _text(value: str) -> str:
    if "\0" in value:
        raise BadCard(f"{value!r} cannot be written in SQL: it holds a null character")
    escaped = value.replace("'", "''")
    return f"'{escaped}'"
