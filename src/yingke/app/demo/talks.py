"""What was said in the demo's week: short talks of shoppers, written for this shop."""

import re
from dataclasses import dataclass
from typing import Literal

from yingke.app.demo import files

Who = Literal["contact", "assistant", "gap", "agent"]


@dataclass(frozen=True)
class Line:
    """`source` and `heading`: where the assistant's words stand. `gap`: the assistant did not know. `mood`: of a customer."""

    who: Who
    text: str
    source: str = ""
    heading: str = ""
    mood: str = "calm"


def ask(text: str, mood: str = "calm") -> Line:
    return Line("contact", text, mood=mood)


def tell(text: str, source: str, heading: str) -> Line:
    return Line("assistant", text, source, heading)


def polite(text: str) -> Line:
    return Line("assistant", text)


def miss(topic: str) -> Line:
    return Line("gap", f"资料里没有写到「{topic}」，我不乱猜。需要的话可以为您转人工。")


def say(text: str) -> Line:
    return Line("agent", text)


_TABLE, _FAQ = "商品", "常见问题"
_GOODS, _SEND, _BACK = files.PRODUCTS, files.DELIVERY, files.RETURN_RULES
_SALE, _CLUB, _SIZE = files.SALE, files.MEMBERSHIP, files.SIZE_TABLE
_SHIPS = tell(
    "每天 16:00 前付款的现货订单当天发货；16:00 之后付款的，48 小时内发货。", _SEND, "发货与物流 › 今天下单几号能发货"
)
_INVOICE = tell("可以。签收后在订单页申请电子普通发票，一般 1 个工作日内发到您填写的邮箱。", _CLUB, "可以开发票吗？")
_SEVEN = tell("签收后 7 天内，商品完好、配件和吊牌齐全，可以无理由退货。", _BACK, "七天无理由退货")
_ORDER = tell("价格按顺序算：会员价、每满 300 减 40（可累计）、店铺券。会员价登录后生效。", _SALE, "价格计算顺序")

