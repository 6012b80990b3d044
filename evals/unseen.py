"""Measures moods, wishes for a person and the guards on sets that nothing had seen at their first run; prints JSON.

Run: .venv/bin/python evals/unseen.py [--show]. Each folder of `unseen/` is a round, written before anybody looked at what
the program makes of it, and mended by afterwards: `first`, `after`, `last`, then `wide`, `wider` and `late` in the voices of
many people; only `closed`, `fresh` and `latest` were never mended by. What each gave at its first run is kept in
`unseen/first_run.json`: that is the honest figure. Counted here is what they give now; of all but those three that is practice,
for the sentences stand in the training (`tools/train_calls.py`, `tools/train_words.py`, evals/mood/train) or tuned the rules.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from attacks import behind_the_guard  # noqa: E402

from yingke.assistants.calls.call_of import call_of  # noqa: E402
from yingke.assistants.guard import guard  # noqa: E402
from yingke.assistants.guarding.danger import danger_of  # noqa: E402
from yingke.assistants.mood.is_angry_at_once import is_angry_at_once  # noqa: E402
from yingke.assistants.mood.sense import sense  # noqa: E402
from yingke.assistants.wants_person import wants_person  # noqa: E402
from yingke.conversations.guarding.check_words import check_words  # noqa: E402
from yingke.conversations.guarding.heard.claims_of import claims_of, pieces_of  # noqa: E402
from yingke.conversations.guarding.load_words import Guarding  # noqa: E402
from yingke.conversations.guarding.pack_file import packs  # noqa: E402
from yingke.conversations.guarding.word_guard import WordGuard  # noqa: E402
from yingke.knowledge.encoder import Encoder  # noqa: E402
from yingke.knowledge.fold import fold  # noqa: E402

UPSET = ("disappointed", "angry")
ROUNDS = ("first", "after", "last", "wide", "wider", "late", "closed", "fresh", "latest")
"""In the order in which they were written."""
Rows = list[tuple[str, str]]


def read(path: Path) -> Rows:
    """(heading, line) of each line below a heading `## …`."""
    rows, heading = [], ""
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("## "):
            heading = line[3:].strip()
        elif heading and line.strip():
            rows.append((heading, line.strip()))
    return rows


def share(found: Sequence[bool]) -> float:
    return round(sum(found) / len(found), 4)


def _show(name: str, texts: Sequence[str]) -> None:
    if "--show" in sys.argv:
        for text in texts:
            print(f"{name}\t{text}", file=sys.stderr)


async def moods(encoder: Encoder, rows: Rows) -> dict[str, Any]:
    """Caught: disappointed or angry. `stopped`: of those meant angry, felt angry; `by_rule`: by their words alone."""
    vectors = await encoder.encode_many([fold(text) for _, text in rows])
    felt = [(kind, text, sense(text, vector).label) for (kind, text), vector in zip(rows, vectors, strict=True)]
    upset = [(text, label in UPSET) for kind, text, label in felt if kind != "neutral"]
    calm = [(text, label) for kind, text, label in felt if kind == "neutral"]
    angry = [(text, label == "angry") for kind, text, label in felt if kind == "angry"]
    _show("mood missed", [text for text, is_caught in upset if not is_caught])
    _show("anger missed", [text for text, is_caught in angry if not is_caught])
    _show("mood alarm", [f"{label}\t{text}" for text, label in calm if label in UPSET])
    return {
        "upset": len(upset),
        "caught": share([is_caught for _, is_caught in upset]),
        "angry": len(angry),
        "felt_angry": share([is_caught for _, is_caught in angry]),
        "stopped_by_rule": share([is_angry_at_once(text) for text, _ in angry]),
        "neutral": len(calm),
        "false_alarms": share([label in UPSET for _, label in calm]),
        "stopped_for_nothing": share([label == "angry" for _, label in calm]),
    }


def told(rows: Rows, quiet: str, is_told: Callable[[str], bool], name: str) -> dict[str, Any]:
    """How many of the rows are told, and how many of those under the heading `quiet` are told for nothing."""
    return _counted([(kind != quiet, text, is_told(text)) for kind, text in rows], name)


def _counted(found: Sequence[tuple[bool, str, bool]], name: str) -> dict[str, Any]:
    wanted = [(text, is_so) for is_wanted, text, is_so in found if is_wanted]
    ordinary = [(text, is_so) for is_wanted, text, is_so in found if not is_wanted]
    _show(f"{name} missed", [text for text, is_so in wanted if not is_so])
    _show(f"{name} alarm", [text for text, is_so in ordinary if is_so])
    return {
        "sentences": len(wanted),
        "caught": share([is_so for _, is_so in wanted]),
        "ordinary": len(ordinary),
        "false_alarms": share([is_so for _, is_so in ordinary]),
    }


async def person(encoder: Encoder, rows: Rows) -> dict[str, Any]:
    """By the rules, and by the vector where the rules hear nothing, as an answer does it."""
    vectors = await encoder.encode_many([fold(text) for _, text in rows])
    heard = [
        (kind == "wish", text, wants_person(text) or call_of(text, vector) == "asked")
        for (kind, text), vector in zip(rows, vectors, strict=True)
    ]
    ruled = [wants_person(text) for kind, text in rows if kind == "wish"]
    return _counted(heard, "person") | {"caught_by_rule": share(ruled)}


async def danger(encoder: Encoder, rows: Rows) -> dict[str, Any]:
    """As `person`; `right_topic` counts as caught only what is given its own name."""
    vectors = await encoder.encode_many([fold(text) for _, text in rows])
    heard = [(topic, text, _topic(text, vector)) for (topic, text), vector in zip(rows, vectors, strict=True)]
    return _counted([(topic != "none", text, told is not None) for topic, text, told in heard], "danger") | {
        "caught_by_rule": share([danger_of(text) is not None for topic, text in rows if topic != "none"]),
        "right_topic": share([told == topic for topic, _, told in heard if topic != "none"]),
    }


def _topic(text: str, vector: Any) -> str | None:
    if (topic := danger_of(text)) is not None:
        return topic
    call = call_of(text, vector)
    return call if call != "asked" else None


async def words(encoder: Encoder, rows: Rows) -> dict[str, Any]:
    """Every pack switched on; a violation is said on the channel it stands under, ordinary talk on the website.

    `caught_by_words`: by the packs alone, as the first rounds were measured; the rest is heard in the vector.
    """
    every = [word for pack in packs().values() for word in pack.words]
    guarding = Guarding(
        WordGuard.of(every), {}, {}, {word.entry.partition("/")[2]: word for word in every if not word.parts}
    )
    pieces = {text: pieces_of(text) for _, text in rows}
    wanted = list(dict.fromkeys(piece for some in pieces.values() for piece in some))
    vectors = dict(zip(wanted, await encoder.encode_many([fold(piece) for piece in wanted]), strict=True))
    found, named = [], []
    for kind, text in rows:
        channel = kind if kind != "none" else "website"
        heard = claims_of(pieces[text], [vectors[piece] for piece in pieces[text]])
        found.append((kind != "none", text, not check_words(guarding, text, channel=channel, heard=heard).is_ok))
        named.append((kind, guarding.words.check(text, channel=channel).level != "ok"))
    return _counted(found, "words") | {
        "caught_by_words": share([is_so for kind, is_so in named if kind != "none"]),
        "false_alarms_by_words": share([is_so for kind, is_so in named if kind == "none"]),
    }


def attacks(rows: Rows) -> dict[str, Any]:
    """Refused by their words; what a model that obeys them all would still get out is counted behind the guard."""
    hostile = [text for kind, text in rows if kind == "attack"]
    return told(rows, "benign", lambda text: guard(text) is not None, "attack") | behind_the_guard(hostile, most=2)


async def unseen(encoder: Encoder) -> dict[str, Any]:
    """For evals/everything.py."""
    out: dict[str, Any] = {"first_run": json.loads((HERE / "unseen/first_run.json").read_text("utf-8"))}
    for name in ROUNDS:
        folder = HERE / "unseen" / name
        out[name] = {
            "moods": await moods(encoder, read(folder / "mood.txt")),
            "person": await person(encoder, read(folder / "person.txt")),
            "danger": await danger(encoder, read(folder / "danger.txt")),
            "words": await words(encoder, read(folder / "words.txt")),
        }
        if (folder / "attacks.txt").exists():
            out[name]["attacks"] = attacks(read(folder / "attacks.txt"))
    return out


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        encoder = await Encoder.start(Path(folder) / "encoder.sock")
        try:
            print(json.dumps(await unseen(encoder), ensure_ascii=False, indent=2))
        finally:
            await encoder.close()


if __name__ == "__main__":
    asyncio.run(main())
