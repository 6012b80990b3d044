"""Knows rows by their name and article code, so that a product is found by what it is called."""

import re
from collections.abc import Sequence

from yingke.knowledge.entry import Entry, Reading
from yingke.knowledge.fold import fold
from yingke.knowledge.terms import bigrams, codes

_NAME_COLUMN = re.compile(
    r"^(?:商品|产品|货品|物品|宝贝)?(?:名称|名字|标题|名)$|^(?:品名|商品|产品|货品|款式|项目|name|title|product|item)(?:\s?name)?$",
    re.IGNORECASE,
)
_CODE_COLUMN = re.compile(r"(?:货号|款号|型号|编号|编码|商品id|sku|条码|code)$", re.IGNORECASE)
_SIGNS = re.compile(r"[^\w]+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_BRACKETS = re.compile(r"[(（【\[][^)）】\]]*[)）】\]]")
_HAN = re.compile(r"[\u4e00-\u9fff]+")


def name_of(row: dict[str, str] | None) -> str:
    """What the row's thing is called; empty when no column says so."""
    if not row:
        return ""
    return next((cell for column, cell in row.items() if _NAME_COLUMN.match(column.strip())), "")


def code_of(row: dict[str, str] | None) -> str:
    """The row's article code; empty when no column holds one."""
    if not row:
        return ""
    return next((cell for column, cell in row.items() if _CODE_COLUMN.search(column.strip())), "")


def head_of(folded_name: str) -> str:
    """The last character of what a thing is: 帐 of 两人三季帐, 袋 of 羽绒睡袋 0度. Shoppers say 帐篷 and 垫子."""
    runs = [run.removesuffix("子").removesuffix("度") for run in _HAN.findall(_BRACKETS.sub(" ", folded_name))]
    runs = [run for run in runs if run]
    return runs[0][-1] if runs else ""


def is_name_column(column: str) -> bool:
    return bool(_NAME_COLUMN.match(column.strip()))


def is_code_column(column: str) -> bool:
    return bool(_CODE_COLUMN.search(column.strip()))


class NameBook:
    """Names and codes of all entries that are rows."""

    def __init__(
        self, entries: Sequence[Entry], readings: Sequence[Reading] | None = None, *, is_coded: bool = True
    ) -> None:
        """`readings` of the entries spare the folding of names; without `is_coded` nothing is found by its code."""
        self._plain: dict[int, str] = {}
        self._pairs: dict[int, frozenset[str]] = {}
        self._heads: dict[int, str] = {}
        self._codes: dict[str, list[int]] = {}
        for position, entry in enumerate(entries):
            name = readings[position].name if readings else fold(name_of(entry.row))
            if name:
                self._plain[position] = _SIGNS.sub("", name)
                self._pairs[position] = frozenset(bigrams(name)) | frozenset(_NUMBER.findall(name))
                self._heads[position] = head_of(name)
            if not is_coded:
                continue
            for code in {*codes(fold(entry.search_text)), *([fold(code_of(entry.row))] if entry.row else [])}:
                if code:
                    self._codes.setdefault(code, []).append(position)

    def by_code(self, asked: Sequence[str]) -> dict[int, float]:
        """Entries that carry one of the codes; 1.0 where the code is theirs alone, less the more share it."""
        found: dict[int, float] = {}
        for code in asked:
            for position in self._codes.get(code, ())[:20]:
                found[position] = max(found.get(position, 0.0), 1.0 / len(self._codes[code]) ** 0.5)
        return found

    def match(self, positions: Sequence[int], folded: str) -> dict[int, float]:
        """How surely the question names each entry's thing: 1.0 when the whole name stands in it."""
        question = _SIGNS.sub("", folded)
        numbers = _NUMBER.findall(folded)
        return {position: self._match(position, question, numbers) for position in positions}

    def _match(self, position: int, question: str, numbers: Sequence[str]) -> float:
        plain = self._plain.get(position)
        if not plain:
            return 0.0
        if plain in question:
            return 1.0 if len(plain) > 3 else 0.8
        pairs = self._pairs[position]
        if not pairs:
            return 0.0
        share = sum(pair in (numbers if pair.isdecimal() else question) for pair in pairs) / len(pairs)
        head = self._heads[position]
        return max(0.9 * share if share >= 0.25 else 0.0, 0.35 if head and head in question else 0.0)
