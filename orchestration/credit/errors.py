"""What a person must act on before there is a card, or before one is believed."""

from __future__ import annotations

from orchestration.errors import TenureError


class BadPolicy(TenureError):
    """A policy that contradicts itself."""


class BadSample(TenureError):
    """A sample that no honest card can be fitted to, or rows that it cannot be asked about."""


class LibraryMissing(TenureError):
    """Fitting without what only fitting needs."""


class BadCard(TenureError):
    """An artefact that is no card, or no longer the one that was signed off."""
