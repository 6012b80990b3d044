"""Tables become rows that carry their column names."""

import re
from collections.abc import Sequence

from yingke.knowledge.sections import Section

_NUMBER = re.compile(r"^[¥$€£]?\s*-?[\d,.]+\s*(?:%|元|件|kg|g|cm|mm|m|L|ml|天|小时)?$", re.IGNORECASE)
_COLUMN_WORDS = re.compile(
    r"^(?:序号|编号|货号|款号|型号|规格|名称|品名|商品|产品|类目|分类|类型|价格?|售价|原价|单价|数量|库存|备注|说明|描述|简介|参数|"
    r"颜色|尺码|尺寸|重量|材质|品牌|标签|问题?|提问|答案?|回答|答复|解答|项目|内容|要求|时间|日期|地区|运费|费用|金额|时限|身高|体重|胸围|肩宽|腰围|衣长|"
    r"id|sku|name|title|price|stock|size|colou?r|question|answer|note|type|category|description|item|value)s?$",
    re.IGNORECASE,
)
_CARRIED = re.compile(
    r"^(?:商品|产品|款式?|品|系列)?(?:名称?|标题)$|^(?:商品|产品|品名|款式|款名|系列|类目|类别|分类|大类|品类|章节|模块)$"
    r"|^(?:product|item|category|series|product name|title|name|handle)$",
    re.IGNORECASE,
)
_QUESTION_COLUMN = re.compile(
    r"^(?:常见|标准|客户|用户|顾客)?(?:问题|提问|问句|问法|问)$|^(?:faq|question|q)s?$", re.IGNORECASE
)
_ANSWER_COLUMN = re.compile(
    r"^(?:标准|参考|客服)?(?:答案|回答|答复|解答|回复|答)$|^(?:answer|reply|a)s?$", re.IGNORECASE
)
_SIMILAR_COLUMN = re.compile(r"相似|同义|扩展问|其他问法|similar|alternative|phrasing", re.IGNORECASE)
_NOTE = re.compile(r"[(（【\[].{0,12}[)）】\]]")
_UNIT = re.compile(r"[(（\[【]\s*(元|件|个|cm|mm|m|kg|g|ml|l|斤|克|公斤|千克|天|小时|码|%)\s*[)）\]】]", re.IGNORECASE)
_BARE_FIGURE = re.compile(r"^\d[\d,.]*(?:\s*[-–~至]\s*\d[\d,.]*)?$")
_FIGURES = re.compile(r"^[¥$€£]?[-+\d.,:/%×~–\sA-Za-z_#]*(?:元|件|个|cm|mm|m|kg|g|ml|l|斤|克|天|小时|码)?$")
_LATIN_WORD = re.compile(r"[A-Za-z]{3,}")
_LONGEST_MEANING = 120
_REMARK = re.compile(r"[。！!；;]$|^(?:备注|注|说明|提示|PS|※|\*)", re.IGNORECASE)
_LONGEST_HEADING = 24
_HEADER_DEPTH = 12


