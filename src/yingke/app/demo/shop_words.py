"""What the demo's two shops say of themselves: hours, greetings, first questions, replies kept by the team."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from yingke.app.demo.calendar import TIME_ZONE, Calendar

WORKSPACE = "青蜥露营 QINGXI CAMP"
MAIN, GLOBAL = "青蜥露营·中文站", "QINGXI CAMP Global"


@dataclass(frozen=True)
class ShopWords:
    name: str
    languages: list[str]
    greeting: dict[str, str]
    questions: dict[str, list[str]]
    color: str
    assistant: str


SHOPS = (
    ShopWords(
        MAIN,
        ["zh-CN", "en"],
        {
            "zh-CN": "您好，这里是青蜥露营。帐篷、睡袋、发货和退换，直接问我就好。",
            "en": "Hello, this is Qingxi Camp. Ask me about tents, sleeping bags, shipping and returns.",
        },
        {
            "zh-CN": ["两人帐下雨漏不漏？", "今天下单几号能发货？", "金卡和满减怎么算？"],
            "en": ["Is the two-person tent waterproof?", "When will my order ship?", "How do returns work?"],
        },
        "#2f7d5b",
        "小蜥",
    ),
    ShopWords(
        GLOBAL,
        ["en", "zh-CN"],
        {
            "zh-CN": "您好，这里是青蜥露营国际站，可以用中文或英文提问。",
            "en": "Welcome to Qingxi Camp Global. Ask me about shipping, delivery times and our gear.",
        },
        {
            "zh-CN": ["寄到哪些国家？", "多久能到？"],
            "en": ["Where do you ship to?", "How long does delivery take?", "How much is shipping?"],
        },
        "#1f5f8b",
        "Qingxi assistant",
    ),
)

SAVED_REPLIES = (
    ("售前", "发货时间", "您好，16:00 前付款的现货订单当天发货，之后付款的 48 小时内发货。"),
    ("售前", "人工核价", "您好，我按会员价、满减、店铺券的顺序帮您核一遍价格，稍等一分钟。"),
    ("售前", "尺码建议", "您好，请告诉我身高和体重，我按尺码表给您建议；里面想加抓绒就大一码。"),
    ("售后", "破损补发", "非常抱歉，给您添麻烦了。请拍一张破损处的照片，核实后今天就给您补发，破损件不用寄回。"),
    ("售后", "七天无理由", "签收 7 天内、商品完好可以无理由退货，寄回运费由您承担；有运费险的按运费险赔付。"),
    ("售后", "查物流", "好的，我帮您查一下物流，请提供订单号和下单手机号后四位。"),
    ("通用", "稍等", "收到，我看一下，两分钟内回复您。"),
    ("通用", "结束语", "还有其他问题随时找我们，祝您露营愉快。"),
)
"""(folder, title, text), shared by the team."""

_USUAL = [{"day": day, "from": "09:00", "to": "22:00"} for day in range(1, 8)]
_FIXED_HOLIDAYS = (
    (1, 1, "元旦"),
    (5, 1, "劳动节"),
    (5, 2, "劳动节"),
    (10, 1, "国庆节"),
    (10, 2, "国庆节"),
    (10, 3, "国庆节"),
)


def shop_hours(calendar: Calendar) -> dict[str, Any]:
    """9:00–22:00; the days of the sale 8:00–24:00; holidays with a fixed date 10:00–18:00."""
    sale = {calendar.day(offset) for offset in range(-3, 8)}
    days: dict[date, tuple[str, str, str]] = {day: ("08:00", "24:00", "活动日") for day in sale}
    for year in (calendar.today.year, calendar.today.year + 1):
        for month, day, name in _FIXED_HOLIDAYS:
            days.setdefault(date(year, month, day), ("10:00", "18:00", name))
    exceptions = [
        {"date": day.isoformat(), "from": start, "to": end, "note": note}
        for day, (start, end, note) in sorted(days.items())
    ]
    return {"time_zone": TIME_ZONE, "days": _USUAL, "exceptions": exceptions}
