"""A promotion's period is found in its text and offered as the validity of its document."""

from datetime import UTC, datetime

import pytest

from tests.door_of_rooms import Rooms
from yingke.knowledge.find_dates import find_dates
from yingke.knowledge.parse import Parsed, Section

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def period(text: str, zone: str = "Asia/Shanghai") -> tuple[str | None, str] | None:
    found = find_dates(Parsed("规则", [Section((), text)], "md", "zh", False), zone, NOW)
    return (found["valid_from"], found["valid_to"]) if found else None


@pytest.mark.parametrize(
    ("text", "starts", "ends"),
    [
        ("双11大促：11月20日–12月1日全场满 300 减 50", "2026-11-19T16:00", "2026-12-01T15:59"),
        ("活动时间：2026年11月20日00:00至2026年12月1日24:00", "2026-11-19T16:00", "2026-12-01T15:59"),
        ("活动时间 12月28日-1月5日", "2026-12-27T16:00", "2027-01-05T15:59"),
        ("活动时间：11月20日（周五）至25日", "2026-11-19T16:00", "2026-11-25T15:59"),
        ("优惠券有效期为 2026-11-20~2026-12-01", "2026-11-19T16:00", "2026-12-01T15:59"),
        ("Sale runs 11/20 to 12/01", "2026-11-19T16:00", "2026-12-01T15:59"),
        ("即日起至12月31日，领券立减 10 元", None, "2026-12-31T15:59"),
    ],
)
def test_the_period_of_a_promotion_is_read(text: str, starts: str | None, ends: str) -> None:
    found = period(text)
    assert found is not None
    assert found[1].startswith(ends)
    assert (found[0] or "")[:16] == (starts or "")


@pytest.mark.parametrize(
    "text",
    [
        "生产日期 2025-03-04 至 2025-04-01",
        "活动时间：2024年1月1日至2024年2月1日",
        "尺码 10-12 优惠",
        "优惠 10-12 元",
        "活动时间：13月40日至14月1日",
        "满 300 减 50",
    ],
)
def test_what_is_no_period_of_a_promotion_is_left_alone(text: str) -> None:
    assert period(text) is None


def test_days_begin_and_end_by_the_workspaces_clock() -> None:
    assert period("活动时间：11月20日至12月1日", "Europe/Madrid") == (
        "2026-11-19T23:00:00+00:00",
        "2026-12-01T22:59:59+00:00",
    )


async def test_the_period_is_offered_taken_or_turned_down(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    year = datetime.now(UTC).year
    content = f"# 年末活动\n\n活动时间：{year}年12月1日至{year}年12月31日，全场满 300 减 50。\n"
    document = await rooms.upload(owner, "活动.md", content)
    found = document["dates_found"]
    assert found["quote"] == f"{year}年12月1日至{year}年12月31日"
    path = f"/v1/knowledge/documents/{document['id']}"
    kept = await owner.call("PATCH", path, json={"valid_from": found["valid_from"], "valid_to": found["valid_to"]})
    assert (kept.status_code, kept.json()["dates_found"]) == (200, None)
    other = await rooms.upload(owner, "活动2.md", content)
    path = f"/v1/knowledge/documents/{other['id']}"
    turned_down = await owner.call("PATCH", path, json={"dates_found": None})
    assert (turned_down.json()["dates_found"], turned_down.json()["valid_to"]) == (None, None)