def cell_text(value: object) -> str:
    """A cell as a person sees it: no `.0` behind whole numbers, no midnight behind dates, one line."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.10g}"
    text = str(value)
    return re.sub(r"\s*\n\s*", "\n", text.strip()).removesuffix(" 00:00:00")


def rows_to_sections(
    grid: Sequence[Sequence[str]], path: tuple[str, ...], *, has_header: bool = False
) -> list[Section]:
    """Sections of kind "row" or "qa" for one table, or for several one below the other.

    Finds the header below title rows, joins two-line headers, and reads two-column tables without a header as
    name and value. Lines above the header become text. `has_header`: the format itself marks the first row.
    """
    if has_header:
        return _one_table(grid, path, has_header=True)
    return [section for part in _apart(grid) for section in _one_table(part, path, has_header=False)]


def _apart(grid: Sequence[Sequence[str]]) -> list[list[Sequence[str]]]:
    """Tables on one sheet: a blank line begins a new one where a header of its own follows."""
    parts: list[list[Sequence[str]]] = [[]]
    after_blank = False
    for at, row in enumerate(grid):
        if not any(row):
            after_blank = True
            continue
        if after_blank and any(len(_distinct(row)) > 1 for row in parts[-1]) and _begins_table(grid, at):
            parts.append([])
        after_blank = False
        parts[-1].append(row)
    return parts


def _begins_table(grid: Sequence[Sequence[str]], at: int) -> bool:
    """A header line here, or below a title line."""
    for row in grid[at : at + 2]:
        named = _distinct(row)
        if len(named) > 1:
            known = sum(bool(_COLUMN_WORDS.match(_column_name(cell))) for cell in named)
            return known >= 2 and not any(_NUMBER.match(cell) for cell in named)
    return False


def _one_table(grid: Sequence[Sequence[str]], path: tuple[str, ...], *, has_header: bool) -> list[Section]:
    table = _dense(grid)
    if not table:
        return []
    width = len(table[0])
    if width == 1:
        text = "\n".join(row[0] for row in table)
        return [Section(path, text)]
    start = 0 if has_header and len(table) > 1 else _find_header(table)
    above = ["  ".join(_distinct(row)) for row in table[: start or 0]]
    sections = [Section(path, "\n".join(above))] if any(len(line) > 30 for line in above) else []
    path = (*path, *[line for line in above if line and len(line) <= 30][:2])
    if start is None:
        return sections + _pairs(table, path)
    names, first = _column_names(table, start)
    _carry_down(table, names, first)
    units = [found.group(1) if (found := _UNIT.search(cell)) else "" for cell in table[first - 1]]
    return sections + _named_rows([_with_units(row, units) for row in table[first:]], names, path)


def _carry_down(table: list[list[str]], names: list[str], first: int) -> None:
    """A product's name or class stands on the first of its lines only; the lines below it are about the same one."""
    # A lone cell is a remark between or below the lines of the table.
    rows = [row for row in table[first:] if sum(map(bool, row)) > 1]
    if not rows:
        return
    keys = [at for at in range(len(names)) if sum(bool(row[at]) for row in rows) >= 0.95 * len(rows)]
    for column, name in enumerate(names):
        blank = sum(not row[column] for row in rows)
        if not blank or not rows[0][column] or not _CARRIED.match(name) or not any(key > column for key in keys):
            continue
        held = ""
        for row in rows:
            row[column] = held = row[column] or held


def _with_units(row: list[str], units: list[str]) -> list[str]:
    """A figure below `价格(元)` carries its unit, because rows are quoted without their header."""
    return [
        f"{cell}{unit}" if unit and _BARE_FIGURE.match(cell) else cell for cell, unit in zip(row, units, strict=True)
    ]


def _dense(grid: Sequence[Sequence[str]]) -> list[list[str]]:
    rows = [list(row) for row in grid if any(cell for cell in row)]
    if not rows:
        return []
    width = max(len(row) for row in rows)
    rows = [row + [""] * (width - len(row)) for row in rows]
    used = [column for column in range(width) if any(row[column] for row in rows)]
    return [[row[column] for column in used] for row in rows]


def _distinct(row: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(cell for cell in row if cell))


def _column_name(cell: str) -> str:
    return _NOTE.sub("", cell).strip().replace("\n", "") or cell.strip()


def _find_header(table: list[list[str]]) -> int | None:
    """The row that names the columns; None when a two-column table is name and value."""
    width = len(table[0])
    for index, row in enumerate(table[:_HEADER_DEPTH]):
        distinct = _distinct(row)
        if len(distinct) < max(2, width * 0.5) or any(len(_column_name(cell)) > 24 for cell in distinct):
            continue
        hits = sum(bool(_COLUMN_WORDS.match(_column_name(cell))) for cell in distinct)
        numbers = sum(bool(_NUMBER.match(cell)) for cell in distinct)
        if hits >= 2 or (hits and not numbers and width > 2):
            return index
        if width > 2:
            return index if numbers <= len(distinct) / 3 else None
        if hits and not numbers and not any(_COLUMN_WORDS.match(_column_name(line[0])) for line in table[index + 1 :]):
            return index
        below = [line[1] for line in table[index + 1 :] if line[1]]
        counted = sum(bool(_NUMBER.match(cell)) for cell in below)
        return index if below and counted > len(below) * 0.7 and not _NUMBER.match(row[1]) else None
    return None


