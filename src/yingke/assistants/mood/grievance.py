"""What a customer has against us, in his own words: comfort must fit it, and a plain question has none."""

import re
from typing import Final, Literal

from yingke.assistants.mood.is_angry_at_once import is_angry_at_once
from yingke.assistants.mood.lexicon import feelings
from yingke.knowledge.fold import fold

Grievance = Literal["late", "broken", "wrong", "quality", "service", "money", "worry", "other"]

_WORDS: Final[tuple[tuple[Grievance, str], ...]] = (
    (
        "service",
        r"没人(?:理|管|回|接)|不理(?:我|人)|不回(?:复|我|消息|话)|爱理不理|敷衍|推(?:卸|脱|来推去|三阻四)|踢皮球|态度(?:差|不好|恶劣|冷)|打不通|问了.{0,6}(?:次|遍|回|天)|说话不算数|复制粘贴"
        r"|\b(?:no ?(?:one|body) (?:answers|replies|responds)|ignored|rude|keep(?:s)? saying|same answer|no reply|unhelpful)\b",
    ),
    (
        "wrong",
        r"发错|寄错|送错|拿错|少(?:发|寄|送|了)|漏(?:发|寄|送)|缺了?[一两几]?[个件]|不是我(?:要|买|拍)的|货不对板|(?:跟|和|与).{0,8}(?:不符|不一样|对不上|两码事)|色差"
        r"|\b(?:wrong (?:item|size|colou?r|one|order)|missing (?:item|part|piece)\w*|not what i ordered|incomplete)\b",
    ),
    (
        "broken",
        r"(?:坏|碎|裂|破|断|漏|洒|瘪|散架|开胶|开线|掉色|起球|生锈|卡住|失灵|死机|黑屏)了?(?!吗|么|的话)|打不开|开不了机|用不了|不能用|不(?:亮|响|转|制冷|制热|通电|防水)|没声|有(?:划痕|毛病|瑕疵)|故障"
        r"|\b(?:broken|broke|cracked|damaged|leak(?:s|ing|ed)?|torn|faulty|defective|stopped working|doesn'?t work|does not work|dead)\b",
    ),
    (
        "late",
        r"(?:还|一直|怎么|仍|都)(?:没|不|未)(?:有)?(?:到|收到|发货|发|寄|送|动静|更新|消息|揽收)|没收到|不发货|等了|等(?:好|很|太)久|超时|迟(?:到|迟)|晚(?:了|到|点)|拖|催|太慢|慢死|丢(?:了|件)|弄丢|来得及|来不及|赶(?:得|不)上|不动了|没动|停(?:在|滞)|卡在"
        r"|\b(?:late|delay(?:ed)?|still (?:nothing|waiting|not)|hasn'?t (?:arrived|shipped|moved)|not arrived|haven'?t received|lost|in time|where is my)\b",
    ),
    (
        "money",
        r"(?:刚买|买完|才买).{0,6}(?:降价|便宜)|降价了|多(?:收|扣)|扣(?:了)?(?:我|两次|钱|款)|重复(?:扣|付)|退款.{0,6}(?:没|不|慢|几天)|(?:没|不)(?:给)?退(?:款|钱)|钱(?:还)?没(?:到|退)|太贵|差价"
        r"|\b(?:charged (?:twice|me)|overcharged|refund|price drop(?:ped)?|my money)\b",
    ),
    (
        "quality",
        r"质量|做工|面料|用了.{0,5}(?:次|天|周)就|(?:太|很|真|好)(?:差|烂|薄|硬|难用|难吃|难闻)|难吃|难用|难闻|不好用|没效果|没用|粗糙|缩水|味道(?:差|怪|刺鼻|不对)|不新鲜|凉了|坨了"
        r"|\b(?:poor quality|cheaply made|flimsy|low quality|terrible quality|useless)\b",
    ),
)
_CAUSES: Final = tuple((cause, re.compile(pattern)) for cause, pattern in _WORDS)
_WORRY = re.compile(
    r"急|担心|害怕|好怕|慌|焦虑|不放心|怎么办|咋办|求(?:求|你|您|帮)|拜托|救命|赶时间|心配|急い|不安|間に合|걱정|급해|불안"
    r"|\b(?:worried|urgent\w*|asap|hurry|panic\w*|anxious|scared|please help|preocupad\w+|urgente|inquiet|dringend|срочно)\b"
)
_SUPPOSED = re.compile(
    r"谁修|哪里?修|保修|会不会|容不容易|容易.{0,6}(?:吗|么|[?？])|会.{0,8}(?:吗|么|[?？])|能.{0,8}(?:吗|么|[?？])|可以.{0,8}(?:吗|么|[?？])|如果|要是|的话|万一|是否|支持|多少|几天|怕(?:辣|苦|冷|热|吵|胖|水)|([一-龥])不\1"
    r"|不(?:急|着急|担心|用急|生气|怪)|没(?:事|关系)|(?:我自己|我不小心|被我|孩子|猫|狗)(?:把)?.{0,6}(?:摔|弄|洗|烧|剪|踩|咬)|\b(?:what if|would it|will it|can it|does it|is it|how (?:do|can|long|much)|could you)\b"
)
_MEANT = re.compile(
    r"失望|差评|投诉|生气|气死|气人|垃圾|坑|骗|太差|太慢|没人|又(?:坏|发错|没|是)|等了|催了|还没|一直(?:没|不)|说好的|到底|迟迟|[好很太真]急|急(?:死|用|急)|着急|担心|慌|来不及|求求|拜托|唉|无语|\b(?:disappoint\w*|let down|still|again|worried|urgent|upset)\b"
)


def grievance_of(text: str) -> Grievance | None:
    """The first that fits; "worry" for mere worry, "other" for hard words about nothing named. None for a question
    about what might happen, and for talk without a hard word in it. Some tens of µs."""
    plain = fold(text)
    if _SUPPOSED.search(plain) and not _MEANT.search(plain) and not is_angry_at_once(text):
        return None
    for cause, pattern in _CAUSES:
        if pattern.search(plain):
            return cause
    if _WORRY.search(plain):
        return "worry"
    found = feelings(plain)
    is_hard = found.counts["bad"] + found.counts["angry"] + found.flipped_good > found.counts["good"]
    return "other" if is_hard or is_angry_at_once(text) else None
