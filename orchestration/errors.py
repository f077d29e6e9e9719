"""The one thing that all expected errors have in common."""


class TenureError(Exception):
    """Something a person must act on: the message is a sentence that says what and where.

    The command line prints it and exits non-zero; anything else that is raised is a bug.
    """


class StepFailed(TenureError):
    """A step cannot go on; the message says why and what to do."""
