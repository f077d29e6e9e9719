"""Fits of the models of forward value: learned in Python, kept by month."""

from collections.abc import Iterator, Sequence
from typing import Any

from dagster import (
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    MaterializeResult,
    MetadataValue,
    PartitionsDefinition,
    ResourceParam,
    TableRecord,
    multi_asset,
)

from orchestration.assets.failures import as_failure
from orchestration.assets.names import CUSTOMER_VALUE, ONE_RUN, WRITER_POOL
from orchestration.dbt.preview import table_metadata
from orchestration.forward.step import Fitted
from orchestration.partitions import requested_window
from orchestration.pipeline import Bank
from orchestration.policy.forward_rows import MODELS

Shown = dict[str, MetadataValue[Any]]
DESCRIPTIONS = {
    "model_fit": "Closed month and model: what it learned from, how well, and whether it is good.",
    "model_parameter": "Fit and parameter: value and standard error.",
    "model_point": "Fit and point (state, tenure or all): what a customer there will bring.",
    "credit_score": "Customer, month and kind of scorecard: the score by the card in force.",
    "scorecard": "Scorecard of the home: what it learned from, and how well.",
    "scorecard_line": "Scorecard, characteristic and bin: what falls into it, and its points.",
    "scorecard_value": "Scorecard, characteristic and value that is told one by one.",
    "scorecard_monitor": "Month, scorecard, measure and characteristic: how the card in use does.",
    "scorecard_grade": "Month, scorecard and class: who is in it, and how those of then paid.",
    "scorecard_decision": "Decision about a scorecard, in the order in which they were made.",
}


# What fits and scores read: counts, histories of purchases and characteristics in the marts, and
# numbers of policy.
READ = (
    AssetKey(["marts", "int_state_moves"]),
    AssetKey(["marts", "int_tenure_moves"]),
    AssetKey(["marts", "int_purchase_moves"]),
    AssetKey(["marts", "int_forward_customers"]),
    AssetKey(["marts", "credit_feature_month"]),
    AssetKey(["marts", "credit_outcome_month"]),
    AssetKey(["policy", "policy_parameter"]),
)


def fits_asset(partitions: PartitionsDefinition) -> AssetsDefinition:
    """The tables of fits, written in one step."""
    specs = [
        AssetSpec(
            ["fits", name],
            deps=READ,
            group_name="fits",
            description=f"One row per {text[0].lower()}{text[1:]}",
            owners=[CUSTOMER_VALUE],
            kinds={"python", "duckdb"},
        )
        for name, text in DESCRIPTIONS.items()
    ]

    @multi_asset(
        name="fit_models",
        specs=specs,
        partitions_def=partitions,
        backfill_policy=ONE_RUN,
        pool=WRITER_POOL,
    )
    def fit_models(
        context: AssetExecutionContext, bank: ResourceParam[Bank]
    ) -> Iterator[MaterializeResult[None]]:
        with as_failure():
            window, found = bank.fit_models(requested_window(context))
        rows = table_metadata(bank.settings, "fits", with_rows=False)
        days = {"from": str(window.start), "as of": str(window.as_of)}
        # A range records an event per table and day: they stay small.
        is_one_month = 0 < len(found) <= len(MODELS)
        for name in DESCRIPTIONS:
            shown: Shown = (
                {"fits": MetadataValue.table(_records(found))}
                if name == "model_fit" and is_one_month
                else {}
            )
            yield MaterializeResult(
                asset_key=["fits", name], metadata={**rows.get(("fits", name), {}), **days, **shown}
            )

    return fit_models


def _records(found: Sequence[Fitted]) -> list[TableRecord]:
    return [
        TableRecord(
            {
                "month": f"{one.month:%Y-%m}",
                "model": one.fit.model,
                "status": one.fit.status,
                "customer months": one.fit.observations,
                "log-likelihood": "" if one.fit.log_likelihood is None
                else f"{one.fit.log_likelihood:.1f}",
                "level": "" if one.fit.level is None else f"{one.fit.level[0]:.2f}",
                "reason": one.fit.reason,
            }
        )
        for one in found
    ]  # fmt: skip
