"""The Czech bank data of the PKDD'99 Discovery Challenge ("Berka") as daily deliveries.

Belongs here: the published files' format, what each of their codes means in the landing
contract, and how closing balances are read off rows without an order. docs/berka.md gives the
reasons. Does not belong here: figures the files do not hold.
"""

from orchestration.sources.berka.importer import import_berka
from orchestration.sources.berka.summary import BerkaError, ImportSummary

__all__ = ["BerkaError", "ImportSummary", "import_berka"]
