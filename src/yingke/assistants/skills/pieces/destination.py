"""「Do you ship to Brazil?」: a country that is not among those written is said to be missing, in so many words."""

import re

_COUNTRIES: dict[str, tuple[str, ...]] = {
    name.split("|")[0]: tuple(name.split("|"))
    for name in (
        "Japan|日本", "South Korea|Korea|韩国", "Singapore|新加坡", "Malaysia|马来西亚", "Thailand|泰国", "Vietnam|越南", "Indonesia|印尼|印度尼西亚",
        "the Philippines|Philippines|菲律宾", "India|印度", "Pakistan|巴基斯坦", "Australia|澳大利亚|澳洲", "New Zealand|新西兰",
        "the United States|United States|USA|U.S.|America|美国", "Canada|加拿大", "Mexico|墨西哥", "Brazil|巴西", "Argentina|阿根廷", "Chile|智利", "Peru|秘鲁",
        "Colombia|哥伦比亚", "the United Kingdom|United Kingdom|UK|England|Britain|英国", "Ireland|爱尔兰", "France|法国", "Germany|德国", "Spain|西班牙",
        "Portugal|葡萄牙", "Italy|意大利", "the Netherlands|Netherlands|Holland|荷兰", "Belgium|比利时", "Switzerland|瑞士", "Austria|奥地利", "Poland|波兰",
        "Czechia|Czech Republic|捷克", "Hungary|匈牙利", "Greece|希腊", "Sweden|瑞典", "Norway|挪威", "Denmark|丹麦", "Finland|芬兰", "Iceland|冰岛",
        "Russia|俄罗斯", "Ukraine|乌克兰", "Turkey|Türkiye|土耳其", "Israel|以色列", "Saudi Arabia|沙特|沙特阿拉伯", "the UAE|UAE|Dubai|阿联酋|迪拜",
        "Qatar|卡塔尔", "Egypt|埃及", "Nigeria|尼日利亚", "Kenya|肯尼亚", "South Africa|南非", "Morocco|摩洛哥", "Kazakhstan|哈萨克斯坦", "Mongolia|蒙古",
        "Cambodia|柬埔寨", "Laos|老挝", "Myanmar|缅甸", "Nepal|尼泊尔", "Bangladesh|孟加拉", "Sri Lanka|斯里兰卡",
    )
}  # fmt: skip
_SHIPS = re.compile(
    r"\b(?:ship|deliver|send|post|mail)\w*\b|\bavailable in\b|寄|发(?:货|到|往|去)?|送(?:到|去|货)|邮(?:寄|到)|配送|能发",
    re.IGNORECASE,
)
LEAST_LISTED = 2


def missing_destination(asked: str, quoted: str) -> str | None:
    """The country asked for, as English has it, when what is quoted lists others and not this one."""
    if not _SHIPS.search(asked):
        return None
    named = [name for name, words in _COUNTRIES.items() if _says(asked, words)]
    if len(named) != 1 or _says(quoted, _COUNTRIES[named[0]]):
        return None
    listed = sum(_says(quoted, words) for words in _COUNTRIES.values())
    return named[0] if listed >= LEAST_LISTED else None


def in_chinese(country: str) -> str:
    """As customers who write Chinese know it."""
    return next((one for one in _COUNTRIES[country] if not one.isascii()), country)


def _says(text: str, words: tuple[str, ...]) -> bool:
    return any(
        re.search(rf"(?<![A-Za-z]){re.escape(one)}(?![A-Za-z])", text, 0 if one.isupper() else re.IGNORECASE)
        is not None
        if one.isascii()
        else one in text
        for one in words
    )
