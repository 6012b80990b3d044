"""The files of an invented camping shop, written to a folder in the formats that shops use."""

from pathlib import Path

import docx
import openpyxl

_COLUMNS = ("货号", "名称", "价格(元)", "关键参数", "库存", "备注")
_PRODUCTS = (
    ("QX-T2", "两人三季帐", 499, "外帐 PU3000mm,2.1kg,双门,内帐 210×140cm,苔绿/沙色", "苔绿 36,沙色 0", "沙色补货中"),
    ("QX-T4", "四人自动帐", 899, "PU3000mm,5.6kg,收纳 95cm", "预售", "定金 100 抵 150,13 天后起发"),
    ("QX-S0", "羽绒睡袋 0℃", 699, "舒适温标 0℃,800g,身高 ≤185cm", "18", ""),
    ("QX-S10", "棉睡袋 10℃", 199, "舒适温标 10℃,1.3kg,可拼接", "120", ""),
    ("QX-M5", "自充气垫 5cm", 169, "188×60cm,R 值 3.2", "64", ""),
    ("QX-L1", "露营灯", 129, "10000mAh 锂电,照明 12–60h,IPX4", "88", "锂电池"),
    ("QX-C1", "折叠椅", 149, "承重 120kg,2.8kg", "41", ""),
    ("QX-D3", "蛋卷桌 90cm", 259, "桌面承重 30kg", "22", "大件"),
    ("QX-P2", "2–3 人套锅", 229, "铝合金,1.6L+0.9L", "30", ""),
    ("QX-G1", "卡式炉", 189, "2.5kW,不含气罐", "52", "不参与满减"),
    ("QX-J1", "三合一外套", 599, "S–XXL,内胆可拆;尺码表见文件", "L 无货,M 7 件", ""),
    ("QX-N1", "一次性睡袋内胆(2 条装)", 39, "无纺布", "200", "贴身一次性用品,拆封后不支持七天无理由"),
)


def write_shop(folder: Path) -> list[Path]:
    """Writes the seven files and returns their paths."""
    _products(folder / "商品表.xlsx")
    (folder / "尺码表.csv").write_text(
        "尺码,身高(cm),胸围(cm),建议体重(斤)\nS,160-165,96,90-110\nM,165-172,102,110-130\nL,172-178,108,130-150\n",
        encoding="utf-8-sig",
    )
    _promotions(folder / "活动规则.docx")
    (folder / "发货与物流.md").write_text(_SHIPPING, encoding="utf-8")
    _returns(folder / "退换与保修.docx")
    (folder / "会员与发票.txt").write_bytes(_MEMBERS.encode("gbk"))
    _compensation(folder / "赔付口径-仅内部.docx")
    return sorted(path for path in folder.iterdir() if path.suffix in (".xlsx", ".csv", ".docx", ".md", ".txt"))


def _products(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "商品表"
    for row in (_COLUMNS, *_PRODUCTS):
        sheet.append(row)
    book.save(path)


def _promotions(path: Path) -> None:
    document = docx.Document()
    document.add_heading("活动规则", 1)
    document.add_heading("计算顺序", 2)
    document.add_paragraph("先算会员价,再算每满 300 减 40(可累计),最后用店铺券。")
    document.add_heading("会员折扣", 2)
    document.add_paragraph("银卡 98 折,金卡 95 折,登录后生效。")
    document.add_heading("店铺券与包邮", 2)
    document.add_paragraph("店铺券满 199 减 15,每单一张,与满减可叠加。满 99 包邮;新疆、西藏加 20 元一单。")
    document.add_heading("赠品", 2)
    document.add_paragraph("买任一帐篷赠地钉一包,限前 200 单,赠完为止。卡式炉不参与满减,可用券。")
    document.save(str(path))


_SHIPPING = """# 发货与物流
## 发货时间
16:00 前付款的订单当天发货,16:00 之后付款的 48 小时内发货。预售商品按商品页写明的日期发货。

## 物流方式
小件走快递,大件(蛋卷桌、四人自动帐)走物流,送货上门前会电话联系。

## 修改地址
发货前可以联系客服修改收货地址,发货后请联系承运公司转寄。
"""


def _returns(path: Path) -> None:
    document = docx.Document()
    document.add_heading("退换与保修", 1)
    document.add_heading("七天无理由", 2)
    document.add_paragraph(
        "签收后 7 天内,商品完好、配件齐全的可以无理由退货。退货运费由买家承担,有运费险的按运费险赔付。"
    )
    document.add_heading("质量问题", 2)
    document.add_paragraph("签收后 30 天内出现质量问题包换,来回运费店铺承担。")
    document.add_heading("保修", 2)
    document.add_paragraph("灯、炉、桌保修 1 年,人为损坏除外。")
    document.save(str(path))


_MEMBERS = """会员与发票
一、会员等级
消费满 500 元升级银卡,满 2000 元升级金卡,等级有效期一年。

二、发票
支持开具电子普通发票,确认收货后在订单页申请,3 个工作日内发到邮箱。企业专票请提供税号。

三、客服时间
人工客服 9:00–22:00 在线,法定节假日 10:00–18:00。
"""


def _compensation(path: Path) -> None:
    document = docx.Document()
    document.add_heading("赔付口径", 1)
    document.add_paragraph("破损小件可以直接补发,单笔 80 元以内客服可以自行审批。")
    document.save(str(path))
