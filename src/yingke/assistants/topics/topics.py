"""The topics of `topics.toml` with the vectors of all their lines, worked out once for each encoder."""

import asyncio
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from yingke.knowledge.encoder import Encoder
from yingke.knowledge.fold import fold


@dataclass(frozen=True, slots=True)
class Topic:
    """`ask` is the plain question that a document answers; empty for what is said to be said, and for other questions.

    `words`: a question on it holds one of them.
    """

    name: str
    ask: str
    words: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Topics:
    """One row of `vectors` for each line, of length one; `of` tells whose line it is."""

    of: tuple[Topic, ...]
    vectors: NDArray[np.float32]

    def nearest(self, vector: NDArray[np.float32]) -> tuple[Topic, float]:
        """And how near, as a cosine."""
        scores = self.vectors @ vector
        best = int(np.argmax(scores))
        return self.of[best], float(scores[best])

    def named(self, name: str) -> Topic | None:
        """The topic of that name."""
        return None if not name else next((one for one in self.of if one.name == name), None)


@cache
def _lines(language: str) -> tuple[tuple[Topic, str], ...]:
    name = "topics_en.toml" if language == "en" else "topics.toml"
    table = tomllib.loads(files("yingke.assistants.topics").joinpath(name).read_text(encoding="utf-8"))
    return tuple(
        (Topic(name, entry.get("ask", ""), re.compile(entry.get("words", ""), re.IGNORECASE)), line)
        for name, entry in table.items()
        for line in (*([entry["ask"]] if "ask" in entry else ()), *entry["lines"])
    )


_worked_out: WeakKeyDictionary[Encoder, dict[str, "asyncio.Task[Topics]"]] = WeakKeyDictionary()


async def topics_of(encoder: Encoder, language: str = "zh") -> Topics:
    """In zh or en. Encodes all lines the first time, some tenths of a second. Raises the 503 Problem while the encoder
    is away."""
    tasks = _worked_out.setdefault(encoder, {})
    task = tasks.get(language)
    if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
        task = tasks[language] = asyncio.create_task(_work_out(encoder, language))
    return await asyncio.shield(task)


async def _work_out(encoder: Encoder, language: str) -> Topics:
    lines = _lines(language)
    vectors = await encoder.encode_many([fold(line) for _, line in lines])
    return Topics(tuple(topic for topic, _ in lines), np.asarray(vectors, dtype=np.float32))
