"""What people say who ask for nothing yet: by kind, so that each is answered in its own way."""

import re
from typing import Final

from yingke.kit.expression import OneOf, expression

LONGEST = 40
_SIGNS = re.compile(r"[^\w\u4e00-\u9fff]+")
_ASKS = expression(
    r"[?？]|吗|呢$|么$|多少|几|怎么|咋|什么|啥|哪|能不能|可以|有没有|是不是|但|不过|可是|\b(?:how|what|when|where|which|why|can|could|do|does|is|are|but)\b",
    re.IGNORECASE,
)
_NOT = expression(r"不(?:太|是很|怎么|够)?(?:好|棒|行|满意)|没有?(?:很|那么)?好|差|烂|\bnot\b", re.IGNORECASE)
_PRAISE = expression(
    r"(?:服务|态度|客服|质量|东西|宝贝|店铺?|你们?|回复).{0,4}(?:真|很|太|超|挺|特别|非常)?(?:好|棒|赞|贴心|耐心|快)(?![慢差难贵久坑烂乱])"
    r"|太好了|太棒了|真不错|很满意|好评|五星|点赞|给力|超好用|很好用|爱了|\bgreat (?:service|shop|job)\b|\bawesome\b|\bperfect\b|\bwell done\b|\blove it\b|\b(?:super|very|really|so|most|extremely) (?:helpful|kind|quick|nice|friendly)\b|\byou(?:'?re| are) (?:the best|a star|great|amazing)",
    re.IGNORECASE,
)
_THANKS = expression(
    r"谢谢|感谢|多谢|谢啦|谢了|辛苦了|麻烦你们?了|唔该|多晒|\bthank|\bthx\b|^\W*(?:ty|ta|cheers)\b|\b(?:much )?appreciate[ds]?\b|\bhave a (?:good|nice|great|lovely)\b|\bthat'?s (?:all|it|everything)\b(?! (?:you|right|wrong))|\bno (?:more|further|other) questions\b|\b(?:good ?bye|bye|see (?:you|ya)|take care|good ?night)\b",
    re.IGNORECASE,
)
_CONSIDERS = expression(
    r"(?:^|[\s,，。~～])(?:那|好吧?|行吧?|嗯|先|暂时|还是|算了|我|再)*(?:(?:不|别|没打算)(?:买|拍|下单|考虑)|先不要)了?(?:吧|哈|啦|先)?(?=$|[\s,，。~～])"
    r"|(?:^|[\s,，。~～])(?:那|好吧?|行吧?|嗯|先|再|我)*(?:看看|想想|想一下|考虑(?:一下|下)?|逛逛|比较(?:一下|下)?|商量(?:一下|下)?)(?:再说|吧|哈|先)?$"
    r"|下次(?:再|吧)|改天|回头再|随便看看|先这样|就这样吧?$|\bmaybe later\b|\bjust looking\b|\b(?:i'?ll|will|let me|gonna|need to|have to) think\b|\bthink about it\b|\b(?:i'?ll|will|gonna) (?:be back|come back|sleep on it|get back|look around|have a think|ask my)\b|\bjust (?:browsing|curious|having a look)\b",
    re.IGNORECASE,
)
_ABILITIES = expression(
    r"(?:(?:你|您|客服|机器人|ai).{0,4}|^(?:那|哈|呵|行吧|好吧|[\s,，])*)(?:会|能|可以)(?:帮我?|为我)?(?:做|干|帮|办|答|回答)(?:点|些)?(?:我|忙)?(?:什么|啥|哪些|嘛)(?:呀|啊|呢|事|忙)*[?？]?$"
    r"|(?:你|您|客服|机器人|ai).{0,3}有(?:什么|啥|哪些)(?:功能|本事|用)|\bwhat can you (?:do|help)",
    re.IGNORECASE,
)
_NAME = expression(
    r"(?:你|您)(?:叫|的名字|贵姓|姓|怎么称呼|咋称呼)|怎么称呼(?:你|您)|what(?:'s| is) your name", re.IGNORECASE
)
_ANYONE = expression(
    r"有人(?:在)?(?:吗|没|么|不|嘛|莫|没有)|人在(?:吗|不|没)|还在(?:吗|不|么)|在不在|在线(?:吗|不|么)|(?:客服|老板|掌柜)在?(?:吗|么|不)$|\b(?:anyone|anybody|someone|somebody) (?:there|here|around|home|online)\b|\b(?:are )?(?:you|u) (?:there|still there|around|online)\b",
    re.IGNORECASE,
)
_FUN = expression(
    r"(?:讲|说|来)(?:个|一个|段)?(?:笑话|故事|段子)|唱(?:首|个|支)?歌|(?:写|作|背)(?:首|个)?诗|陪我(?:聊|说|玩)|聊聊天|聊会儿|无聊|猜谜|几岁|有对象|结婚了|吃(?:饭|早饭|午饭|晚饭)?了(?:吗|没|么)"
    r"|\btell me a joke\b|\bi'?m bored\b|\bsing\b",
    re.IGNORECASE,
)
_GLAD = expression(
    r"放假|开心|高兴|激动|期待|哈哈|嘿嘿|嘻嘻|耶|终于.{0,8}[啦了咯]|周末啦|出发啦|过生日|生日快乐|新年好|节日快乐|周末愉快|\byay\b|\bhaha|\bexcited\b",
    re.IGNORECASE,
)
_LOW = expression(
    r"睡不着|失眠|好累|累死|好困|困死|心情不好|不开心|难过|郁闷|emo|压力大|\btired\b|\bcan'?t sleep\b",
    re.IGNORECASE,
)
_HELLO = expression(
    r"^\W*(?:你好|(?:h(?:i+|e+y+|ello+|iya)|good (?:morning|afternoon|evening)|morning|howdy|greetings|yo)(?: there| all| team| everyone)?)\W*$",
    re.IGNORECASE,
)
"""In Chinese it is answered before the skills; this is for those who greet in another language."""
_NODS = re.compile(
    r"(?:(?:好|好的|好嘞|好滴|好哒|好吧|好呢|行|行吧|可以|中|得|成|嗯+|恩+|哦+|噢+|喔+|奥+|ok+|okay|okk|k|收到|了解|明白|懂了?|知道|晓得|原来如此|这样(?:啊|子)?|是的?|对的?|对头|没错|没事|没关系"
    r"|没有?(?:了|问题)|不用|不客气|哈+|呵+|h+|6+|233+|1+|牛|厉害|赞|棒|强|真的(?:假的)?|不错|还行|挺好|可以的|妥|稳|yes|yep|yeah|sure|fine|cool|nice|alright|got it|i see)"
    r"(?:了|啦|咯|呢|呀|啊|哈|哦|的|滴|吧|噢|喔|哟|嘞|呐)*)+",
    re.IGNORECASE,
)  # fmt: skip
_COUNTED = expression(r"[一二两三四五六七八九十\d]+\s*(?:个|件|条|套|把|盏|张|只|双|瓶|盒|包|台|份|袋|顶)")
"""A number of things is an order, or a change of one."""
_ORDER: Final = OneOf((
    ("small_anyone", _ANYONE), ("small_abilities", _ABILITIES), ("small_name", _NAME), ("small_fun", _FUN),
    ("small_considers", _CONSIDERS), ("praise", _PRAISE), ("thanks", _THANKS), ("small_low", _LOW), ("small_glad", _GLAD),
    ("small_hello", _HELLO),
))  # fmt: skip
_MAY_ASK = frozenset(("small_anyone", "small_abilities", "small_name", "small_fun"))


def kind_of(text: str) -> str | None:
    """The key of the sentence that answers; None where something is asked or told that has to be served."""
    if len(text) > LONGEST * (2 if text.isascii() else 1) or not text.strip() or _COUNTED.search(text):
        return None
    plain = _SIGNS.sub("", text).casefold()
    if not plain:
        return "small_nod"
    if _NODS.fullmatch(plain):
        return "small_nod"
    found = _ORDER.search(text)
    if (first := next(found, None)) is None:
        return None
    is_plain = not _ASKS.search(text) and not _NOT.search(text)
    return next((key for key, _ in (first, *found) if is_plain or key in _MAY_ASK), None)
