"""Why a gate is closed, in sentences: read from its recorded results."""

from __future__ import annotations

import json

from expectations.wording import expected, observed
from orchestration.settings import Settings
from orchestration.warehouse import open_warehouse

_BLOCKING = """
    select
        check_name, table_name, observed, expected, unit, coalesce(error, reason), samples,
        window_end - 1
    from control.gate_results
    where layer = ? and run_id = ? and (broken or (not passed and severity = 'error'))
    order by evaluated_at, place
"""
_SAMPLES = 3


def gate_failure(settings: Settings, layer: str, run_id: str, cause: str) -> str:
    """What failed, where, and what to do next; `cause` is told where nothing was recorded."""
    with open_warehouse(settings, read_only=True) as con:
        rows = con.execute(_BLOCKING, [layer, run_id]).fetchall()
    if not rows:
        return f"the gate of {layer} could not be judged: {cause}"
    lines = [f"the gate of {layer} is closed for {rows[0][-1]}; nothing was published:"]
    for check, table, value, band, unit, reason, samples, _ in rows:
        seen = f"{observed(value, unit)}, expected {expected(band, unit)}"
        lines.append(f"  {table}: {check} is {seen}. {reason}")
        lines += [f"    {_line(sample)}" for sample in json.loads(samples)[:_SAMPLES]]
    lines.append(
        "mend the cause and run again, or accept the data as it stands with "
        f"`tenure accept {layer} {rows[0][-1]} --reason ...`"
    )
    return "\n".join(lines)


def _line(sample: dict[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in sample.items())
