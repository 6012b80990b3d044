"""Reads evals/voices: sentences as certain people write them, a file a voice, each with what it calls and how it feels.

`train_calls.py` learns from them. `train_mood.py` does not: learnt from these, moods gave fewer false alarms and missed more
complaints, so that what is said of moods here only serves to measure.

A heading `## <call> <mood>` stands above its sentences: a call of `assistants/calls` or `none`; a mood, or `-` where none is
meant. Whole sentences, nothing is unfolded: what makes them worth learning is that no two are built alike.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

VOICES = Path(__file__).parent.parent / "evals/voices"


@dataclass(frozen=True)
class Said:
    """`voice` is the name of the file; `mood` is empty where none is meant."""

    voice: str
    call: str
    mood: str
    text: str


def voices() -> Iterator[Said]:
    for path in sorted(VOICES.glob("*.txt")):
        yield from _of_file(path)


def _of_file(path: Path) -> Iterator[Said]:
    call = mood = ""
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("## "):
            call, mood = line.removeprefix("## ").split()
        elif call and line.strip():
            yield Said(path.stem, call, mood.replace("-", ""), line.strip())
