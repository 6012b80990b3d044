"""Draws the one file of the demo shop that is not learned beforehand: run once, its result is kept in the package.

The Chinese font is named, not embedded: readers have it, and its character codes tell programs what the text is.
Usage: python deploy/draw_battery_note.py
"""

from pathlib import Path

from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

TARGET = Path(__file__).parent.parent / "src/yingke/app/demo/battery_note.pdf"
FONT = "STSong-Light"
HEADING = ParagraphStyle("heading", fontName=FONT, fontSize=15, leading=22, spaceBefore=10, alignment=TA_LEFT)
TITLE = ParagraphStyle("title", parent=HEADING, fontSize=21, leading=30, spaceAfter=4)
BODY = ParagraphStyle("body", fontName=FONT, fontSize=11, leading=18, alignment=TA_LEFT, wordWrap="CJK")

NOTE = (
    (
        "一、能不能带上飞机",
        (
            "露营灯(QX-L1)可以带上飞机,只能随身携带,不能托运。",
            "依据:灯内锂电池 10000mAh、3.7V,即 37Wh,低于随身携带的 100Wh 限值。安检时请单独取出,并关好开关锁。",
            "每位旅客携带的灯和充电宝合计以航空公司的数量规定为准,出发前请看航司公告。",
            "卡式炉(QX-G1)清洗干净、不带气罐时可以托运;气罐无论空满,都不能随身携带,也不能托运。",
        ),
    ),
    (
        "二、能不能寄到德国和其他国家",
        (
            "露营灯(QX-L1)可以寄德国:走带电专线,每单运费 68 元,约 9 至 15 个工作日送达,一单限 2 盏。",
            "寄法国、荷兰、奥地利与德国同价同时效;其他国家请先由客服确认线路,再下单。",
            "目的国的进口税费由收件人承担,金额以当地海关为准。",
            "气罐属于易燃气体,不能寄往任何国家;卡式炉不含气罐,可以走普货专线寄往德国。",
        ),
    ),
    (
        "三、国内运输和保存",
        (
            "含锂电池的露营灯在国内走陆运,不走航空件;寄往新疆、西藏比平时晚 2 到 4 天。",
            "露营灯长期不用时,每三个月充电一次,保存温度 -10℃ 至 35℃。",
            "气罐请直立存放在 40℃ 以下、通风、避开明火的地方。",
        ),
    ),
)


def draw(target: Path) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    story = [Paragraph("电池与气罐运输说明", TITLE), Paragraph("青蜥露营 · 演示资料", BODY), Spacer(1, 4 * mm)]
    for heading, lines in NOTE:
        story.append(Paragraph(heading, HEADING))
        story += [Paragraph(line, BODY) for line in lines]
    document = SimpleDocTemplate(
        str(target), pagesize=A4, leftMargin=22 * mm, rightMargin=22 * mm, title="电池与气罐运输说明", invariant=1
    )
    document.build(story)


if __name__ == "__main__":
    draw(TARGET)
