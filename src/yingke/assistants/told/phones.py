"""Telephone numbers as people type them: spaced, full width, in Chinese numerals, with or without a country."""

import re
from dataclasses import dataclass

from yingke.kit.expression import expression

_NUMERALS = str.maketrans("零〇洞一幺壹二贰三叁四肆五伍六陆七柒拐八捌九玖勾", "000111223344556677788999")
_ONE = r"[0-9零〇洞一幺壹二贰三叁四肆五伍六陆七柒拐八捌九玖勾]"
_RUN = expression(rf"(?<![A-Za-z0-9_.@-])[+＋]?\(?{_ONE}(?:[ \t.·\-—–()]{{0,3}}{_ONE}){{5,25}}(?![A-Za-z0-9_@])")
_MAINLAND = re.compile(r"(?:(?:00)?86)?(1[3-9]\d{9})")
_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d{2})\d{7,8}")
_TAIWAN = re.compile(r"(?:(?:00)?886|0)(9\d{8})")
_HONG_KONG = re.compile(r"(?:00)?852([2-9]\d{7})")
_MACAO = re.compile(r"(?:00)?853([26]\d{7})")
_TEN_DIGITS = re.compile(r"[2-9]\d{2}[2-9]\d{6}")
"""As North America writes them, without the country."""
_LOCAL_8 = re.compile(r"[2-9]\d{7}")
_PHONE_WORD = re.compile(
    r"电话|手机|号码|手机号|联系方式|座机|固话|打给?我|拨|致电|来电|回电|call|phone|mobile|tel\b|number|cell",
    re.IGNORECASE,
)
_HONG_KONG_WORD = re.compile(r"香港|港澳|hong ?kong|\bhk\b", re.IGNORECASE)
_OTHER_NUMBER = re.compile(
    r"(?:订单|单号|运单|快递|物流|编号|货号|税号|身份证|银行卡|卡号|尾号|qq|order(?: (?:no|number|id))?|tracking(?: (?:no|number))?)"
    r"\s*(?:编?号码?)?[\s:：#.是为=]*$",
    re.IGNORECASE,
)
_BEFORE = 16
_NEAR = 24


@dataclass(frozen=True, slots=True)
class PhoneFound:
    """`number`: 11 digits of the mainland, a landline with its area code, otherwise + and country. Where it stood."""

    number: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class NotAPhone:
    """Something given as a telephone number that cannot be one; `digits` is how many it has."""

    digits: int
    start: int
    end: int


def find_phones(text: str, *, is_asked: bool = False) -> tuple[list[PhoneFound], list[NotAPhone]]:
    """`text` in half width. `is_asked`: a number was asked for, so that a bare one means a telephone."""
    found: list[PhoneFound] = []
    wrong: list[NotAPhone] = []
    for match in _RUN.finditer(text):
        if _OTHER_NUMBER.search(text[max(0, match.start() - _BEFORE) : match.start()]):
            continue
        near = text[max(0, match.start() - _NEAR) : match.end() + _NEAR]
        is_meant = is_asked or bool(_PHONE_WORD.search(near))
        is_abroad = match[0].lstrip("(").startswith(("+", "＋"))
        digits = re.sub(r"\D", "", match[0].translate(_NUMERALS))
        is_hong_kong = bool(_HONG_KONG_WORD.search(near))
        numbers = _read(digits, is_abroad, is_meant, is_hong_kong)
        if not numbers and (bare := re.sub(r"[^0-9]+$", "", match[0])) != match[0]:
            # 「13800000417 一个」: what follows in Chinese numerals is no part of it.
            numbers = _read(re.sub(r"\D", "", bare), is_abroad, is_meant, is_hong_kong)
        if numbers:
            found += [PhoneFound(number, match.start(), match.end()) for number in numbers]
        elif is_meant and _looks_like_one(digits, match[0]):
            wrong.append(NotAPhone(len(digits), match.start(), match.end()))
    return found, wrong


def _read(digits: str, is_abroad: bool, is_meant: bool, is_hong_kong: bool) -> list[str]:
    if (not is_abroad or digits.startswith("86")) and (mobiles := _several(digits)):
        return mobiles
    if match := _TAIWAN.fullmatch(digits):
        return [f"+886{match[1]}"]
    if match := _HONG_KONG.fullmatch(digits):
        return [f"+852{match[1]}"] if is_abroad or is_meant or is_hong_kong else []
    if match := _MACAO.fullmatch(digits):
        return [f"+853{match[1]}"] if is_abroad or is_meant else []
    if is_abroad:
        # Of the mainland it would have been read above; E.164 allows 15 digits at most.
        return [f"+{digits}"] if 8 <= len(digits) <= 15 and not digits.startswith(("0", "86")) else []
    if _LANDLINE.fullmatch(digits):
        return [digits] if is_meant else []
    if is_meant and _TEN_DIGITS.fullmatch(digits):
        return [digits]
    return [f"+852{digits}"] if is_hong_kong and _LOCAL_8.fullmatch(digits) else []


def _several(digits: str) -> list[str]:
    """Mainland mobile numbers, also two or three written one after the other."""
    found, rest = [], digits
    while match := _MAINLAND.match(rest):
        found.append(match[1])
        rest = rest[match.end() :]
    return list(dict.fromkeys(found)) if not rest else []


def _looks_like_one(digits: str, written: str) -> bool:
    return 8 <= len(digits) <= 13 and (digits[0] == "1" or len(digits) >= 9) and "." not in written


def mask_phone(number: str) -> str:
    """138****0417, +852****5678, 010****8899."""
    head = 4 if number.startswith("+") else 3
    return f"{number[:head]}****{number[-4:]}"
