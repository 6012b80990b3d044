"""Sellers get those who are likely to buy, and are spared those who sell something themselves or write about a parcel."""

from pathlib import Path
from typing import Any

import yaml

from yingke.assistants.intents.classify import classify
from yingke.assistants.leads.judge_lead import Heard, Lead, judge_lead
from yingke.assistants.told.read_told import read_told
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.fold import fold

TALKS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "talks.yaml").read_text())
MOST_WRONG = 3
"""Of the fifty; a call too many costs a minute, a buyer not called costs a sale."""


async def _judged(encoder: Encoder, talk: dict[str, Any]) -> Lead | None:
    says = talk["says"]
    vectors = await encoder.encode([fold(one) for one in says])
    intents = [classify(text, vector) for text, vector in zip(says, vectors, strict=True)]
    details = frozenset(one.kind for text in says for one in read_told(text).details)
    return judge_lead(Heard(says, [(one.label, one.confidence) for one in intents], details))


async def test_of_fifty_talks_nearly_all_are_judged_as_a_seller_would(encoder: Encoder) -> None:
    wrong = []
    for talk in TALKS:
        lead = await _judged(encoder, talk)
        if (lead is not None) != (talk["lead"] != "none"):
            wrong.append((talk["says"], lead))
    assert len(wrong) <= MOST_WRONG, wrong


async def test_those_that_cannot_wait_are_marked(encoder: Encoder) -> None:
    hot = [talk for talk in TALKS if talk["lead"] == "hot"]
    judged = [await _judged(encoder, talk) for talk in hot]
    assert sum(one is not None and one.grade == "hot" for one in judged) >= 0.8 * len(hot)


def test_the_reasons_come_with_the_strongest_first() -> None:
    lead = judge_lead(Heard(["想批发一百件，给我打个电话"], [("price_promotion", 0.9)], products=["露营灯"]))
    assert lead == Lead("hot", ("bulk", "many", "call", "asked_price", "saw_goods"))


def test_who_is_upset_is_nobodys_lead_whatever_he_asked_before() -> None:
    assert judge_lead(Heard(["想批发一百件"], is_upset=True)) is None
