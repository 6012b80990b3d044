"""Where something is to be sent: a city is read as its province, which is what a shop's rules speak of."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from yingke.kit.expression import Expression, expression

_TOGETHER = {"江苏": "江浙沪", "浙江": "江浙沪", "上海": "江浙沪"}
"""Provinces that sellers name in one word."""
_SENT = re.compile(r"(?:发|寄|送|到|去|邮|运|给)\s*(?:往|到|去|至)?\s*$")
_SENT_BEHIND = re.compile(
    r"^\s*(?:这边|那边|市区|市|省|地区)?的?\s*(?:明天|明早|后天|今天|周[一二三四五六日末]|大概)?(?:能?[发寄送到收]|要?[多几加]|要?走(?:多|几)|另(?:外)?[收加]|可以|包邮|邮费|运费|快递)"
)
_TRAVEL = expression(r"高铁|火车|飞机|航班|机票|旅游|旅行|攻略|怎么走|开车|好玩|天气|气温|从[\u4e00-\u9fff]{2,4}[到去]")
_FROM = re.compile(r"从\s*$")


@dataclass(frozen=True, slots=True)
class Place:
    """`name` as typed; `region` as rules write it: the province, or 江浙沪."""

    name: str
    province: str
    region: str


@cache
def _provinces() -> tuple[dict[str, str], Expression]:
    table = tomllib.loads(files("yingke.knowledge").joinpath("places.toml").read_text(encoding="utf-8"))
    by_name = {name: province for province, names in table.items() for name in (province, *names)}
    longest_first = sorted(by_name, key=len, reverse=True)
    return by_name, expression("|".join(longest_first))


def find_places(text: str) -> list[Place]:
    """All that are named, in order."""
    by_name, pattern = _provinces()
    found = [(match[0], by_name[match[0]]) for match in pattern.finditer(text)]
    return [Place(name, province, _TOGETHER.get(province, province)) for name, province in found]


def find_destination(text: str) -> Place | None:
    """The first place that something is to be sent to: 到成都要几天, 拉萨发不发, 寄苏州."""
    by_name, pattern = _provinces()
    if _TRAVEL.search(text):
        return None
    for match in pattern.finditer(text):
        before = text[: match.start()]
        if not _FROM.search(before) and (_SENT.search(before) or _SENT_BEHIND.match(text[match.end() :])):
            province = by_name[match[0]]
            return Place(match[0], province, _TOGETHER.get(province, province))
    return None
