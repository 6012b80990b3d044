"""Contact details in a customer's own words: at any moment, asked for or not. No network, no query; some 50 µs."""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Literal

from yingke.assistants.told.phones import find_phones, mask_phone
from yingke.assistants.told.places import find_city
from yingke.kit.expression import expression
from yingke.kit.recently import recently

DetailKind = Literal["phone", "wechat", "email", "name", "city", "budget", "call_time"]
KINDS: tuple[DetailKind, ...] = ("phone", "wechat", "email", "name", "city", "budget", "call_time")
REACHES: tuple[DetailKind, ...] = ("phone", "wechat", "email")
"""By these somebody can be reached."""
MOST_TEXT, TAIL = 1000, 300
"""Of a very long text the beginning and the end are read: that is where people say how to reach them."""
_PICTURED = (
    dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\ufe0f\u20e3"))
    | {first + digit: str(digit + 1) for first in (0x2776, 0x2780, 0x278A) for digit in range(9)}
    | {0x24FF: "0"}
)
"""Digits as pictures (1️⃣, ❶, ➊) and what hides between digits; other circled ones are digits to NFKC already."""
MOST_NAME = 20
_SOMEBODY_ELSE = expression(
    r"收货人|收件人|收货|寄(?:到|给)|送(?:到|货)|改(?:成|为)|新地址|地址(?:是|改)|朋友的|我(?:老公|老婆|爸|妈|同事|朋友|女儿|儿子)的?(?:电话|手机|微信)"
    r"|\b(?:ship|deliver|send) (?:it )?to\b|\brecipient\b",
    re.IGNORECASE,
)
_EMAIL = expression(r"(?<![\w.+-])[a-z0-9][\w.+-]{0,62}@(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,24}(?![\w-])", re.I | re.A)
_SPOKEN_AT = expression(r"\s*(?:艾特|圈a|圈A|\bat\b)\s*", re.I)
_SPOKEN_DOT = re.compile(r"(?<=[a-z0-9])\s*(?:点|\bdot\b)\s*(?=(?:com|cn|net|org|edu|me|io)\b)", re.I)
_BAD_EMAIL = expression(r"(?<![\w.+-])[a-z0-9][\w.+-]{1,62}@[a-z0-9-]{0,63}(?![\w.@-])", re.I | re.A)
_WECHAT_WORD = (
    r"(?:微信|薇信|威信|徽信|v信|绿泡泡|we ?chat|weixin|wx|vx|➕\s*v|[+＋加]\s*(?:我|一?下)?\s*v|\bv(?=\s*[:：]))"
)
_WECHAT = expression(
    rf"{_WECHAT_WORD}\s*(?:号码?|id|账号|account)?\s*(?:就?是|为|[:：=])?\s*(?P<id>(?-i:[A-Za-z])[-_A-Za-z0-9]{{5,19}}|1[3-9]\d{{9}}|[1-9]\d{{4,10}})(?![-_A-Za-z0-9@.])",
    re.IGNORECASE,
)
# In lower case and with a digit or a line: neither a word nor an order number.
_BARE_WECHAT = re.compile(r"^\s*(?P<id>(?=[^\s]*[\d_])[a-z][-_A-Za-z0-9]{5,19})\s*$")
_SAME_AS_PHONE = expression(
    r"微信同号|(?:微信|v信?|vx|wx)(?:号)?(?:也|就)?(?:是|和|跟)?(?:这个)?(?:手机|电话)号?(?:一样|同号|一个号)?|同微信|wechat (?:is )?(?:the )?same",
    re.I,
)
_NAME = expression(
    r"(?:我(?:的名字)?叫|叫我|(?<!什么)名字(?:是|叫)|称呼(?:我)?(?:为)?|我姓)\s*[:：]?\s*(?P<name>[\u4e00-\u9fff]{1,4}?(?:先生|女士|小姐|老师|总|工|哥|姐)?|[A-Z][a-z]{1,15})(?=就行|就好|即可|吧|好了|[,，。.、;；!！~\s]|$)"
    r"|(?i:\bmy name is|\bcall me|\bi(?:'m| am) called)\s+(?P<en>[A-Z][a-z]{1,15}(?: [A-Z][a-z]{1,15})?)"
)
_TITLED = expression(r"(?:我是)\s*(?P<name>[\u4e00-\u9fff]{1,2}(?:先生|女士|小姐|老师|总))(?=[,，。.、;；!！~\s]|$)")
_BARE_NAME = re.compile(
    r"^(?:我?(?:姓|叫|是))?\s*(?P<name>[\u4e00-\u9fff]{1,4}(?:先生|女士|小姐|老师|总)?|[A-Z][a-z]{1,15}(?: [A-Z][a-z]{1,15})?)[。.!！~]*$"
)
_NOT_A_NAME = re.compile(
    r"什么|怎么|谁|好的?|可以|不|没有?|谢|嗯|行|是的?|客服|人工|你|您|多少|吗|呢|ok|yes|no|hello|hi|thanks", re.I
)
_BUDGET = expression(
    r"(?:预算|budget)\s*(?:大概|大约|差不多|只有|控制)?\s*(?:是|在|为|有|is|of|around|about|:|：)?\s*(?P<said>(?:¥|￥|\$|us\$)?\s*[\d,.一二两三四五六七八九十百千万]{1,9}\s*(?:k|w|千|万|元|块|rmb|usd|dollars?|yuan)?(?:\s*(?:-|–|~|到|至|to)\s*(?:¥|￥|\$)?[\d,.一二两三四五六七八九十百千万]{1,9}\s*(?:k|w|千|万|元|块|rmb|usd|dollars?|yuan)?)?(?:以内|左右|以下|上下|之内|每人)?)",
    re.IGNORECASE,
)
_DAY = r"(?:今天|明天|后天|大后天|(?:下)?(?:周|星期|礼拜)[一二三四五六日天末]|周末|工作日|平时|每天|\d{1,2}[号日])"
_PART = r"(?:早上|上午|中午|下午|傍晚|晚上|白天|夜里|下班后|午休)"
_CLOCK = r"(?:[\d一二两三四五六七八九十]{1,3}\s*(?:点|[:：]\d{2}|时)(?:半|一刻|\d{1,2}分?|[一二三四五六]十分?)?(?:钟)?)"
_TIME = rf"(?:{_DAY}\s*(?:的)?\s*{_PART}?\s*{_CLOCK}?|{_PART}\s*{_CLOCK}?|{_CLOCK})(?:\s*(?:-|–|到|至)\s*{_PART}?{_CLOCK})?\s*(?:之?后|以后|之?前|以前|左右|之间)?"
_CALL_TIME = expression(
    rf"(?P<said>{_TIME})\s*(?:再|可以|给我|方便|都可以|都行|你们)?\s*(?:打|联系|来电|回电|致电|接电话|方便|有空)|(?:打|联系|回电|方便)[^，。,\d一二两三四五六七八九十]{{0,4}}(?:时间)?(?:是|在)?\s*(?P<after>{_TIME})"
    r"|(?i:\bcall(?: me)?\b[^.,\n]{0,12}?)(?P<en>(?i:(?:today|tomorrow|on \w+day|weekends?|(?:after|before|around|at|between) \d{1,2}(?::\d{2})?(?: ?[ap]m)?(?: and \d{1,2}(?: ?[ap]m)?)?)(?: (?:after|before|around|at) \d{1,2}(?::\d{2})?(?: ?[ap]m)?)?))"
)
_BARE_TIME = re.compile(rf"^(?P<said>{_TIME}|随时|都可以|都行|any ?time)[。.!！~吧都可以行]*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Detail:
    """`value` as it is stored; `start`, `end`: where in the half-width text it was said."""

    kind: DetailKind
    value: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """`wrong`: given as a telephone number (with so many digits) or an e-mail address (0) that cannot be one; where."""

    details: tuple[Detail, ...] = ()
    wrong: tuple[tuple[DetailKind, int, int, int], ...] = ()
    text: str = field(default="", repr=False)

    @property
    def reaches(self) -> tuple[Detail, ...]:
        return tuple(one for one in self.details if one.kind in REACHES)

    def of(self, kind: str) -> Detail | None:
        return next((one for one in self.details if one.kind == kind), None)


NOTHING = Told()


@recently
def read_told(text: str, asked: str = "") -> Told:
    """`asked` is the kind that was asked for last, "reach" for any way to be reached, "" for none."""
    if len(text) > MOST_TEXT:
        text = f"{text[: MOST_TEXT - TAIL]}\n{text[-TAIL:]}"
    plain = unicodedata.normalize("NFKC", text.translate(_PICTURED))
    if _SOMEBODY_ELSE.search(plain):
        return NOTHING
    emails, bad_email = _emails(plain)
    rest = _EMAIL.sub(lambda match: " " * len(match[0]), plain)
    wechats = _wechats(rest, asked)
    for one in wechats:
        rest = rest[: one.start] + " " * (one.end - one.start) + rest[one.end :]
    phones, wrong = find_phones(rest, is_asked=asked in ("phone", "reach"))
    details = [Detail("phone", one.number, one.start, one.end) for one in phones]
    details += wechats or _same_as_phone(plain, details)
    details += emails
    details += _about(plain, rest, asked)
    bad: list[tuple[DetailKind, int, int, int]] = [
        ("phone", one.digits, one.start, one.end) for one in wrong if not phones
    ]
    if bad_email is not None and not emails:
        bad.append(("email", 0, *bad_email))
    return Told(tuple(details), tuple(bad), plain)


def mask_detail(kind: str, value: str) -> str:
    """As it may be said back and shown in lists."""
    if kind == "phone" or (kind == "wechat" and value.isdigit()):
        return mask_phone(value) if len(value) > 7 else f"{value[:2]}***"
    if kind == "wechat":
        return f"{value[:2]}***{value[-2:]}"
    if kind == "email":
        name, _, place = value.partition("@")
        return f"{name[:1]}***@{place}"
    return value


def _emails(plain: str) -> tuple[list[Detail], tuple[int, int] | None]:
    spoken = _SPOKEN_DOT.sub(".", _SPOKEN_AT.sub("@", plain)) if _SPOKEN_AT.search(plain) else plain
    found = [Detail("email", match[0].lower(), match.start(), match.end()) for match in _EMAIL.finditer(spoken)]
    bad = _BAD_EMAIL.search(plain)
    return found, bad.span() if bad is not None and not found else None


def _wechats(text: str, asked: str) -> list[Detail]:
    found = [Detail("wechat", match["id"], match.start("id"), match.end("id")) for match in _WECHAT.finditer(text)]
    if not found and asked in ("wechat", "reach") and (match := _BARE_WECHAT.match(text)):
        found = [Detail("wechat", match["id"], match.start("id"), match.end("id"))]
    return found


def _same_as_phone(plain: str, phones: list[Detail]) -> list[Detail]:
    if phones and _SAME_AS_PHONE.search(plain):
        return [Detail("wechat", phones[0].value, phones[0].start, phones[0].end)]
    return []


def _about(plain: str, rest: str, asked: str) -> list[Detail]:
    """Who he is, where, for how much, and when he may be called."""
    found: list[Detail] = []
    if (name := _name(plain, asked)) is not None:
        found.append(name)
    if (city := find_city(rest.strip(), is_asked=asked == "city")) is not None:
        found.append(Detail("city", city[:40]))
    if match := _BUDGET.search(rest):
        found.append(Detail("budget", match["said"].strip()[:40]))
    elif asked == "budget" and re.search(r"[\d一二两三四五六七八九十百千万]", rest) and len(rest.strip()) <= 20:
        found.append(Detail("budget", rest.strip()))
    if match := _CALL_TIME.search(rest):
        said = next(one for one in (match["said"], match["after"], match["en"]) if one)
        found.append(Detail("call_time", said.strip()[:40], *match.span()))
    elif asked == "call_time" and (match := _BARE_TIME.match(rest.strip())):
        found.append(Detail("call_time", match["said"].strip()[:40]))
    return found


def _name(plain: str, asked: str) -> Detail | None:
    match = _NAME.search(plain) or _TITLED.search(plain)
    if match is None and asked == "name":
        match = _BARE_NAME.match(plain.strip())
    if match is None:
        return None
    said = match["name"] or match.groupdict().get("en") or ""
    if match.re.pattern == _NAME.pattern and plain[match.start() : match.start() + 2] == "我姓":
        said = said if said.endswith(("先生", "女士", "小姐", "老师", "总")) or len(said) > 1 else f"{said}（姓）"
    if not said or len(said) > MOST_NAME or _NOT_A_NAME.search(said):
        return None
    return Detail("name", said, *match.span())
