"""Conversations that the team has to hold well, written as YAML that anybody can read and add to (`evals/scenarios/`).

Run: .venv/bin/python evals/scenarios.py [PART OF A NAME] [--verbose]. Judged by rules alone: facts that must or must not
stand in the answer, tools that must or must not be used, who serves, and whether a person comes.
"""

import argparse
import asyncio
import functools
import json
import re
import sys
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import yaml

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from scenario_shops import load_shop_data  # noqa: E402
from scenario_stage import CUSTOMERS, Customer, Engine, Heard, Stage, open_stage  # noqa: E402

from yingke.knowledge.not_knowing import was_admitted  # noqa: E402

FOLDER = Path(__file__).parent / "scenarios"
UNSEEN = FOLDER / "unseen"
"""Sets that were written by somebody who had not seen the skills. They are measured, not mended to 100 %."""
AT_ONCE = 6
ZONE = ZoneInfo("Asia/Shanghai")
DAY = re.compile(r"\{D([+-]\d+)?\}")
"""`{D+6}`: six days from now, as the shop writes it."""

ECHO = re.compile(r"(?<=有[写寫]到)「[^」]*」")
NEAR = re.compile(r"最相近的(?:内容|內容)有：[^。]*。|您想[问問]的是不是：\n(?:\d+\. .*\n?)+")
"""The customer's own words in an answer that does not know, and the titles it names instead: they tell nothing."""


class Turn(msgspec.Struct, forbid_unknown_fields=True):
    """What the customer says and what must hold of the answer. Words are compared without regard to case and width.

    `say`: a list is sent in one breath and answered once or bit by bit. A word of `has`, `has_any` and `lacks` may
    name several that will do: `有货|36`. `hand_over`: false, true, null where either is right, or the beginning of
    its reason. `skill` and `tools` as in the trace.
    """

    say: str | list[str]
    has: list[str] = []
    has_any: list[str] = []
    lacks: list[str] = []
    skill: str | None = None
    tools: list[str] = []
    no_tools: list[str] = []
    cards: list[str] | None = None
    hand_over: bool | str | None = False
    mood: str | None = None
    language: str | None = None


class Scenario(msgspec.Struct, forbid_unknown_fields=True):
    """`routine`: something that must be done without a person. `about` is the skill or the theme that it belongs to.
    `shop`: a folder of `shops/` where it plays; "" is the demo's shop."""

    name: str
    turns: list[Turn]
    about: str = ""
    customer: str = "stranger"
    language: str = "zh-CN"
    shop: str = ""
    routine: bool = True
    attack: bool = False
    is_closed: bool = False
    """Nobody looks at it: the first line of its file says CLOSED. It counts, and is never shown."""


@dataclass
class Outcome:
    """`faults` is empty when everything held."""

    scenario: Scenario
    faults: list[str] = field(default_factory=list)
    talk: list[tuple[str, Heard]] = field(default_factory=list)

    @property
    def is_done_without_person(self) -> bool:
        return all(heard.handled_by == "assistant" for _, heard in self.talk)


def load_scenarios(folder: Path = FOLDER, files: str = "*.yaml") -> list[Scenario]:
    """All files of the folder itself; raises msgspec.ValidationError that names the field, ValueError for two of one name."""
    found: list[Scenario] = []
    for path in sorted(folder.glob(files)):
        text = path.read_text("utf-8")
        for one in msgspec.convert(yaml.safe_load(_with_days(text)), list[Scenario]):
            one.is_closed = "CLOSED" in text.partition("\n")[0].upper()
            one.about = one.about or path.stem
            if one.customer not in _customers(one.shop):
                raise ValueError(f"{path.name}: {one.name}: no customer {one.customer}")
            found.append(one)
    names = [one.name for one in found]
    if len(names) != len(set(names)):
        raise ValueError(f"two of one name: {sorted(name for name in set(names) if names.count(name) > 1)}")
    return found


@functools.cache
def _customers(shop: str) -> Collection[str]:
    return load_shop_data(shop).customers if shop else CUSTOMERS


def _with_days(text: str) -> str:
    today = datetime.now(ZONE)

    def day(found: re.Match[str]) -> str:
        then = today + timedelta(days=int(found[1] or 0))
        return f"{then.month}月{then.day}日"

    return DAY.sub(day, text)


