"""Real models read real pictures: screenshots, long product pages, scanned and mixed documents."""

import asyncio
import os
from pathlib import Path

import docx
import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from yingke.kit.errors import Problem
from yingke.knowledge.parse import Parsed, parse

FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
RETURNS = ("一、退货说明", "签收后七天内可以无理由退货，商品须完好。", "二、运费", "新疆、西藏加收二十元。")
PRICES = (("名称", "价格", "库存"), ("竹杯", "25", "300"), ("陶杯", "39", "120"), ("木勺", "12", "80"))


def picture(lines: list[tuple[int, int, str]], size: tuple[int, int] = (800, 400)) -> Image.Image:
    shown = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(shown)
    font = ImageFont.truetype(FONT, 26)
    for x, y, text in lines:
        draw.text((x, y), text, fill="black", font=font)
    return shown


def whole(parsed: Parsed) -> str:
    return "\n".join(section.text for section in parsed.sections)


@pytest.mark.parametrize("extension", ["webp", "bmp"])
async def test_the_text_of_a_picture_is_read(tmp_path: Path, extension: str) -> None:
    path = tmp_path / f"a.{extension}"
    picture([(60, 40 + 60 * at, line) for at, line in enumerate(RETURNS)]).save(path)
    parsed = await parse(path, path.name)
    assert "七天内可以无理由退货" in whole(parsed)
    assert parsed.sections[-1].heading_path == ("二、运费",)
    assert parsed.format == "picture"
    assert [note.code for note in parsed.notes] == ["recognised"]


async def test_a_table_in_a_picture_becomes_rows(tmp_path: Path) -> None:
    cells = [(60 + 260 * x, 40 + 60 * y, text) for y, row in enumerate(PRICES) for x, text in enumerate(row)]
    picture(cells).save(tmp_path / "a.png")
    parsed = await parse(tmp_path / "a.png", "a.png")
    assert {"名称": "陶杯", "价格": "39", "库存": "120"} in [section.row for section in parsed.sections]


async def test_a_long_product_picture_is_read_to_its_end(tmp_path: Path) -> None:
    lines = [(60, 100 + 900 * at, f"第{at + 1}段说明文字到此") for at in range(4)]
    picture(lines, (750, 3400)).save(tmp_path / "a.jpg")
    text = whole(await parse(tmp_path / "a.jpg", "a.jpg"))
    assert all(f"第{at + 1}段" in text for at in range(4))


async def test_scanned_pages_are_recognised_and_text_pages_are_not(tmp_path: Path) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    canvas.setFont("STSong-Light", 12)
    canvas.drawString(60, 700, "每天下午四点前付款的订单当天发货。")
    canvas.showPage()
    scan = picture([(60, 60 * at + 40, line) for at, line in enumerate(RETURNS)])
    canvas.drawImage(ImageReader(scan), 0, 400, width=595, height=297)
    canvas.showPage()
    canvas.save()
    seen: list[tuple[int, int]] = []

    async def note(done: int, total: int) -> None:
        seen.append((done, total))

    parsed = await parse(tmp_path / "a.pdf", "a.pdf", on_progress=note)
    found = {section.page: section.text for section in parsed.sections}
    assert found[1] == "每天下午四点前付款的订单当天发货。"
    assert "新疆" in found[2]
    assert seen == [(1, 1)]
    assert [(note.code, note.detail) for note in parsed.notes] == [("recognised", "1")]


async def test_a_blank_picture_holds_no_text(tmp_path: Path) -> None:
    picture([]).save(tmp_path / "a.png")
    with pytest.raises(Problem) as caught:
        await parse(tmp_path / "a.png", "a.png")
    assert caught.value.code == "file_no_text"


async def test_a_truncated_picture_is_corrupt(tmp_path: Path) -> None:
    picture([(60, 60, "你好")]).save(tmp_path / "b.png")
    (tmp_path / "a.png").write_bytes((tmp_path / "b.png").read_bytes()[:300])
    with pytest.raises(Problem) as caught:
        await parse(tmp_path / "a.png", "a.png")
    assert caught.value.code == "file_corrupt"


async def test_a_word_file_of_nothing_but_pictures_is_recognised(tmp_path: Path) -> None:
    noise = Image.effect_noise((800, 400), 8).convert("RGB")
    shown = Image.blend(picture([(60, 40 + 60 * at, line) for at, line in enumerate(RETURNS)]), noise, 0.1)
    shown.save(tmp_path / "scan.png")
    document = docx.Document()
    document.add_picture(str(tmp_path / "scan.png"))
    document.save(str(tmp_path / "a.docx"))
    parsed = await parse(tmp_path / "a.docx", "a.docx")
    assert "七天内可以无理由退货" in whole(parsed)
    document.add_paragraph("本店每天下午四点前付款的订单当天发货。")
    document.save(str(tmp_path / "b.docx"))
    parsed = await parse(tmp_path / "b.docx", "b.docx")
    assert whole(parsed) == "本店每天下午四点前付款的订单当天发货。"
    assert [(note.code, note.detail) for note in parsed.notes] == [("pictures_unread", "1")]


async def test_a_photo_is_turned_as_the_telephone_was_held(tmp_path: Path) -> None:
    turned = picture([(60, 60, "签收后七天内可以退货")]).rotate(90, expand=True)
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise by a quarter
    turned.save(tmp_path / "a.jpg", exif=exif)
    assert "七天内可以退货" in whole(await parse(tmp_path / "a.jpg", "a.jpg"))


async def test_scans_wait_for_each_other_and_hold_up_no_other_file(tmp_path: Path) -> None:
    picture([(60, 40 + 60 * at, line) for at, line in enumerate(RETURNS)]).save(tmp_path / "a.png")
    (tmp_path / "a.md").write_text("运费十元。", encoding="utf-8")
    scans = [asyncio.create_task(parse(tmp_path / "a.png", "a.png")) for _ in range((os.cpu_count() or 1) + 1)]
    await asyncio.sleep(0.3)
    assert whole(await parse(tmp_path / "a.md", "a.md")) == "运费十元。"
    assert not any(scan.done() for scan in scans)
    assert all("七天内" in whole(parsed) for parsed in await asyncio.gather(*scans))
