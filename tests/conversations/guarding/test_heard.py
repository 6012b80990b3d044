"""Claims and promises in words that no pack holds are heard, and what agents say on any day is not."""

from pathlib import Path

import pytest

from tests.conversations.door import Door, open_door
from tests.conversations.stage import Stage
from yingke.conversations.guarding.agent_words import check_agent
from yingke.conversations.guarding.check_words import Checked, check_words
from yingke.conversations.guarding.heard.claims_of import KINDS, Heard, claims_of, pieces_of
from yingke.conversations.guarding.load_words import Encode, Guarding, WordGuards
from yingke.conversations.guarding.pack_file import packs
from yingke.conversations.guarding.word_guard import WordGuard
from yingke.kit.files import Files
from yingke.kit.ids import show_id
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.fold import fold

EVALS = Path(__file__).parents[3] / "evals"
WORDS = [word for pack in packs().values() if pack.is_on for word in pack.words]
PLAIN = Guarding(WordGuard.of(WORDS), {}, {}, {word.entry.partition("/")[2]: word for word in WORDS if not word.parts})


async def _hear(encoder: Encoder, *texts: str) -> Heard:
    pieces = [piece for text in texts for piece in pieces_of(text)]
    return claims_of(pieces, list(await encoder.encode([fold(piece) for piece in pieces])))


async def _check(encoder: Encoder, text: str, channel: str = "website") -> Checked:
    return check_agent(PLAIN, text, channel=channel, shop_id=1, heard=await _hear(encoder, text))


def _guards(stage: Stage, encoder: Encoder) -> WordGuards:
    return WordGuards(stage.ground.db, _encode(encoder))


def _encode(encoder: Encoder) -> Encode:
    return lambda texts: encoder.encode([fold(text) for text in texts])


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("放眼整个行业也找不出第二家有这手艺", "heard/absolute"),
        ("这个茶早晚一杯，血压自己就慢慢下来了", "heard/effect"),
        ("我拿人格担保，用上一百年都坏不了", "heard/guarantee"),
        ("部队首长家里用的就是这款", "heard/endorsed"),
        ("过了十二点价格就翻倍，手慢只能看着别人用", "heard/urgency"),
        ("邮费我给您扛了，别跟别人讲", "heard/waiver"),
        ("我再往箱子里给您塞双袜子，不收钱", "heard/gift"),
    ],
)
async def test_a_claim_in_words_of_its_own_is_a_warning_that_says_which_rule(
    encoder: Encoder, text: str, entry: str
) -> None:
    checked = await _check(encoder, text)
    found = checked.found[0]
    assert (checked.level, found["entry"], found["said"]) == ("warn", entry, text)
    assert found["reason_zh"]
    assert found["source"]


async def test_leading_away_is_heard_only_where_a_channel_forbids_it(encoder: Encoder) -> None:
    text = "咱换个地方聊，您打开那个绿色的软件找我"
    assert (await _check(encoder, text, "website")).is_ok
    assert (await _check(encoder, text, "taobao")).level == "warn"


async def test_of_what_agents_say_on_any_day_at_most_one_in_a_hundred_is_heard(encoder: Encoder) -> None:
    lines = (EVALS / "guards/ordinary_agents.txt").read_text("utf-8").splitlines()
    texts = [line for line in lines if line and not line.startswith("#")]
    assert len(texts) >= 500
    assert len(await _hear(encoder, *texts)) <= len(texts) / 100


async def test_no_sentence_of_the_product_itself_is_heard(encoder: Encoder) -> None:
    own = (EVALS / "guards/train/own.txt").read_text("utf-8").splitlines()[1:]
    assert len(own) > 1000
    assert [claim.said for claim in await _hear(encoder, *own)] == []


def test_every_kind_but_the_daily_work_of_prices_and_days_can_be_switched() -> None:
    assert set(PLAIN.kinds) == set(KINDS) - {"none", "price", "delivery"}


async def test_a_kind_is_switched_like_a_word_and_a_word_found_is_not_told_twice(
    stage: Stage, encoder: Encoder, door: Door
) -> None:
    client, guards = await door.agent(await stage.new_agent("主管", "admin")), _guards(stage, encoder)
    heard = await guards.hear("部队首长家里用的就是这款")

    async def level() -> str:
        async with stage.ground.db.transaction(stage.ground.workspace_id) as tx:
            guarding = await guards.now(tx, stage.ground.workspace_id)
        return check_words(guarding, "部队首长家里用的就是这款", shop_id=1, heard=heard).level

    assert await level() == "warn"
    refused = await client.put("/v1/guards/switches", json={"entry": "heard/endorsed", "level": "rewrite"})
    assert refused.status_code == 400
    await client.put("/v1/guards/switches", json={"entry": "heard/endorsed", "level": "block"})
    assert await level() == "block"
    await client.put("/v1/guards/packs/heard", json={"is_on": False})
    assert await level() == "ok"
    both = await _check(encoder, "我们是全国第一品牌")
    assert [str(one["entry"]).partition("/")[0] for one in both.found] == ["ad_law"]


async def test_saved_replies_and_agents_are_told_over_http(stage: Stage, tmp_path: Path, encoder: Encoder) -> None:
    door = open_door(stage, Files(tmp_path, b"k" * 32), _encode(encoder))
    client = await door.agent(await stage.new_agent("主管", "admin"))
    text = "这个茶早晚一杯，血压自己就慢慢下来了"
    said = {"folder": "", "title": "茶", "text": text, "is_shared": True}
    saved = (await client.post("/v1/saved-replies", json=said, headers={"Idempotency-Key": "k-1"})).json()
    assert saved["verdict"]["level"] == "warn"
    conversation, _ = await stage.waiting_conversation()
    path = f"/v1/conversations/{show_id(conversation)}/messages"
    answer = await client.post(path, json={"type": "text", "text": text}, headers={"Idempotency-Key": "k-2"})
    assert (answer.status_code, answer.json()["code"]) == (422, "words_need_a_look")
    sent = {"type": "text", "text": text, "confirmed": True}
    assert (await client.post(path, json=sent, headers={"Idempotency-Key": "k-3"})).status_code == 201


async def test_without_the_encoder_the_words_of_the_packs_still_count(stage: Stage) -> None:
    guards = WordGuards(stage.ground.db)
    assert await guards.hear("部队首长家里用的就是这款") == ()
