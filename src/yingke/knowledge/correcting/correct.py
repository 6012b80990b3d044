"""Reads what was meant: wrongly typed words, Chinese in Latin letters, traditional characters. Every change is noted."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import zip_longest
from typing import Literal, Self

import opencc
import rjieba

from yingke.knowledge.correcting.readings import cut_syllables, key_of, loose, readings, sounds_near
from yingke.knowledge.fold import fold
from yingke.knowledge.terms import cut

CorrectionKind = Literal["typo", "pinyin", "traditional"]

_TO_SIMPLIFIED = opencc.OpenCC("t2s")
_HAN = re.compile(r"[\u3400-\u9fff]")
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]+")
_LATIN_RUN = re.compile(r"[A-Za-z]+(?:['’ ]+[A-Za-z]+)*")
_APOSTROPHE = re.compile(r"['’]")
_ONLY_LATIN = re.compile(r"[A-Za-z0-9\s?？!！,，.。~～'’]+")
_MOST_TERMS = 60_000
_LONGEST_WORD = 4
_LONGEST_TEXT = 200
_LEAST_KNOWN = 0.75
_GRAMMAR = frozenset("不没别未很太都就还也能会可要想再又最更")
"""Begins no word that was typed wrongly: 还不发 is not 补发."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What was typed and what it is read as."""

    kind: CorrectionKind
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Confusions:
    """Words that a typed word may stand for, by how they sound and by their letters with one left open."""

    by_sound: dict[str, str]
    by_gap: dict[str, tuple[str, ...]]
    words: frozenset[str]

    @classmethod
    def of(cls, terms: Iterable[str]) -> Self:
        """`terms`: words of the workspace's knowledge, most telling last to be heard; about 2 µs a term."""
        common = shop_terms()
        by_sound: dict[str, str] = {}
        by_gap: dict[str, tuple[str, ...]] = {}
        words = set(common)
        for number, term in enumerate((*common, *terms)):
            if number > _MOST_TERMS or not 1 <= len(term) <= _LONGEST_WORD or (key := key_of(term)) is None:
                continue
            words.add(term)
            by_sound.setdefault(key, term)
            if len(term) == 2 and number < len(common):
                for gap in (f"_{term[1]}", f"{term[0]}_"):
                    if len(by_gap.get(gap, ())) < 24:
                        by_gap[gap] = (*by_gap.get(gap, ()), term)
        return cls(by_sound, by_gap, frozenset(words))


@cache
def shop_terms() -> tuple[str, ...]:
    text = files("yingke.knowledge.correcting").joinpath("shop_terms.txt").read_text(encoding="utf-8")
    return tuple(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


@cache
def common_confusions() -> Confusions:
    """For a workspace whose own words are not at hand."""
    return Confusions.of(())


def correct(texts: Sequence[str], confusions: Confusions) -> tuple[tuple[str, ...], tuple[Correction, ...]]:
    """The texts as they were meant, and what was changed in them. About 30 µs a text."""
    read: list[str] = []
    noted: list[Correction] = []
    for text in texts:
        if len(text) > _LONGEST_TEXT:
            read.append(text)
            continue
        if _HAN.search(text) is None:
            text = _from_letters(text, confusions, noted)
        elif (plain := _simplified(text)) != text:
            noted.append(Correction("traditional", text[:60], plain[:60]))
            text = plain
        read.append(_from_typos(text, confusions, noted) if _HAN.search(text) else text)
    return tuple(read), tuple(noted)


def _simplified(text: str) -> str:
    try:
        return str(_TO_SIMPLIFIED.convert(text))
    except UnicodeEncodeError:
        return text


def _from_letters(text: str, confusions: Confusions, noted: list[Correction]) -> str:
    """Chinese typed in Latin letters; English words stay, since most are no row of syllables."""
    if not _ONLY_LATIN.fullmatch(text):
        return text
    pieces = [piece for run in _LATIN_RUN.findall(text.lower()) for piece in _APOSTROPHE.sub("", run).split()]
    cut = [cut_syllables(piece) for piece in pieces]
    found: list[str] = [syllable for one in cut if one for syllable in one]
    if len(found) < 2 or not all(cut):
        return text
    words = _words_of(found, confusions)
    known = sum(len(word) for word in words if word is not None)
    if known < _LEAST_KNOWN * len(found) or not any(word is not None and len(word) > 1 for word in words):
        return text
    said = "".join(word or "" for word in words)
    noted.append(Correction("pinyin", text.strip()[:60], said[:60]))
    return said


def _words_of(found: Sequence[str], confusions: Confusions) -> list[str | None]:
    """The longest known word at each place; None for a syllable that begins none."""
    words: list[str | None] = []
    at = 0
    while at < len(found):
        for length in range(min(_LONGEST_WORD, len(found) - at), 0, -1):
            word = confusions.by_sound.get(" ".join(loose(one) for one in found[at : at + length]))
            if word is not None:
                words.append(word)
                at += length
                break
        else:
            words.append(None)
            at += 1
    return words


def _from_typos(text: str, confusions: Confusions, noted: list[Correction]) -> str:
    """Pieces that are no word and sound like one that the shop uses: 退快, 发或, 尺马, 优汇券."""
    for run in _HAN_RUN.findall(fold(text)):
        pieces = cut(run)
        for piece, following in zip_longest(pieces, pieces[1:], fillvalue=""):
            is_short = len(piece) == 1 or len(following) == 1
            for typed in (piece, _joined(piece, following) if is_short and following else ""):
                if not 2 <= len(typed) <= _LONGEST_WORD or typed[0] in _GRAMMAR or typed not in text:
                    continue
                if _is_word(typed, confusions):
                    continue
                meant = _same_sound(typed, confusions) or (_near_sound(typed, confusions) if typed == piece else None)
                if meant is not None:
                    noted.append(Correction("typo", typed, meant))
                    text = text.replace(typed, meant)
                    break
    return text


@cache
def _common() -> frozenset[str]:
    return frozenset(shop_terms())


def _joined(piece: str, following: str) -> str:
    """Two pieces that may be one word cut apart; never with a common word in it, as in 怎么养."""
    longer = piece if len(piece) > len(following) else following
    if 1 not in (len(piece), len(following)) or (len(longer) > 1 and longer in _common()):
        return ""
    return piece + following


def _is_word(typed: str, confusions: Confusions) -> bool:
    return typed in confusions.words or rjieba.has_word(typed)


def _same_sound(typed: str, confusions: Confusions) -> str | None:
    key = key_of(typed)
    meant = confusions.by_sound.get(key) if key else None
    return meant if meant is not None and any(a == b for a, b in zip(typed, meant, strict=True)) else None


def _near_sound(typed: str, confusions: Confusions) -> str | None:
    """Of two characters one is right and the other nearly sounds right; only if just one such word is known."""
    if len(typed) != 2:
        return None
    known = readings()
    near = {
        word
        for gap, place in ((f"_{typed[1]}", 0), (f"{typed[0]}_", 1))
        for word in confusions.by_gap.get(gap, ())
        if sounds_near(known.get(typed[place], ""), known.get(word[place], ""))
    }
    return near.pop() if len(near) == 1 else None
