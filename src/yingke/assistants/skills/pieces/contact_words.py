"""How customers wish to be told or called, refuse to leave details, and take them back."""

import re

from yingke.kit.expression import expression

NOTIFY = expression(
    r"(?:到货|有货|补货|上架|上新|新款|新品|降价|打折|便宜|优惠|活动|开售|发售|可以买)[^。，,！？!?\n]{0,8}(?:了|时候?|后|之后|的话)?[^。，,！？!?\n]{0,6}(?:通知|告诉|提醒|叫|喊|说一?声|联系|发消息|发给?)[^。！？!?\n]{0,3}(?:我|一下|一声)"
    r"|(?:通知|提醒|告诉)我[^。，,！？!?\n]{0,8}(?:到货|有货|补货|上架|降价)|到货通知|降价提醒|补货提醒"
    r"|\b(?:notify|tell|let me know|alert|email|text|remind) ?(?:me)?\b.{0,24}\b(?:when|once|if|as soon as)\b.{0,32}\b(?:in stock|back|available|restock\w*|on sale|cheaper|price (?:drops|goes down)|discount)"
    r"|\b(?:restock|price|stock) (?:alert|notification)s?\b",
    re.IGNORECASE,
)
CALL = expression(
    r"(?:给我|跟我|和我|麻烦|请|可以|能不能|能|方便|希望|让人|安排人?)[^。，,！？!?\n]{0,8}(?:回个?电话?|打(?:个|一个|过来)?电话|来个?电话|电话联系|电话沟通|致电|回电)"
    r"|(?:电话联系|打电话给|回电话给|打给)我|电话给我打|给我(?:拨|致电)|我(?:想|要)(?:电话|打电话)(?:咨询|沟通|聊)|\bcall me(?: back)?\b|\bgive me a (?:call|ring)\b|\bphone me\b|\bcall[- ]?back\b",
    re.IGNORECASE,
)
NOT_CALL = expression(
    r"不要|别|不用|不必|不想|勿|没(?:有)?(?:人)?(?:打|回)|do ?n[o']?t|快递|物流|派送|送货|骚扰", re.IGNORECASE
)
BULK = expression(
    r"(?!.*(?:发票|专票|抬头|开票))(?:批发|团购|大批量|大量(?:采购|购买|买|要)|批量|采购|企业(?:购|福利|订购)|公司(?:福利|定制|年会|活动)[^。，,]{0,10}(?:买|要|订|采购|礼品)|定制|订制|印(?:上|个)?(?:logo|公司|标|字)|代理|分销|经销|加盟|一件代发|拿货|进货)"
    r"|\bwholesale\b|\bbulk\b|\breseller?\b|\bdistributor\b|\bcustom(?:i[sz]ed?|-made)\b|\bmoq\b|\bdropship\w*",
    re.IGNORECASE,
)
LOOKS_UP = expression(r"(?:查|搜|找)[^，。]{0,8}(?:订?单|包裹|快递|物流)", re.IGNORECASE)
"""A number told to find an order by it, and not to be reached."""
REFUSES = expression(
    r"不(?:想|太想|愿意?|方便|能|要|需要|用|必|太方便|打算)(?:留|给|说|提供|透露|告诉|加|填|了)?|不留|不给|不加|不说|没有?(?:微信|邮箱|手机)|算了|免了|隐私|怕(?:骚扰|泄露)|就在这(?:里|儿)?(?:说|聊|回)|在这(?:里|儿)(?:说|聊|回)就"
    r"|\b(?:no|nope|no thanks?|no thank you|rather not|prefer not|do ?n[o']?t want|not comfortable|skip|pass|do ?n[o']?t have)\b",
    re.IGNORECASE,
)
STOPS = expression(
    r"别(?:再)?(?:问|要|催)|不要(?:再)?(?:问|要)|(?:老是?|一直|总)(?:是)?(?:问|要)|什么都不(?:想)?留|都不(?:想)?(?:留|给)|(?:够|烦)了|别烦|停|\bstop\b|\bdo ?n[o']?t ask\b|\bquit asking\b",
    re.IGNORECASE,
)
LEAVE_ALONE = expression(
    r"(?:不要|别|请勿|勿|不用|不许|不准)(?:再)?(?:联系我|给我打电话|打我电话|打电话给我|发短信|给我发短信|骚扰|推销)|退订|取消订阅|^\s*(?:TD|T|STOP|unsubscribe)\s*$"
    r"|\b(?:do ?n[o']?t|never|stop) (?:contact(?:ing)?|call(?:ing)?|text(?:ing)?|email(?:ing)?) me\b|\bunsubscribe\b|\bopt(?: me)? out\b",
    re.IGNORECASE,
)
FORGET = expression(
    r"(?:删(?:除|掉|了)?|清(?:除|掉)|去掉|抹掉|撤回)[^。，,！？!?\n]{0,8}(?:我的?)?[^。，,！？!?\n]{0,4}(?:电话|手机号?|号码|微信|邮箱|联系方式|个人信息|资料)"
    r"|(?:把|将)我的?[^。，,！？!?\n]{0,3}(?:电话|手机号?|号码|微信|邮箱|联系方式|个人信息)[^。，,！？!?\n]{0,4}(?:删|清|去)"
    r"|\b(?:delete|remove|erase|forget) my (?:phone|number|contact|e-?mail|details|personal|data|info)",
    re.IGNORECASE,
)
WHY = expression(
    r"(?:为(?:什么|啥)|干(?:嘛|吗|什么)|做什么用|要(?:这个|来)(?:干|做))|(?:会不会|会|不会)[^。，,]{0,6}(?:泄露|骚扰|推销|卖|外泄|打扰)|安全吗|保密|\bwhy (?:do you|would you)\b|\bwhat for\b|\bspam\b|\bprivacy\b",
    re.IGNORECASE,
)
ASKS = expression(
    r"[?？]|多少|怎么|什么|哪|几(?:天|时|点|个)|吗|呢|有没有|能不能|可不可以|是不是|\b(?:how|what|when|where|which|why|can|could|do|does|is|are)\b",
    re.IGNORECASE,
)
BARGAINS = expression(
    r"便宜|优惠|打折|折扣|私下|线下|转账|付款|付钱|打款|红包|返现|刷单|好评返|discount|cheaper|pay", re.IGNORECASE
)
FILLER = expression(
    r"我的?|你们?|您|的|是|这个|那个|就|也|了|吧|啊|呢|哈|嗯|好的?|可以|电话|手机号?码?|号码|微信号?|薇信|威信|邮箱|邮件|联系方式|联系|打|给|加|找|发|留|记|同号|一样|都行|都可以|谢谢|麻烦|请|方便|时候?|有货|到货|通知|告诉|回|叫|姓|名字|称呼|在|住|人|先生|女士|城市|坐标|预算|大概|左右|vx|wx|v|wechat|id|phone|number|email|e-mail|my|me|is|it|its|it's|the|call|you|can|reach|at|or|and|please|name|mobile|tel|thanks|on|to|add|when|whatsapp|[\s\d,.，。、:：;；!！~+()（）\-_'’\"]+",
    re.IGNORECASE,
)
MOST_BESIDE = 4
MOST_AROUND = 14


def is_mostly_told(text: str, spans: list[tuple[int, int]], most: int = MOST_BESIDE) -> bool:
    """Beside the details themselves hardly anything is said, and nothing is asked."""
    marks = list(text)
    for start, end in spans:
        marks[start:end] = " " * (end - start)
    rest = "".join(marks)
    return not ASKS.search(rest) and len(FILLER.sub("", rest)) <= most