def _column_names(table: list[list[str]], start: int) -> tuple[list[str], int]:
    """Names and the index of the first row of values. A header with merged cells continues on the next line."""
    upper = table[start]
    following = table[start + 1] if start + 1 < len(table) else []
    repeated = len(_distinct(upper)) < len(upper)
    filled = [cell for cell in following if cell]
    if repeated and len(filled) >= 2 and not any(_NUMBER.match(cell) or len(cell) > 12 for cell in filled):
        joined = [
            above if above == below or not below else f"{above}{'·' if above else ''}{below}"
            for above, below in zip(upper, following, strict=True)
        ]
        if len(set(joined)) == len(joined):
            return [_column_name(cell) for cell in joined], start + 2
    names = []
    for position, cell in enumerate(upper):
        name = _column_name(cell) if cell else ""
        names.append(name if name not in names else f"{name}{position + 1}")
    return names, start + 1


def _named_rows(rows: list[list[str]], names: list[str], path: tuple[str, ...]) -> list[Section]:
    question = next((name for name in names if _QUESTION_COLUMN.match(name)), None)
    answer = next((name for name in names if _ANSWER_COLUMN.match(name)), None)
    sections = []
    below = path
    heading: Section | None = None
    for row in rows:
        filled = [(name, cell) for name, cell in zip(names, row, strict=True) if cell and (name or len(cell) > 1)]
        cells = {name or "备注": cell for name, cell in filled}
        if not cells or list(cells.values()) == list(cells.keys()):
            continue
        if len(set(cells.values())) == 1 and len(names) > 2 and (len(cells) > 1 or filled[0][0] == names[0]):
            # A line merged across the table, or alone in its first column, is a sub-heading or a remark.
            text = next(iter(cells.values()))
            sections += [heading] if heading else []
            heading = Section(path, text)
            below = path if _REMARK.search(text) or len(text) > _LONGEST_HEADING else (*path, text)
            continue
        if heading is not None and below == path:
            sections.append(heading)
        heading = None
        if question and answer and cells.get(question) and cells.get(answer):
            sections.append(_qa(cells, question, answer, below))
        else:
            sections.append(Section(below, row_text(cells), "row", cells))
    return [*sections, heading] if heading else sections


def row_text(cells: dict[str, str]) -> str:
    """One line, columns separated by a Chinese semicolon."""
    return ";".join(f"{name}:{cell}" for name, cell in cells.items()).replace("\n", " ")


def row_meaning(cells: dict[str, str]) -> str:
    """The words of a row without its figures, sizes and codes, which say nothing to an encoder and differ in every row."""
    words = (cell for cell in cells.values() if not _FIGURES.match(cell) or len(_LATIN_WORD.findall(cell)) > 1)
    return " ".join(" ".join(dict.fromkeys(words)).split())[:_LONGEST_MEANING]


def _qa(cells: dict[str, str], question: str, answer: str, path: tuple[str, ...]) -> Section:
    row = {"问题": cells[question], "答案": cells[answer]}
    similar = [cells[name] for name in cells if _SIMILAR_COLUMN.search(name)]
    if similar:
        row["相似问法"] = "\n".join(re.split(r"[\n;；|]+", "\n".join(similar)))
    return Section(path, f"{row['问题']}\n{row['答案']}", "qa", row)


def _pairs(table: list[list[str]], path: tuple[str, ...]) -> list[Section]:
    if len(table[0]) == 2:
        cells: dict[str, str] = {}
        for name, value in table:
            key = _column_name(name) or "备注"
            cells[key] = f"{cells[key]} {value}" if key in cells else value
        whole = row_text(cells)
        if len(whole) <= 400:
            return [Section(path, whole, "row", cells)]
        return [Section(path, f"{name}:{value}", "row", {name: value}) for name, value in cells.items()]
    return [Section(path, "  ".join(_distinct(row))) for row in table]
