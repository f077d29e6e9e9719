"""What a person must act on before there is a card, or before one is believed."""

from __future__ import annotations

from orchestration.errors import TenureError


class PolicyRefused(TenureError):
    """A policy that contradicts itself."""


class DataRefused(TenureError):
    """Data from which no card can be learned, or to which one cannot be applied."""


class LibraryMissing(TenureError):
    """Fitting without what only fitting needs."""


class CardRefused(TenureError):
    """An artefact that is not what was written, or a card that cannot be compiled."""
