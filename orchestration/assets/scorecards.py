"""A job that fits a scorecard: a candidate, with its points and pictures to look at."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from dagster import (
    AssetMaterialization,
    Config,
    JobDefinition,
    MetadataValue,
    OpExecutionContext,
    Output,
    ResourceParam,
    job,
    op,
)
from pydantic import Field

from orchestration.assets.failures import as_failure
from orchestration.assets.names import WRITER_POOL
from orchestration.cards.develop import develop, keep
from orchestration.cards.development import shipped
from orchestration.cards.promotion import evidence
from orchestration.pipeline import Bank
from orchestration.reports.scorecard import shown_in_markdown

FIT = "fit_scorecard"
WHO = "job fit_scorecard"


class Asked(Config):
    """Which card, and by what was known when."""

    kind: str = Field(description="application or behavioural")
    as_of: str = Field(default="", description="A day such as 2025-06-30; else the published one.")


def scorecard_job() -> JobDefinition:
    """Fits one card by the repository's terms; who decides promotes it by `tenure scorecard`."""

    @op(name="fit", pool=WRITER_POOL, description="Fit a card to published marts, and keep it.")
    def fit(
        context: OpExecutionContext, config: Asked, bank: ResourceParam[Bank]
    ) -> Iterator[AssetMaterialization | Output[None]]:
        with as_failure():
            terms = shipped(config.kind)
            day = date.fromisoformat(config.as_of) if config.as_of else None
            card = develop(bank.settings, config.kind, day, terms)
            path = keep(bank.settings, card, date.today(), WHO)
        shown = shown_in_markdown(card, evidence(card, terms.promotion))
        metadata: dict[str, Any] = {name: MetadataValue.md(text) for name, text in shown.items()}
        yield AssetMaterialization(
            asset_key=["cards", config.kind],
            description=f"Candidate {card.version}",
            metadata={"card": card.version, "artefact": MetadataValue.path(path), **metadata},
        )
        yield Output(None)

    @job(name=FIT, description="Fit a scorecard of a kind, as a candidate with its charts.")
    def fit_scorecard() -> None:
        fit()

    return fit_scorecard
