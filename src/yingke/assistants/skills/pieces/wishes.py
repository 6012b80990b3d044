"""What somebody wants done with an order, as opposed to how such things are done in general."""

import re
from typing import Literal

from yingke.commerce.order_numbers import find_order_numbers
from yingke.kit.expression import Expression, OneOf, expression
from yingke.kit.recently import recently
from yingke.knowledge.fold import fold

OrderWish = Literal["track", "state", "return", "exchange", "refund", "repair", "cancel", "address", "invoice"]

_SELF = r"(?:我要|我想|我需要|帮我|给我|麻烦|请|想要?|申请|需要|能不能|可以|可不可以|能|我的?|这个|那个|把)"
_POLICY = expression(
    r"(?:已经|都|要是|如果)?(?:发走|发货|发出|寄出)了?[^，。]{0,4}(?:还能|还可以|能不能)(?:改|退|换|取消)|^(?:还能|还可以|能不能|可以|能)(?:改|退|换|取消)[^，。]{0,6}(?:吗|么|不)[?？]*$|^(?:请问)?(?:怎么|如何)(?:申请|办理?)?(?:退|换)(?:货|款|换货)?[?？。]*$|取消[^，。]{0,8}(?:的话|券|积分|优惠)|取消(?:订单)?[^，。]{0,4}钱[^。]{0,8}(?:回来|退|到)|(?:邮费|运费)[^，。]{0,4}退|没有[^，。]{0,6}能[^，。]{0,4}吗|多久(?:能|会|可以)?(?:退|到账)|(?:退款|退货|换货)[^，。]{0,4}多久|政策|规则|规定|流程|条件|一般|通常|支持.{0,6}(?:吗|么|不)|几天(?:内|之内)|多久(?:内|之内)|(?:运费|邮费)谁|怎么(?:收费|算)|谁(?:出|承担)|包不包|要钱吗"
    r"|\bpolicy\b|\bhow long do i have\b|\bdo you (?:accept|offer|support)\b|^(?:hi|hello|hey)?[ ,!]*can i (?:return|exchange|cancel|change|get a refund)\b(?!.{0,20}\bmy order)|\bif i (?:don'?t|do not|dislike|change)\b",
    re.IGNORECASE,
)
_WORDINGS: tuple[tuple[OrderWish, str], ...] = (
    (
        "cancel",
        rf"取消(?:一?下)?(?:我的?|这个|那个|这笔)?(?:订单|单子|单)|(?:订单|单子).{{0,6}}(?:取消|不要了|不想要)|{_SELF}.{{0,4}}(?:取消|撤单|撤销订单)"
        r"|拍错了(?![^。]{0,8}换)|不想买了|直接取消|取消(?:吧|算了)|\bcancelar\b.{0,16}\bpedido\b|キャンセル|주문 ?취소|\bcancel\b.{0,16}\border\b",
    ),
    (
        "address",
        r"换个?(?:地方|地儿|地点|位置|收货(?:地|点))|(?:收货|收件|送货|寄)(?:的)?(?:地方|地儿|地点)[^，。？?]{0,6}(?:变|换|改|错)|(?:别|不要|不用)(?:再)?(?:寄|送|发)(?:到|去|给)?(?:我)?(?:家|原来|那边|老)|门牌(?:号)?[^，。？?]{0,2}(?:是|错|写|填|漏)|(?:寄|发|送)(?:到|去|给|往)?(?:别处|别的地方|其他地方|新家|新地址)"
        r"|(?:帮我|给我|我想|我要|想|改|换|那单|我的|这单|还没发)[^，。？?]{0,6}(?:寄|发|送)(?:到|去|给|往)(?:我)?(?:单位|公司|学校|老家|爸妈|妈|爸|父母|朋友|对象|老公|老婆|宿舍|这边|那边)|^(?:能|可以|可不可以|能不能)?(?:帮我)?(?:寄|发|送)(?:到|去|给|往)?我(?:爸妈|妈|爸|父母|对象|老公|老婆|朋友|姐|哥|弟|妹|单位|公司|学校|宿舍)(?:那边|那儿|那里|家|这边)?[^，。]{0,5}$|(?:改|修改|换|更改|变更|写错|填错).{0,8}(?:地址|收货人|收件人|收货信息|电话号码|手机号)|(?:改|换)(?:一?下)?(?:我的?|收货|联系|个)?电话(?!费)|(?:地址|收货人|收件人).{0,8}(?:改|换|(?<!没)错|不对|更正)"
        r"|\b(?:change|correct|update|wrong)\b.{0,20}\baddress\b",
    ),
    (
        "invoice",
        r"^开(?:一?张|个)?(?:电子|增值税)?(?:发票|专票|普票)(?![^，。]{0,8}(?:吗|么|不|多久|怎么|需要|几天|什么|要多|\?|？))|(?:我要|我想|帮我|给我|麻烦|申请|需要).{0,6}(?:发票|专票|普票)|(?:开|补)(?:一?张|个|一下).{0,3}发票|补开.{0,3}发票|\b(?:need|want|send|get|issue).{0,16}\binvoice\b",
    ),
    (
        "exchange",
        rf"(?:买|拍|穿着?|收到的?|选|号|码)(?:大|小|长|短|肥|紧|宽)了?[^。？?]{{0,8}}(?:换|调|要)|(?:想|要|能|帮我?|给我)[^，。]{{0,3}}调(?:成|换|个|大|小|到)|{_SELF}.{{0,8}}(?:换货|换一?(?:个|件|条|双|台|套|码|盏|把|只|张|顶|包|副|支)|调换|换(?:大|小)|换成)|(?:换货|换码)$|\bexchange\b|\bcambiar(?:lo|la)?\b|交[換换](?:して|お願|希望|$)|교환",
    ),
    ("repair", rf"{_SELF}.{{0,8}}(?:维修|保修(?!期|多|卡|政策|吗|几|内)|修(?:一?下|理)|返修)|报修|\brepair\b"),
    (
        "return",
        rf"(?:想|要|能)[^，。]{{0,3}}还(?:给|回)(?:你们|店|卖家)|不(?:打算|准备)要|(?:不想|不)留(?:了|着|下)?(?:$|[，。！!\s])|不想留[^。]{{0,6}}到手|{_SELF}.{{0,8}}(?:退货|退掉|退回|退了)|(?:退货|退货退款)$|不想要了|(?:^|[，,。])(?:就|那)?退了吧|^[^，。？?]{{1,8}}(?<![钱款货])退了(?:吧)?$|\b(?:devolver|devolución|retourner|zurückgeben)\b|返品|반품|(?:买|收|拍)的?[^，。？?]{{0,10}}(?:想|要)退(?!款|钱|税)|(?:帮我|给我|我|想|要|申请|都)(?:想|要)?退(?:一|两|这|那|个|件|条|掉|(?!款|钱|税|出|群|换|货运|回去|了)[\u4e00-\u9fff]{{1,6}}(?:吧|了|$|[，。！!]))|(?:想|都?要)退(?:吧|了)?(?:$|[，。！!,\s])|\breturn\b.{{0,20}}\b(?:it|this|them|order|item)\b",
    ),
    ("refund", rf"{_SELF}.{{0,8}}(?:退款|退钱|把钱退)|退款$|\brefund\b|\breembolso\b|返金|환불"),
    (
        "track",
        r"^(?:帮我|给我|我要|我想|麻烦)?(?:查|看|问)(?:一?下|询|看)?(?:我的?)?(?:物流|快递|包裹|运单)(?:信息|进度|单号)?[。！!?？]*$|(?:下单|拍|付款)(?:了|完)?[^，。？?]{0,6}(?:怎么还|还)(?:不|没)(?:发|到|送)|^(?:你好|您好|在吗|请问|亲)?[,，\s]*(?:我的?)?(?:快递|包裹|物流|货|东西)(?:呢|啊|呀)*(?:[,，\s]*(?:快递|包裹|货|东西)(?:呢|啊|呀)+)*[?？]*$|单号(?:是)?多少|单号[^，。]{0,3}(?:给|发|报|呢)|(?:发|给)我(?:一?下)?(?:快递|物流|运)单号|到哪|(?<!差)在哪|哪里了|哪了|什么时候(?:能|会|可以)?(?:到|发|送|寄)|(?:今天|今儿个?|今晚|明天|这周)(?:之?前|之内|里)?(?:收得到|到得了|拿得到)|(?:今天|今儿个?|明天|明儿个?|后天|今晚|周末|这周|这两天)(?:之?前|之内|里)?(?:还)?(?:能|会)(?:不能|不会)?(?:到|送到|收到|送|收着|收得到|拿到|到得了|送来)(?:吗|么|不|呢)?[?？]*$|(?:快递|包裹)[^，。]{0,3}(?:今天|今儿个?|明天|今晚)[^，。]{0,4}(?:到|送|来)|还(?:来不来|送不送|到不到|发不发)|(?:快递|送货|派件|配送)(?:小哥|员|师傅|的人|大哥)[^，。]{0,8}(?:到|在|送|哪|来)|(?:包裹|快递|东西|货)[^，。]{0,4}在谁|(?:查|搜|找)[^，。]{0,8}(?:的|一下|下)(?:单|单子|订单|包裹|快递)(?=$|[\s，。！!?？\d])|几时到|几天能到|还没(?:到|发|收到)|没收到|没到|发了(?:没|吗)|发货了?(?:没|吗)|(?:发|寄)(?:出|走)(?:去|来)?(?:了(?:没|吗)|没)|物流|快递.{0,6}(?:查|进度|信息|单号)|运单|签收|派送"
        r"|\bwhere(?:'?s| is)\b|\btrack\b|\barriv|\bshipped\b|\bdeliver",
    ),
    (
        "state",
        r"^(?:帮我|给我|麻烦)?(?:看|查|瞅|瞧)(?:一?下|看|查)?(?:我的?|俺的?)(?:那|这|最近|上次|昨天)?(?:的)?(?:一)?(?:单|笔|个?订单)(?:子)?(?:$|[，。！!?？\s])|(?:实际|一共|总共|到底|当时)?(?:付|花|扣)了(?:我)?(?:多少|几)(?:钱|块|元)?|(?:上次|那|这|我的?)(?:那)?(?:单|笔|个订单)[^，。？?]{0,8}(?:多少钱|什么东西|买了(?:什么|啥)|有(?:什么|哪些))|订单.{0,6}(?:状态|情况|进度|怎么样|查)|查.{0,6}订单|\border status\b|\bstatus\b",
    ),
)
_WISHES = OneOf((name, expression(pattern, re.IGNORECASE)) for name, pattern in _WORDINGS)
_MINE = expression(
    r"^(?:你好|您好|在吗|请问|亲)?[,，\s]*(?:快递|包裹|物流|货|东西)(?:呢|啊|呀)*(?:[,，\s]*(?:快递|包裹|货|东西)(?:呢|啊|呀)+)*[?？]*$|单号[^，。]{0,3}(?:给|发|报)|^(?:今天|今儿个?|今晚|明天|这周)[^，。]{0,3}(?:收得到|到得了|拿得到)|^(?:你好|请问)?[,，\s]*(?:已经|现在)?(?:发货了?|发了|到哪(?:里|儿)?了|还没(?:到|发货?|收到)|签收了?)(?:吗|没|么|呢|啊)?[?？]*$|下单了|拍了|付了款|^(?:查|看|问)|^(?:快递|物流|运)?单号|^(?:那)?(?:今天|今儿个?|明天|明儿个?|后天|今晚|周末|这周|这两天)(?:还)?(?:能|会)|(?:小哥|派送员|快递员|送货的)|还(?:来|送)不(?:来|送)|(?:快递|包裹|东西|货)[^，。]{0,4}(?:到哪|在哪|在谁|走到)|^(?:快递|包裹)(?:今天|今儿|明天|今晚)|用[^，。]{0,14}(?:查|搜|找)|我的?|俺|帮|给我|麻烦|这(?:个|单|笔|件)|那(?:个|单|笔|件)|昨天|前天|上(?:周|次|个?月)|买的|下的单|拍的|收到的|\bmy\b|\bi\b|\bme\b",
    re.IGNORECASE,
)
_YES = expression(
    r"^[\s,，。.!！~]*(?:(?:确认|确定|是的?|对的?|对|好的?|好|嗯+|恩+|行|可以|没错|同意|办吧|提交吧?|申请吧|就这样|没问题|要的?|麻烦(?:你|您)?了?|谢谢|ok(?:ay)?的?|yes|yep|yeah|sure|confirm(?:ed)?|go ahead|please(?: do)?|correct|that'?s right|thank(?:s| you)"
    r"|はい|お願いします|네|예|부탁(?:해요|드려요|드립니다)|s[ií]|claro|de acuerdo|vale|por favor|oui|ja|bitte)[\s,，。.!！~吧啊呀的了哦呢]*)+$",
    re.IGNORECASE,
)
_NO = expression(
    r"^[\s,，。.!！~]*(?:取消|不用了?|不要了?|不办了?|不退了|不换了|不修了|不改了|不开了|算了|先不|不了|不是|不对|别|等等|等一下|没事了|no\b|nope|not now|stop|never ?mind|don'?t|いいえ|やめ|아니)",
    re.IGNORECASE,
)


