"""The twelve products of the shop as the shop itself knows them, with what is there and when the rest comes."""

from yingke.app.demo.calendar import Calendar
from yingke.commerce.shapes import Product, Variant

TENT, BIG_TENT, WARM_BAG, BAG = "QX-T2", "QX-T4", "QX-S0", "QX-S10"
PAD, LAMP, CHAIR, TABLE = "QX-M5", "QX-L1", "QX-C1", "QX-D3"
POTS, STOVE, JACKET, LINER = "QX-P2", "QX-G1", "QX-J1", "QX-N1"


def demo_products(calendar: Calendar) -> list[Product]:
    """Prices in 分. Two have traps: a colour and a size that are sold out."""
    return [
        _tent(calendar),
        _one(
            BIG_TENT,
            "四人自动帐",
            899,
            None,
            "帐篷",
            {
                "人数": "三到四人",
                "防水": "外帐 PU3000mm",
                "重量": "5.6kg",
                "收纳长度": "95cm",
                "搭建": "自动，约 30 秒",
                "发货": "大件，走物流",
            },
            "四人自动帐篷，一家四口或三到四个大人，预售。",
        ),
        *_beds(),
        *_things(),
        _jacket(),
    ]


def _tent(calendar: Calendar) -> Product:
    colours = (
        Variant(f"{TENT}-GREEN", 49900, f"{TENT}-GREEN", "苔绿", {"颜色": "苔绿"}, stock=36),
        Variant(
            f"{TENT}-SAND", 49900, f"{TENT}-SAND", "沙色", {"颜色": "沙色"}, stock=0, restock_at=calendar.moment(6, 600)
        ),
    )
    attributes = {
        "人数": "两人",
        "防水": "外帐 PU3000mm，接缝压胶",
        "内帐": "210×150cm",
        "重量": "2.1kg",
        "门": "双门",
        "季节": "春夏秋三季",
    }
    said = "两人三季帐篷，两个大人睡得下，再带一条中小型犬也够。下中到大雨不漏；雪地不建议。"
    return Product(TENT, "两人三季帐", colours, TENT, said, "帐篷", attributes)


def _beds() -> list[Product]:
    return [
        _one(
            WARM_BAG, "羽绒睡袋 0℃", 699, 18, "睡袋",
            {"舒适温标": "0℃", "重量": "800g", "填充": "羽绒", "适合身高": "185cm 以内", "洗涤": "可手洗"}, "冷天用的羽绒睡袋。",
        ),
        _one(
            BAG, "棉睡袋 10℃", 199, 120, "睡袋",
            {"舒适温标": "10℃", "重量": "1.3kg", "填充": "棉", "拼接": "两条可以拼成双人睡袋"}, "夏季和室内用的棉睡袋。",
        ),
        _one(
            PAD, "自充气垫 5cm", 169, 64, "睡垫",
            {"尺寸": "188×60cm", "厚度": "5cm", "R 值": "3.2", "充气": "打开气嘴约 10 分钟充满"}, "春夏秋露营用的自充气垫。",
        ),
        _one(
            LINER, "一次性睡袋内胆（2 条装）", 39, 200, "睡袋内胆",
            {"材质": "无纺布", "尺寸": "单条 210×75cm", "数量": "2 条"},
            "住店和合租帐篷用。贴身一次性用品，拆封后不支持七天无理由退货。", no_seven_days=True,
        ),
    ]  # fmt: skip


def _things() -> list[Product]:
    return [
        _one(
            LAMP, "露营灯", 129, 88, "灯具",
            {"电池容量": "10000mAh 锂电", "照明": "12–60 小时", "防水等级": "IPX4", "充电": "Type-C", "保修": "1 年"},
            "营地和帐内照明，内置锂电池。",
        ),
        _one(CHAIR, "折叠椅", 149, 41, "桌椅", {"承重": "120kg", "重量": "2.8kg", "椅布": "可拆洗"}, "营地、钓鱼用的折叠椅。"),
        _one(
            TABLE, "蛋卷桌 90cm", 259, 22, "桌椅",
            {"桌面承重": "30kg", "桌长": "90cm", "保修": "1 年", "发货": "大件，走物流"}, "三到四人用餐的桌子。",
        ),
        _one(POTS, "2–3 人套锅", 229, 30, "炊具", {"材质": "铝合金", "容量": "1.6L 锅加 0.9L 锅", "火源": "明火和卡式炉可用"}, "两到三人做饭。"),
        _one(STOVE, "卡式炉", 189, 52, "炊具", {"火力": "2.5kW", "气罐": "不含", "保修": "1 年"}, "带防风圈；不参与满减，可以用店铺券。"),
    ]  # fmt: skip


def _jacket() -> Product:
    left = {"S": 9, "M": 7, "L": 0, "XL": 12, "XXL": 5}
    sizes = tuple(
        Variant(f"{JACKET}-{size}", 59900, f"{JACKET}-{size}", size, {"尺码": size}, stock=stock)
        for size, stock in left.items()
    )
    attributes = {"外层": "防风防泼水", "内胆": "可拆，单穿两用", "尺码": "S 到 XXL"}
    return Product(
        JACKET, "三合一外套", sizes, JACKET, "春秋通勤和徒步的外套，怎么选码请看尺码表。", "服装", attributes
    )


def _one(
    code: str,
    title: str,
    yuan: int,
    stock: int | None,
    category: str,
    attributes: dict[str, str],
    description: str,
    *,
    no_seven_days: bool = False,
) -> Product:
    variant = Variant(code, yuan * 100, code, stock=stock)
    return Product(code, title, (variant,), code, description, category, attributes, no_seven_days=no_seven_days)
