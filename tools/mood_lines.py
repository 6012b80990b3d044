"""Unfolds the sentences in evals/mood: `(a|b|)` is a choice, `$name` a word defined by a line `$name = a | b`."""

import random
import re
from collections.abc import Sequence
from pathlib import Path

DEFINED = re.compile(r"\$(\w+)\s*=\s*(.+)")
_NAME = re.compile(r"\$([a-z]+)")
_CHOICE = re.compile(r"(?<!\\)\(([^()]*)\)")
_MAYBE = re.compile(r"([，, 。])\?")


def unfold(path: Path, most: int, seed: int = 5) -> list[str]:
    """At most `most` different sentences of each line of the file, the same ones every time."""
    return unfold_lines(plain_lines(path), most, seed)


def unfold_lines(lines: Sequence[str], most: int, seed: int = 5) -> list[str]:
    """As `unfold`, of lines that are read already."""
    dice = random.Random(seed)
    words: dict[str, list[str]] = {}
    found: dict[str, None] = {}
    for line in lines:
        if defined := DEFINED.match(line):
            words[defined[1]] = [one.strip() for one in defined[2].split(" | ")]
            continue
        for text in _of_line(line, words, most, dice):
            found[text] = None
    return list(found)


def _of_line(line: str, words: dict[str, list[str]], most: int, dice: random.Random) -> list[str]:
    if " | " in line:
        return [text for one in line.split(" | ") for text in _of_line(one.strip(), words, most, dice)]
    found: dict[str, None] = {}
    for _ in range(most * 3):
        found[_once(line, words, dice)] = None
        if len(found) >= most:
            break
    return [text for text in found if text]


def _once(line: str, words: dict[str, list[str]], dice: random.Random) -> str:
    text = _MAYBE.sub(lambda sign: sign[1] if dice.random() < 0.6 else "", line)
    while _NAME.search(text):
        text = _NAME.sub(lambda name: dice.choice(words[name[1]]), text)
    while _CHOICE.search(text):
        text = _CHOICE.sub(lambda choice: dice.choice(choice[1].split("|")), text)
    return re.sub(r"\\(.)", r"\1", text).strip()


def plain_lines(path: Path) -> Sequence[str]:
    return [line.strip() for line in path.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")]