_NAMED: tuple[tuple[OrderWish, Expression], ...] = (
    ("cancel", expression(r"取消|不要了|\bcancel", re.IGNORECASE)),
    ("exchange", expression(r"换货|换码|换一|\bexchange", re.IGNORECASE)),
    ("return", expression(r"退货|退掉|退了|\breturn", re.IGNORECASE)),
    ("refund", expression(r"退款|退钱|\brefund", re.IGNORECASE)),
    ("repair", expression(r"维修|保修|返修|\brepair", re.IGNORECASE)),
    ("invoice", expression(r"发票|专票|普票|\binvoice", re.IGNORECASE)),
)
"""Enough beside an order number, which makes it one's own."""


@recently
def order_wish(text: str) -> OrderWish | None:
    """What `text` wants done with one order of its own; None for a question about the rules."""
    plain = fold(text)
    has_number = bool(find_order_numbers(text))
    if _POLICY.search(plain) and not has_number:
        return None
    if has_number:
        named = next((name for name, pattern in _NAMED if pattern.search(plain)), None)
        if named is not None:
            return named
    for name, _ in _WISHES.search(plain):
        if has_number or name not in ("track", "state") or _MINE.search(plain):
            return name
    return "state" if has_number else None


_TAKES_BACK = expression(
    r"(?:刚才|刚刚|之前|上面|提交)?的?(?:那个|这个)?(?:退货|换货|退款|维修|取消|改地址|开票|发票|售后)(?:的)?(?:申请|单)?(?:我)?(?:想|要)?(?:撤回|撤销|撤了|撤掉|取消掉?|作废|不要了|不办了|不用了|先不(?:办|弄)了)"
    r"|(?:撤回|撤销|取消|撤掉)(?:掉|一?下)?(?:我的?|刚才|刚刚|之前|那个|这个|的|提交)*(?:退货|换货|退款|维修|售后|开票|发票)?(?:的)?申请"
    r"|(?:撤回|撤销|取消)(?:掉|一?下)?(?:我的?|刚才|刚刚|之前|那个|这个|的)+(?:退货|换货|退款|维修|开票|发票)"
    r"|(?:我)?(?:现在)?(?:又)?(?:不想|不)(?:退|换|修)了[,，。!！]?(?:把|帮我)?.{0,6}(?:申请|撤|取消)"
    r"|^(?:算了|还是|我|那|又)*(?:还是)?不(?:想|用)?(?:退|换|修)了[。!！~]*$"
    r"|\b(?:withdraw|take back|cancel)\b.{0,12}\b(?:request|return|refund request|exchange)\b",
    re.IGNORECASE,
)


_ABOUT_TAKING_BACK = expression(r"多久|还没|没(?:有)?通过|还能|能再|可以再|吗[?？]*$|怎么(?:撤|取消)")


@recently
def takes_back(text: str) -> bool:
    """The customer thinks better of a request that was made: 「刚才的退款不要了」."""
    plain = fold(text)
    return bool(_TAKES_BACK.search(plain)) and not _ABOUT_TAKING_BACK.search(plain)


def says_yes(text: str) -> bool:
    """A plain yes, and nothing else."""
    return bool(_YES.match(text))


def says_no(text: str) -> bool:
    """A no, with or without a reason."""
    return bool(_NO.match(text))
