"""What a card refuses."""

from __future__ import annotations

from orchestration.errors import TenureError


class BadSample(TenureError):
    """A sample that no honest card can be fitted to, or rows that it cannot be asked about."""


class BadCard(TenureError):
    """A document that is no card, or no longer the one that was signed off."""
