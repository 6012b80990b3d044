"""What of their own purchase people write about is heard in words that nobody foresaw, and not in a shopper's question."""

from collections import defaultdict
from pathlib import Path

import pytest

from yingke.assistants.concerns.concern_of import concern_of
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.fold import fold

ODD = Path(__file__).parents[3] / "evals/concerns/odd"
"""Written before the training lines, and never trained on; one file for each concern."""
SURE, OWN = 0.5, 0.8


async def _heard(encoder: Encoder, texts: list[str]) -> list[str]:
    vectors = await encoder.encode_many([fold(text) for text in texts])
    found = [concern_of(text, vector) for text, vector in zip(texts, vectors, strict=True)]
    return [one.name if one.own >= OWN and one.sure >= SURE else "none" for one in found]


def _lines(name: str) -> list[str]:
    return [line for line in (ODD / f"{name}.txt").read_text("utf-8").splitlines() if line]


async def test_seven_in_ten_odd_wordings_are_heard_and_hardly_one_as_something_else(encoder: Encoder) -> None:
    wanted = {line: path.stem for path in sorted(ODD.glob("*.txt")) for line in _lines(path.stem)}
    own = [line for line, name in wanted.items() if name not in ("none", "rule")]
    heard = dict(zip(own, await _heard(encoder, own), strict=True))
    right = sum(heard[line] == wanted[line] for line in own)
    astray = sum(heard[line] not in ("none", wanted[line]) for line in own)
    assert len(own) > 400
    assert right / len(own) >= 0.7
    assert astray / len(own) <= 0.08
    missed = defaultdict(list)
    for line in own:
        missed[wanted[line]].append(heard[line] == wanted[line])
    assert min(sum(found) / len(found) for found in missed.values()) >= 0.4, missed


async def test_neighbouring_sentences_are_nobodys_purchase(encoder: Encoder) -> None:
    lines = _lines("none")
    heard = dict(zip(lines, await _heard(encoder, lines), strict=True))
    assert len(lines) >= 200
    assert sum(name != "none" for name in heard.values()) / len(lines) <= 0.03, heard


async def test_questions_on_the_rules_are_left_to_the_documents(encoder: Encoder) -> None:
    lines = _lines("rule")
    heard = await _heard(encoder, lines)
    assert sum(name != "none" for name in heard) / len(lines) <= 0.12


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("收货地方填成我妈那儿了", "address"),
        ("袖子长得能唱戏 给我换短的", "exchange"),
        ("包裹停在东莞三天没挪过", "late"),
        ("前台说从没见过我的件 可手机上写签了", "not_received"),
    ],
)
async def test_a_wish_is_heard_behind_its_words(encoder: Encoder, text: str, name: str) -> None:
    assert await _heard(encoder, [text]) == [name]
