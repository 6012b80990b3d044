"""Order numbers as people write them: narrow or wide, with gaps or without, in capitals or not."""

import re
import unicodedata

from yingke.kit.expression import expression
from yingke.kit.recently import recently

LONGEST_KEY = 64
_IN_WORDS = ("零〇", "幺一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
_GAP = r"[\s\-_–—·.]{0,3}"
_LABELLED = expression(
    r"(?:订单编号|订单号码|订单号|订单|单号|编号|order\s*(?:number|no|id)?|#)\s*[.:：#是为=]{0,2}\s*"
    r"((?!(?:is|was|of|for|at|over|above|under|about)\b)[A-Z]{0,8}" + _GAP + r"(?:[A-Z]{0,3}\d" + _GAP + r"){3,30})",
    re.IGNORECASE,
)
_LETTERED = expression(
    rf"(?<![A-Z0-9'’])[A-Z]{{1,6}}{_GAP}(?:[A-Z]{{0,2}}{_GAP}\d[\d\-]{{2,28}})(?![A-Z0-9])", re.IGNORECASE
)
# 「under 200」, 「I'm 175」: a word in small letters and a figure of its own.
_WORD_AND_FIGURE = re.compile(r"[A-Za-z]?[a-z]{1,6}[.]?(?:\s+[A-Za-z]{1,2})?\s+[\d\-]+")
_BARE = expression(r"(?<![\dA-Z.])\d{8,28}(?![\dA-Z])", re.IGNORECASE)
_MOBILE = re.compile(r"(?:86)?1[3-9]\d{9}")
_SPOKEN = {mark: str(value) for value, marks in enumerate(_IN_WORDS) for mark in marks}
_DIGIT = rf"[\d{''.join(_SPOKEN)}]"
_FOUR_DIGITS = rf"{_DIGIT}(?:[ .,、\-]?{_DIGIT}){{3}}"
_TAIL = expression(
    r"(?:尾号|尾数|末尾|结尾|后四位|末四位|后4位|末4位|last\s*(?:four|4)(?:\s*digits)?|ending(?:\s*(?:in|with))?)"
    rf"(?:(?!{_DIGIT}).){{0,6}}({_FOUR_DIGITS})(?!{_DIGIT})",
    re.IGNORECASE,
)
_TAIL_BEFORE = expression(rf"(?<!{_DIGIT})({_FOUR_DIGITS})\s*(?:这个|是|的|为)*(?:尾号|尾数|后四位|末四位|结尾)")
_HIDDEN_PHONE = expression(r"(?<!\d)1[3-9]\d[ \-]?[x*_?]{4}[ \-]?(\d{4})(?!\d)", re.IGNORECASE)
_FOUR = expression(r"(?<![\dA-Z\-_])(\d{4})(?![\dA-Z\-_年元块])", re.IGNORECASE)
_FOUR_ALONE = expression(rf"(?:^|[\s,:。是])({_FOUR_DIGITS})(?:$|[\s,。的吧啊哦呀])")
# 「q x - d 0 0 0 1」
_SPELLED = expression(r"(?<![A-Z0-9])(?=[\d\s\-]*[A-Z])(?:[A-Z0-9\-]\s+){5,40}[A-Z0-9](?![A-Z0-9])", re.IGNORECASE)
_SPACED_OUT = expression(r"(?<=[A-Z])[ \-]{0,2}\d(?: \d){2,27}(?!\d)", re.IGNORECASE)
# 「QX-DOOO1」: letters that look like the digits they stand for.
_LOOKALIKE = expression(
    r"(?<![A-Z0-9])([A-Z]{1,4}\s?[\-_–—]\s?[A-Z]?)(?=[OIL]*\d)(?=\d*[OIL])([\dOIL]{4,28})(?![A-Z0-9])", re.IGNORECASE
)
_MEANT = str.maketrans("oOiIlL", "001111")
_NUMBER_AND_TAIL = expression(r"((?=\S*[A-Z])\S*\d{4}|[A-Z]{1,6}[ \-]?[A-Z]{0,2}\d{4,})\s+\d{4}", re.IGNORECASE)
_GAPS = re.compile(r"[\s.,、\-]+")
_PHONE = expression(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)")


def number_key(number: str) -> str:
    """Its letters and digits in lower case, half width: what orders are looked up by. Empty when there are none."""
    narrow = unicodedata.normalize("NFKC", number).casefold()
    return "".join(mark for mark in narrow if mark.isalnum())[:LONGEST_KEY]


@recently
def find_order_numbers(text: str) -> list[str]:
    """What may be an order number in `text`, each once, the surest first: labelled, lettered, then long digits.

    A mobile number is not one unless it is called so; whether it is one the shop's own orders decide.
    """
    narrow = _as_meant(text)
    found = [_without_tail(match[1]) for match in _LABELLED.finditer(narrow)]
    found += [
        _without_tail(match[0]) for match in _LETTERED.finditer(narrow) if not _WORD_AND_FIGURE.fullmatch(match[0])
    ]
    found += [match[0] for match in _BARE.finditer(narrow) if not _MOBILE.fullmatch(match[0])]
    kept: dict[str, str] = {}
    for one in found:
        key = number_key(one)
        if any(mark.isdigit() for mark in key) and not any(key in other or other in key for other in kept):
            kept[key] = re.sub(r"\s+", "", one).strip("-_–—·.").upper()
    return list(kept.values())


@recently
def find_phone_tail(text: str) -> str | None:
    """The last four digits of a phone number, in figures or in words: so called, of a whole mobile number or one with
    stars in it, or four that stand alone."""
    narrow = _as_meant(text)
    if called := _TAIL.search(narrow) or _TAIL_BEFORE.search(narrow):
        return _in_figures(called[1])
    if phone := _PHONE.search(narrow):
        return phone[0][-4:]
    if hidden := _HIDDEN_PHONE.search(narrow):
        return hidden[1]
    rest = _LABELLED.sub(lambda found: found[0].replace(_without_tail(found[1]), " "), narrow)
    rest = _LETTERED.sub(_taken_out, rest)
    alone = _FOUR.findall(rest) or [_in_figures(four) for four in _FOUR_ALONE.findall(rest)]
    return alone[-1] if len(set(alone)) == 1 else None


def _taken_out(found: re.Match[str]) -> str:
    """A lettered number is no tail; a word before a figure of its own leaves the figure: 「ends 0417」."""
    return found[0] if _WORD_AND_FIGURE.fullmatch(found[0]) else found[0].replace(_without_tail(found[0]), " ")


def _as_meant(text: str) -> str:
    """Half width, without the gaps of a number spelled letter by letter and the letters that stand for digits."""
    narrow = unicodedata.normalize("NFKC", text)
    narrow = _SPELLED.sub(lambda found: "".join(found[0].split()), narrow)
    narrow = _SPACED_OUT.sub(lambda found: found[0].replace(" ", ""), narrow)
    return _LOOKALIKE.sub(lambda found: f"{found[1]}{found[2].translate(_MEANT)}", narrow)


def _in_figures(four: str) -> str:
    return "".join(_SPOKEN.get(mark, mark) for mark in _GAPS.sub("", four))


def _without_tail(number: str) -> str:
    """「QX-D0002 8826」: four digits behind a lettered number are the phone's, not its own."""
    whole = _NUMBER_AND_TAIL.fullmatch(number.rstrip())
    return whole[1] if whole is not None else number


def digits_of(phone: str) -> str:
    """The digits of a phone number, narrow; at most 20."""
    return "".join(mark for mark in unicodedata.normalize("NFKC", phone) if mark.isascii() and mark.isdigit())[:20]
