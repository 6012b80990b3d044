"""What kind of thing a product is, for customers who cannot read its name."""

import tomllib
from functools import cache
from importlib.resources import files

from yingke.commerce.words.cut import class_spans, class_tokens, fold
from yingke.commerce.words.foreign import LANGUAGES, rows


@cache
def _english() -> dict[str, str]:
    """Class → its first English phrase."""
    tables = tomllib.loads(files("yingke.commerce.words").joinpath("vocabulary.toml").read_text("utf-8"))
    return {f"t:{row[0]}": next((one for one in row if one.isascii() and len(one) > 2), "") for row in tables["things"]}


def kind_in_english(text: str) -> str:
    """Such as sleeping bag for 棉睡袋 10℃; empty for what the vocabulary does not know."""
    return next((found for token in _heads(text) if (found := _english().get(token, ""))), "")


def kind_in(text: str, language: str) -> str:
    """The same in another language of the table, as a name begins; empty for English and for what is not known."""
    known = _kinds(language.split("-")[0])
    kind = next((known[token] for token in _heads(text) if token in known), "")
    return kind[:1].upper() + kind[1:]


def _heads(text: str) -> list[str]:
    """What words that stand together end in is what the thing is: 羽绒睡袋 is a sleeping bag."""
    heads: list[tuple[str, int]] = []
    for token, _, (start, end) in class_spans(fold(text)):
        if token[:2] != "t:":
            continue
        if heads and heads[-1][1] == start:
            heads.pop()
        heads.append((token, end))
    return [token for token, _ in heads]


@cache
def _kinds(language: str) -> dict[str, str]:
    """Class → the first word for it in that language, which is a whole one."""
    found: dict[str, str] = {}
    for row in rows() if language in LANGUAGES and language != "en" else ():
        if row.kind == "thing" and row.stems[language]:
            for token in class_tokens(fold(row.chinese[0])):
                found.setdefault(token, row.stems[language][0])
    return found
