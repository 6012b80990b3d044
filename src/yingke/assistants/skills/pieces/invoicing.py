"""Who an invoice is made out to: title, tax number and where it is sent, read from the customer's words."""

import re
from typing import Any, Final

from yingke.assistants.skills.pieces.talk import Pending
from yingke.assistants.skills.pieces.wishes import says_no
from yingke.assistants.skills.pieces.work import Served, Work
from yingke.kit.expression import expression

# GB 32100-2015: 18 marks without I, O, S, V and Z; the last one is the check mark, weights are 3^i modulo 31.
_MARKS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_TAX = expression(r"(?<![A-Z0-9])[A-Z0-9]{15,20}(?![A-Z0-9])", re.IGNORECASE)
_CALLED_TAX = expression(
    r"(?:税号|纳税人识别号|统一社会信用代码|信用代码|tax\s*(?:no|number|id)?)\s*[:：是为.]*\s*([A-Z0-9][A-Z0-9 \-]{5,25})",
    re.IGNORECASE,
)
_EMAIL = expression(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_TITLE = expression(
    r"(?:发票抬头|抬头|名称|公司(?:全)?名(?:称)?|单位|title|name)(?:改成|换成|改为|写|开|是|为|应该是|叫|to|is)*\s*[:：是为]?\s*([^\s,，;；。]{2,60})",
    re.IGNORECASE,
)
_NEW_TITLE = expression(
    r"(?:改成|换成|改为|应该是|正确的?(?:是|抬头)|should be|change (?:it )?to)\s*[:：]?\s*([^\s,，;；。]{2,60})",
    re.IGNORECASE,
)
_WRONG = re.compile(r"^(?:错|写错|填错|开错|不对|不是|吗|是什么)")
_LABELS = re.compile(
    r"税号|纳税人识别号|统一社会信用代码|邮箱|电子邮箱|抬头|(?:帮我|给我|请|麻烦)?(?:开|改成|换成|改为)(?:一?张)?|发票|[:：,，;；\s]+",
    re.IGNORECASE,
)
_COMPANY = expression(
    r"公司|集团|工厂|(?<!个)厂$|商行|商店|经营部|工作室|事务所|中心$|学校|大学|学院|医院|研究院|研究所|合作社|协会|基金会|委员会|\b(?:ltd|inc|llc|gmbh|co\.?|corp|company)\b",
    re.IGNORECASE,
)
_PERSONAL = expression(r"个人(?:的|发票|抬头)?|personal", re.IGNORECASE)
_PERSON = expression(r"个人(?:抬头)?\s*[:：,，]?\s*(?!的|发票|抬头)([\u4e00-\u9fff]{2,4})(?![\u4e00-\u9fff])")
_OPENING = re.compile(
    r"^(?:我|要|想|帮|给|请|麻烦|你|您|们|再|就|的|，|,)*(?:开|补|写)?(?:一?张|个)?(?:发票|专票|普票)?(?:抬头|名称)?(?:是|为|[:：])*\s*"
)
_NAMED_COMPANY = expression(
    r"[\u4e00-\u9fff（）()A-Za-z0-9&.]{2,40}(?:公司|集团|工厂|商行|商店|经营部|工作室|事务所|研究院|研究所|合作社|学校|大学|学院|医院)"
    r"|[A-Z][\w&.,' -]{2,60}\b(?:Ltd|Inc|LLC|GmbH|Corp|Co)\b\.?"
)
_NO_TAX = expression(r"没有|不用|不需要|不知道|无$|none|don'?t have", re.IGNORECASE)
_NO_NAMES = ("公司", "企业", "单位", "公家", "company")
STEPS = ("invoice", "tax_number", "email")


def is_tax_number(number: str) -> bool:
    """A unified social credit code of 18 marks with its check mark, or one of the older numbers of 15 or 20."""
    plain = number.upper()
    if len(plain) in (15, 20):
        return plain.isalnum() and sum(mark.isdigit() for mark in plain) >= 8
    if len(plain) != 18 or any(mark not in _MARKS for mark in plain):
        return False
    total = sum(_MARKS.index(mark) * pow(3, place, 31) for place, mark in enumerate(plain[:17]))
    return _MARKS[-total % 31] == plain[17]


def answers(asked: str | None, text: str) -> bool:
    """Whether `text` may be what was asked for about an invoice."""
    if asked == "invoice":
        return 2 <= len(text) <= 120
    if asked == "tax_number":
        return bool(_TAX.search(text) or _CALLED_TAX.search(text) or _PERSONAL.search(text) or _NO_TAX.search(text))
    if asked != "email":
        return False
    return bool(_EMAIL.search(text) or says_no(text) or _NO_TAX.search(text) or read_invoice(text, is_title=False))


def read_invoice(text: str, *, is_title: bool) -> dict[str, str]:
    """{title, tax_number, email}, each only where it was found; a wrong tax number stands under `wrong_number`.

    `is_title`: a title was just asked for, so the rest of the words is one.
    """
    found: dict[str, str] = {}
    email = _EMAIL.search(text)
    rest = _EMAIL.sub(" ", text)
    if email:
        found["email"] = email[0]
    called = _CALLED_TAX.search(rest)
    number = re.sub(r"[ \-]", "", called[1]) if called else (one[0] if (one := _TAX.search(rest)) else "")
    if any(mark.isdigit() for mark in number):
        found["tax_number" if is_tax_number(number) else "wrong_number"] = number.upper()
        rest = rest.replace(called[0] if called else number, " ")
    named = _NEW_TITLE.search(rest) or _TITLE.search(rest)
    if named and not _WRONG.match(named[1]):
        found["title"] = named[1][:60]
    elif company := _company(rest):
        found["title"] = company[:60]
    elif person := _PERSON.search(rest):
        found["title"] = person[1]
    elif is_title and not _NO_TAX.search(rest) and (said := _LABELS.sub(" ", rest).strip(" 。.!！")):
        found["title"] = " ".join(said.split()).removesuffix("的")[:60]
    if found.get("title") in _NO_NAMES:
        del found["title"]
    if "title" not in found and _PERSONAL.search(rest):
        found["title"] = "个人"
    return found


def _company(text: str) -> str:
    """「开发票，深圳市青山科技有限公司」: the name of a company without what leads up to it."""
    found = _NAMED_COMPANY.search(text)
    name = _OPENING.sub("", found[0]).strip() if found else ""
    return name if len(name) >= 5 else ""


def take(work: Work, pending: Pending, text: str) -> str | None:
    """Adds what `text` tells to the details; what is wrong with it: wrong_number."""
    read = read_invoice(text, is_title=work.talk.asked == "invoice")
    if work.talk.asked == "tax_number" and not read and _PERSONAL.search(text):
        read["title"] = "个人"
    if work.talk.asked in ("tax_number", "email"):
        told = _company(text) or _PERSONAL.search(text)
        read = {name: value for name, value in read.items() if name != "title" or told}
    if work.talk.asked == "tax_number" and _NO_TAX.search(text) and "tax_number" not in read:
        pending.details["no_number"] = "yes"
    if work.talk.asked == "email" and "email" not in read:
        pending.details["no_email"] = "yes"
    wrong = read.pop("wrong_number", None)
    pending.details |= read
    return "wrong_number" if wrong else None


def ask_missing(work: Work, pending: Pending) -> Served | None:
    """The question for what is missing; None when the invoice can be asked for."""
    talk, details = work.talk, pending.details
    if not details.get("title"):
        talk.asked = "invoice"
        return Served(work.say("ask_invoice", number=pending.order_number))
    if _COMPANY.search(details["title"]) and not details.get("tax_number") and not details.get("no_number"):
        talk.asked = "tax_number"
        return Served(work.say("ask_tax_number", title=details["title"]))
    if not details.get("email") and not details.get("no_email"):
        talk.asked = "email"
        return Served(work.say("ask_email"))
    details["shown"] = shown(work, details)
    return None


def shown(work: Work, details: dict[str, Any]) -> str:
    """As it is read back before the yes."""
    parts = [details["title"]]
    if details.get("tax_number"):
        said = work.word("tax_number", "税号 {number}", "tax number {number}")
        parts.append(said.format(number=details["tax_number"]))
    if details.get("email"):
        parts.append(work.word("sent_to", "发到 {email}", "sent to {email}").format(email=details["email"]))
    return "，".join(parts) if work.is_chinese else work.listed(parts)


def sent_details(details: dict[str, Any]) -> dict[str, str]:
    """What the shop is given."""
    return {name: details[name] for name in ("title", "tax_number", "email") if details.get(name)}
