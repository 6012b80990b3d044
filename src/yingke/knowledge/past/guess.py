"""Guesses what the columns of an unknown file mean, from their names and from what stands in them."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal
from zoneinfo import ZoneInfo

from yingke.kit.read_time import read_time
from yingke.knowledge.past.mapping import Meaning, PastMapping, Sender
from yingke.knowledge.past.transcript import cut_transcript

SAMPLE = 2000
MOST_LISTED = 60
Rows = Sequence[Sequence[str]]

# Most telling first; the first column that fits takes the meaning.
_NAMES: dict[Meaning, tuple[str, ...]] = {
    "conversation": (
        r"^(?:会话|对话|聊天|咨询|接待|session|conversation|chat|ticket|dialog(?:ue)?|thread)s?[\s_.-]*(?:id|编号|号码?|序号|流水号|标识|key|no\.?|number)$",
        r"^(?:conversation|session|chat|ticket)s?[._](?:id|key|number)$", r"^(?:会话|工单)$", r"^(?:sid|cid|uuid)$", r"^(?:id|编号)$",
    ),
    "time": (
        r"^(?:消息|发送|聊天|发言|回复|message|sent|msg)[\s_]*(?:日期|时间|at|time|date)+$", r"(?:messages?|msgs?)[._](?:at|time|created_at|sent_at|timestamp|date)$",
        r"^(?:时间戳?|日期时间|timestamp|time|datetime|created[_ ]?at|sent[_ ]?at|at|date)$", r"^(?:会话|开始|咨询|接入|创建)?(?:开始)?(?:时间|日期)$",
        r"start(?:ed)?[_ ]?(?:at|time)?$",
    ),
    "text": (
        r"^(?:消息|聊天|会话|对话|发送|沟通|咨询|message|chat|msg)[\s_]*(?:内容|正文|文本|记录|详情|content|text|body|history|log)$",
        r"(?:messages?|msgs?)[._](?:text|content|body|message)$", r"^(?:内容|正文|文本|记录|text|content|body|message|msg|transcript|消息)$",
        r"^(?:客户|用户|买家|顾客|访客)(?:的)?(?:消息|问题|提问|留言|咨询内容)$", r"^(?:question|问题|提问)$",
    ),
    "reply": (r"^(?:客服|坐席|商家|人工)?(?:的)?(?:回复|答复|回答|应答)(?:内容)?$", r"^(?:agent[\s_]*)?(?:reply|answer|response)$", r"^客服消息$"),
    "sender": (
        r"^(?:发送|消息|发言)[\s_]*(?:方|者|人|来源|角色|类型|身份|方类型|人类型|人角色|者类型|者角色)$", r"^(?:角色|说话人|发言人|身份|来源|方向)$",
        r"(?:messages?|msgs?)[._](?:from|sender|role|author|direction|type)$", r"^(?:sender|role|from|author|speaker|direction|sender[_ ](?:type|role|name))$",
        r"^(?:发送人|发送者)(?:昵称|名称)$",
    ),
    "agent": (
        r"^(?:接待|服务|当前)?(?:客服|坐席|座席|接待人员?|服务人员|员工|人工)(?:昵称|名称|姓名|账号|工号|名)?$",
        r"^(?:agent|operator|staff|assignee|handled[_ ]?by)(?:[\s_.](?:name|nick|email))?$",
    ),
    "customer": (
        r"^(?:客户|顾客|买家|用户|访客|会员|消费者)(?:昵称|名称|姓名|账号|旺旺|id|nick)?$",
        r"^(?:customer|buyer|user|visitor|contact|client|member)s?(?:[\s_.](?:name|nick(?:name)?|id))?$", r"^(?:旺旺|昵称|nickname|nick)$",
    ),
}  # fmt: skip
_WORDS: dict[Literal[Sender, "skip"], str] = {
    "assistant": r"机器人|智能客服|机器|自动回复|bot|robot|assistant|ai|智能助手|auto",
    "system": r"系统|system|notice|通知|event|事件",
    "agent": r"客服|坐席|座席|商家|人工|卖家|店铺|agent|staff|operator|seller|merchant|support|admin|out(?:bound|going)?|接待|员工|1对1客服|发出|send",
    "contact": r"客户|顾客|买家|用户|访客|消费者|会员|customer|buyer|user|visitor|contact|client|consumer|in(?:bound|coming)?|guest|member|收到|receive",
}
_HAN = re.compile(r"[\u4e00-\u9fff]")


def guess_mapping(columns: Sequence[str], rows: Rows, time_zone: str) -> PastMapping:
    """The likeliest reading of the table; what nothing points to stays open for a person to choose."""
    sample = rows[:SAMPLE]
    values = {name: [row[at].strip() for row in sample if row[at].strip()] for at, name in enumerate(columns)}
    found = _by_name(columns)
    _by_value(values, found, ZoneInfo(time_zone))
    mapping = PastMapping(columns=found, time_zone=time_zone)
    text = found.get("text")
    if text is not None and _is_transcript(values[text], has_sender="sender" in found):
        mapping.shape = "transcripts"
        for meaning in ("sender", "reply"):
            found.pop(meaning, None)
        names = Counter(line.speaker for cell in values[text][:300] for line in cut_transcript(cell))
    else:
        names = Counter(values.get(found.get("sender", ""), []))
    agents = set(values.get(found.get("agent", ""), []))
    customers = set(values.get(found.get("customer", ""), []))
    _name_senders(mapping, names, agents, customers)
    mapping.time_format = _time_format(values.get(found.get("time", ""), []))
    return mapping


def _by_name(columns: Sequence[str]) -> dict[Meaning, str]:
    found: dict[Meaning, str] = {}
    for meaning, patterns in _NAMES.items():
        for pattern in patterns:
            fits = [name for name in columns if name not in found.values() and re.search(pattern, _plain(name), re.I)]
            if fits:
                found[meaning] = fits[0]
                break
    return found


def _plain(name: str) -> str:
    """`conversations.messages.text` is what `messages.text` is; remarks in brackets do not count."""
    bare = re.sub(r"[(（【\[].*?[)）】\]]", "", name).strip()
    return re.sub(r"^(?:data|items|records|conversations|sessions|chats|tickets|dialogs)\.", "", bare)


def _by_value(values: dict[str, list[str]], found: dict[Meaning, str], zone: ZoneInfo) -> None:
    """What the names did not tell. A column named like a time must hold times, and so on."""
    if "time" in found and not _is_time(values[found["time"]], zone):
        del found["time"]
    free = [name for name in values if name not in found.values()]
    if "time" not in found:
        _take(found, "time", [name for name in free if _is_time(values[name], zone)])
    if "sender" not in found and "reply" not in found:
        _take(found, "sender", [name for name in free if name not in found.values() and _is_sender(values[name])])
    if "text" not in found:
        wordy = [name for name in free if name not in found.values() and _wordiness(values[name]) > 4]
        _take(found, "text", sorted(wordy, key=lambda name: -_wordiness(values[name])))


def _take(found: dict[Meaning, str], meaning: Meaning, names: Sequence[str]) -> None:
    if names:
        found[meaning] = names[0]


def _is_time(values: Sequence[str], zone: ZoneInfo) -> bool:
    some = values[:50]
    return bool(some) and sum(read_time(value, zone) is not None for value in some) >= 0.8 * len(some)


def _is_sender(values: Sequence[str]) -> bool:
    kinds = {who for value in set(values[:500]) if (who := who_is(value)) is not None}
    return len(set(values)) <= 12 and len(kinds) >= 2


def _wordiness(values: Sequence[str]) -> float:
    some = values[:200]
    return sum(len(value) + 3 * len(_HAN.findall(value)) for value in some) / len(some) if some else 0.0


def _is_transcript(values: Sequence[str], *, has_sender: bool) -> bool:
    some = values[:60]
    spoken = [len({line.speaker for line in cut_transcript(value)}) for value in some]
    share = sum(count >= 2 for count in spoken) / len(some) if some else 0.0
    return share >= (0.8 if has_sender else 0.4)


def who_is(value: str) -> Sender | None:
    """Who a sender's value or a speaker's name means, as far as the word itself tells."""
    word = value.strip().lower()
    for who, pattern in _WORDS.items():
        if re.fullmatch(rf"(?:{pattern})(?:消息|发送|方|端|name|[_ ]?message)?[\s\d:：]*", word) and who != "skip":
            return who
    if word.startswith(("客服", "坐席", "座席", "agent")):
        return "agent"
    if word.startswith(("客户", "顾客", "买家", "访客", "用户", "customer", "buyer", "visitor")):
        return "contact"
    return None


def _name_senders(mapping: PastMapping, names: Counter[str], agents: set[str], customers: set[str]) -> None:
    """Lists the known values; of many unlisted names the rest are customers."""
    for name, _ in names.most_common(MOST_LISTED):
        who = who_is(name)
        if who is None and (name in agents or re.search(r"(?:旗舰店|专卖店|专营店|客服|店)\s*[:：]", name)):
            who = "agent"
        if who is None and name in customers:
            continue
        if who is not None:
            mapping.senders[name] = who
    if len(names) <= MOST_LISTED:
        rest = [name for name in names if name not in mapping.senders and name not in customers]
        known = set(mapping.senders.values())
        for name in rest[:MOST_LISTED]:
            mapping.senders[name] = "agent" if "contact" in known and "agent" not in known else "contact"


def _time_format(values: Sequence[str]) -> Literal["auto", "day_first", "month_first"]:
    """A first number above 12 in any row makes all of them day first; a second one, month first."""
    pairs = [
        (int(found[1]), int(found[2]))
        for value in values[:SAMPLE]
        if (found := re.match(r"(\d{1,2})[-/.](\d{1,2})[-/.]\d{4}", value))
    ]
    if any(first > 12 for first, _ in pairs):
        return "day_first"
    return "month_first" if any(second > 12 for _, second in pairs) else "auto"