async def play(stage: Stage, scenario: Scenario) -> Outcome:
    """One conversation of its own. It ends at the first turn that nobody answers."""
    outcome = Outcome(scenario)
    stage = stage.of(scenario.shop)
    customer: Customer = await stage.customer(scenario.customer, scenario.language)
    scenario = await with_own_orders(stage, customer, scenario)
    for number, turn in enumerate(scenario.turns, 1):
        said = [turn.say] if isinstance(turn.say, str) else turn.say
        try:
            heard = await customer.says(*said)
        except AssertionError as error:
            outcome.faults.append(f"{number}: {error}")
            break
        outcome.talk.append((" ⏎ ".join(said), heard))
        outcome.faults += [f"{number}: {fault}" for fault in judge(turn, heard)]
    await customer.leaves()
    return outcome


async def with_own_orders(stage: Stage, customer: Customer, scenario: Scenario) -> Scenario:
    """The scenario with orders of its own, so that the wrong tries of one do not count for another."""
    text = msgspec.json.encode(scenario).decode()
    own = dict(customer.orders)
    if scenario.shop or scenario.customer not in ("buyer", "vip"):
        for number in stage.numbers:
            if number in text and number not in own:
                own[number] = await stage.new_order(number)
    for number, mine in own.items():
        text = text.replace(number, mine)
    return msgspec.json.decode(text, type=Scenario)


def judge(turn: Turn, heard: Heard) -> list[str]:
    """What does not hold, in words. Where a person is as right as an answer, one who comes need not say the facts."""
    is_handed = heard.handled_by != "assistant"
    text = plain(ECHO.sub("", heard.text))
    faults = [f"must not say 「{one}」" for one in turn.lacks if stands(one, text)]
    if not (is_handed and turn.hand_over is None):
        faults += _untold(turn, plain(NEAR.sub("", ECHO.sub("", heard.text))))
    if turn.skill is not None and turn.skill not in heard.skills:
        faults.append(f"served by {heard.skills}, not {turn.skill}")
    faults += [f"did not use {one}" for one in turn.tools if one not in heard.tools]
    faults += [f"must not use {one}" for one in turn.no_tools if one in heard.tools]
    if turn.cards is not None and sorted(turn.cards) != sorted(set(heard.cards)):
        faults.append(f"cards {heard.cards}, not {turn.cards}")
    if turn.hand_over is not None and is_handed != bool(turn.hand_over):
        faults.append(f"handed over: {is_handed} ({heard.reason})")
    elif isinstance(turn.hand_over, str) and not heard.reason.startswith(turn.hand_over):
        faults.append(f"handed over for {heard.reason}, not {turn.hand_over}")
    if turn.mood is not None and heard.mood != turn.mood:
        faults.append(f"mood {heard.mood}, not {turn.mood}")
    if turn.language is not None and heard.language != turn.language:
        faults.append(f"language {heard.language}, not {turn.language}")
    return faults


def _untold(turn: Turn, text: str) -> list[str]:
    faults = [f"lacks 「{one}」" for one in turn.has if not stands(one, text)]
    if turn.has_any and not any(stands(one, text) for one in turn.has_any):
        faults.append(f"has none of {turn.has_any}")
    return faults


def stands(words: str, text: str) -> bool:
    """Whether one of `words` (parted by |) stands in a plain text."""
    return any(plain(word) in text for word in words.split("|"))


def plain(text: str) -> str:
    """Case, width and spaces do not matter; figures do."""
    narrow = text.casefold().translate(str.maketrans("，。：；？！（）％～", ",.:;?!()%~"))
    return "".join(narrow.split())


