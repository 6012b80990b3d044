"""Conversations that the team has to hold well, written as YAML that anybody can read and add to (`evals/scenarios/`).

Run: .venv/bin/python evals/scenarios.py [PART OF A NAME] [--verbose]. Judged by rules alone: facts that must or must not
stand in the answer, tools that must or must not be used, who serves, and whether a person comes.
"""

import argparse
import asyncio
import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import yaml

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from scenario_stage import CUSTOMERS, Customer, Heard, Stage, open_stage  # noqa: E402

FOLDER = Path(__file__).parent / "scenarios"
AT_ONCE = 6
ORDER = "QX-D0001"
"""Stands for an order of its own in every scenario of a stranger, so that the tries of one do not count for another."""


class Turn(msgspec.Struct, forbid_unknown_fields=True):
    """What the customer says and what must hold of the answer. Words are compared without regard to case and width.

    `hand_over`: false, true, or the beginning of its reason. `skill` and `tools` as in the trace.
    """

    say: str
    has: list[str] = []
    has_any: list[str] = []
    lacks: list[str] = []
    skill: str | None = None
    tools: list[str] = []
    no_tools: list[str] = []
    cards: list[str] | None = None
    hand_over: bool | str = False
    mood: str | None = None
    language: str | None = None


class Scenario(msgspec.Struct, forbid_unknown_fields=True):
    """`routine`: something that must be done without a person. `about` is the skill or the theme that it belongs to."""

    name: str
    turns: list[Turn]
    about: str = ""
    customer: str = "stranger"
    language: str = "zh-CN"
    routine: bool = True
    attack: bool = False


@dataclass
class Outcome:
    """`faults` is empty when everything held."""

    scenario: Scenario
    faults: list[str] = field(default_factory=list)
    talk: list[tuple[str, Heard]] = field(default_factory=list)

    @property
    def is_done_without_person(self) -> bool:
        return all(heard.handled_by == "assistant" for _, heard in self.talk)


def load_scenarios() -> list[Scenario]:
    """All files; raises msgspec.ValidationError that names the field, ValueError for two of one name."""
    found: list[Scenario] = []
    for path in sorted(FOLDER.glob("*.yaml")):
        for one in msgspec.convert(yaml.safe_load(path.read_text("utf-8")), list[Scenario]):
            one.about = one.about or path.stem
            if one.customer not in CUSTOMERS:
                raise ValueError(f"{path.name}: {one.name}: no customer {one.customer}")
            found.append(one)
    names = [one.name for one in found]
    if len(names) != len(set(names)):
        raise ValueError(f"two of one name: {sorted(name for name in set(names) if names.count(name) > 1)}")
    return found


async def play(stage: Stage, scenario: Scenario) -> Outcome:
    """One conversation of its own. It ends at the first turn that nobody answers."""
    outcome = Outcome(scenario)
    if scenario.customer == "stranger" and ORDER in msgspec.json.encode(scenario).decode():
        number = await stage.new_order()
        scenario = msgspec.json.decode(msgspec.json.encode(scenario).decode().replace(ORDER, number), type=Scenario)
    customer: Customer = await stage.customer(scenario.customer, scenario.language)
    for number, turn in enumerate(scenario.turns, 1):
        try:
            heard = await customer.says(turn.say)
        except AssertionError as error:
            outcome.faults.append(f"{number}: {error}")
            break
        outcome.talk.append((turn.say, heard))
        outcome.faults += [f"{number}: {fault}" for fault in judge(turn, heard)]
    await customer.leaves()
    return outcome


