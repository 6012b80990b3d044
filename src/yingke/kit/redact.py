"""Finds personal numbers in text: stars them out for logs, or swaps them for placeholders before a model sees them.

Kinds: mainland mobile numbers (11 digits, 1[3-9], also in Chinese numerals), 18-digit citizen numbers (GB 11643,
date and check character), bank cards (known leading digits and lengths, Luhn), e-mail addresses. Order numbers, SKUs,
prices and tracking numbers are left as they are; a number that its own text calls an order or tracking number counts
as one.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

DIGIT = "[0-9０-９]"
# A number is not looked for inside a longer word: neither "QX-13800138000" nor "A13800138000B" is a phone.
BEFORE = r"(?<![0-9０-９A-Za-z])(?<![0-9０-９A-Za-z][-_/.])"
AFTER = r"(?![0-9０-９A-Za-z])(?![-_/.][0-9０-９A-Za-z])"
CONTACT_WORD = r"(?:(?i:tel|phone|mobile|mob|cell|wechat|weixin|wx|vx|v|t|m))?"
EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9_%+-](?:[A-Za-z0-9._%+-]{0,62}[A-Za-z0-9_%+-])?"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9-])"
)
CITIZEN = re.compile(rf"{BEFORE}[1-9１-９]{DIGIT}{{16}}[0-9０-９XxＸｘ]{AFTER}")
CARD = re.compile(rf"{BEFORE}{DIGIT}(?:[ -]?{DIGIT}){{14,18}}{AFTER}")
MOBILE = re.compile(
    rf"{BEFORE}{CONTACT_WORD}(?P<number>(?:(?:[+＋]|00)?86[ -]?)?"
    rf"[1１][3-9３-９]{DIGIT}(?:[ .-]?{DIGIT}{{4}}){{2}}|[1１](?P<gap>[ .-])[3-9３-９](?:(?P=gap){DIGIT}){{9}}){AFTER}"
)
SPOKEN = dict(zip("零〇一幺壹二两贰三叁四肆五伍六陆七柒八捌九玖", "00111222334455667788" + "99", strict=True))
SPOKEN_DIGIT = f"[{''.join(SPOKEN)}]"
SPOKEN_MOBILE = re.compile(
    rf"(?<!{SPOKEN_DIGIT})[一幺壹][三叁四肆五伍六陆七柒八捌九玖]{SPOKEN_DIGIT}{{9}}(?!{SPOKEN_DIGIT})"
)
LABELLED = re.compile(
    r"(?:订单|单号|运单|快递|物流|编号|货号|条码|流水号|SKU|order(?:\s+(?:no|number|id))?|tracking(?:\s+(?:no|number))?)"
    r"\s*(?:编?号码?)?[\s:：#.是为=]*$",
    re.IGNORECASE,
)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
# Leading digits and lengths: UnionPay 62, Visa 4, Mastercard 51-55, JCB 35, American Express 34/37, ICBC's old 9558.
CARD_SHAPES = re.compile(r"62\d{14,17}|4\d{15}|5[1-5]\d{14}|35\d{14}|3[47]\d{13}|9558\d{15}")
LEAST_FIGURES = 11
"""Of the shortest number that is personal, a mobile one."""
_FIGURES = re.compile(f"[0-9０-９{''.join(SPOKEN)}]")
PLACEHOLDER_START = "〔"
LONGEST_PLACEHOLDER = 12


@dataclass(frozen=True, slots=True)
class Finding:
    """One personal value in a text: half-open span, kind (电话, 证件, 银行卡, 邮箱) and its plain spelling."""

    start: int
    end: int
    kind: str
    plain: str


def find_personal(text: str) -> list[Finding]:
    """All personal values in `text`, in order, without overlaps."""
    if "@" not in text and len(_FIGURES.findall(text)) < LEAST_FIGURES:
        return []
    taken: list[Finding] = []
    for finding in _candidates(text):
        if all(finding.end <= other.start or finding.start >= other.end for other in taken):
            taken.append(finding)
    return sorted(taken, key=lambda finding: finding.start)


def mask(text: str) -> str:
    """For logs and lists: the same text with the middle of every personal value starred out, not reversible."""
    return _replace(text, find_personal(text), _starred)


class Placeholders:
    """Swaps personal values for placeholders such as 〔电话1〕 and back; keep one per model call.

    The same value always gets the same placeholder, across every text masked by this object.
    """

    def __init__(self) -> None:
        self._name_of: dict[tuple[str, str], str] = {}
        self._original: dict[str, str] = {}

    def mask(self, text: str) -> str:
        """`text` without personal values; what a model may see."""
        return _replace(text, find_personal(text), lambda finding, written: self._name(finding, written, text))

    def unmask(self, text: str) -> str:
        """`text` with this object's placeholders replaced by what they stand for; unknown ones stay."""
        for name, original in self._original.items():
            text = text.replace(name, original)
        return text

    def _name(self, finding: Finding, written: str, text: str) -> str:
        key = (finding.kind, finding.plain)
        if key not in self._name_of:
            number = 1 + sum(1 for kind, _ in self._name_of if kind == finding.kind)
            while (name := f"〔{finding.kind}{number}〕") in text or name in self._original:
                number += 1
            self._name_of[key] = name
            self._original[name] = written
        return self._name_of[key]


