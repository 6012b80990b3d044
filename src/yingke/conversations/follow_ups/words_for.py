"""What the customer is told when an item changes: words that the agent sees, may change, and sends himself."""

from yingke.conversations.follow_ups.follow_up import State
from yingke.kit.tongues.tongue import in_tongue, word_in

_ZH = {
    "doing": "您好，{title}的事我们正在处理，有结果马上告诉您。",
    "waiting": "您好，{title}的事已经提交，正在等仓库或财务确认，有进展第一时间告诉您。",
    "done": "您好，{title}的事已经处理好了，您看一下，有问题随时找我。",
    "open": "您好，{title}的事我已经记下，会跟进到底。",
    "dropped": "您好，{title}的事情况有变，我来和您说明一下：",
}
_EN = {
    "doing": "Hello! We are working on this: {title}. I will tell you as soon as it is settled.",
    "waiting": "Hello! This has been passed on and waits for the warehouse or finance: {title}. I will keep you posted.",
    "done": "Hello! This is settled now: {title}. Please have a look, and tell me if anything is left.",
    "open": "Hello! I have noted this and will see it through: {title}.",
    "dropped": "Hello! Something has changed about this, let me explain: {title}.",
}
_KIND_ZH = {
    "call_back": "回电", "reply": "给您答复", "reship": "补发", "refund": "退款", "compensation": "补偿",
    "lead": "您咨询", "repair": "维修", "check": "帮您核实", "invoice": "开发票",
}  # fmt: skip


def words_for(state: State, kind: str, title: str, language: str) -> str:
    """In Chinese the kind of thing is named, in other languages its title; never that somebody is thought a buyer."""
    if language.lower().startswith("zh"):
        return _ZH[state].format(title=_KIND_ZH.get(kind, f"「{title}」"))
    called = word_in("follow_enquiry", language, "", "your enquiry") if kind == "lead" else title
    return in_tongue(f"follow_{state}", language, "", _EN[state]).format(title=called)
