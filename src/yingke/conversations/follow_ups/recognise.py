"""Does an agent's sentence promise something that somebody has to do?"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from yingke.conversations.follow_ups.read_due import read_due

Kind = Literal["lead", "call_back", "reply", "reship", "refund", "compensation", "repair", "check", "invoice", "other"]
KINDS: tuple[Kind, ...] = (
    "lead", "call_back", "reply", "reship", "refund", "compensation", "repair", "check", "invoice", "other",
)  # fmt: skip
LONGEST_TITLE = 80
_YOU = r"(?:您|你|亲)"
_RULES: tuple[tuple[Kind, str], ...] = (
    ("call_back", rf"(?:回(?:{_YOU})?电话|给{_YOU}(?:打|回)(?:个)?电话|电话(?:联系|回复|回访|通知){_YOU}|回电|\bcall you(?: back)?\b|\bgive you a call\b)"),
    ("reship", rf"(?:补发|重新(?:发|寄)|再(?:发|寄)(?:一|个|份|件)|补寄|换(?:一|个|新)(?:个|件|份)?(?:新的)?(?:给|寄|发)|给{_YOU}(?:换|补)(?!\d|\s?\d)[^，。\n]{{0,6}}(?:新|发|寄)|\bsend (?:you )?(?:a |another |the )?(?:replacement|new one|another)\b|\breship\b|\bresend\b)"),
    ("invoice", r"(?:开(?:具|好)?[^，。\n]{0,4}发票|发票[^，。\n]{0,6}(?:开|发|寄|给)|\b(?:send|issue|email) (?:you )?(?:the |an )?invoice)"),
    ("refund", rf"(?:(?:给{_YOU}|帮{_YOU}|为{_YOU}|安排|办理|申请|处理)[^，。\n]{{0,6}}退(?:款|钱|回|差价)|退(?:款|钱|差价)[^，。\n]{{0,8}}(?:给{_YOU}|到账|安排|处理)|\brefund (?:you|it|the)\b|\bprocess (?:your|the) refund)"),
    ("compensation", rf"(?:补偿|赔(?:偿|付|给?{_YOU})|补(?:给)?{_YOU}?\s?\d|返(?:现|还|给)|(?:申请|发|送|给){_YOU}?[^，。\n]{{0,4}}(?:优惠券|红包|积分)|\bcompensat\w+|\bcoupon for you)"),
    ("repair", r"(?:维修|修好|检修|安排[^，。\n]{0,4}(?:师傅|工程师|安装|上门)|上门|\brepair\b|\btechnician\b)"),
    ("check", rf"(?:(?:帮{_YOU}|给{_YOU}|我|为{_YOU})[^，。\n]{{0,6}}(?:核实|查(?:一?下|实|询|清)|确认|催(?:一?下|件|促)?|跟进|核对|反馈|反映|申请|登记|协调|联系(?:仓库|快递|物流|厂家))|(?:联系|问)(?:一?下)?(?:仓库|快递|物流|厂家|财务|主管)|\b(?:check|look into|follow up|find out|confirm|chase|ask the)\b)"),
    ("reply", rf"(?:回复{_YOU}|答复{_YOU}|给{_YOU}(?:一?个)?(?:回复|答复|结果|消息|准信|反馈|答案)|通知{_YOU}|告诉{_YOU}|告知{_YOU}|联系{_YOU}|发(?:给)?{_YOU}|\b(?:get back to you|let you know|reply to you|update you|contact you|email you|message you)\b)"),
)  # fmt: skip
_COMPILED = tuple((kind, re.compile(rule, re.IGNORECASE)) for kind, rule in _RULES)
_FUTURE = re.compile(
    r"(?:会|将|马上|立刻|立即|稍后|一会|待会|尽快|这就|这边|我(?:来|去|帮|给|们|先|让|再|今|明|后|下|马|稍|尽|联|问|催|查|核|跟|把|为)|今天|今晚|明天|明早|明日|后天|下午|上午|晚上|周[一二三四五六日天]|下班前|月底|\d+\s?(?:个)?(?:分钟|小时|工作日|天|点|号)|[一二两三四五六七八九十半]+个?(?:分钟|小时|工作日|天)|安排|帮您|给您|为您"
    r"|\b(?:i'?ll|i will|we'?ll|we will|going to|let me|tomorrow|today|within|by)\b)",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"(?:已经?|刚(?:刚|才)?)[^，。\n]{0,8}(?:好|完|了|过)|(?:寄|发|退|查|催|开|修|换|补)(?:好|完|过)了|\b(?:already|have (?:sent|refunded|checked))\b",
    re.IGNORECASE,
)
_NOT_MINE = re.compile(
    r"(?:需要您|请您|麻烦您|您(?:可以|先|这边|需要)|烦请)[^。！？\n]{0,20}$|(?:如果|如需|若|要是|假如|可以|能够|支持|一般|通常|正常|默认|系统|自动|超过)[^。！？\n]{0,24}$|(?:不能|无法|没法|不支持|不会|不可以)[^，。\n]{0,10}$"
    r"|\b(?:you can|please|if you|usually|normally|cannot|can't)\b[^.\n]{0,40}$",
    re.IGNORECASE,
)
_USUALLY = re.compile(r"一般|通常|正常情况|默认|会自动|usually|normally|automatically", re.IGNORECASE)
_SENTENCE = re.compile(r"[^。！？!?\n；;]+")
_QUESTION = re.compile(r"(?:吗|么|呢|？|\?|好不好|行不行|可以吗)\s*$")


@dataclass(frozen=True, slots=True)
class Proposed:
    """What could be followed up. `due_at` None: the words name no time."""

    kind: Kind
    title: str
    due_at: datetime | None


def recognise(text: str, said_at: datetime, zone: str) -> Proposed | None:
    """The first promise of the text; None when nobody has to do anything for it."""
    for match in _SENTENCE.finditer(text):
        sentence = match[0].strip()
        if _QUESTION.search(text[match.start() : match.end() + 1]) or not _FUTURE.search(sentence):
            continue
        for kind, rule in _COMPILED:
            found = rule.search(sentence)
            if (
                found is None
                or _NOT_MINE.search(sentence[: found.start()])
                or _is_done(sentence)
                or _USUALLY.search(sentence)
            ):
                continue
            due = read_due(sentence, said_at, zone) or read_due(text, said_at, zone)
            return Proposed(kind, sentence[:LONGEST_TITLE], due)
    return None


def _is_done(sentence: str) -> bool:
    return bool(_DONE.search(sentence)) and not re.search(r"明|后天|稍后|尽快|会|\bwill\b|'ll", sentence)
