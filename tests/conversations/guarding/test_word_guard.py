"""The word guard: what it finds, what it lets pass, what disguises do not help, and what hostile words cost."""

import time
from pathlib import Path
from typing import Any

import pytest

from yingke.app.demo import rules, shop_words, talks
from yingke.conversations.guarding.contact_policy import find_contacts, without_contacts
from yingke.conversations.guarding.pack_file import packs
from yingke.conversations.guarding.word import Word, context_of, parts_of
from yingke.conversations.guarding.word_guard import WordGuard

SETS = Path(__file__).parents[3] / "evals" / "guards"
ALL = WordGuard.of([word for pack in packs().values() for word in pack.words])


def _lines(name: str) -> list[str]:
    return [line for line in (SETS / name).read_text("utf-8").splitlines() if line and not line.startswith("#")]


def _word(words: str, level: str = "block", **more: object) -> Word:
    return Word(f"own/{words}", words, parts_of(words), level, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    ["最晚明天发", "第一次买有券", "最近有活动", "第一件原价", "最佳赏味期三天", "最便宜的一款是 29 元", "不是最低价哦", "最好先试穿", "Number 1 on the dial"],
)  # fmt: skip
def test_innocent_words_pass(text: str) -> None:
    assert ALL.check(text).level == "ok"


@pytest.mark.parametrize(
    "text",
    ["全网最低价", "全 网 最 低 价", "全.网.最.低", "全*网*最*低", "全网\u200b最低", "全网最低", "絕對有效", "Ｎｏ．１", "国-家-级配方", "ＮＯ.１ 单品"],
)  # fmt: skip
def test_disguises_do_not_help(text: str) -> None:
    assert ALL.check(text).level != "ok"


@pytest.mark.parametrize("text", ["加薇❤聊", "加V信", "加 ⓥ 信", "加微.信", "加vx", "+V信", "加ＶＸ"])
def test_contact_words_in_disguise_are_found_where_the_platform_forbids_them(text: str) -> None:
    assert ALL.check(text, channel="xiaohongshu").level == "block", text
    assert ALL.check(text, channel="website").level == "ok"


def test_false_alarms_stay_below_one_in_a_hundred_and_violations_are_caught() -> None:
    ordinary = _lines("ordinary_agents.txt")
    wanted = [line.split("\t") for line in _lines("violations.txt")]
    assert len(ordinary) >= 500
    assert len(wanted) >= 200
    assert sum(ALL.check(text).level != "ok" for text in ordinary) / len(ordinary) <= 0.01
    assert sum(ALL.check(text, channel=channel).level != "ok" for channel, text in wanted) / len(wanted) >= 0.97


def _texts(value: Any) -> list[str]:
    """Every text of ours in the demo's talks, saved replies and files, however deep it lies."""
    if isinstance(value, talks.Line):
        return [] if value.who == "contact" else [value.text]
    if isinstance(value, str):
        return [line for line in value.splitlines() if len(line) > 3]
    return [text for one in value for text in _texts(one)] if isinstance(value, (tuple, list)) else []


def test_what_the_demo_shop_says_and_writes_passes() -> None:
    guard = WordGuard.of([word for pack in packs().values() if pack.is_on for word in pack.words])
    sources = [value for name, value in vars(talks).items() if name.isupper()]
    said = _texts(
        [*sources, shop_words.SAVED_REPLIES, rules.SHIPPING, rules.SHIPPING_GLOBAL, rules.MEMBERS, rules.RETURNS]
    )
    assert len(said) > 100
    assert [text for text in said if guard.check(text).level in ("block", "rewrite")] == []


def test_the_weightier_word_wins_and_the_text_is_mended() -> None:
    guard = WordGuard.of(
        [_word("老汤", "warn"), _word("祖传老汤", "rewrite", proposal="传统汤底"), _word("包治", "block")]
    )
    verdict = guard.check("祖传老汤，老汤好喝，包治百病")
    assert [one.said for one in verdict.found] == ["祖传老汤", "老汤", "包治"]
    assert (verdict.level, verdict.text, verdict.is_mended) == ("block", "传统汤底，老汤好喝，包治百病", False)


def test_contexts_before_and_behind_let_a_word_pass() -> None:
    contexts = tuple(one for one in map(context_of, ("不是~", "~的一款")) if one)
    guard = WordGuard.of([_word("最便宜", unless=contexts)])
    assert [guard.check(text).level for text in ("最便宜了", "不是最便宜", "最便宜的一款")] == ["block", "ok", "ok"]
    assert context_of("没有波浪") is None


def test_a_wildcard_stays_within_a_sentence_and_a_short_distance() -> None:
    guard = WordGuard.of([_word("全网*包邮")])
    assert guard.check("全网都包邮").level == "block"
    assert guard.check("全网有货。包邮").level == "ok"
    assert guard.check("全网有货的这款帐篷可以给您包邮").level == "ok"


def test_english_words_count_as_whole_words_only() -> None:
    guard = WordGuard.of([_word("best price"), _word("cure")])
    assert guard.check("the BEST  price").level == "block"
    assert guard.check("obscure, secured, cured").level == "ok"


def test_hostile_words_of_a_merchant_cost_less_than_a_tenth_of_a_second() -> None:
    nested = [_word("a" * length) for length in range(2, 41)]
    wild = [_word("aa*" + "a" * n + "b") for n in range(2, 38)] + [_word(f"aa*{n}a*b{n}") for n in range(160)]
    guard = WordGuard.of([*nested, *wild, *(_word(f"aaaa{n}*zz") for n in range(1800))])
    plain = WordGuard.of([_word("最便宜")])
    for text in ("a" * 5000, "aab" * 1600, "a. " * 1600):
        began = time.process_time()
        plain.check(text * 20)
        base = time.process_time() - began
        began = time.process_time()
        guard.check(text)
        assert time.process_time() - began < max(0.1, base * 5), text[:6]


def test_a_message_costs_microseconds() -> None:
    text = "亲，这款连衣裙是纯棉面料，按平时的尺码拍，今天四点前付款当天发货，收到不合适七天无理由退换"
    rounds = []
    for _ in range(5):
        began = time.process_time()
        for _ in range(200):
            ALL.check(text)
        rounds.append((time.process_time() - began) / 200)
    assert min(rounds) < 200e-6, "50 µs on a quiet machine"


def test_contact_details_are_found_and_taken_out_but_order_numbers_stay() -> None:
    assert {one.kind for one in find_contacts("方便留个电话吗，我的微信 abc12345，或 13800138000")} == {
        "asks",
        "handle",
        "number",
    }
    assert without_contacts("打 13800138000 或看 www.a.com") == "打 〔已隐去〕 或看 〔已隐去〕"
    for text in ("订单号 2024112233445566", "请提供手机尾号", "支持微信支付", "收货电话写错了"):
        assert find_contacts(text) == [], text


def test_every_pack_can_be_read_and_says_why() -> None:
    for pack in packs().values():
        for word in pack.words:
            assert word.reason_zh and word.reason_en and word.source, word.entry  # noqa: PT018
            assert word.proposal == "" or word.words not in word.proposal, word.entry
            if word.level == "rewrite":
                assert word.proposal, word.entry
                assert ALL.check(word.proposal).level != "block", word.entry
