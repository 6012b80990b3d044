"""Amounts of money: whole numbers of the smallest unit beside a currency, and how they are written."""

from functools import lru_cache

# ISO 4217: how many decimals a currency has where it is not two.
_DECIMALS = {
    "JPY": 0,
    "KRW": 0,
    "VND": 0,
    "CLP": 0,
    "ISK": 0,
    "UGX": 0,
    "KWD": 3,
    "BHD": 3,
    "OMR": 3,
    "JOD": 3,
    "TND": 3,
}
_SIGNS = {"USD": "US$", "EUR": "€", "GBP": "£", "JPY": "JP¥", "HKD": "HK$", "TWD": "NT$", "SGD": "S$", "AUD": "A$"}


def decimals_of(currency: str) -> int:
    return _DECIMALS.get(currency.upper(), 2)


def plain_amount(minor: int, currency: str = "CNY") -> str:
    """The figure alone: 75715 → "757.15", always with the currency's decimals."""
    places = decimals_of(currency)
    sign, digits = ("-" if minor < 0 else ""), str(abs(minor)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else sign + digits


@lru_cache(maxsize=8192)
def show_money(minor: int, currency: str = "CNY", language: str = "zh-CN") -> str:
    """As a customer reads it: "757.15 元", "CN¥757.15", "US$12.00"."""
    amount = plain_amount(minor, currency)
    if currency.upper() == "CNY" and language.lower().startswith("zh"):
        return f"{amount} 元"
    sign = "CN¥" if currency.upper() == "CNY" else _SIGNS.get(currency.upper(), f"{currency.upper()} ")
    return f"-{sign}{amount[1:]}" if amount.startswith("-") else f"{sign}{amount}"


def share_of(minor: int, per_10000: int) -> int:
    """`per_10000` ten-thousandths of an amount that is not negative, rounded half up at the smallest unit."""
    return (minor * per_10000 + 5_000) // 10_000


def spread(amount: int, weights: list[int], keys: list[str]) -> list[int]:
    """`amount` in whole parts, in proportion to `weights`; the parts sum exactly, none exceeds its weight.

    What is left by rounding down goes to the largest remainders, between equals to the smaller key, so that the order
    of the parts does not matter. `amount` is between 0 and the sum of the weights.
    """
    whole = sum(weights)
    if amount <= 0 or whole <= 0:
        return [0] * len(weights)
    parts = [amount * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda at: (-(amount * weights[at] % whole), keys[at], at))
    for at in by_remainder[: amount - sum(parts)]:
        parts[at] += 1
    return parts