class StreamUnmask:
    """`Placeholders.unmask` over text that arrives in pieces; holds back only a placeholder's beginning."""

    def __init__(self, placeholders: Placeholders) -> None:
        self._placeholders = placeholders
        self._held = ""

    def feed(self, piece: str) -> str:
        """What may be shown now."""
        if not self._held and PLACEHOLDER_START not in piece:
            return piece
        text = self._placeholders.unmask(self._held + piece)
        open_at = text.rfind(PLACEHOLDER_START)
        if open_at < 0 or "〕" in text[open_at:] or len(text) - open_at > LONGEST_PLACEHOLDER:
            open_at = len(text)
        self._held = text[open_at:]
        return text[:open_at]

    def finish(self) -> str:
        """What was still held back at the end."""
        held, self._held = self._held, ""
        return held


def _candidates(text: str) -> Iterator[Finding]:
    if "@" in text:
        for match in EMAIL.finditer(text):
            yield Finding(match.start(), match.end(), "邮箱", match[0].lower())
    for match in CITIZEN.finditer(text):
        plain = _plain(match[0])
        if _is_citizen_number(plain):
            yield Finding(match.start(), match.end(), "证件", plain)
    for match in CARD.finditer(text):
        plain = _plain(match[0])
        if CARD_SHAPES.fullmatch(plain) and _passes_luhn(plain) and not _is_labelled(text, match.start()):
            yield Finding(match.start(), match.end(), "银行卡", plain)
    for match in MOBILE.finditer(text):
        start, end = match.span("number")
        if not _is_labelled(text, start):
            yield Finding(start, end, "电话", _plain(match["number"])[-11:])
    for match in SPOKEN_MOBILE.finditer(text):
        yield Finding(match.start(), match.end(), "电话", "".join(map(SPOKEN.__getitem__, match[0])))


def _replace(text: str, findings: list[Finding], write: Callable[[Finding, str], str]) -> str:
    parts: list[str] = []
    last = 0
    for finding in findings:
        parts += [text[last : finding.start], write(finding, text[finding.start : finding.end])]
        last = finding.end
    return "".join([*parts, text[last:]])


def _starred(finding: Finding, written: str) -> str:
    plain = finding.plain
    if finding.kind == "电话":
        return f"{plain[:3]}****{plain[-4:]}"
    if finding.kind == "邮箱":
        name, _, host = plain.partition("@")
        return f"{name[:1]}***@{host}"
    return f"{plain[:4]}{'*' * (len(plain) - 8)}{plain[-4:]}"


def _plain(written: str) -> str:
    """Digits only (and the check character), full-width ones made narrow."""
    return "".join(
        str(int(character)) if character.isdecimal() else "X"
        for character in written
        if character.isdecimal() or character in "XxＸｘ"
    )


def _is_labelled(text: str, start: int) -> bool:
    return LABELLED.search(text[max(0, start - 24) : start]) is not None


def _is_citizen_number(plain: str) -> bool:
    try:
        born = date(int(plain[6:10]), int(plain[10:12]), int(plain[12:14]))
    except ValueError:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, plain, strict=False))
    return 1900 <= born.year <= 2100 and CHECK_CHARACTERS[total % 11] == plain[17]


def _passes_luhn(plain: str) -> bool:
    doubled = [int(digit) * 2 for digit in plain[-2::-2]]
    return (sum(map(int, plain[::-2])) + sum(d - 9 if d > 9 else d for d in doubled)) % 10 == 0