def judge(turn: Turn, heard: Heard) -> list[str]:
    """What does not hold, in words."""
    text = plain(heard.text)
    faults = [f"lacks 「{one}」" for one in turn.has if plain(one) not in text]
    if turn.has_any and not any(plain(one) in text for one in turn.has_any):
        faults.append(f"has none of {turn.has_any}")
    faults += [f"must not say 「{one}」" for one in turn.lacks if plain(one) in text]
    if turn.skill is not None and turn.skill not in heard.skills:
        faults.append(f"served by {heard.skills}, not {turn.skill}")
    faults += [f"did not use {one}" for one in turn.tools if one not in heard.tools]
    faults += [f"must not use {one}" for one in turn.no_tools if one in heard.tools]
    if turn.cards is not None and sorted(turn.cards) != sorted(set(heard.cards)):
        faults.append(f"cards {heard.cards}, not {turn.cards}")
    is_handed = heard.handled_by != "assistant"
    if is_handed != bool(turn.hand_over):
        faults.append(f"handed over: {is_handed} ({heard.reason})")
    elif isinstance(turn.hand_over, str) and not heard.reason.startswith(turn.hand_over):
        faults.append(f"handed over for {heard.reason}, not {turn.hand_over}")
    if turn.mood is not None and heard.mood != turn.mood:
        faults.append(f"mood {heard.mood}, not {turn.mood}")
    if turn.language is not None and heard.language != turn.language:
        faults.append(f"language {heard.language}, not {turn.language}")
    return faults


def plain(text: str) -> str:
    """Case, width and spaces do not matter; figures do."""
    narrow = text.casefold().translate(str.maketrans("，。：；？！（）％～", ",.:;?!()%~"))
    return "".join(narrow.split())


async def play_all(stage: Stage, scenarios: Sequence[Scenario]) -> list[Outcome]:
    """Some at a time; customers who own the demo's orders one after the other."""
    gate = asyncio.Semaphore(AT_ONCE)
    single = {name: asyncio.Lock() for name in ("buyer", "vip")}

    async def one(scenario: Scenario) -> Outcome:
        lock = single.get(scenario.customer)
        if lock is None:
            async with gate:
                return await play(stage, scenario)
        async with lock, gate:
            return await play(stage, scenario)

    return list(await asyncio.gather(*(one(scenario) for scenario in scenarios)))


def figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Shares 0..1, in all and by theme."""
    routine = [one for one in outcomes if one.scenario.routine and not one.scenario.attack]
    turns = [(turn, heard) for one in routine for turn, heard in zip(one.scenario.turns, one.talk, strict=False)]
    by_theme: dict[str, list[Outcome]] = defaultdict(list)
    for one in outcomes:
        by_theme[one.scenario.about].append(one)
    attacks = [one for one in outcomes if one.scenario.attack]
    return {
        "scenarios": len(outcomes),
        "held": share(sum(not one.faults for one in outcomes), len(outcomes)),
        "routine_turns": len(turns),
        "routine_without_person": share(
            sum(one.is_done_without_person and not one.faults for one in routine), len(routine)
        ),
        "attacks": len(attacks),
        "attacks_that_worked": sum(bool(one.faults) for one in attacks),
        "other_languages": sum(not one.scenario.language.startswith("zh-CN") for one in outcomes),
        "by_theme": {
            theme: {"scenarios": len(some), "held": share(sum(not one.faults for one in some), len(some))}
            for theme, some in sorted(by_theme.items())
        },
    }


def share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


async def scenarios(part: str = "") -> list[Outcome]:
    """Plays those whose name or theme has `part` in it."""
    wanted = [one for one in load_scenarios() if part in one.name or part in one.about]
    async with open_stage() as stage:
        return await play_all(stage, wanted)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("part", nargs="?", default="")
    arguments.add_argument("--verbose", action="store_true")
    wish = arguments.parse_args()
    outcomes = asyncio.run(scenarios(wish.part))
    for one in outcomes:
        if one.faults or wish.verbose:
            print(f"{'✗' if one.faults else '✓'} {one.scenario.about} · {one.scenario.name}")
            for said, heard in one.talk:
                print(
                    f"    客 {said}\n    答 {heard.text[:300]!r} {heard.skills} {heard.tools} {heard.handled_by} {heard.reason}"
                )
            for fault in one.faults:
                print(f"    → {fault}")
    print(json.dumps(figures(outcomes), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
