"""The talks of the demo's week that went less smoothly: worried and angry customers, promises, and those likely to buy."""

from dataclasses import dataclass

from yingke.app.demo import files
from yingke.app.demo.talks import Line, ask, miss, polite, say, tell

_SEND, _BACK = files.DELIVERY, files.RETURN_RULES
_SALE, _GOODS = files.SALE, files.PRODUCTS
BEFORE_SALE, AFTER_SALE = 0, 1
"""Which agent it goes to."""


@dataclass(frozen=True)
class Promise:
    """What the agent said he would do, and within how many hours."""

    kind: str
    title: str
    hours: int


@dataclass(frozen=True)
class Sought:
    """Somebody likely to buy, as leads are noted: `reasons` are the codes of `assistants.leads`."""

    phone: str
    grade: str
    reasons: tuple[str, ...]
    products: tuple[str, ...]


@dataclass(frozen=True)
class Hard:
    """`reason`: why a person came, "" where the assistant did it alone."""

    lines: tuple[Line, ...]
    reason: str = ""
    agent: int = AFTER_SALE
    promise: Promise | None = None
    sought: Sought | None = None


_SHIPS = tell(
    "别着急，我帮您看看。每天 16:00 前付款的现货订单当天发货；16:00 之后付款的，48 小时内发货。",
    _SEND,
    "发货与物流 › 今天下单几号能发货",
)
_MONEY = tell("仓库验收后 48 小时内退款，银行一般 1 到 3 个工作日到账。", _BACK, "退款多久到账")
_FAULT = tell("很抱歉给您添麻烦了。签收后 30 天内出现质量问题，包退包换，来回运费由店铺承担。", _BACK, "质量问题")

SOOTHED: tuple[Hard, ...] = (
    Hard((ask("怎么还不发货啊，周五就要出发了，急", "anxious"), _SHIPS, ask("哦哦，我昨晚八点拍的，那来得及"), polite("来得及的，发出后订单页会有单号。"))),
    Hard((ask("退款三天了还没到，不会不给退了吧", "anxious"), _MONEY, ask("好，那我再等一天，谢谢", "satisfied"))),
    Hard((ask("收到发现地钉少一根，有点失望", "disappointed"), _FAULT, ask("行，那我明天拍照发你们", "calm"), polite("好的，照片直接发在这里就可以。"))),
    Hard((ask("说好的满减怎么没减！", "disappointed"), tell("卡式炉（QX-G1）不参与满减，可以用店铺券。", _SALE, "不参加的商品"), ask("哦我买的就是卡式炉，懂了"))),
    Hard((ask("物流两天没动了，帐篷不会丢了吧", "anxious"), tell("小件走快递，江浙沪一般 1 到 2 天到，其他省份 2 到 4 天到。", _SEND, "发货与物流 › 发什么快递"), ask("我在云南，那还在时间里，谢谢", "satisfied"))),
)  # fmt: skip

UPSET: tuple[Hard, ...] = (
    Hard(
        (
            ask("刚到手的灯就不亮了，什么质量！", "angry"),
            say("非常抱歉让您遇到这种情况。我这就给您补发一盏，今天发出，坏的不用寄回。"),
            ask("这还差不多，谢谢", "satisfied"),
        ),
        "angry",
        promise=Promise("reship", "补发露营灯一盏（到手不亮）", 24),
    ),
    Hard(
        (
            ask("帐杆断了一根，昨天才第一次用", "disappointed"),
            _FAULT,
            ask("那给我换根杆子就行"),
            say("可以的，整套帐杆今天寄出，旧的不用退。"),
            ask("好，麻烦了", "calm"),
        ),
        "complaint",
        promise=Promise("reship", "补寄两人三季帐帐杆一套", 20),
    ),
    Hard(
        (
            ask("套锅烫到手了，锅把的铆钉松的", "disappointed"),
            say("您的手现在怎么样？请先用凉水冲十五分钟，需要的话尽快就医。锅请停用，我马上登记并联系您。"),
            ask("不严重，就是红了，你们查一下吧", "calm"),
        ),
        "danger",
        promise=Promise("call_back", "套锅铆钉松动烫到手，回电问情况", 4),
    ),
    Hard(
        (
            ask("外套穿了一周想退，吊牌剪了"),
            tell("签收后 7 天内，商品完好、配件和吊牌齐全，可以无理由退货。", _BACK, "七天无理由退货"),
            ask("我就是不喜欢了，不能通融吗", "disappointed"),
            say("理解您的心情。吊牌剪了确实不能无理由退，可以帮您换个尺码，运费您这边出，可以吗？"),
            ask("那换大一码吧", "calm"),
        ),
        "request_refused",
    ),
    Hard(
        (
            ask("防雷击吗这帐篷"),
            miss("防雷击"),
            ask("那遇上打雷怎么办"),
            miss("打雷时的做法"),
            ask("你们总有人知道吧", "anxious"),
            say("打雷时请离开帐篷和高地，进建筑物或车里。帐篷都不防雷，这点要如实告诉您。"),
            ask("明白了", "calm"),
        ),
        "no_answer",
        agent=BEFORE_SALE,
    ),
    Hard(
        (
            ask("发票公司名字写错了，要重开"),
            say("可以红冲重开。请把正确的抬头和税号发我，3 个工作日内发到您邮箱。"),
            ask("发了"),
        ),
        "invoice",
        promise=Promise("invoice", "发票抬头写错，红冲重开", 48),
    ),
    Hard(
        (
            ask("付了款订单还是待付款，扣了我 499", "anxious"),
            say("别担心，我查到付款是成功的，系统同步慢了几分钟，现在已经变成待发货了。"),
            ask("看到了，吓我一跳", "calm"),
        ),
        "payment",
    ),
)  # fmt: skip

SOUGHT: tuple[Hard, ...] = (
    Hard(
        (
            ask("我们公司团建要 40 把折叠椅，能开专票吗，电话 13800002301"),
            say("您好，可以开专票。40 把有现货，报价单一小时内发您手机。"),
            ask("好，等您"),
        ),
        "bulk_order",
        agent=BEFORE_SALE,
        sought=Sought("13800002301", "hot", ("bulk", "buys"), ("折叠椅",)),
    ),
    Hard(
        (
            ask("四人帐预售的能便宜点吗"),
            tell("四人自动帐（QX-T4）是预售，定金 100 抵 150，付尾款后按商品页日期发货。", _GOODS, "商品"),
            ask("到货了打我电话 13800002302"),
            polite("好的，已经记下，到货会有同事联系您。"),
        ),
        sought=Sought("13800002302", "good", ("asked_price", "call"), ("四人自动帐",)),
    ),
    Hard(
        (
            ask("羽绒睡袋和气垫一起拿预算一千够吗"),
            tell("价格按顺序算：会员价、每满 300 减 40（可累计）、店铺券。会员价登录后生效。", _SALE, "价格计算顺序"),
            ask("够的话周末就下单，有问题找我 13800002303"),
            polite("好的，已经记下您的联系方式。"),
        ),
        sought=Sought("13800002303", "hot", ("buys", "budget"), ("羽绒睡袋 0℃", "自充气垫 5cm")),
    ),
)  # fmt: skip
