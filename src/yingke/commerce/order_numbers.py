"""Order numbers as people write them: narrow or wide, with gaps or without, in capitals or not."""

import re
import unicodedata

from yingke.kit.expression import expression
from yingke.kit.recently import recently

LONGEST_KEY = 64
_GAP = r"[\s\-_–—·.]{0,3}"
_LABELLED = expression(
    r"(?:订单编号|订单号码|订单号|订单|单号|编号|order\s*(?:number|no|id)?|#)\s*[.:：#是为=]{0,2}\s*"
    r"([A-Z]{0,8}" + _GAP + r"(?:[A-Z]{0,3}\d" + _GAP + r"){3,30})",
    re.IGNORECASE,
)
_LETTERED = expression(
    rf"(?<![A-Z0-9'’])[A-Z]{{1,6}}{_GAP}(?:[A-Z]{{0,2}}{_GAP}\d[\d\-]{{2,28}})(?![A-Z0-9])", re.IGNORECASE
)
# 「under 200」, 「I'm 175」: a word in small letters and a figure of its own.
_WORD_AND_FIGURE = re.compile(r"[A-Za-z]?[a-z]{1,6}[.]?(?:\s+[A-Za-z]{1,2})?\s+[\d\-]+")
_BARE = expression(r"(?<![\dA-Z.])\d{8,28}(?![\dA-Z])", re.IGNORECASE)
_MOBILE = re.compile(r"(?:86)?1[3-9]\d{9}")
_TAIL = expression(
    r"(?:尾号|后四位|末四位|后4位|末4位|last\s*(?:four|4)(?:\s*digits)?|ending(?:\s*(?:in|with))?)"
    r"\D{0,6}(\d(?:[ .\-]?\d){3})(?!\d)",
    re.IGNORECASE,
)
_FOUR = expression(r"(?<![\dA-Z\-_])(\d{4})(?![\dA-Z\-_年元块])", re.IGNORECASE)
_SPACED = expression(r"\s*\d(?:[ .\-]\d){3}\s*")
_NUMBER_AND_TAIL = expression(r"((?=\S*[A-Z])\S*\d{4}|[A-Z]{1,6}[ \-]?[A-Z]{0,2}\d{4,})\s+\d{4}", re.IGNORECASE)
_GAPS = re.compile(r"[\s.\-]+")
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
    narrow = unicodedata.normalize("NFKC", text)
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
    """The last four digits of a phone number: so called, of a whole mobile number, or four digits that stand alone."""
    narrow = unicodedata.normalize("NFKC", text)
    if called := _TAIL.search(narrow):
        return _GAPS.sub("", called[1])
    if _SPACED.fullmatch(narrow):
        return _GAPS.sub("", narrow)
    if phone := _PHONE.search(narrow):
        return phone[0][-4:]
    alone = _FOUR.findall(_LABELLED.sub(lambda found: found[0].replace(_without_tail(found[1]), " "), narrow))
    return alone[-1] if len(set(alone)) == 1 else None


def _without_tail(number: str) -> str:
    """「QX-D0002 8826」: four digits behind a lettered number are the phone's, not its own."""
    whole = _NUMBER_AND_TAIL.fullmatch(number.rstrip())
    return whole[1] if whole is not None else number


def digits_of(phone: str) -> str:
    """The digits of a phone number, narrow; at most 20."""
    return "".join(mark for mark in unicodedata.normalize("NFKC", phone) if mark.isascii() and mark.isdigit())[:20]
