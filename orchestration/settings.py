"""Typed settings, read from tenure.toml files and the environment.

Order, later wins: the repository's tenure.toml (every setting stands there), <home>/tenure.toml,
environment variables TENURE_*, explicit overrides. A name that is no setting is refused in each:
a threshold under a misspelt name would leave the old one in force without a word.
"""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from orchestration.errors import TenureError

REPOSITORY = Path(__file__).resolve().parent.parent
PREFIX = "TENURE_"
HOME_VARIABLE = "TENURE_HOME"
# Days beyond these are slips of the pen: partitions and months are counted between them.
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
# Dagster's storage takes its path as an address, in which these mean something else.
_NOT_IN_HOME = "?#%"
# What a run hands to dbt's profile, in this process's environment.
_HANDED_ON = frozenset({"TENURE_WAREHOUSE", "TENURE_ENGINE_THREADS", "TENURE_ENGINE_MEMORY"})
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class SettingsError(TenureError):
    """A setting is missing, unknown or has a value that cannot be used."""


class Settings(BaseSettings):
    """All that a run may differ in, apart from data and policy."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    home: Path
    first_day: date = Field(ge=EARLIEST, le=LATEST)
    business_time_zone: str
    weekend: tuple[Weekday, ...]
    holidays: tuple[date, ...]
    schedule_hour: int = Field(ge=0, le=23)
    # It becomes part of SQL: quotes, backslashes and braces would end the text.
    key_salt: str = Field(pattern=r"^[^'\"\\{}\x00-\x1f]+$")
    quarantine_error_share: float = Field(ge=0, le=1)
    volume_low: float = Field(ge=0)
    volume_high: float = Field(gt=0)
    ledger_tolerance: Decimal = Field(ge=0)
    keep_versions: int = Field(ge=1)
    keep_hours: float = Field(ge=0)
    threads: int = Field(ge=1)
    customer_months_at_once: int = Field(ge=1)
    memory_limit: str = Field(pattern=r"^\d+(\.\d+)?\s*([KMGT]i?B|%)$")
    writer_wait_seconds: float = Field(ge=0)

    @field_validator("business_time_zone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        """A name that the system's time zone data know."""
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"{value!r} is no time zone, such as Asia/Shanghai") from error
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Explicit values, then the environment, then the home's file, then the repository's."""
        home = Path(init_settings().get("home", REPOSITORY / "var"))
        files = [
            TomlConfigSettingsSource(settings_cls, toml_file=path)
            for path in (home / "tenure.toml", REPOSITORY / "tenure.toml")
        ]
        return (init_settings, env_settings, *files)

    @property
    def landing_dir(self) -> Path:
        """Where extracts arrive: <landing>/<table>/<YYYY-MM-DD>/."""
        return self.home / "landing"

    @property
    def warehouse_path(self) -> Path:
        """The one DuckDB file that runs write; readers use the published copy."""
        return self.home / "warehouse.duckdb"

    @property
    def published_dir(self) -> Path:
        """Versioned, read-only copies of the marts."""
        return self.home / "published"

    @property
    def docs_dir(self) -> Path:
        """Data Docs: the gates' results as pages."""
        return self.home / "data_docs"

    @property
    def cards_dir(self) -> Path:
        """Scorecards of this bank, and what was decided about them."""
        return self.home / "cards"

    @property
    def lock_path(self) -> Path:
        """Held by the one process that writes."""
        return self.home / "writer.lock"

    @property
    def dbt_project_dir(self) -> Path:
        """The dbt project."""
        return REPOSITORY / "dbt_project"

    @property
    def policy_dir(self) -> Path:
        """The reviewed CSV files."""
        return self.dbt_project_dir / "seeds" / "policy"


def load_settings(**overrides: Any) -> Settings:
    """Settings for the home named by the override, TENURE_HOME, or ./var of the repository."""
    _refuse_unknown_variables()
    home = Path(overrides.pop("home", None) or os.environ.get(HOME_VARIABLE) or REPOSITORY / "var")
    if home.exists() and not home.is_dir():
        raise SettingsError(f"the home {home} is a file; give a folder")
    if any(sign in str(home.resolve()) for sign in _NOT_IN_HOME):
        raise SettingsError(f"the home {home} has one of {_NOT_IN_HOME} in its path; rename it")
    try:
        return Settings(home=home.resolve(), **overrides)
    except UnicodeDecodeError as error:
        raise SettingsError(f"{home}/tenure.toml is not UTF-8; save it as UTF-8") from error
    except TOMLDecodeError as error:
        raise SettingsError(
            f"{home}/tenure.toml or {REPOSITORY.name}/tenure.toml is no TOML file: {error}"
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            f"setting {name!r}: {first['msg'].lower()}; "
            f"see {REPOSITORY.name}/tenure.toml, {home}/tenure.toml and TENURE_{name.upper()}"
        ) from error


def _refuse_unknown_variables() -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields} | _HANDED_ON
    given = (name for name in os.environ if name.upper().startswith(PREFIX))
    unknown = sorted(name for name in given if name.upper() not in known)
    if unknown:
        raise SettingsError(
            f"environment variable {unknown[0]} names no setting: "
            f"see {REPOSITORY.name}/tenure.toml for all of them, or unset it"
        )
