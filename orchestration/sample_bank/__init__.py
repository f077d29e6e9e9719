"""A deterministic, believable bank with known truth.

Belongs here: what the synthetic bank's customers are and do, how its extracts are delivered, and
what is planted in them (tiers, stages, causes of decline, defaults, campaign effects, late rows,
defects). Does not belong here: the extract contract (orchestration/landing), thresholds of policy
(the bounds in options.py only label the planted truth), anything that reads the deliveries back.

Entry: `generate(out_dir, customers, start, months, seed, ...)`.
"""

from orchestration.sample_bank.generate import generate
from orchestration.sample_bank.options import SampleBankError, Summary, Volumes

__all__ = ["SampleBankError", "Summary", "Volumes", "generate"]
