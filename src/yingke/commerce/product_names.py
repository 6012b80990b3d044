"""What a product is called in the customer's language, where the shop itself has named it so."""

import re
from collections.abc import Mapping
from typing import Final

_OTHERS: Final[dict[str, tuple[str, ...]]] = {
    "en": ("英文名", "英文名称", "英文标题", "english name", "english title", "name_en", "title_en"),
    "ja": ("日文名", "日文名称", "日语名", "japanese name", "name_ja", "title_ja"),
    "ko": ("韩文名", "韩文名称", "韩语名", "korean name", "name_ko", "title_ko"),
    "es": ("西班牙文名", "西班牙语名", "spanish name", "name_es", "title_es"),
    "fr": ("法文名", "法语名", "french name", "name_fr", "title_fr"),
    "de": ("德文名", "德语名", "german name", "name_de", "title_de"),
    "ru": ("俄文名", "俄语名", "russian name", "name_ru", "title_ru"),
}
NAMING: Final = frozenset(key for keys in _OTHERS.values() for key in keys)
"""Attributes, in lower case, that are names and no properties."""
_CARRIERS: Final = {
    "顺丰": "SF Express", "中通": "ZTO Express", "圆通": "YTO Express", "申通": "STO Express", "韵达": "Yunda Express",
    "京东": "JD Logistics", "极兔": "J&T Express", "德邦": "Deppon Express", "百世": "Best Express", "邮政": "China Post",
    "安能": "Ane Logistics", "菜鸟": "Cainiao",
}  # fmt: skip
_KANA = re.compile(r"[\u3040-\u30ff]")
_HAN = re.compile(r"[\u3400-\u9fff]")


def name_for(tag: str, title: str, attributes: Mapping[str, str]) -> str:
    """The name in that language, else the English one; the shop's own title for Chinese and where there is no other."""
    if tag.startswith("zh"):
        return title
    kept = {key.strip().lower(): value.strip() for key, value in attributes.items()}
    for language in (tag.split("-")[0], "en"):
        for key in _OTHERS.get(language, ()):
            if kept.get(key):
                return kept[key]
    return title


def carrier_for(tag: str, carrier: str) -> str:
    """The carrier by the name that it has abroad."""
    if tag.startswith("zh"):
        return carrier
    known = next((name for key, name in _CARRIERS.items() if key in carrier), carrier)
    return f"“{known}”" if is_foreign_to(tag, known) else known


def is_foreign_to(tag: str, name: str) -> bool:
    """A Chinese name among words that are not: it has to be marked as a name."""
    return not tag.startswith("zh") and bool(_HAN.search(name)) and not _KANA.search(name)
