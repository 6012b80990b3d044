"""Lists of rules to begin with: from careful to bold. The assistant's own reasons (asked for, danger, anger) hold beside."""

from dataclasses import dataclass

from yingke.routing.rules.rule import AtTime, Failed, Feels, Intends, IsLevel, OrderWorth, Rule, Says, ToolSaid, Unsure


@dataclass(frozen=True)
class RuleSet:
    key: str
    name: tuple[str, str]
    text: tuple[str, str]
    rules: tuple[Rule, ...]


_VIP = ["vip", "gold", "金卡", "钻石", "黑卡"]
_BIG = Rule("bigorder", "大额订单", [OrderWorth(200_000)])
_VIP_AFTER = Rule(
    "vipcare",
    "VIP 售后",
    [IsLevel(_VIP), Intends(["return_exchange", "refund", "aftersales_quality_repair", "complaint"])],
)
_WORSE = Rule("worse", "情绪变差", [Feels(["disappointed", "angry"], got_worse=True)])
_REFUSED = Rule(
    "refused", "申请被拒", [ToolSaid(["request_refused", "too_late", "no_seven_days"])], act="answer_then_hand_over"
)
_WHOLESALE = Rule(
    "wholesale", "批发和合作", [Says(["批发", "团购", "企业采购", "代理", "加盟", "wholesale", "bulk order"])]
)
_TWICE = Rule("twice", "连续两轮没答上", [Failed(2)], act="answer_then_hand_over")
_UNSURE = Rule("unsure", "把握不大的售后问题", [Unsure(0.6), Intends(["refund", "return_exchange"])])
_NIGHT = Rule("night", "夜间由 AI 接待", [AtTime(hours="closed")], act="let_answer")

RULE_SETS = (
    RuleSet(
        "careful",
        ("稳妥", "Careful"),
        (
            "拿不准就转人工：大额、VIP 售后、情绪变差、没答上都交给人。",
            "When in doubt a person: large orders, VIP after-sales, worse moods, unanswered turns.",
        ),
        (_BIG, _VIP_AFTER, _WORSE, _UNSURE, _REFUSED, _TWICE, _WHOLESALE),
    ),
    RuleSet(
        "balanced",
        ("均衡", "Balanced"),
        (
            "常见问题由 AI 办完，大额、VIP 售后和情绪变差时转人工。",
            "The AI finishes what is common; large orders, VIP after-sales and worse moods go to people.",
        ),
        (_VIP_AFTER, _BIG, _WORSE, _REFUSED),
    ),
    RuleSet(
        "bold",
        ("大胆", "Bold"),
        (
            "尽量由 AI 办完，夜间也不打扰人；只有大额订单和申请被拒转人工。",
            "The AI does as much as it can, at night too; only large orders and refused requests go to people.",
        ),
        (_NIGHT, _BIG, _REFUSED),
    ),
)