ANSWERED: tuple[tuple[Line, ...], ...] = (
    (
        ask("两人帐多重啊，背着爬山行不行"),
        tell("两人三季帐（QX-T2）重量 2.1kg，双门。", _GOODS, _TABLE),
        ask("那还行，下雨呢"),
        tell("外帐防水 PU3000mm，接缝压胶，下中到大雨不漏。", _GOODS, "两人帐下雨会不会漏水？"),
    ),
    (ask("今天拍明天能发吗"), _SHIPS),
    (
        ask("发什么快递"),
        tell("小件走快递，江浙沪一般 1 到 2 天到，其他省份 2 到 4 天到。", _SEND, "发货与物流 › 发什么快递"),
    ),
    (ask("能开发票不，公司报销用"), _INVOICE, ask("抬头填错了能改吗"), miss("发票抬头修改")),
    (ask("可以开专票吗"), tell("可以。请把开票资料发给客服，核对后 7 个工作日内开具。", _CLUB, "可以开专票吗？")),
    (
        ask("睡袋买回来不合适能退吗"),
        _SEVEN,
        ask("运费谁出"),
        tell("七天无理由退货由买家承担寄回运费。", _BACK, "七天无理由退货"),
    ),
    (ask("露营灯充满能亮多久"), tell("低亮度约 60 小时，高亮度约 12 小时。", _GOODS, "露营灯充满一次能用多久？")),
    (ask("卡式炉带不带气"), tell("不送。卡式炉（QX-G1）不含气罐，用通用长气罐。", _GOODS, "卡式炉送气罐吗？")),
    (
        ask("174 身高 70 公斤外套穿什么码"),
        tell("L：身高 173–178cm，建议体重 66–76kg。", _SIZE, "L"),
        ask("L 还有吗"),
        tell("S 9 件，M 7 件，L 无货，XL 12 件，XXL 5 件。", _GOODS, _TABLE),
    ),
    (
        ask("满减和券能一起用吗"),
        tell("可以叠加：满减可累计，店铺券满 199 减 15，每单限用一张。", _SALE, "价格计算顺序"),
    ),
    (ask("金卡打几折"), tell("金卡 95 折，银卡 98 折，登录后下单自动生效。", _CLUB, "怎么成为会员？")),
    (ask("新疆包邮吗"), tell("寄新疆、西藏每单加收 20 元。", _SEND, "发货与物流 › 运费")),
    (ask("蛋卷桌能坐人吗"), tell("蛋卷桌 90cm（QX-D3）桌面承重 30kg。", _GOODS, _TABLE)),
    (ask("折叠椅承重多少，我 190 斤"), tell("折叠椅（QX-C1）承重 120kg，重量 2.8kg。", _GOODS, _TABLE)),
    (ask("气垫厚不厚"), tell("自充气垫 5cm（QX-M5），尺寸 188×60cm，R 值 3.2。", _GOODS, _TABLE)),
    (ask("羽绒睡袋零下五度能用吗"), tell("羽绒睡袋 0℃（QX-S0）舒适温标 0℃。", _GOODS, _TABLE)),
    (
        ask("四人帐什么时候发"),
        tell("四人自动帐（QX-T4）是预售，定金 100 抵 150，付尾款后按商品页日期发货。", _GOODS, _TABLE),
    ),
    (ask("帐篷我一个女生搭得起来吗"), tell("能。两人三季帐一个人大约 10 分钟搭好。", _GOODS, "帐篷一个人能搭起来吗？")),
    (ask("套锅能放电磁炉上吗"), miss("套锅能不能用电磁炉")),
    (ask("沙色的两人帐有货吗"), tell("沙色 0，正在补货；苔绿色有货。", _GOODS, _TABLE)),
    (ask("积分能抵多少"), tell("100 积分抵 1 元，单笔抵扣不超过订单金额的 10%。", _CLUB, "积分怎么用？")),
    (ask("拍错地址了还没发"), tell("发货前可以改地址，请把订单号和新地址发给客服。", _SEND, "发货与物流 › 能改地址吗")),
    (ask("保修多久"), tell("露营灯、卡式炉、蛋卷桌保修 1 年，非人为损坏免费维修或更换。", _BACK, "保修")),
    (ask("退款几天到账啊"), tell("仓库验收后 48 小时内退款，银行一般 1 到 3 个工作日到账。", _BACK, "退款多久到账")),
    (ask("客服几点下班"), tell("人工客服每天 9:00 到 22:00，活动期间 8:00 到 24:00。", _CLUB, "客服几点上班？")),
    (ask("买帐篷送地钉吗"), tell("活动期间买任一帐篷送地钉一包，限前 200 单。", _SALE, "赠品")),
    (ask("卡式炉参加满减不"), tell("卡式炉（QX-G1）不参与满减，可以用店铺券。", _SALE, "不参加的商品")),
    (ask("睡袋能机洗吗"), tell("羽绒睡袋可手洗，勿机洗甩干。", _GOODS, _TABLE)),
    (ask("两条棉睡袋能拼一起吗"), tell("可以，棉睡袋 10℃（QX-S10）两条可以拼成双人睡袋。", _GOODS, _TABLE)),
    (ask("内胆拆了能退吗"), tell("一次性睡袋内胆拆封后不支持七天无理由，下单页已请您确认。", _BACK, "七天无理由退货")),
    (ask("帐篷几个门"), tell("两人三季帐（QX-T2）是双门。", _GOODS, _TABLE)),
    (ask("外套里面能加抓绒吗"), tell("想在里面加抓绒，建议大一码。", _GOODS, "外套偏大还是偏小？")),
    (ask("这个灯防水不"), tell("露营灯（QX-L1）防水等级 IPX4。", _GOODS, _TABLE)),
    (ask("你好在吗"), polite("您好，我是店铺的 AI 客服。请问想了解什么？"), ask("金卡现在满减还能用吗"), _ORDER),
    (ask("天幕有卖吗"), miss("天幕")),
    (ask("有没有儿童睡袋"), miss("儿童睡袋")),
    (ask("帐篷可以印 logo 吗，我们公司团建"), miss("帐篷印 logo")),
    (ask("能货到付款吗"), miss("货到付款")),
    (ask("可以用花呗分期吗"), miss("分期付款")),
)

