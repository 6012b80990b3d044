"""A rule in one sentence, Chinese and English, made from its conditions so that it can never say something else."""

from collections.abc import Mapping

from yingke.routing.rules.rule import (
    AtTime,
    Condition,
    Failed,
    Feels,
    InShop,
    Intends,
    IsLevel,
    MessagesFrom,
    OnChannel,
    OrderWorth,
    Rule,
    Says,
    ToolSaid,
    Unsure,
    Writes,
)

LANGUAGES = {
    "zh": ("中文", "Chinese"),
    "zh-Hans": ("简体中文", "simplified Chinese"),
    "zh-Hant": ("繁体中文", "traditional Chinese"),
    "en": ("英语", "English"),
    "ja": ("日语", "Japanese"),
    "ko": ("韩语", "Korean"),
    "es": ("西班牙语", "Spanish"),
    "fr": ("法语", "French"),
    "de": ("德语", "German"),
    "pt": ("葡萄牙语", "Portuguese"),
    "ru": ("俄语", "Russian"),
    "it": ("意大利语", "Italian"),
    "ar": ("阿拉伯语", "Arabic"),
    "th": ("泰语", "Thai"),
    "vi": ("越南语", "Vietnamese"),
    "id": ("印尼语", "Indonesian"),
}
MOODS = {
    "satisfied": ("满意", "satisfied"),
    "calm": ("平静", "calm"),
    "anxious": ("焦虑", "anxious"),
    "disappointed": ("失望", "disappointed"),
    "angry": ("愤怒", "angry"),
}
_DAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日"), ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_ACTS = {
    "hand_over": ("立即转人工", "hand over at once"),
    "answer_then_hand_over": ("先回答，再转人工", "answer, then hand over"),
    "let_answer": ("由 AI 继续回答", "let the AI go on"),
}
OUTCOMES = {
    "request_refused": ("申请被拒", "a refused request"),
    "no_tries_left": ("订单核对三次不对", "three wrong order checks"),
    "wrong": ("订单核对不对", "a wrong order check"),
    "shop_down": ("店铺系统没有回应", "a shop that does not answer"),
    "not_found": ("没有找到", "nothing found"),
    "too_late": ("超过期限", "a passed deadline"),
    "no_seven_days": ("不支持七天无理由", "no free return"),
}
MOST_NAMED = 5


def explain(rule: Rule, names: Mapping[str, tuple[str, str]] | None = None) -> tuple[str, str]:
    """Chinese and English. `names`: intents, shops, groups and levels → what they are called in both."""
    known = names or {}
    parts = [_condition(one, known) for one in rule.conditions]
    joint = ("，并且", " and ") if rule.match == "all" else ("，或者", " or ")
    act = _ACTS[rule.act]
    zh = f"当{joint[0].join(part[0] for part in parts)}时，{act[0]}"
    en = f"When {joint[1].join(part[1] for part in parts)}: {act[1]}"
    if rule.group_id is not None:
        group = known.get(f"group:{rule.group_id}", (rule.group_id, rule.group_id))
        zh, en = f"{zh}，交给「{group[0]}」", f"{en}, to “{group[1]}”"
    return f"{zh}。", f"{en}."


def _condition(condition: Condition, names: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    match condition:
        case Says(words):
            return f"客户说到{_quoted(words)}", f"the customer says {_listed(words, 'or')}"
        case Intends(intents):
            called = [names.get(f"intent:{one}", (one, one)) for one in intents]
            return f"意图是{_joined(called, 0)}", f"the intent is {_joined(called, 1)}"
        case Feels(moods, got_worse):
            return _feels([MOODS[one] for one in moods], got_worse)
        case Unsure(below):
            return f"答案把握低于 {below:.0%}", f"the AI is less than {below:.0%} sure"
        case IsLevel(levels):
            return f"客户等级是{_quoted(levels)}", f"the customer's level is {_listed(levels, 'or')}"
        case OrderWorth(from_minor):
            return f"订单金额不低于 {from_minor / 100:g} 元", f"the order is worth {from_minor / 100:g} or more"
        case InShop(shop_ids):
            called = [names.get(f"shop:{one}", (one, one)) for one in shop_ids]
            return f"店铺是{_joined(called, 0)}", f"the shop is {_joined(called, 1)}"
        case OnChannel(channels):
            called = [names.get(f"channel:{one}", (one, one)) for one in channels]
            return f"渠道是{_joined(called, 0)}", f"the channel is {_joined(called, 1)}"
        case AtTime():
            return _time(condition)
        case Failed(turns):
            return f"连续 {turns} 轮没有答上", f"{turns} turns in a row went unanswered"
        case ToolSaid(outcomes):
            called = [OUTCOMES.get(one, (one, one)) for one in outcomes]
            return f"办理结果是{_joined(called, 0)}", f"a tool came back with {_joined(called, 1)}"
        case MessagesFrom(count):
            return f"客户已发 {count} 条消息", f"the customer has written {count} messages"
        case Writes(languages):
            named = [LANGUAGES.get(one, (f"「{one}」", one)) for one in languages]
            return f"客户语言是{_joined(named, 0)}", f"the customer writes {_joined(named, 1)}"


def _feels(moods: list[tuple[str, str]], got_worse: bool) -> tuple[str, str]:
    zh = f"情绪是{_joined(moods, 0)}" if moods else ""
    en = f"the mood is {_joined(moods, 1)}" if moods else ""
    if got_worse:
        zh = f"{zh}且比之前差" if zh else "情绪比之前差"
        en = f"{en} and has got worse" if en else "the mood has got worse"
    return zh, en


def _time(wanted: AtTime) -> tuple[str, str]:
    zh, en = [], []
    if wanted.hours is not None:
        zh.append("营业时间内" if wanted.hours == "open" else "非营业时间")
        en.append("within opening hours" if wanted.hours == "open" else "outside opening hours")
    if wanted.days:
        zh.append("、".join(_DAYS[0][day - 1] for day in wanted.days))
        en.append("on " + ", ".join(_DAYS[1][day - 1] for day in wanted.days))
    if wanted.start is not None and wanted.end is not None:
        zh.append(f"{wanted.start}–{wanted.end}")
        en.append(f"{wanted.start}–{wanted.end}")
    return "在" + " ".join(zh), "it is " + " ".join(en)


def _quoted(words: list[str]) -> str:
    shown = "、".join(f"「{word}」" for word in words[:MOST_NAMED])
    return shown + (f"等 {len(words)} 个词" if len(words) > MOST_NAMED else "")


def _listed(words: list[str], joint: str) -> str:
    shown = f" {joint} ".join(f"“{word}”" for word in words[:MOST_NAMED])
    return shown + (f" (and {len(words) - MOST_NAMED} more)" if len(words) > MOST_NAMED else "")


def _joined(called: list[tuple[str, str]], place: int) -> str:
    return ("或" if place == 0 else " or ").join(one[place] for one in called)
