"""The gates between layers: what must hold of a layer before the next one is built from it.

Here belong the suites (one module per layer: raw, staging, facts, marts, policy; `carried` is the
part of the facts suite that looks from month to month), the thresholds with the reason beside each,
their evaluation, the record of results, waivers and the pages that show them. Every check is an
aggregate computed in DuckDB; Great Expectations judges the one row of numbers that comes out.

Here do not belong: Dagster checks and jobs (orchestration), keys and arithmetic of single models
(dbt data tests beside the model), numerics (pytest), the rules for policy files themselves
(orchestration.policy).
"""
