"""Golden questions as a csv file: the template, what is there, and what a person brings, each row with its fault."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from yingke.kit.errors import Problem
from yingke.knowledge.decode import decode
from yingke.knowledge.fold import fold
from yingke.knowledge.golden.add_golden import Expects, NewGolden
from yingke.knowledge.golden.check_golden import check_golden
from yingke.knowledge.refusals import Refused

MOST_ROWS = 2000
_COLUMNS = {
    "question": ("问题", "question", "客户问题", "提问"),
    "expects": ("期望", "expects", "期望结果", "应该怎样"),
    "must_say": ("必须包含", "must_say", "应包含", "答案要点"),
    "must_not_say": ("不能包含", "must_not_say", "不应包含"),
    "intent": ("意图", "intent"),
    "shop": ("店铺", "shop"),
    "note": ("备注", "note"),
}
_EXPECTS: dict[str, Expects] = {
    "": "answer",
    "回答": "answer",
    "答": "answer",
    "answer": "answer",
    "拒答": "refusal",
    "不知道": "refusal",
    "不答": "refusal",
    "refusal": "refusal",
    "转人工": "hand_off",
    "hand_off": "hand_off",
    "handoff": "hand_off",
}
_SHOWN = {"answer": "回答", "refusal": "拒答", "hand_off": "转人工"}
_EXAMPLES = (
    ("几天能发货？", "回答", "48 小时", "", "发货物流", "", "包含就算对，多个要点用 | 分开"),
    ("你们老板的电话是多少？", "拒答", "", "138", "", "", "资料里没有，不应该编"),
    ("我要找人工", "转人工", "", "", "找人工", "", ""),
)
# A cell that begins so is a formula to spreadsheet programs.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class RowFault:
    """`row` counts as a spreadsheet shows it: 1 is the header."""

    row: int
    field: str
    zh: str
    en: str


def template() -> bytes:
    return _write(_EXAMPLES)


def export(rows: Iterable[Any], shops: dict[int, str]) -> bytes:
    """Rows of `list_golden` as a file that `read_csv` reads again."""
    return _write(
        (
            row["question"],
            _SHOWN[row["expects"]],
            "|".join(row["must_say"]),
            "|".join(row["must_not_say"]),
            row["intent"] or "",
            shops.get(row["shop_id"], "") if row["shop_id"] is not None else "",
            row["note"],
        )
        for row in rows
    )


def _write(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([names[0] for names in _COLUMNS.values()])
    for row in rows:
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])
    # The mark makes spreadsheet programs read it as UTF-8.
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def read_csv(data: bytes, shops: dict[str, int]) -> tuple[list[NewGolden], list[RowFault]]:
    """(questions, faults): a row with a fault is left out, the others are taken. Raises 400 for what is no such file.

    Any encoding of Chinese text; comma, semicolon or tab. `shops` maps names to ids.
    """
    rows = _rows(data)
    if not rows:
        raise _unreadable()
    places = _places(rows[0])
    if "question" not in places:
        raise _unreadable()
    found: list[NewGolden] = []
    faults: list[RowFault] = []
    for number, row in enumerate(rows[1 : MOST_ROWS + 1], start=2):
        cells = {name: _bare(row[at]) if at < len(row) else "" for name, at in places.items()}
        if not any(cells.values()):
            continue
        made = _golden(number, cells, shops)
        if isinstance(made, RowFault):
            faults.append(made)
        else:
            found.append(made)
    if len(rows) > MOST_ROWS + 1:
        faults.append(
            RowFault(MOST_ROWS + 2, "", f"一次最多 {MOST_ROWS} 行，后面的没有导入", f"At most {MOST_ROWS} rows at once")
        )
    return found, faults


def _rows(data: bytes) -> list[list[str]]:
    try:
        text = decode(data).replace("\0", "")
    except Refused:
        raise _unreadable() from None
    first = text.split("\n", 1)[0]
    sign = max(",;\t，", key=first.count)
    try:
        return list(
            csv.reader(
                io.StringIO(text.replace("，", ",") if sign == "，" else text), delimiter="," if sign == "，" else sign
            )
        )
    except csv.Error:
        raise _unreadable() from None


def _places(header: Sequence[str]) -> dict[str, int]:
    known = {fold(name): column for column, names in _COLUMNS.items() for name in names}
    places: dict[str, int] = {}
    for at, cell in enumerate(header):
        column = known.get(fold(cell.strip().lstrip("\ufeff")))
        if column is not None:
            places.setdefault(column, at)
    return places


def _golden(number: int, cells: dict[str, str], shops: dict[str, int]) -> NewGolden | RowFault:
    expects = _EXPECTS.get(cells.get("expects", "").lower())
    if expects is None:
        return RowFault(
            number, "expects", "「期望」只能填 回答、拒答 或 转人工", "expects: answer, refusal or hand_off"
        )
    shop = cells.get("shop", "")
    if shop and shop not in shops:
        return RowFault(number, "shop", f"没有叫「{shop[:40]}」的店铺", f"No shop is called {shop[:40]}")
    try:
        return check_golden(
            cells["question"],
            expects,
            must_say=cells.get("must_say", "").split("|"),
            must_not_say=cells.get("must_not_say", "").split("|"),
            shop_id=shops.get(shop),
            intent=cells.get("intent") or None,
            note=cells.get("note", ""),
            origin="import",
        )
    except Problem as problem:
        field, fault = next(iter(problem.fields.items()), ("question", problem.zh))
        return RowFault(number, field, fault, fault)


def _bare(cell: str) -> str:
    cell = cell.strip()
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_FORMULA) else cell


def _unreadable() -> Problem:
    return Problem(
        400,
        "not_golden_csv",
        "没认出这个文件。第一行要有「问题」一列，可以先下载模板填好再导入。",
        "This file was not recognised. Its first row needs a column 问题 (question); download the template first.",
    )
