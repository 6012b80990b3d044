"""Teams to begin with: a desk (what it is for) in a trade (what is sold), as data."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from yingke.assistants.team_versions.config import OwnSentence, TeamConfig, check_config
from yingke.assistants.told.taking import ContactTaking

Both = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Template:
    """`name` and `text` in Chinese and English; `questions`: language → suggestions for the shop's chat window."""

    key: str
    desk: str
    trade: str
    name: Both
    text: Both
    config: TeamConfig
    questions: dict[str, tuple[str, ...]]


@cache
def templates() -> tuple[Template, ...]:
    """Every desk in every trade; the desk's first sentences give way to those of the trade."""
    text = files("yingke.assistants.team_versions").joinpath("templates.toml").read_text("utf-8")
    told = tomllib.loads(text)
    return tuple(_template(desk, trade, told) for desk in told["desks"] for trade in told["trades"])


def _template(desk: str, trade: str, told: dict[str, Any]) -> Template:
    of_desk, of_trade = told["desks"][desk], told["trades"][trade]
    here = of_trade[desk]
    sentences = {**of_desk.get("sentences", {}), **here.get("sentences", {})}
    key = f"{desk}-{trade}"
    config = TeamConfig(
        tone=here.get("tone", of_desk["tone"]),
        skills_off=of_desk.get("skills_off", []),
        tools_off=of_desk.get("tools_off", []),
        sentences=msgspec.convert(sentences, dict[str, OwnSentence]),
        template=key,
        contact=msgspec.convert(here.get("contact", {}), ContactTaking),
    )
    name = (f"{of_trade['zh']} · {of_desk['zh']}", f"{of_trade['en']} · {of_desk['en']}")
    return Template(
        key,
        desk,
        trade,
        name,
        (of_desk["text_zh"], of_desk["text_en"]),
        check_config(config),
        {"zh": tuple(here["questions_zh"]), "en": tuple(here["questions_en"])},
    )