HANDED: tuple[tuple[Line, ...], ...] = (
    (
        ask("公司团建要 30 顶两人帐，能优惠吗"),
        miss("团购优惠"),
        ask("转人工"),
        say("您好，我是售前客服。30 顶可以走团购，请问什么时候要用？"),
        ask("下个月 10 号前"),
        say("来得及。我把团购报价发到您邮箱，今天下班前给到。"),
    ),
    (
        ask("桌子收到少了一根卡扣"),
        tell("收到破损、少件，请在签收后 48 小时内拍照发给客服，核实后补发或退款。", _BACK, "质量问题"),
        ask("转人工，我拍好了"),
        say("看到照片了，抱歉。卡扣今天补发给您，不用寄回。"),
        ask("行，快点啊"),
        say("好的，发出后把单号发您。"),
    ),
    (
        ask("我两件想合并成一单寄"),
        miss("合并发货"),
        ask("找人工客服"),
        say("您好，两单同一个地址，我让仓库合在一起发，明天出库。"),
        ask("谢谢"),
    ),
    (
        ask("快递三天没动了"),
        ask("转人工"),
        say("您好，我查一下。包裹在分拨中心，已经催件，明天再看一次，没动我们给您补发。"),
        ask("好吧"),
    ),
    (
        ask("外套袖子短了，能换 XL 吗"),
        _SEVEN,
        ask("人工"),
        say("可以换。请把订单号发我，我给您登记换货，XL 有货。"),
        ask("稍等"),
        say("登记好了，寄回地址已经短信给您。"),
    ),
    (
        ask("定金付了尾款忘付了怎么办"),
        miss("尾款逾期"),
        ask("转人工吧"),
        say("别着急，尾款截止前都能付。付不了的话截图给我看看。"),
        ask("可以了，刚才是网络问题"),
    ),
    (
        ask("我昨天拍的帐篷能改成苔绿吗，还没发"),
        miss("改颜色"),
        ask("转人工"),
        say("您好，还没出库，可以改。请把订单号发我。"),
        ask("QX-1109"),
        say("改好了，苔绿，今天照常发。"),
    ),
    (
        ask("灯收到充不进电"),
        tell("签收后 30 天内出现质量问题，包退包换，来回运费由店铺承担。", _BACK, "质量问题"),
        ask("那给我换一个，转人工"),
        say("抱歉给您添麻烦了。换新已经登记，今天发出，旧的等快递上门取，运费我们出。"),
        ask("可以"),
    ),
    (
        ask("你好，想租两顶帐篷周末用，有租赁吗"),
        miss("租赁"),
        ask("找人工问问"),
        say("您好，我们目前只卖不租。附近露营地一般可以租，到了可以问营地前台。"),
        ask("好的"),
    ),
    (
        ask("收货人电话写错一位"),
        tell("发货前可以改地址，请把订单号和新地址发给客服。", _SEND, "发货与物流 › 能改地址吗"),
        ask("转人工改一下"),
        say("您好，请发订单号和正确的号码，我马上改。"),
        ask("发你了"),
        say("改好了，请核对订单页。"),
    ),
    (
        ask("睡袋有股味道正常吗"),
        miss("睡袋气味"),
        ask("人工客服"),
        say("您好，新品打开通风两到三天会散掉；散不掉的话签收 7 天内可以退，请保留吊牌。"),
        ask("行，我先晾晾"),
    ),
    (
        ask("发票能不能寄纸质的"),
        miss("纸质发票"),
        ask("转人工"),
        say("您好，我们开电子发票，效力一样，可以自己打印。"),
        ask("那行"),
    ),
)

