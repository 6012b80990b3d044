"""A cell of stock as merchants write it by hand: 36 · 无货 · 0（20 日到货） · 白 120 件、雾蓝 0 件（12 日补货）."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from yingke.commerce.imports.read_cells import UnreadableCell, clean_cell, read_count

_NONE = frozenset(
    ("无货", "缺货", "没货", "售罄", "卖完", "卖光", "断货", "补货中", "out of stock", "sold out", "none")
)
_SOME = frozenset(("有货", "现货", "充足", "有", "in stock", "available"))
_REMARK = re.compile(r"[(（【\[](?P<words>[^)）】\]]{1,40})[)）】\]]\s*$")
_COMES = re.compile(r"到货|补货|补上|上架|到仓|恢复|再有|有货|restock|back|arriv", re.IGNORECASE)
_FULL = re.compile(r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})")
_MONTH_DAY = re.compile(r"(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})")
_DAY = re.compile(r"(?P<day>\d{1,2})\s*[日号]")
_AHEAD = timedelta(days=300)
_PIECE = re.compile(
    r"^(?P<name>[^\d:：]{1,30}?|[^:：]{1,30}[:：])\s*(?P<count>\d{1,7})\s*[件个条双只台套支瓶盒袋包张把顶罐箱]?\s*(?P<remark>[(（].{1,40}[)）])?$"
)
_APART = re.compile(r"[、，,；;\n]+(?![^(（]*[)）])")


@dataclass(frozen=True, slots=True)
class Stocked:
    """`count` None: there is some and nobody counts it. `restock_at`: when more comes, at the beginning of that day."""

    count: int | None
    restock_at: datetime | None = None


def read_stock_cell(text: str, zone: ZoneInfo, today: date) -> Stocked | None:
    """None for an empty cell; raises UnreadableCell bad_quantity for what is no stock. Days without a year are the next."""
    plain = clean_cell(text)
    if not plain:
        return None
    remark = _REMARK.search(plain)
    bare = _REMARK.sub("", plain).strip() if remark else plain
    comes = _day_in(remark["words"], zone, today) if remark is not None and _COMES.search(remark["words"]) else None
    if bare.casefold() in _SOME:
        return Stocked(None, comes)
    if bare.casefold() in _NONE:
        return Stocked(0, comes)
    count = read_count(bare)
    return Stocked(max(0, count), comes) if count is not None else None


def read_stock_list(text: str, zone: ZoneInfo, today: date) -> list[tuple[str, Stocked]]:
    """Name and stock of each variant that one cell lists; raises UnreadableCell bad_quantity for another list."""
    found: list[tuple[str, Stocked]] = []
    for piece in filter(None, map(str.strip, _APART.split(unicodedata.normalize("NFKC", clean_cell(text))))):
        one = _PIECE.match(piece)
        name = one["name"].strip(" :：") if one is not None else ""
        stocked = read_stock_cell(f"{one['count']}{one['remark'] or ''}", zone, today) if one is not None else None
        if not name or stocked is None:
            raise UnreadableCell("bad_quantity")
        found.append((name, stocked))
    return found


def lists_variants(text: str) -> bool:
    """Two or more named counts in one cell."""
    pieces = [piece for piece in _APART.split(unicodedata.normalize("NFKC", clean_cell(text))) if piece.strip()]
    return len(pieces) > 1 and all(_PIECE.match(piece.strip()) for piece in pieces)


def _day_in(words: str, zone: ZoneInfo, today: date) -> datetime | None:
    try:
        if found := _FULL.search(words):
            day = date(*(int(found[part]) for part in ("year", "month", "day")))
        elif found := _MONTH_DAY.search(words):
            day = date(today.year, int(found["month"]), int(found["day"]))
            day = day if day >= today else day.replace(year=today.year + 1)
        elif found := _DAY.search(words):
            first = today if int(found["day"]) >= today.day else (today.replace(day=1) + timedelta(days=32))
            day = first.replace(day=int(found["day"]))
        else:
            return None
    except ValueError:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=zone) if today <= day <= today + _AHEAD else None
