"""What a merchant decides about the assistants: skills, tools, tone, comfort, sentences of the merchant's own."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from yingke.assistants import skills, tools
from yingke.assistants.skills.contract import Skill
from yingke.assistants.team_versions.sentences import check_sentence
from yingke.assistants.told.taking import ContactTaking
from yingke.assistants.tools.contract import Tool
from yingke.kit.errors import bad_input
from yingke.kit.plug_ins import load_plug_ins
from yingke.kit.text import clean_text

Tone = Literal["friendly", "formal", "lively"]
SKILLS: tuple[type[Skill], ...] = tuple(load_plug_ins(skills, Skill))  # type: ignore[type-abstract]
TOOLS: tuple[type[Tool], ...] = tuple(load_plug_ins(tools, Tool))  # type: ignore[type-abstract]
MOST_SENTENCES = 100
LONGEST = 500
LONGEST_INSTRUCTIONS = 2_000


class OwnSentence(Struct, frozen=True):
    """Replaces every wording of a sentence; an empty language keeps the product's own."""

    zh: Annotated[str, Meta(max_length=LONGEST)] = ""
    en: Annotated[str, Meta(max_length=LONGEST)] = ""


class TeamConfig(Struct, frozen=True):
    """As stored. A name of an earlier or later release is kept and has no effect."""

    tone: Tone = "friendly"
    comforts: bool = True
    """A sentence of comfort before the answer to somebody who worries."""
    skills_off: list[Annotated[str, Meta(max_length=40)]] = []
    tools_off: list[Annotated[str, Meta(max_length=40)]] = []
    sentences: dict[str, OwnSentence] = {}
    template: Annotated[str, Meta(max_length=60)] = ""
    """The template that it began as."""
    contact: ContactTaking = msgspec.field(default_factory=ContactTaking)
    instructions: Annotated[str, Meta(max_length=LONGEST_INSTRUCTIONS)] = ""
    """What a language model is told of the merchant's wishes, below the product's own rules. Without one it has no effect."""


AS_BUILT = TeamConfig()


def check_config(config: TeamConfig) -> TeamConfig:
    """The same with every list in order. Raises the 400 Problem that names what is wrong."""
    known_skills, known_tools = {one.name for one in SKILLS}, {one.name for one in TOOLS}
    if unknown := set(config.skills_off) - known_skills:
        raise bad_input({"skills_off": f"没有这个技能：{min(unknown)} / no such skill: {min(unknown)}"})
    if unknown := set(config.tools_off) - known_tools:
        raise bad_input({"tools_off": f"没有这个工具：{min(unknown)} / no such tool: {min(unknown)}"})
    if len(config.sentences) > MOST_SENTENCES:
        raise bad_input({"sentences": f"最多 {MOST_SENTENCES} 句 / at most {MOST_SENTENCES}"})
    sentences = {}
    for key, own in config.sentences.items():
        kept = OwnSentence(
            zh=check_sentence(key, "zh", own.zh.strip()),
            en=check_sentence(key, "en", own.en.strip()),
        )
        if kept != OwnSentence():
            sentences[key] = kept
    return msgspec.structs.replace(
        config,
        skills_off=sorted(set(config.skills_off)),
        tools_off=sorted(set(config.tools_off)),
        sentences=dict(sorted(sentences.items())),
        instructions=clean_text(
            config.instructions.strip().replace("\r\n", "\n"), LONGEST_INSTRUCTIONS, field="instructions"
        ),
    )


def read_config(stored: Any) -> TeamConfig:
    """What this release understands of a stored version; the rest works as built."""
    try:
        return msgspec.convert(stored, TeamConfig)
    except msgspec.ValidationError:
        return AS_BUILT
