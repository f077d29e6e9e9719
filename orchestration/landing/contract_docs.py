"""docs/contract.md from the contract: `python -m orchestration.landing.contract_docs`."""

from __future__ import annotations

from pathlib import Path

from orchestration.landing.contract import (
    MONEY_LIMIT,
    Column,
    Contract,
    TableContract,
    load_contract,
)
from orchestration.settings import REPOSITORY

PAGE = REPOSITORY / "docs" / "contract.md"

_INTRODUCTION = f"""\
# The landing contract

<!-- Generated: `python -m orchestration.landing.contract_docs`. Edit the YAML files instead. -->

What a bank delivers, table by table. The source is `orchestration/landing/contract/*.yml`;
readers, checks, `raw` tables and the sample bank derive from the same files.

## Where and how to deliver

- One folder per table and day: `landing/<table>/<YYYY-MM-DD>/`. The folder's date is the day of
  delivery, `loaded_on`. Within a day the order of file names decides, within a file the order
  of lines.
- Files are `.csv`, `.csv.gz` or `.parquet`. Names that start with `.` or `_`, or end in `.tmp` or
  `.part`, are taken as unfinished and left alone: write under such a name, then rename.
- CSV is UTF-8 (a byte order mark is tolerated) with commas, one header line, double quotes around
  values that hold commas, quotes or line breaks, and quotes doubled inside. Nothing is guessed:
  semicolons, tabs and other encodings are refused. Line ends of any system are read; a line
  break inside a value becomes a line feed. Blank lines are skipped. A record that spans lines
  may be 64 KiB long, a line 2 MB.
- Column names are compared without case and surrounding blanks; their order is free. Every
  column of the contract must be there. Columns beyond the contract are reported and ignored.
- An empty value is null, quoted or not. Dates are `YYYY-MM-DD`. Numbers are plain digits with a
  decimal point: no blanks, thousands separators, exponents or currency signs. Booleans are `true`
  or `false` in any case.
- Amounts carry at most two decimals and rates at most six. More is refused, never rounded;
  zeros at the end do not count.
- An amount is at most {MONEY_LIMIT:,} either way, unless its column in the YAML file has
  another `limit`. Larger ones are taken for a slip of the point or the unit: what tables add up
  has room for a thousand amounts of this size.
- Parquet carries the same column names. A column may have the contract's own type, text that
  follows the rules above, or a type that converts without loss (integers or floats for numbers
  and amounts, timestamps at midnight for dates). Floats for identifiers, binary, nested and
  time-zoned columns are refused.

## What becomes of a delivery

A file that cannot be read as a whole is **refused**: nothing of it is loaded, and the raw gate
stays closed until a mended file takes its place, under the same name, or under another one while
the refused file is removed: a refused file that is gone is forgotten by the next load,
unless it had replaced a loaded one, whose rows are then missed. One refused
file holds the day for every table, on purpose: verdicts of half a delivery would be wrong without
showing it. The rest of the day is loaded meanwhile, the run ends with a non-zero status, and a
person who can do without the file opens the gate with `tenure accept raw DAY --reason ...`. A row
with a bad value is **quarantined** with its line and reason, the rest of its file is loaded. A file
with the same bytes as the one before it in its table is **identical** and loads nothing; after
other files the same bytes count again, as they may take back what those changed. A changed file
under the same name replaces what it loaded before. A loaded file that disappears stays loaded.

Every other row is **accepted**, a **duplicate** of the version in force, or **superseded** by a
later delivery of its key. Within a day the last delivery of a key counts, and it holds from its
`loaded_on` on. How days were loaded, in which order and how often, changes nothing of this.

| reason code | a value that |
|---|---|
| `missing_value` | is empty and must not be |
| `wrong_type` | is not spelled as its type |
| `too_many_decimals` | would have to be rounded |
| `out_of_range` | lies beyond the column's bounds or size |
| `unknown_code` | is none of the column's codes |
| `too_long` | has too many characters |
| `bad_pattern` | does not have the column's form |
| `future_date` | says that something happened after the day of delivery |
| `date_order` | lies before the date it has to follow |
| `malformed_row` | stands in a line whose quotes or number of values are wrong |
| `bad_encoding` | stands in a line with bytes that are no UTF-8, zero bytes or unit separators |

A file of which several lines are not UTF-8, and no line with letters beyond ASCII is, is refused
as a whole.

Of a table with a personal column no value is repeated in the quarantine, in reasons or in pages,
whatever column it stood in: a row shifted by one column puts a name into a date. File, line,
column, reason code and the value's shape, such as `<personal: length 12, letters and spaces>`, are
enough to find it in the file.

## Changing the contract

A new column that may be empty is added to the `raw` table by the next load. Rows that were loaded
before keep it empty, even if their files carried it; files delivered from then on must have it. A
column may be left empty from now on, or must be filled from now on if it is in every loaded row.
New limits and codes hold for what is loaded from then on. A table that nothing was delivered for
follows any change.

Loaded rows cannot follow any other change (a column removed, renamed or retyped, a new one that
must be filled, another key, a table removed): the load stops and names what differs. Take the
change back, or move the warehouse file away, or start a new home: everything in landing is then
loaded again by the new contract, and files that lack one of its columns are refused.
"""


def contract_page(contract: Contract) -> str:
    """The page, ending in a newline."""
    parts = [_INTRODUCTION, "## Tables\n"]
    parts += [f"- [{name}](#{name}): {table.grain}" for name, table in contract.tables.items()]
    parts += [_table(table) for table in contract.tables.values()]
    return "\n".join(parts) + "\n"


def _table(table: TableContract) -> str:
    event = "may lie ahead" if table.planned else "never after the day of delivery"
    rows = [_row(name, column) for name, column in table.columns.items()]
    return "\n".join(
        [
            f"\n### {table.name}\n",
            f"{table.grain[0].upper()}{table.grain[1:]}. "
            f"Key: {', '.join(f'`{key}`' for key in table.key)}. "
            f"Event date: `{table.happened}`, {event}.\n",
            "| column | type | may be empty | rules | meaning |",
            "|---|---|---|---|---|",
            *rows,
        ]
    )


def _row(name: str, column: Column) -> str:
    meaning = column.description + (f" ({column.unit})" if column.unit else "")
    if column.pii:
        meaning += "; personal"
    empty = "yes" if column.nullable else ""
    cells = (f"`{name}`", column.type, empty, "; ".join(_rules(column)), meaning)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _rules(column: Column) -> list[str]:
    rules = []
    if column.codes:
        rules.append("one of " + ", ".join(f"`{code}`" for code in column.codes))
    if column.limit is not None:
        rules.append(f"at most {column.limit:,} either way")
    if column.min is not None:
        rules.append(f"at least {column.min}")
    if column.max is not None:
        rules.append(f"at most {column.max}")
    if column.pattern is not None:
        rules.append(f"form `{column.pattern}`")
    if column.max_length is not None:
        rules.append(f"up to {column.max_length} characters")
    if column.not_before is not None:
        rules.append(f"not before `{column.not_before}`")
    if column.references is not None:
        rules.append(f"refers to [{column.references}](#{column.references})")
    return rules


def main(page: Path = PAGE) -> None:
    """Write the page."""
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(contract_page(load_contract()), encoding="utf-8")


if __name__ == "__main__":
    main()
