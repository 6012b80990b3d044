"""Slows down guessing without letting anybody lock somebody else out.

Wrong passwords cost tokens of three buckets: this account from this address, this address, and this account from
everywhere. A browser that has signed in to the account before carries a device mark and is exempt from the last
one, so a stranger who guesses from many addresses delays new browsers, never the owner's own.
"""

from dataclasses import dataclass

from yingke.kit.client_address import rate_key
from yingke.kit.errors import Problem
from yingke.kit.rates import Rates
from yingke.kit.secrets import Secrets

DEVICE_COOKIE = "yingke_device"
DEVICE_DAYS = 365


@dataclass(frozen=True)
class Bucket:
    key: str
    rate: float
    burst: float


@dataclass(frozen=True)
class Attempt:
    """One try at signing in. `device` is the mark the browser sent, or ""."""

    email: str
    address: str
    device: str = ""


def check_attempt(rates: Rates, secrets: Secrets, attempt: Attempt) -> None:
    """Raises the 429 Problem, whose Retry-After grows with the wrong tries so far; takes nothing."""
    wait = max(rates.peek(b.key, rate=b.rate, burst=b.burst) for b in _buckets(secrets, attempt))
    if wait > 0:
        raise Problem(
            429,
            "too_many_attempts",
            f"尝试次数过多，请 {max(1, round(wait))} 秒后再试。",
            f"Too many attempts. Try again in {max(1, round(wait))} seconds.",
            retry_after=wait,
        )


def count_attempt(rates: Rates, secrets: Secrets, attempt: Attempt) -> None:
    """Before the password is looked at, so that tries sent side by side count as well."""
    check_attempt(rates, secrets, attempt)
    for bucket in _buckets(secrets, attempt):
        rates.take(bucket.key, rate=bucket.rate, burst=bucket.burst)


def clear_attempts(rates: Rates, secrets: Secrets, attempt: Attempt) -> None:
    """After the right password: only this person's own bucket, so that a guesser gains nothing by it."""
    rates.forget(_buckets(secrets, attempt)[0].key)


def device_mark(secrets: Secrets, email: str) -> str:
    """What a browser keeps after signing in; worth nothing for another account."""
    return secrets.sign("device", email.lower())


def _buckets(secrets: Secrets, attempt: Attempt) -> list[Bucket]:
    email, address = attempt.email.lower(), rate_key(attempt.address)
    account = secrets.sign("account", email)[:32]
    is_known = bool(attempt.device) and secrets.is_signed("device", email, attempt.device)
    who = f"device:{account}" if is_known else f"from:{account}:{address}"
    buckets = [Bucket(f"sign-in:{who}", rate=1 / 20, burst=6), Bucket(f"sign-in:at:{address}", rate=1 / 3, burst=40)]
    if not is_known:
        buckets.append(Bucket(f"sign-in:to:{account}", rate=1 / 5, burst=40))
    return buckets
