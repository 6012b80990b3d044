"""Says what shoppers say in many ways with one word for each meaning, so that questions can be laid side by side."""

import re
import tomllib
from functools import cache
from importlib.resources import files

_ASKS_BOTH_WAYS = re.compile(r"有没有|(.)不\1")
_COUNTED = re.compile(r"[一二两三四五六七八九十百千]+(?=[天日号月年周个件元块斤米岁次折期小分点码层人箱盒袋瓶])")
_FIGURES = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_TENS = {"十": 10, "百": 100, "千": 1000}
_DENIES = re.compile(r"[不没无未别]")


@cache
def _spoken() -> dict[str, tuple[tuple[str, str], ...]]:
    """First character → (what is said, the word that stands for it), the longest first."""
    table = tomllib.loads(files("yingke.knowledge.ranking").joinpath("synonyms.toml").read_text(encoding="utf-8"))
    one_for: dict[str, str] = {}
    for classes in table.values():
        for said in classes:
            for way in said:
                one_for.setdefault(way, said[0])
    grouped: dict[str, list[tuple[str, str]]] = {}
    for way in sorted(one_for, key=len, reverse=True):
        grouped.setdefault(way[0], []).append((way, one_for[way]))
    return {first: tuple(ways) for first, ways in grouped.items()}


def plain(folded: str) -> str:
    """`folded` with one word for each meaning and counts in figures; only for comparing. About 15 µs for a question."""
    folded = _COUNTED.sub(lambda found: str(_number(found.group())), folded)
    spoken = _spoken()
    found: list[str] = []
    at, end = 0, len(folded)
    while at < end:
        character = folded[at]
        for way, one in spoken.get(character, ()):
            if folded.startswith(way, at):
                found.append(one)
                at += len(way)
                break
        else:
            found.append(character)
            at += 1
    return "".join(found)


def _number(written: str) -> int:
    """十二 → 12, 三百五十 → 350."""
    whole, figure = 0, 0
    for character in written:
        if character in _FIGURES:
            figure = _FIGURES[character]
        else:
            whole += max(figure, 1) * _TENS[character]
            figure = 0
    return whole + figure


def denies(said: str) -> bool:
    """True when a plain question speaks of what is not so, or cannot be done."""
    return _DENIES.search(_ASKS_BOTH_WAYS.sub("", said)) is not None
