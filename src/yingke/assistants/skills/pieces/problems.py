"""What went wrong with a purchase, and what the customer wants done about it, as his words tell."""

import re
from typing import Literal

from yingke.commerce.words.measure_words import COUNTING
from yingke.kit.expression import OneOf, expression
from yingke.kit.recently import recently
from yingke.knowledge.fold import fold

Matter = Literal["missing", "broken", "wrong", "late", "not_received", "quality", "service", "price", "extra", "other"]
Want = Literal["resend", "exchange", "return", "refund", "repair", "cancel", "chase", "compensation"]

_N = r"(?:\d+|[一二两三四五六七八九十几好半多]+)"
_BAD = r"(?:坏|碎|裂|破|断|变形|划痕|瑕疵|开线|开胶|掉漆|掉色|不亮|不能用|用不了|没反应|充不进|打不开|合不上|漏水|漏气|漏电|瘪|歪|凹|豁口|关不紧|合不拢|拧不紧|松动|松了|脱落)"
_LEAKED = r"(?:瓶|袋|盖|管|罐|盒|桶|壶|杯|嘴|口|泵|包装|液|油|汤|汁)子?(?:都|全|也|里)?[^，。]{0,2}(?:漏|洒|撒)(?:了(?!一?[个件条盒包支瓶])|得|光|出)|(?:漏|洒|撒)(?:得|了)?(?:一箱|一地|一盒|到处|满|出来)"
"""漏 of what runs out, not of what was left out."""
_MATTERS: tuple[tuple[Matter, str], ...] = (
    (
        "not_received",
        r"(?:显示|写着|说|物流)(?:是|都)?(?:已经?)?(?:被)?(?:签收|送达|妥投|送到)[^。！？]{0,14}(?:没(?:有)?(?:收|拿|见|看)|人呢|在哪|不是我)|没(?:有)?收到[^。！？]{0,10}(?:签收|送达)"
        r"|签收了?[^。！？]{0,8}(?:没(?:有)?(?:收到|拿到|见到|看到)|不是我)|丢件|(?:快递|包裹|货)(?:是不是|肯定|估计)?(?:弄)?丢了|被(?:别人|人)(?:拿|签收|冒领)"
        r"|\b(?:says|marked|shows?|shown as) (?:it'?s |as |it was )?delivered\b[^.]{0,40}\b(?:not|never|haven'?t|didn'?t|nothing|no)\b|\bnever (?:received|got|arrived)\b|配達済み.{0,12}(?:届|受け取)|entregado.{0,20}no",
    ),
    (
        "price",
        r"(?:给我|帮我|要求|申请|能不能给我?|麻烦)(?:退|补)[^，。]{0,3}差价|买贵了|买亏了|(?:刚|才)(?:买|拍|下单)[^。？?]{0,10}(?:就)?(?:降价|便宜了|跌价)|\b(?:price (?:dropped|went down)|refund (?:me )?the difference)",
    ),
    (
        "extra",
        r"(?:多|重复)(?:发|寄|送|给)了?(?:我)?(?:一|1|两|2|几|个|件|份)|(?:发|寄|送)重(?:复)?了|\b(?:sent|got|received) (?:one |an )?extra\b|\bsent (?:it |me )?twice\b",
    ),
    ("broken", _LEAKED),
    (
        "missing",
        rf"(?:收到|里面|发来)[^。！？]{{0,8}}(?:少|缺)(?!点|量|许|不)[\u4e00-\u9fff]{{1,4}}(?:$|[，。！!,])|(?:不过|但是?|就是|怎么|还|收到[^。！？]{{0,8}})(?:少|缺)(?:一|1|两|2|几)[{COUNTING}]|(?:少|漏|缺)(?:(?:发|寄|给|装|送|放|配)了?|了)(?!一?点)(?:我)?(?:一|1|两|2|几|俩|半|[{COUNTING}]|配件|零件|东西|\d|[，,。！!、的啊呢]|[\u4e00-\u9fff]{{1,6}}$|$)"
        rf"|漏发|漏寄|少寄|少发|(?<!多)少件|缺件|缺(?:了)?配件|数量(?:不对|不够|少)|(?:订|买|拍|要)(?:了|的)?(?:俩|仨|两|三|2|3|一对)[^。]{{0,6}}(?:只|就|才)(?:来|到|给|发|收)|(?:只|就|才)(?:收到|发|寄)了?(?:一|1|两|2|\d+|半)(?:个|件|条|双|盏|把|包|盒|顶|根)?|(?:里面|盒子里|包裹里|结果)(?:只|就|才)有(?:一|1|两|2|\d+|半)(?:个|件|条|双|盏|把|包|盒|顶|根)|(?:赠品|配件|地钉|礼品|说明书|充气泵|收纳袋)(?:呢|没(?:有)?(?:收到|送|给|发|寄|看到|见到)|(?:都)?没有$|少|缺|不全)"
        rf"|没(?:有)?(?:给|送|放|寄)(?:我)?(?:赠品|配件|地钉|礼品|收纳袋)|\b(?:missing|only (?:got|received|one|two)|one short|left out|incomplete|didn'?t (?:get|receive|come with))\b|足りな|入ってい(?:な|ま)|\bfalta(?:n|ba)?\b|\bincompleto",
    ),
    (
        "wrong",
        r"发错|错发|寄错|送错|(?:收到|发来|寄来|发)的?(?:是|的是|不是|颜色|尺码|型号|款式|货)[^。！？]{0,14}(?:不对|不一样|不是|错了?|不符)|(?:颜色|尺码|型号|款式|大小)(?:发)?(?:不对|错了|发错|不一样)|(?:这)?不是我(?:买|拍|下单|要|订)的"
        r"|(?:我)?(?:要|买|拍|订|选)的(?:明明)?是[^。！？]{1,12}(?:发|收|寄|给|来)(?:来|到|我)?的?(?:却)?是|货不对板|(?:跟|和|与)(?:图片|描述|页面|介绍)(?:上)?(?:的)?(?:完全)?(?:不(?:符|一样|一致)|两样)|实物不符"
        r"|\bwrong (?:item|size|colou?r|product|model|one|order|thing)\b|\bnot what i ordered\b|[違违]う(?:商品|もの|色|サイズ)|(?:商品|色|サイズ|もの)が[違违]|間違っ|\bequivocad[oa]\b|\botro (?:color|producto)",
    ),
    (
        "broken",
        rf"(?:收到|到货|到手|打开|拆开|拿到|寄来|发来|送来|买的|用了?|才用|刚用|里面|其中|有一?(?:个|盏|把|条|件))[^。！？?]{{0,18}}{_BAD}|(?:坏|碎|裂开?|破损?|断|压扁|压坏|变形|漏气|漏水|开线|开胶|掉色|摔坏|磕坏)(?:掉)?了"
        r"|(?:有|是)(?:很多|好多|个|点小?|小|一?道|一?条|一?处|些)?(?:破损|瑕疵|划痕|裂纹|裂痕|裂缝|破洞|坏的|碎的|次品|二手)|(?:不亮|用不了|不能用|没法用|打不着|点不着|充不进电?|充不上电?|不通电|不制热)(?:了|啊|[，,。！!]|$)"
        r"|\b(?:broken|damaged|cracked|shattered|defective|faulty|dead on arrival|torn|leaking)\b|\b(?:does not|doesn'?t|won'?t|stopped) (?:work|turn on|charge|open)\w*|壊れ|割れ|破損|破れ|不良品|\b(?:rot[oa]|dañad[oa]|defectuos[oa]|no funciona)\b|깨졌|고장|파손",
    ),
    (
        "late",
        rf"(?:发货|物流|快递|送货|到货|速度|配送)(?:真|也|怎么|好|这么|那么|实在|真的|是|得)*(?:太)?慢|^(?:也)?(?:太|好|真|这么)慢了?(?:吧|啊|[。！!])*$|等了?(?:我)?(?:都|快)?{_N}(?:多)?(?:天|个?(?:星期|礼拜|月)|周)[^。！？]{{0,14}}(?:没|不|怎么)"
        rf"|(?:都|已经|快|过去)?{_N}(?:多)?(?:天|周|个?星期|个?礼拜|个?月)了[^。！？]{{0,10}}(?:没|不|怎么)|(?:物流|快递|轨迹|信息|包裹|单号)(?:信息|一直|怎么|好几天|几天|都|还|也|是)*(?:没(?:有)?|不)(?:动|更新|变化|有更新|变|走)|(?:物流|快递|轨迹|包裹)[^，。！？]{{0,8}}(?:没(?:有)?|不)(?:动|更新|变化)|迟迟(?:不|没)|(?:没|有没有|怎么没|咋没)(?:有)?人(?:来)?(?:送|派送|配送)(?:货|件|快递|东西|$)|怎么还(?:不|没)(?:有)?(?:给我)?(?:发|到|送|收到)"
        r"|催(?:一?下|一催)?(?:发货|快递|物流|单|件|货)|(?:发货|快递|物流)(?:帮我)?催|一直(?:都)?(?:没|不)(?:发|到|送|更新)|说好(?:的)?[^。！？]{0,10}(?:没发|没到|不发)"
        r"|\bstill (?:hasn'?t|not|haven'?t|waiting)\b|\b(?:taking|takes|took) (?:so|too|forever|very)? ?(?:long|forever)\b|\b(?:too|so|very) slow\b|\b(?:is|are|it'?s) (?:so |very |too )?(?:late|delayed|overdue)\b|まだ届|遅(?:い|す)|\bno (?:me )?ha llegado\b|\btarda\b|아직.{0,6}(?:안|못)",
    ),
    (
        "service",
        r"(?:客服|服务|态度|卖家|你们)[^，。！？?]{0,6}(?:很|太|真|特别|有点|好|也太)?(?:差(?!评|价|不多)|恶劣|冷淡|敷衍|爱理不理|一般般)|(?:没人|无人)(?:理|管|回|处理|负责)|(?:一直|老是|都|半天)(?:不|没人?)(?:回复|理我|处理|解决)|踢皮球|推来推去|推卸|\b(?:rude|ignored|no one (?:answers|replies|responds)|nobody (?:answers|replies|helps))\b",
    ),
    (
        "quality",
        r"(?:质量|做工|面料|料子|用料|品质)(?:真的?|也|实在|有点|是|好)*(?:太|很|这么|非常|特别)?(?:差|烂|糙|次|不行|不好|一般|糟|堪忧|有问题)|(?:不好用|难用|太薄了|掉毛|起球|褪色|掉色|掉漆|掉绒|跑绒|桌?面?不平|歪的?$|晃得|松动|有?(?:一股|股)(?:味|怪味)|味道(?:很|太|好)(?:大|重|难闻)|异味|刺鼻)|\b(?:poor|bad|terrible|low|awful) quality\b|\b(?:disappoint\w*|not happy|unhappy) with\b|品質が|がっかり|\bmala calidad\b|\bdecepcion",
    ),
)
_FOUND = OneOf((matter, expression(pattern, re.IGNORECASE)) for matter, pattern in _MATTERS)
_GONE = (
    rf"(?:{_BAD}|松了|松动|断|掉了|脱落|脱线|脱胶|散架|散了|裂|歪|瘪|卡死|卡住|死机|失灵|生锈|发霉|(?:点|打|拉|按|关|扣|锁|合|拧|关|充|亮|转|插)不"
    r"(?:着|开|上|动|住|紧|严|亮|进|了)|不(?:转|响|热|通电|出气|回弹|反应)|一闪一闪|老(?:是)?(?:闪|灭|漏))"
)
_SINCE = (
    rf"(?:(?:到手|收到|到货|拿到|买来|拿回来|打开|拆开)[^，。]{{0,4}}(?:才?{_N}天)?(?:就|是|已经|便)+(?:有)?|(?:才|刚|就)(?:买|用|到|拿|过)"
    rf"|(?:买|用|坐|睡|穿|到手|收到)(?:了|来|回来|到手|到家)*第?(?:才|不到|没到|差不多|快|也就)?{_N}个?多?(?:天|周|星期|礼拜|月|年)|没(?:用|过)(?:几|两)[天次]|(?:用|穿|坐|睡|戴|洗)了?[一两三几][次回]"
    rf"|(?:年初|年前|去年|前年|上(?:个?月|周|个?星期|个?礼拜)|前(?:阵子|几天|段时间)|{_N}月份?|{_N}(?:天|周|个月|年)(?:之?前))(?:才|刚)?(?:买|拍|收|到|入))"
)
_FAILED = expression(rf"{_GONE}[^。！？?]{{0,14}}{_SINCE}|{_SINCE}[^。！？?]{{0,14}}{_GONE}")
"""Something gone, and since when it is his."""
_MAYBE = expression(
    r"有没有(?:破|坏|瑕|划|异味|味|掉|起|说明)|哪些|什么人|(?:物流|快递|发货)(?:会)?(?:慢吗|慢不慢|快吗|快不快)|^收到(?:破损|少件|坏的?|次品)[^，。我]{0,4}(?:怎么|如何|能|可以)|如果|要是|万一|假如|若是|的话|会不会|是不是会|会[^，。]{0,8}(?:吗|么|不[?？]?$|没$)|容易(?:坏|破|碎|断|漏)|(?:怕|担心)[^，。]{0,8}(?:坏|碎|破|漏|少|丢)|先问|问清楚|还没(?:买|下单|拍)|打算(?:买|入)|想入|保修(?:多久|期|吗|几)|包不包|能不能赔|怎么保修"
    r"|\b(?:if|what if|in case|would|will it|does it ever)\b|\bpolicy\b",
    re.IGNORECASE,
)
_ASKS = expression(
    r"(?:怎么办|咋办|咋整|怎么处理|怎么弄|能退吗|能换吗|可以退吗|可以换吗|谁出|谁承担|吗|么|(?<!收到)不|[?？])\s*[?？。!！]*$"
)
_OWN = expression(
    r"收到|到手|到货|打开|拆开|我(?:买|拍|订|下单)|买的|用了|才用|刚|昨天|前天|今天|其中|你们|给我|有一?(?:个|盏|把|条|件)|订单|第[一二三1-9]|\b(?:my|i|received|arrived|got)\b",
    re.IGNORECASE,
)
_ELSEWHERE = expression(
    r"退款|退钱|(?:钱|款)(?:还|都|一直)?没|发票|抬头|券|红包|积分|先用后付|优惠|付款|支付|扣款|refund|invoice|payment",
    re.IGNORECASE,
)
_RETURNED = expression(r"申请|寄回|退回", re.IGNORECASE)
_WANTS: tuple[tuple[Want, str], ...] = (
    ("compensation", r"赔|补偿|补差|返现|红包|(?:送|给|发|补)[^，。]{0,6}(?:券|优惠|积分|红包)|打折|便宜点|减(?:点|一点)|\bcompensat\w*|\bdiscount|\bvoucher|\bcoupon|補償|compensaci"),
    ("resend", r"补发|补寄|补给我|补上|补一|补(?:个|件|条)|重(?:新)?(?:发|寄)|再(?:发|寄|给我发|送)|寄过来|发给我|\b(?:resend|send (?:me )?(?:it|them|the|a|another|the missing)|ship (?:it|them|the)|reship)\b|送ってください|再送|reenv|enviar"),
    ("exchange", r"换|\b(?:exchange|replace(?:ment)?|swap)\b|交換|cambi(?:o|ar)|reemplaz|교환"),
    ("return", r"退货|退回|退掉|退了(?!款|钱)|寄回|退货退款|不想要|\breturn\b|send (?:it|them) back|返品|devol|반품"),
    ("refund", r"退款|退钱|退(?:我)?(?:一|两|这|那)|退|钱(?:还|给)我|\brefund\b|\bmoney back\b|返金|reembols|환불"),
    ("repair", r"维修|修(?:一?下|好|理)?|\b(?:repair|fix)\b|修理|repara"),
    ("cancel", r"取消|不要了|不买了|\bcancel\b|キャンセル|cancel"),
    ("chase", r"催|查(?:一?下|查)|核实|联系(?:一?下)?(?:快递|仓库|物流)|加急|尽快|快点|早点|\b(?:chase|check|look into|hurry|speed|contact the (?:carrier|courier))\b|確認|consult"),
)  # fmt: skip
_WISHES = OneOf((want, expression(pattern, re.IGNORECASE)) for want, pattern in _WANTS)
_GRAVE = expression(
    r"投诉|举报|骗|欺诈|黑店|坑人|坑爹|差评|再也不|忍无可忍|失望透|过分|离谱|说法|\b(?:scam|fraud|complain\w*|furious|unacceptable|ridiculous|outrageous)\b",
    re.IGNORECASE,
)
_RULES = expression(
    r"运费|邮费|路费|要不要钱|要钱吗|花钱|收费|免费|管吗|管不|管么|在保|保修|保不保|质保|谁(?:出|付|掏|承担|管|负责)|算谁|我出|多久|几天内|[一二两三四五六七八九十几半\d]个?多?(?:月|年)|怎么(?:办|弄|处理|赔|整|搞)|咋(?:办|整|弄|搞)|(?:还|给|能|可以|可不可以)(?:我)?(?:退|换|修|改|赔|补|重开)[^，。]{0,6}(?:吗|么|不|嘛|[?？]|$)|\b(?:warranty|who pays|covered|for free|shipping cost)\b",
    re.IGNORECASE,
)
_RAN_OUT = expression(_LEAKED)
_WHEN = expression(
    r"什么时候|啥时候|几时|哪天|几号|多久|几天|多会儿|来得及|今天|今儿|明天|\bwhen\b|\bhow long\b", re.IGNORECASE
)
_WHEN_DONE = expression(r"(?:下单?|拍|买|付款?|签收?|收|送)(?:的|了)(?:来着|呢|呀|啊|[?？])*$")
_OWN_FAULT = expression(
    r"被我|我自己|自己(?:弄|摔|搞|磕|撕)|不小心|我(?:把|给)[^，。]{0,6}(?:摔|弄|砸|撕|烧|磕)|\b(?:i|my (?:kid|dog|son|daughter)) (?:dropped|broke|spilled|tore|burn)",
    re.IGNORECASE,
)
_TELLING = expression(
    r"就是(?:说|反馈|提|告诉)|说一声|反馈一下|提个(?:醒|意见|建议)|(?:东西|商品|里面)?没(?:事|坏|影响)|不影响|just (?:letting|telling|wanted to let)|no need to",
    re.IGNORECASE,
)
_WHAT_IS_THIS = expression(r"怎么搞|搞什么|怎么回事|什么情况|有问题|有毛病|不对劲|怎么这样", re.IGNORECASE)
_SHOWS = expression(
    r"(?:图片?|照片|视频|截图|录像)[^，。]{0,4}(?:发|传|给|上|在)|(?:发|传)(?:了|给你|你)[^，。]{0,4}(?:图|照片|视频)|\b(?:sent|attached|here is) (?:you )?(?:a |the )?(?:photo|picture|video)",
    re.IGNORECASE,
)
_UNHAPPY = expression(
    r"失望|不满意|不高兴|太糟|糟糕|体验(?:很|太|真)?(?:差|不好)|不开心|太(?:差|烂|坑)|闹心|心累|无语|\b(?:disappointed|unhappy|not satisfied|bad experience|let down)\b|残念|がっかり|decepcionad|실망",
    re.IGNORECASE,
)


