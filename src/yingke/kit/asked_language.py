"""Which of the product's two languages a request wants."""

from collections.abc import Mapping


def asked_language(headers: Mapping[str, str]) -> str:
    """ "en" when Accept-Language begins with English, otherwise "zh-CN"."""
    first = headers.get("accept-language", "").split(",")[0].strip().lower()
    return "en" if first.startswith("en") else "zh-CN"
