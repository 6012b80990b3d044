"""Pure files: every format is read as a person would read it."""

import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from yingke.kit.plug_ins import load_plug_ins
from yingke.knowledge import parsers
from yingke.knowledge.parse import Note, Parsed, parse
from yingke.knowledge.parsers.contract import Parser

PARSERS = load_plug_ins(parsers, Parser)  # type: ignore[type-abstract]


async def read(path: Path, content: bytes | None = None) -> Parsed:
    if content is not None:
        path.write_bytes(content)
    return await parse(path, path.name)


def write_pdf(path: Path, pages: list[list[str]]) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(path), pagesize=A4)
    for lines in pages:
        canvas.setFont("STSong-Light", 12)
        for at, line in enumerate(lines):
            canvas.drawString(60, 780 - 20 * at, line)
        canvas.showPage()
    canvas.save()


@pytest.mark.parametrize("parser", PARSERS)
def test_every_parser_file_names_its_formats(parser: type[Parser]) -> None:
    assert parser.formats
    assert all(name.islower() for name in parser.formats)


def test_no_two_parsers_claim_one_format() -> None:
    formats = [name for parser in PARSERS for name in parser.formats]
    assert len(formats) == len(set(formats))


async def test_headings_of_markdown_become_the_path(tmp_path: Path) -> None:
    text = "# 售后说明\n## 退货\n签收后 **7 天**内可退,见[页面](http://x.test)。\n\n| 项目 | 时限 |\n|---|---|\n| 退货 | 7 天 |\n"
    parsed = await read(tmp_path / "a.md", text.encode())
    assert parsed.title == "售后说明"
    assert parsed.sections[0].heading_path == ("售后说明", "退货")
    assert parsed.sections[0].text == "签收后 7 天内可退,见页面。"
    assert parsed.sections[1].row == {"项目": "退货", "时限": "7 天"}


async def test_headings_of_word_are_found_by_style_and_by_look(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("服务手册", 0)
    document.add_heading("配送", 1)
    document.add_paragraph("每天下午四点前的订单当天发出。")
    document.add_paragraph().add_run("大件说明").bold = True
    document.add_paragraph("大件由物流送货。")
    document.save(str(tmp_path / "a.docx"))
    parsed = await read(tmp_path / "a.docx")
    assert parsed.title == "服务手册"
    assert parsed.sections[0].heading_path == ("配送",)
    assert parsed.sections[1].heading_path == ("配送", "大件说明")


async def test_a_word_table_becomes_rows_with_merged_cells_repeated(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=3)
    for row, cells in zip(
        table.rows, (("类别", "名称", "价格"), ("杯子", "小号", "10"), ("", "大号", "15")), strict=True
    ):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    document.save(str(tmp_path / "a.docx"))
    parsed = await read(tmp_path / "a.docx")
    assert [section.row for section in parsed.sections] == [
        {"类别": "杯子", "名称": "小号", "价格": "10"},
        {"类别": "杯子", "名称": "大号", "价格": "15"},
    ]


async def test_a_workbook_with_title_rows_merged_cells_and_hidden_sheets_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "水杯"
    for row in (
        ("2026 春季报价表",),
        (),
        ("货号", "名称", "价格(元)", "产地"),
        ("C-1", "竹杯", 25, "福建"),
        ("C-2", "陶杯", 39.5, None),
    ):
        first.append(row)
    first.merge_cells("A1:D1")
    first.merge_cells("D4:D5")
    hidden = book.create_sheet("运费")
    hidden.sheet_state = "hidden"
    for row in (("地区", "运费"), ("江浙沪", "包邮"), ("新疆", "20 元")):
        hidden.append(row)
    book.save(tmp_path / "a.xlsx")
    parsed = await read(tmp_path / "a.xlsx")
    rows = [section.row for section in parsed.sections if section.kind == "row"]
    assert rows[0] == {"货号": "C-1", "名称": "竹杯", "价格": "25元", "产地": "福建"}
    assert rows[1] == {"货号": "C-2", "名称": "陶杯", "价格": "39.5元", "产地": "福建"}
    assert len(rows) == 2
    assert parsed.sections[0].heading_path == ("水杯", "2026 春季报价表")
    assert parsed.notes == [Note("hidden_sheets", "运费")]


async def test_a_two_line_header_is_joined(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("尺码", "上衣", "", "裤子"), ("", "胸围", "衣长", "腰围"), ("M", 102, 70, 78), ("L", 108, 72, 82)):
        sheet.append(row)
    sheet.merge_cells("B1:C1")
    sheet.merge_cells("A1:A2")
    book.save(tmp_path / "a.xlsx")
    rows = [section.row for section in (await read(tmp_path / "a.xlsx")).sections]
    assert rows[0] == {"尺码": "M", "上衣·胸围": "102", "上衣·衣长": "70", "裤子·腰围": "78"}


async def test_a_faq_sheet_becomes_question_and_answer(tmp_path: Path) -> None:
    text = "分类,常见问题,相似问法,答案\n配送,多久发货,啥时候发；几天发,下单后两天内发货\n"
    (section,) = (await read(tmp_path / "faq.csv", text.encode("gb18030"))).sections
    assert section.kind == "qa"
    assert section.row == {"问题": "多久发货", "答案": "下单后两天内发货", "相似问法": "啥时候发\n几天发"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "big5"])