@recently
def matter_of(text: str) -> Matter | None:
    """What went wrong, where the words tell of something that happened; None for a question of what would be."""
    plain = fold(text)
    if _MAYBE.search(plain) or _OWN_FAULT.search(plain):
        return None
    for matter, _ in _FOUND.search(plain):
        if matter not in ("wrong", "quality", "price", "extra") and _ELSEWHERE.search(plain):
            continue
        if matter in ("late", "service") and _RETURNED.search(plain):
            continue
        if (
            matter not in ("missing", "wrong", "late", "not_received")
            and _ASKS.search(plain)
            and not _OWN.search(plain)
        ):
            continue
        return matter
    return "broken" if _FAILED.search(plain) and not _ELSEWHERE.search(plain) else None


@recently
def wants_of(text: str) -> Want | None:
    """What is to be done about it, the most far-reaching first; None when nothing is asked for."""
    plain = fold(text)
    return _WISHES.first(plain)


def is_grave(text: str) -> bool:
    """More than a mishap: only a person can answer this."""
    return bool(_GRAVE.search(fold(text)))


@recently
def has_failed(text: str) -> bool:
    """Says what is gone and since when: no question of what goods are like, whatever it sounds like."""
    plain = fold(text)
    return bool(_FAILED.search(plain)) and not _MAYBE.search(plain)


@recently
def has_leaked(text: str) -> bool:
    """Something ran out of its bottle, where the same word may mean that something was left out."""
    return bool(_RAN_OUT.search(fold(text)))


def asks_rules(text: str) -> bool:
    """Asks who pays, or whether it is covered, beside what happened."""
    return bool(_RULES.search(fold(text)))


def asks_when(text: str) -> bool:
    """Asks for a day or a time."""
    return bool(_WHEN.search(text)) and not _WHEN_DONE.search(text)


def shows_something(text: str) -> bool:
    """Says that a picture or a film was sent."""
    return bool(_SHOWS.search(fold(text)))


@recently
def is_unhappy(text: str) -> bool:
    """Let down, without saying by what."""
    plain = fold(text)
    return bool(_UNHAPPY.search(plain)) and not _MAYBE.search(plain)


def is_puzzled(text: str) -> bool:
    """Asks what is the matter here, as people do who hold the thing in their hands."""
    plain = fold(text)
    return bool(_WHAT_IS_THIS.search(plain)) and not _MAYBE.search(plain)


def only_tells(text: str) -> bool:
    """Wants nothing done about it."""
    return bool(_TELLING.search(fold(text)))
