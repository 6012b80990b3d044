"""Files as merchants have them, made from nothing: a manual of many pages, a price list of many rows, a zip of many files."""

import io
import random
import zipfile

import docx
import openpyxl
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

THINGS = ("露营灯", "睡袋", "帐篷", "折叠椅", "炉具", "背包", "登山杖", "冲锋衣", "防潮垫", "水壶", "头灯", "收纳箱")
COLOURS = ("墨绿", "沙色", "深灰", "橙红", "藏青", "米白")
SIZES = ("S", "M", "L", "XL", "XXL")
_ACTS = (
    "使用前请先检查",
    "收纳时不要用力折叠",
    "清洗时请避开",
    "长时间不用时请取下",
    "在雨天请注意遮挡",
    "低温环境下请提前预热",
)
_PARTS = ("接口和密封圈", "拉链与缝合处", "电池仓盖", "支架的连接点", "表面的涂层", "底部的防滑垫")
_WHY = (
    "以免影响防水效果",
    "否则不在保修范围内",
    "这样可以延长使用寿命",
    "如有异常请联系客服更换",
    "并在通风处晾干后再存放",
)
_LINES_A_PAGE = 22


def page_lines(document: int, page: int, rng: random.Random) -> list[str]:
    """About 700 characters; no two pages are equal, and each names its own article."""
    lines = [f"{page + 1}.1 {rng.choice(THINGS)}说明"]
    for number in range(_LINES_A_PAGE):
        thing = rng.choice(THINGS)
        lines.append(
            f"{thing}{document}-{page}-{number}号{rng.choice(_ACTS)}{rng.choice(_PARTS)}，{rng.choice(_WHY)}。"
        )
    return lines


def make_pdf(document: int, pages: int, fact: str = "") -> bytes:
    """`fact` stands on the last page."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    rng, buffer = random.Random(document), io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    for page in range(pages):
        canvas.setFont("STSong-Light", 11)
        lines = page_lines(document, page, rng) + ([fact] if fact and page == pages - 1 else [])
        for at, line in enumerate(lines):
            canvas.drawString(50, 790 - 30 * at, line)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def make_docx(document: int, pages: int) -> bytes:
    rng, buffer = random.Random(document), io.BytesIO()
    file = docx.Document()
    for page in range(pages):
        heading, *lines = page_lines(document, page, rng)
        file.add_heading(heading, 2)
        for line in lines:
            file.add_paragraph(line)
    file.save(buffer)
    return buffer.getvalue()


def make_md(document: int, pages: int) -> bytes:
    rng, parts = random.Random(document), []
    for page in range(pages):
        heading, *lines = page_lines(document, page, rng)
        parts.append(f"## {heading}\n\n" + "\n".join(lines))
    return "\n\n".join(parts).encode()


def make_xlsx(rows: int) -> bytes:
    """A price list: products with a row for each colour and size."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("价格表")
    sheet.append(["货号", "商品名称", "颜色", "尺码", "价格(元)", "库存", "产地", "说明"])
    for number in range(rows):
        product, variant = divmod(number, len(COLOURS) * len(SIZES))
        thing = THINGS[product % len(THINGS)]
        sheet.append([
            f"YK-{number:05}", f"山野{product}型{thing}", COLOURS[variant % len(COLOURS)], SIZES[variant // len(COLOURS)],
            price_of(number), number * 7 % 300, "福建", f"适合{product % 6 + 1}人使用，防泼水，可机洗",
        ])  # fmt: skip
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def price_of(number: int) -> int:
    return 59 + number * 13 % 941


def make_zip(files: int, pages: int) -> bytes:
    """A third each of pdf, docx and md."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(files):
            extension, make = (("pdf", make_pdf), ("docx", make_docx), ("md", make_md))[number % 3]
            archive.writestr(f"手册{number:04}.{extension}", make(number, pages))
    return buffer.getvalue()
