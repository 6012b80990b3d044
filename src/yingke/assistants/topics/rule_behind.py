"""The rule of the shop that a wish of somebody's own rests on, as a plain question."""

from yingke.assistants.engine import Question
from yingke.kit.expression import expression
from yingke.kit.recently import recently
from yingke.knowledge.fold import fold
from yingke.knowledge.terms import codes

LONGEST = 40
SHORT = 16
_FEE = expression(
    r"(?:运|邮|快递|路|寄)费|(?:快递|寄回?|来回)[^，。]{0,3}钱|谁(?:来)?(?:出|掏|付|给|承担)|算谁|到付|(?:你们|我)出"
)
_NAMED = expression(r"退|维修|保修")
_ORDERED_THEN = expression(
    r"(?:周[一二三四五六日末]|星期[一二三四五六日天]|礼拜[一二三四五六天]|[今昨前][天晚儿]|[早晚]上|半夜|凌晨|[上中下]午|点)[^，。？?]{0,5}(?:下的?单|拍|买|付)"
)
_SENT_WHEN = expression(r"(?:哪天|几号|几时|几点|啥时候|什么时候|多久|多会儿)[^，。]{0,4}(?:发|走|寄)")
_GIVES_BACK = expression(r"退(?!款到|税|出|群)|换(?:货|一|个|大|小|成|码|[A-Za-z])|不想?要了")
_USED = expression(
    r"(?:用|穿|戴|洗|试|喝|吃|尝|拆|抹|涂|擦|剪)(?:开|掉|封)?(?:过|了(?!运费|券|红包|优惠))|(?:用|穿|戴|洗|抹|涂|擦|吃|喝)[^，。]{0,2}[一两三几好][次回天口片]|没有?(?:拆|开封|剪|穿|用过|洗|动过)|未(?:拆|剪|穿|使用)|拆封|开封|吊牌|水洗|下过水"
)
_WORN = expression(r"穿|洗|剪|吊牌|水洗|下过水|戴")
_EATEN = expression(r"吃|喝|尝")


@recently
def tells_use(text: str) -> bool:
    """Says what became of goods in his hands, which rules of return ask for: opened, used, worn, washed, eaten."""
    return bool(_USED.search(fold(text)))


def rule_behind(question: Question, text: str) -> str:
    """Who wants to give back what he has opened or used asks, unsaid, whether that may be; who asks for the postage while
    an exchange is under way asks for that of exchanges; who tells when he ordered, when orders of then are sent. Empty for
    anything else."""
    plain = fold(text)
    if len(plain) > LONGEST or codes(plain):
        return ""
    if question.talk.get("wish") == "exchange" and len(plain) <= SHORT and _FEE.search(plain):
        return "" if _NAMED.search(plain) else "换货运费"
    if _ORDERED_THEN.search(plain) and _SENT_WHEN.search(plain):
        return "今天下单几号能发货"
    if not _GIVES_BACK.search(plain) or not tells_use(text):
        return ""
    if _WORN.search(plain):
        return "穿过洗过或者剪了吊牌还能退货吗"
    return "拆开吃过还能退货吗" if _EATEN.search(plain) else "拆封用过了还能退货吗"