LEFT: tuple[tuple[str, str], ...] = (
    ("晚上问一下，帐篷能不能周五前到杭州？方便的话上班后回我。", "请周五前送到杭州，能到我就下单。"),
    ("灯的开关有点松，想换一个", "露营灯开关松，签收 12 天，想换新。"),
    ("团购联系谁", "车友会要 15 把折叠椅，想问团购价。"),
    ("发票一直没收到", "电子发票申请三天了没到邮箱，请帮忙看看。"),
    ("想问下四人帐尾款哪天截止", "四人帐尾款截止时间，请上班后告诉我。"),
    ("蛋卷桌怎么收，视频有吗", "蛋卷桌收纳的视频麻烦发我一份。"),
    ("我那单能不能放驿站", "快递请放小区驿站，不用打电话。"),
    ("气垫漏气了，刚买一周", "自充气垫一周就漏气，想换货。"),
    ("外套想换大一码", "三合一外套 M 换 XL，吊牌没拆。"),
    ("活动结束前还会补沙色吗", "沙色两人帐到货了请告诉我。"),
    ("能不能帮我留一顶苔绿的", "明天中午付款，请留一顶苔绿两人帐。"),
)

THANKS = ("好的谢谢", "知道了", "嗯嗯谢谢", "谢谢啦", "多谢")
WELCOME = polite("不客气，还有其他问题随时问我。")
RATING_WORDS = ("回复挺快的", "说清楚了", "", "", "")

PAGES: tuple[tuple[str, str, str], ...] = (
    ("四人|预售|尾款", "/p/qx-t4", "四人自动帐（预售）"),
    ("帐|露营地", "/p/qx-t2", "两人三季帐"),
    ("睡袋|内胆", "/p/qx-s10", "棉睡袋 10℃"),
    ("灯", "/p/qx-l1", "露营灯"),
    ("桌", "/p/qx-d3", "蛋卷桌 90cm"),
    ("椅", "/p/qx-c1", "折叠椅"),
    ("气垫", "/p/qx-m5", "自充气垫 5cm"),
    ("锅", "/p/qx-p2", "2–3 人套锅"),
    ("卡式炉", "/p/qx-g1", "卡式炉"),
    ("外套|码", "/p/qx-j1", "三合一外套"),
    ("满减|券|金卡|积分|优惠", "/sale", "露营活动"),
    ("发票|专票|退款|地址|快递|收货|合并", "/orders", "我的订单"),
    ("", "/", "青蜥露营首页"),
)
"""(words of the first question, path, title); the first that fits is the page the customer stood on."""

SITE = "https://qingxi-camp.example"


def page_of(question: str) -> tuple[str, str]:
    """(address, title) of the page from which this was asked."""
    path, title = next((path, title) for words, path, title in PAGES if re.search(words, question))
    return f"{SITE}{path}", title


ENGLISH: tuple[tuple[Line, ...], ...] = (
    (
        ask("Do you ship to Singapore?"),
        tell(
            "The Global store ships to Japan, South Korea, Singapore, Malaysia, Thailand, Australia and New Zealand.",
            files.GLOBAL_DELIVERY,
            "Shipping (Global store) › Where do you ship to?",
        ),
    ),
    (
        ask("how long is delivery to Sydney"),
        tell(
            "Orders leave our warehouse within 3 working days. Delivery takes 7 to 12 working days after that.",
            files.GLOBAL_DELIVERY,
            "Shipping (Global store) › How long does delivery take?",
        ),
        ask("ok thanks"),
        polite("You are welcome. Ask me anything else at any time."),
    ),
    (
        ask("is shipping free?"),
        tell(
            "Shipping is 12 US dollars per order, and free for orders above 150 US dollars.",
            files.GLOBAL_DELIVERY,
            "Shipping (Global store) › How much is shipping?",
        ),
    ),
)

FIRST_MEMBER = (
    ask("我是金卡，一顶苔绿两人帐加两条棉睡袋，券和满减都用上是多少"),
    _ORDER,
    ask("转人工，帮我核一下"),
    say("您好，商品共 897 元，金卡价 852.15 元，满减 80 元，再用一张 15 元店铺券，应付 757.15 元。"),
    ask("对的，和结算页一样，我付了"),
    say("收到，今天 16:00 前付款的当天发，稍后您能看到单号。"),
)
SECOND_MEMBER = (
    ask("露营灯和蛋卷桌拍一单，是一起到吗"),
    tell(
        "小件走快递；蛋卷桌、四人自动帐是大件，走物流，比快递晚 1 到 3 天，送货上门。", _SEND, "发货与物流 › 发什么快递"
    ),
    ask("知道了"),
    WELCOME,
)
