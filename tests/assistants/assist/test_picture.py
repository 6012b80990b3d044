"""A picture of another desk's chat: the customer's words out of it, nothing of it kept."""

import io
import tempfile
from pathlib import Path

import pytest
from litestar.datastructures import UploadFile
from PIL import Image, ImageDraw, ImageFont

from yingke.assistants.assist.customer_words import all_words, customer_words
from yingke.assistants.assist.read_picture import LARGEST, read_picture
from yingke.kit.errors import Problem
from yingke.knowledge.picture_lines import PictureLine

FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"


def line(text: str, left: float, top: float, right: float) -> PictureLine:
    return PictureLine(text, left, top, right, top + 0.03)


CHAT = [
    line("昨天 21:03", 0.42, 0.02, 0.58),
    line("这个灯能用多久", 0.14, 0.08, 0.5),
    line("亲，照明 12 到 60 小时", 0.4, 0.16, 0.87),
    line("已读", 0.8, 0.2, 0.87),
    line("tb_8826 10:24:01", 0.14, 0.26, 0.45),
    line("那两人帐加两个 10 度睡袋一共", 0.14, 0.3, 0.8),
    line("多少钱", 0.14, 0.34, 0.3),
    line("今天能发吗", 0.14, 0.44, 0.4),
]


def test_the_customers_words_are_those_on_the_left_after_our_last() -> None:
    assert customer_words(CHAT) == "那两人帐加两个 10 度睡袋一共多少钱\n今天能发吗"


def test_where_we_spoke_last_the_words_before_count() -> None:
    assert customer_words(CHAT[:4]) == "这个灯能用多久"


def test_a_picture_without_sides_gives_everything_and_all_is_never_lost() -> None:
    lines = [line("订单 QX-D0001 到哪了", 0.3, 0.4, 0.71)]
    assert all_words(lines) == "订单 QX-D0001 到哪了"
    assert customer_words([]) == ""
    assert "已读" in all_words(CHAT)


def _upload(content: bytes, name: str = "a.png") -> UploadFile:
    upload = UploadFile(content_type="image/png", filename=name)
    upload.file.write(content)
    upload.file.seek(0)
    return upload


def _screenshot() -> bytes:
    shown = Image.new("RGB", (750, 620), "#ededed")
    draw = ImageDraw.Draw(shown)
    font = ImageFont.truetype(FONT, 28)
    for x, y, width, fill, text in (
        (100, 40, 330, "white", "有绿色的帐篷吗"),
        (330, 180, 330, "#95ec69", "有的，苔绿有现货"),
        (100, 330, 380, "white", "今天下单几号能发货"),
        (100, 460, 420, "white", "订单 QX-D0001 到哪了"),
    ):
        draw.rounded_rectangle((x - 20, y - 20, x + width, y + 60), 12, fill=fill)
        draw.text((x, y), text, fill="black", font=font)
    held = io.BytesIO()
    shown.save(held, "PNG")
    return held.getvalue()


async def test_a_screenshot_is_read_on_this_machine_and_gone_at_once() -> None:
    before = set(Path(tempfile.gettempdir()).glob("yk-look-*"))
    lines = await read_picture(_upload(_screenshot()), has_recognition=True)
    words = customer_words(lines)
    assert "几号能发货" in words
    assert "QX-D0001" in words
    assert "现货" not in words
    assert "绿色的帐篷" in all_words(lines)
    assert set(Path(tempfile.gettempdir()).glob("yk-look-*")) <= before


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "file_empty"),
        (b"%PDF-1.4 nothing", 422, "file_unsupported"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 50, 422, "file_corrupt"),
        (b"0" * (LARGEST + 1), 413, "file_too_big"),
    ],
)
async def test_what_is_no_picture_is_refused_in_words(content: bytes, status: int, code: str) -> None:
    with pytest.raises(Problem) as refusal:
        await read_picture(_upload(content), has_recognition=True)
    assert (refusal.value.status, refusal.value.code) == (status, code)


async def test_without_the_extra_the_message_names_it() -> None:
    with pytest.raises(Problem) as refusal:
        await read_picture(_upload(_screenshot()), has_recognition=False)
    assert refusal.value.code == "ocr_missing"
    assert "yingke[ocr]" in refusal.value.zh
