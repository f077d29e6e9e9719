"""What the manifest says is published."""

import pytest

from orchestration.publish.tables import PublishedTable, check_names, published_tables
from orchestration.publish.versions import PublishError


def node(name: str, **changes: object) -> dict[str, object]:
    plain: dict[str, object] = {
        "resource_type": "model",
        "name": name,
        "alias": name,
        "schema": "marts",
        "description": "",
        "columns": {},
        "config": {"materialized": "table", "meta": {"published": True}},
    }
    return {**plain, **changes}


def manifest(*nodes: dict[str, object]) -> dict[str, object]:
    return {"nodes": {f"model.tenure.{one['name']}": one for one in nodes}}


def test_only_models_marked_published_by_name() -> None:
    found = published_tables(
        manifest(
            node("tier_today"),
            node("dim_customer"),
            node("stg_customers", config={"meta": {}}),
            node("fct_month", config={"meta": {"published": "yes"}}),
            node("old", config={"meta": {"published": True}, "enabled": False}),
            node("seed", resource_type="seed"),
        )
    )
    assert [table.name for table in found] == ["dim_customer", "tier_today"]


def test_meta_beside_the_config_counts_and_config_wins() -> None:
    found = published_tables(
        manifest(
            node("a", config={"materialized": "view"}, meta={"published": True}),
            node("b", config={"meta": {"published": False}}, meta={"published": True}),
        )
    )
    assert found == [PublishedTable("a", is_view=True)]


def test_alias_schema_month_and_descriptions_are_carried() -> None:
    config = {"materialized": "incremental", "meta": {"published": True, "month_column": "month"}}
    columns = {"month": {"description": " month end \n"}, "note": {"description": ""}}
    (found,) = published_tables(
        manifest(
            node(
                "tier_month_v2",
                alias="tier_month",
                schema="marts_dev",
                config=config,
                description="one row per customer and month\n",
                columns=columns,
            )
        )
    )
    assert found == PublishedTable(
        name="tier_month",
        schema="marts_dev",
        month_column="month",
        description="one row per customer and month",
        column_descriptions=(("month", "month end"),),
    )


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        ([], "nothing to publish"),
        (["a", "a"], "two published models are called 'a'"),
        (["published_version"], "cannot be published under that name"),
        (["../a"], "cannot be published under that name"),
    ],
)
def test_names_that_cannot_stand_in_one_place(names: list[str], reason: str) -> None:
    with pytest.raises(PublishError, match=reason):
        check_names([PublishedTable(name) for name in names])
