"""What somebody wants to know about money of his own: invoices, payments, refunds; rules in general are none of it."""

import re
from typing import Literal

from yingke.commerce.order_numbers import find_order_numbers
from yingke.kit.expression import OneOf, expression
from yingke.kit.recently import recently
from yingke.knowledge.fold import fold

MoneyWish = Literal["invoice", "invoice_state", "invoice_fix", "refund_state", "paid_twice", "pay_failed", "balance"]

_INVOICE = r"(?:电子|纸质)?(?:发票|专票|普票|开票)"
_WISHES: tuple[tuple[MoneyWish, str], ...] = (
    (
        "paid_twice",
        r"(?:扣|付|刷|收|支付|付款)了?(?:我)?(?:两|二|2|三|3|多)(?:次|遍|笔|回)|重复(?:扣款|付款|支付|扣费|收费)|多(?:扣|付|收|刷)了(?:我)?(?:一|\d|钱|次|笔|款|几)|\b(?:charged|paid|billed|debited)\b.{0,16}\b(?:twice|two times|double|again)\b|\bdouble[- ]?(?:charge|payment)|二重(?:請求|課金|決済|に引)|\bcobr\w+ (?:dos veces|doble)|두 ?번 (?:결제|청구)",
    ),
    (
        "pay_failed",
        r"(?:付款|支付|付钱|结账|结算|付)(?:一直|老是|总是|怎么|都|又)*(?:失败|转圈|卡住|卡着|没反应|不了(?!解)|不上|不成功|报错|出错|过不去|不上)|(?:付|支付)不(?:了|成|出去|上)(?:款|钱)?|(?:钱|款)(?:已经|都)?(?:扣|付|划)(?:掉|走|出去)?了?[^。！？]{0,12}(?:没(?:有)?(?:订单|成功|显示)|未付款|待付款|还是(?:没|未|待)付|没(?:有)?付)"
        r"|(?:付|支付)(?:过|了|完)(?:款|钱)?[^。！？]{0,10}(?:显示|还是|却)[^。！？]{0,6}(?:未付|没付|待付|未支付)|\b(?:payment|card|checkout|transaction)\b.{0,24}\b(?:fail\w*|declin\w*|reject\w*|didn'?t|doesn'?t|not (?:go|work)|won'?t|error)|\b(?:can'?t|cannot|unable to) (?:pay|check ?out)\b|(?:支払い|決済).{0,8}(?:でき|失敗|エラー)|(?:pago|tarjeta).{0,16}(?:rechaz|fall|no pas|no funciona)|결제.{0,6}(?:안|실패|오류)",
    ),
    (
        "invoice_fix",
        rf"(?:{_INVOICE}|抬头|税号)[^。！？]{{0,10}}(?:错|改|换|更正|修改|重开|不对|写成)|(?:改|换|更正|修改|写错|填错|开错|重开|重新开)[^。！？]{{0,8}}(?:{_INVOICE}|抬头|税号)|\b(?:correct|change|wrong|fix|update)\b.{{0,20}}\b(?:invoice|tax number|title)\b|\binvoice\b.{{0,20}}\bwrong\b",
    ),
    (
        "invoice_state",
        rf"{_INVOICE}[^。！？]{{0,6}}(?:开好|开了|开出|发了|寄了|到哪|好了|怎么样|进度|呢[?？]?$|没收到|没(?:有)?(?:看到|开|发|给|到)|怎么(?:还)?(?:没|不)|还(?:没|不)|查)|(?:我的|申请的|上次的|之前的)(?:电子)?发票[^。！？]{{0,8}}(?:什么时候|多久|几天|哪)|没(?:有)?收到(?:我的)?{_INVOICE}|查(?:一?下)?(?:我的?)?{_INVOICE}"
        r"|\b(?:where|status)\b.{0,16}\binvoice\b|\bhaven'?t (?:got|received)\b.{0,12}\binvoice\b",
    ),
    (
        "refund_state",
        r"^(?:my )?refund[?? ]*(?:where|status)?[? ]*$|(?:退款|退的钱|退货款|退货的钱|退回的钱|返款)[^。！？]{0,8}(?:到哪|进度|怎么样|处理得?怎|办得怎|没到|没收到|没退|没有到|未到|还没|怎么还|呢[?？]*$|查)|退款(?:太|好|真|怎么这么)慢|(?:钱|款)[^，。！？]{0,4}(?:退|返|还|打)(?:回来|给我)?了(?:没|吗|么|不)|(?:我的|那笔|这笔|上次的?|之前的?)(?:退款|钱)[^。！？]{0,8}(?:什么时候|几时|多久|哪天|到账)|(?:钱|款)[^，。！？]{0,6}(?:怎么)?(?:还没|没|还不|什么时候)(?:能)?(?:给我)?(?:退|返|到账|到)|(?:还没|没有?|未)(?:收到|给我|到账).{0,4}退款|怎么还(?:没|不)(?:给我)?退(?:款|钱)|(?:钱|款)(?:还|都|一直)没(?:有)?(?:回来|退|到|返)|(?:不|没人|没)处理退款|退款到账(?:了)?(?:没|吗)|查(?:一?下)?(?:我的?)?退款|什么时候(?:能)?(?:给我|把钱)退|(?:什么时候|几时|多久|哪天)(?:能|会)?(?:退钱|退款|退回来?|退)(?:给我)"
        r"|\bwhere(?:'?s| is)\b.{0,12}\brefund\b|\brefund\b.{0,24}\b(?:status|arriv\w*|not|yet|still|haven'?t)\b|\b(?:haven'?t|not|still)\b.{0,24}\brefund(?:ed)?\b|\bwhen (?:will|do) i get my (?:refund|money)\b|返金.{0,8}(?:いつ|まだ|どう)|reembolso.{0,20}(?:d[oó]nde|cu[aá]ndo|no ha|todav)|d[oó]nde.{0,12}reembolso|환불.{0,8}(?:언제|아직|어디)",
    ),
    (
        "balance",
        r"尾款(?!不)[^。！？]{0,8}(?:多少|几|什么时候|哪天|怎么|截止|还|付|交|呢)|(?<!凑单)(?:还要付|还欠|还需要?付|再付|还差|要补)(?:多少|几)(?:钱|块|元)|(?:付|交|补|结)尾款|定金[^。！？]{0,6}(?:多少|抵|付多少|几)|预付[^。！？]{0,4}多少|\b(?:balance|remaining (?:amount|payment)|rest of the (?:price|payment)|deposit)\b.{0,24}\b(?:due|pay|when|how much|much)\b|\b(?:how much|when)\b.{0,24}\b(?:balance|deposit|remaining)\b",
    ),
)
_FOUND = OneOf((wish, expression(pattern, re.IGNORECASE)) for wish, pattern in _WISHES)
_RULES = expression(
    r"一般|通常|正常|规则|规定|政策|支持|流程|可以(?:退|改)吗|能(?:退|改)吗|如果|要是|万一|逾期|退吗|多久(?:能)?到账(?!.{0,4}我)|\bnormally\b|\busually\b|\bpolicy\b|\bif i\b",
    re.IGNORECASE,
)
_OWN = expression(r"我的|我(?:上|昨|前|那|申请)|还没|怎么还|没收到|那笔|这笔|\bmy\b", re.IGNORECASE)


@recently
def money_wish(text: str) -> MoneyWish | None:
    """What `text` wants to know of the customer's own money; None for anything else."""
    plain = fold(text)
    has_number = bool(find_order_numbers(text))
    if _RULES.search(plain) and not has_number and not _OWN.search(plain):
        return None
    return _FOUND.first(plain)
