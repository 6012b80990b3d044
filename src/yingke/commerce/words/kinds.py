"""What kind of thing a product is, in English, for customers who cannot read its name."""

import tomllib
from functools import cache
from importlib.resources import files

from yingke.commerce.words.cut import class_tokens, fold


@cache
def _english() -> dict[str, str]:
    """Class → its first English phrase."""
    tables = tomllib.loads(files("yingke.commerce.words").joinpath("vocabulary.toml").read_text("utf-8"))
    return {f"t:{row[0]}": next((one for one in row if one.isascii() and len(one) > 2), "") for row in tables["things"]}


def kind_in_english(text: str) -> str:
    """Such as sleeping bag for 棉睡袋 10℃; empty for what the vocabulary does not know."""
    for token in class_tokens(fold(text)):
        if found := _english().get(token, ""):
            return found
    return ""