async def play_all(stage: Stage, scenarios: Sequence[Scenario]) -> list[Outcome]:
    """Some at a time; customers who own the demo's orders one after the other."""
    gate = asyncio.Semaphore(AT_ONCE)
    single = {name: asyncio.Lock() for name in ("buyer", "vip")}

    async def one(scenario: Scenario) -> Outcome:
        lock = None if scenario.shop else single.get(scenario.customer)
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
        "routine_turns_right": share(sum(_turns_right(one) for one in routine), len(turns)),
        "routine_turns_unknown": share(sum(was_admitted(heard.text) for _, (_, heard) in turns), len(turns)),
        "attacks": len(attacks),
        "attacks_that_worked": sum(bool(one.faults) for one in attacks),
        "other_languages": sum(not one.scenario.language.startswith("zh-CN") for one in outcomes),
        "by_theme": {
            theme: {"scenarios": len(some), "held": share(sum(not one.faults for one in some), len(some))}
            for theme, some in sorted(by_theme.items())
        },
        "by_shop": _by_shop(outcomes),
    }


def _by_shop(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Empty where all play in one."""
    shops = sorted({one.scenario.shop for one in outcomes})
    if len(shops) < 2:
        return {}
    return {shop: figures([one for one in outcomes if one.scenario.shop == shop]) for shop in shops}


def _turns_right(outcome: Outcome) -> int:
    wrong = {fault.partition(":")[0] for fault in outcome.faults}
    return sum(str(number) not in wrong for number in range(1, len(outcome.talk) + 1))


def share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


async def scenarios(
    part: str = "", folder: Path = FOLDER, engine: Engine = "embedded", files: str = "*.yaml"
) -> list[Outcome]:
    """Plays those whose name, theme or shop has `part` in it. Who serves is not judged where a model answers."""
    found = load_scenarios(folder, files)
    wanted = [one for one in found if any(part in word for word in (one.name, one.about, one.shop))]
    if engine == "chat":
        for turn in (turn for one in wanted for turn in one.turns):
            turn.skill = None
    async with open_stage(engine, {one.shop for one in wanted}) as stage:
        return await play_all(stage, wanted)


async def unseen(every: int = 1, is_elsewhere: bool = False) -> dict[str, Any]:
    """The figures of the unseen sets that play in the demo's shop, by file, and of all of them; of every n-th
    conversation of each. `is_elsewhere`: of those that play in other shops instead, by shop too."""
    sets = {path.stem: load_scenarios(UNSEEN, path.name)[::every] for path in sorted(UNSEEN.glob("*.yaml"))}
    sets = {name: some for name, some in sets.items() if any(one.shop for one in some) is is_elsewhere}
    async with open_stage(shops={one.shop for some in sets.values() for one in some}) as stage:
        played = {name: await play_all(stage, some) for name, some in sets.items()}
    every_one = [one for some in played.values() for one in some]
    return {name: figures(some) for name, some in played.items()} | {"all": figures(every_one)}


def show(outcome: Outcome) -> str:
    """The talk as it was, and what did not hold."""
    one = outcome.scenario
    where = f"{one.shop or 'demo'}, {one.customer}, {one.language}"
    lines = [f"{'✗' if outcome.faults else '✓'} {one.about} · {one.name} ({where})"]
    for said, heard in outcome.talk:
        came = "" if heard.handled_by == "assistant" else f" → {heard.handled_by} {heard.reason} {heard.system}"
        trace = f"{heard.skills} {heard.tools} {heard.cards} {heard.mood} {heard.intent} {heard.language}"
        lines += [f"    客 {said}", f"    答 {heard.text!r}", f"       {trace} ×{heard.answers}{came}"]
    return "\n".join([*lines, *(f"    → {fault}" for fault in outcome.faults)])


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("part", nargs="?", default="")
    arguments.add_argument("--verbose", action="store_true", help="also those that held")
    arguments.add_argument("--folder", type=Path, default=FOLDER, help="other scenarios than the project's own")
    arguments.add_argument("--files", default="*.yaml", help="which files of the folder")
    arguments.add_argument("--engine", choices=("embedded", "chat"), default="embedded")
    arguments.add_argument("--json", type=Path, help="a file for the figures")
    wish = arguments.parse_args()
    outcomes = asyncio.run(scenarios(wish.part, wish.folder, wish.engine, wish.files))
    for one in outcomes:
        if (one.faults or wish.verbose) and not one.scenario.is_closed:
            print(show(one))
    told = json.dumps(figures(outcomes), ensure_ascii=False, indent=1)
    print(told)
    if wish.json:
        wish.json.write_text(told + "\n", "utf-8")


if __name__ == "__main__":
    main()