async def test_text_is_read_in_every_chinese_encoding(tmp_path: Path, encoding: str) -> None:
    simplified = "本店支持七天无理由退货,来回运费由买家承担。\n客服时间早上九点到晚上十点。\n"
    traditional = "本店支持七天無理由退貨,來回運費由買家承擔。\n客服時間早上九點到晚上十點。\n"
    text = traditional if encoding == "big5" else simplified
    parsed = await read(tmp_path / "a.txt", text.encode(encoding))
    assert parsed.sections[0].text == text.strip()
    assert parsed.language == "zh"


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
async def test_the_delimiter_of_a_table_is_found(tmp_path: Path, delimiter: str) -> None:
    lines = [
        delimiter.join(cells)
        for cells in (("名称", "价格", "说明"), ("木勺", "12", "一把, 不含叉"), ("木叉", "9", "一把"))
    ]
    if delimiter == ",":
        lines[1] = '木勺,12,"一把, 不含叉"'
    parsed = await read(tmp_path / "a.csv", "\n".join(lines).encode())
    assert parsed.sections[0].row == {"名称": "木勺", "价格": "12", "说明": "一把, 不含叉"}


async def test_a_page_keeps_its_text_and_loses_script_menu_and_hidden_parts(tmp_path: Path) -> None:
    page = (
        "<!doctype html><html><head><title>帮助</title><script>var a='偷看'</script></head><body><nav>首页 购物车</nav>"
        "<h1>配送</h1><p>每天<b>四点</b>前发货。</p><p style='display: none'>看不见</p>"
        "<table><tr><th>地区</th><th>费用</th></tr><tr><td rowspan=2>西北</td><td>20 元</td></tr><tr><td>大件 50 元</td></tr></table>"
        "<style>p{}</style></body></html>"
    )
    parsed = await read(tmp_path / "a.html", page.encode())
    whole = "\n".join(section.text for section in parsed.sections)
    assert parsed.title == "帮助"
    assert parsed.sections[0].heading_path == ("配送",)
    assert parsed.sections[0].text == "每天四点前发货。"
    assert parsed.sections[2].row == {"地区": "西北", "费用": "大件 50 元"}
    assert not any(word in whole for word in ("偷看", "购物车", "看不见", "p{}"))


async def test_a_pdf_has_page_numbers_joined_lines_and_no_page_furniture(tmp_path: Path) -> None:
    body = [
        "锂电池容量超过一百瓦时的灯具不能带上飞机,低于这个容量的可以随身携带但",
        "是不能托运,请提前向航空公司确认并带好说明书以备安检人员查看相关的标识。",
    ]
    pages = [
        ["青山商店 内部编号 7", *body],
        ["青山商店 内部编号 7", "气罐不能寄。"],
        ["青山商店 内部编号 7", "灯可以寄。"],
    ]
    write_pdf(tmp_path / "a.pdf", [[*lines, f"第 {n} 页"] for n, lines in enumerate(pages, start=1)])
    parsed = await read(tmp_path / "a.pdf")
    whole = "\n".join(section.text for section in parsed.sections)
    assert "可以随身携带但是不能托运" in whole
    assert "青山商店" not in whole
    assert "页" not in whole
    assert {section.page for section in parsed.sections} == {1, 2, 3}


async def test_the_content_decides_not_the_extension(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("其实是一份文档。")
    document.save(str(tmp_path / "a.docx"))
    parsed = await read(tmp_path / "b.pdf", (tmp_path / "a.docx").read_bytes())
    assert parsed.format == "docx"


@pytest.mark.parametrize(
    ("name", "text", "internal"),
    [
        ("赔付口径-仅内部.txt", "单笔不超过一百元。", True),
        ("报价.txt", "以下为内部底价,请勿外传。", True),
        ("报价.txt", "每只十元。", False),
    ],
)
async def test_a_file_that_looks_internal_says_so(tmp_path: Path, name: str, text: str, internal: bool) -> None:
    assert (await read(tmp_path / name, text.encode())).looks_internal is internal


async def test_hidden_marks_and_nul_never_reach_the_text(tmp_path: Path) -> None:
    parsed = await read(tmp_path / "a.md", "价格\u202e五十\u200b元\n".encode())
    assert parsed.sections[0].text == "价格五十元"


async def test_deleted_words_of_a_document_are_not_learned(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("运费十元。")
    document.save(str(tmp_path / "a.docx"))
    with zipfile.ZipFile(tmp_path / "a.docx") as source, zipfile.ZipFile(tmp_path / "b.docx", "w") as target:
        for item in source.infolist():
            content = source.read(item)
            if item.filename == "word/document.xml":
                gone = "<w:del><w:r><w:delText>旧价九元。</w:delText></w:r></w:del></w:p>".encode()
                content = content.replace(b"</w:p>", gone, 1)
            target.writestr(item, content)
    parsed = await read(tmp_path / "b.docx")
    assert parsed.sections[0].text == "运费十元。"
