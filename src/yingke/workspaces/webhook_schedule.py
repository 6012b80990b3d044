"""When a webhook is tried again."""

import random

STEPS = (5.0, 30.0, 120.0, 600.0, 1800.0, 3600.0)
HOURLY = 3600.0
GIVE_UP = 72 * 3600.0
PROBE = 540.0
"""A receiver that was down for hours is asked again at least this often, with its oldest event; when it answers,
everything that waits for it goes out at once."""
LEASE = 30.0
"""So long an attempt belongs to the process that makes it."""
TIMEOUT = 10.0


def retry_delay(failed: int) -> float:
    """Seconds until the next try after the `failed`-th failure in a row (1 = the first), with ±10 % jitter."""
    step = STEPS[failed - 1] if failed <= len(STEPS) else HOURLY
    return step * random.uniform(0.9, 1.1)
