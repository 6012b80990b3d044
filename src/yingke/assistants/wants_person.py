"""Does the customer ask for a human being? Rules, because this wish must never be missed for want of a model."""

import re

_PERSON = (
    r"(?:人工(?!智能|费|成本|湖|降雨|呼吸|授粉|草坪|皮|钻|耳蜗|关节|合成|制造|添加|色素|培育|打磨|缝制|组装|安装费|养殖|手工)"
    r"|真人|活人|真的?人|大活人|客服人员|人工客服|人工服务|在线客服|值班(?:客服|人员)|店长|负责人|主管|经理)"
)
_WISH = r"(?:转|找|要|换|叫|接|呼叫|联系|请|给我|帮我|让|想跟|想和|我跟|我要跟|跟|和|需要|来|喊)"
_PATTERNS = (
    rf"(?:^|[^手纯])转(?:接|到|成|给)?(?:一下|下|个)?(?:{_PERSON}|客服)",
    rf"{_WISH}.{{0,6}}(?:{_PERSON})(?!.{{0,4}}(?:价|多少钱|做的|制作))",
    r"^(?:人工|真人|活人|人工客服|人工服务|真人客服|客服|在线客服|人呢|人工呢|人工在吗|人工在不在)[!！。.~?？呢吗吧啊呀]*$",
    r"^(?:请问|你好|喂)?[,， ]?(?:有|有没有|还有)(?:真|活)?人(?:吗|么|没|没有|在吗|在不在|工吗|工客服)",
    r"(?:有|有没有|还有)(?:真人|活人)(?:吗|么|没|在|客服)",
    rf"(?:{_PERSON})(?:在吗|在不在|在么|呢|有吗|几点|怎么转|怎么联系|服务)",
    r"(?:不要|不想|别|不跟|不和|不愿).{0,6}(?:机器人|机器|ai|智能客服|智障|自动回复)",
    r"(?:你|您)是(?:不是)?(?:机器人|真人|人工|ai).{0,8}(?:转|找|要)",
    r"(?:找|叫|喊|联系|投诉到?|要见|换)(?:你们?|个|一个|你们的)?(?:老板|店长|经理|主管|领导|负责人|客服|人来|个人|别人|会说话的)",
    r"(?:没有|能不能|可以|能).{0,4}(?:转|换|找)(?:个|一个)?人(?:[吗么聊来]|$|跟我|和我)",
    r"(?:让|叫|换)(?:个|一个)?人(?:来|跟我|和我|接|回|说)",
    r"\b(?:talk|speak|chat|connect|transfer|switch|get|put)\b.{0,25}\b(?:human|person|agent|representative|operator|someone|somebody|staff|supervisor|manager)\b",
    r"\b(?:real|live|actual)\s+(?:human|person|agent|people|representative)\b",
    r"^(?:a\s+)?(?:human|agent|operator|representative|person|customer\s+service)(?:\s+please)?[!.?]*$",
    r"\b(?:need|want|would like)\s+(?:a|an|to\s+\w+\s+(?:a|an))\s+(?:human|agent|person|operator|representative)\b",
    r"\bhuman\s+(?:please|agent|support|help)\b",
)
_WANTS = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS), re.IGNORECASE)
_NOT = re.compile(
    r"(?:不用|不需要|不必|无需|先不|暂时不|别)(?:帮我|给我)?(?:再)?(?:转|找|叫)?(?:人工|真人|客服)|手工|人工(?:智能|费|做|制作|成本|湖|皮|草|打磨|缝)"
    r"|(?:don'?t|do not)\s+(?:need|want).{0,12}(?:human|agent|person)",
    re.IGNORECASE,
)
_TRADITIONAL = str.maketrans("轉請給換嗎聯絡繫幫個們機沒這來幾點", "转请给换吗联络系帮个们机没这来几点")


def wants_person(text: str) -> bool:
    """True when any wording in Chinese or English asks for a person instead of the assistant."""
    plain = re.sub(r"\s+", " ", text).strip().lower().translate(_TRADITIONAL)
    squeezed = re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", "", plain)
    return bool(_WANTS.search(_NOT.sub(" ", squeezed)))
