"""The files that the demo shop uploads: on purpose in many formats, one of them in an old encoding."""

import csv
import io
from dataclasses import dataclass
from typing import Literal

from yingke.app.demo.calendar import Calendar
from yingke.app.demo.products import QUESTIONS, product_rows
from yingke.app.demo.rules import (
    MEMBERS,
    RETURNS,
    SHIPPING,
    SHIPPING_GLOBAL,
    SIZES,
    STAFF_ONLY,
    sale_chapters,
)
from yingke.app.demo.write_docx import write_docx
from yingke.app.demo.write_xlsx import write_xlsx

PRODUCTS, SIZE_TABLE, SALE = "商品表.xlsx", "尺码表.csv", "活动规则.docx"
DELIVERY, RETURN_RULES, MEMBERSHIP = "发货与物流.md", "退换与保修.docx", "会员与发票.txt"
STAFF_RULES, GLOBAL_DELIVERY = "赔付口径-仅内部.docx", "Shipping-Global.md"


@dataclass(frozen=True)
class DemoFile:
    """`shop`: 0 the Chinese shop, 1 the global one, None both. `has_end`: valid only while the sale lasts."""

    name: str
    data: bytes
    audience: Literal["customer", "staff"] = "customer"
    shop: int | None = None
    has_end: bool = False


def demo_files(calendar: Calendar) -> list[DemoFile]:
    """All files but the one that is left for the visitor of the demo to add."""
    now = calendar.now
    return [
        DemoFile(PRODUCTS, write_xlsx({"商品": product_rows(calendar), "常见问题": QUESTIONS})),
        DemoFile(SIZE_TABLE, _csv(SIZES)),
        DemoFile(SALE, write_docx("活动规则", sale_chapters(calendar), now), has_end=True),
        DemoFile(DELIVERY, SHIPPING.encode(), shop=0),
        DemoFile(RETURN_RULES, write_docx("退换与保修", RETURNS, now)),
        DemoFile(MEMBERSHIP, MEMBERS.encode("gbk")),
        DemoFile(STAFF_RULES, write_docx("赔付口径（仅内部）", STAFF_ONLY, now), audience="staff"),
        DemoFile(GLOBAL_DELIVERY, SHIPPING_GLOBAL.encode(), shop=1),
    ]


def _csv(rows: tuple[tuple[str, ...], ...]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8-sig")
