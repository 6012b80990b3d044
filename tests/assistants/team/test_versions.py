"""Versions of the team: whose turn it is, what a merchant's own sentence must keep, what changed in words."""

import msgspec
import pytest

from yingke.assistants.team_versions.config import TOOLS, OwnSentence, TeamConfig, check_config, read_config
from yingke.assistants.team_versions.differences import TOOL_NAMES, differences
from yingke.assistants.team_versions.sentences import GROUPS, names_in, sentence_rows, tones
from yingke.assistants.team_versions.templates import templates
from yingke.assistants.team_versions.version import BUILT, TeamVersion, choose_version
from yingke.assistants.told.taking import ContactTaking
from yingke.kit.errors import Problem


def test_a_candidate_gets_its_share_and_a_conversation_keeps_its_version_while_the_share_grows() -> None:
    few, more = (TeamVersion(2, TeamConfig(), percent) for percent in (20, 60))
    chosen_few = {one for one in range(1, 4001) if choose_version(BUILT, few, one) is few}
    chosen_more = {one for one in range(1, 4001) if choose_version(BUILT, more, one) is more}
    assert 0.17 < len(chosen_few) / 4000 < 0.23
    assert 0.56 < len(chosen_more) / 4000 < 0.64
    assert chosen_few < chosen_more
    assert choose_version(BUILT, few, 0) is BUILT


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("ask_tail", "请发手机号后四位。"),
        ("ask_tail", "订单 {number}，{order}？"),
        ("ask_tail", "订单 {number.__class__}？"),
        ("ask_tail", "订单 {number"),
        ("thanks", "谢谢 {name}"),
        ("no_such", "你好"),
    ],
)
def test_a_sentence_that_lost_or_invents_a_placeholder_is_refused(key: str, text: str) -> None:
    with pytest.raises(Problem) as refused:
        check_config(TeamConfig(sentences={key: OwnSentence(zh=text)}))
    assert f"sentences.{key}.zh" in (refused.value.fields or {})


def test_an_own_sentence_wins_over_the_tone_and_the_tone_over_the_usual() -> None:
    own = TeamVersion(1, TeamConfig(tone="lively", sentences={"thanks": OwnSentence(zh="客气啦")}))
    assert own.wordings is not None
    assert own.wordings["thanks"]["zh"] == ["客气啦"]
    assert own.wordings["thanks"]["en"] == tones()["lively"]["thanks"]["en"]
    assert "thanks" not in (BUILT.wordings or {})


def test_every_tone_keeps_the_names_of_the_usual_sentence() -> None:
    for tone, sentences in tones().items():
        usual = {row["key"]: row for row in sentence_rows("friendly")}
        for key, languages in sentences.items():
            for wordings in languages.values():
                assert all(sorted(names_in(one)) == usual[key]["names"] for one in wordings), (tone, key)


def test_every_template_is_a_config_that_would_be_accepted_and_has_questions_in_both_languages() -> None:
    found = templates()
    assert len(found) == len({one.key for one in found}) == 18
    for one in found:
        assert check_config(one.config) == one.config
        assert one.questions["zh"]
        assert len(one.questions["zh"]) == len(one.questions["en"])
        assert all(own.zh and own.en for own in one.config.sentences.values())
    assert {key for one in found for key in one.config.sentences} <= {key for _, keys in GROUPS for key in keys}


def test_differences_are_told_in_both_languages() -> None:
    before = TeamConfig(skills_off=["pre_sales"])
    after = TeamConfig(tone="formal", comforts=False, sentences={"thanks": OwnSentence(zh="客气啦")})
    said = [zh for zh, _ in differences(before, after)]
    assert said == [
        "语气由亲切改为正式",
        "关闭安抚的话",
        "开启技能「售前导购」",
        "话术「不客气，有需要随时找我。」改为「客气啦」",
    ]
    assert differences(after, after) == []


def test_tools_are_named_and_contact_details_listed_in_words() -> None:
    before = TeamConfig()
    after = TeamConfig(
        tools_off=["quote_price", "take_contact"],
        contact=ContactTaking(ways=["wechat", "phone"], more=["city"], after_answers=2),
    )
    assert differences(before, after) == [
        ("关闭工具「算价格」", "Tool “work out prices” off"),
        ("关闭工具「记联系方式」", "Tool “keep contact details” off"),
        ("联系方式依次问：微信、手机号", "Contact details asked in this order: WeChat, phone"),
        ("留下联系方式后再问：城市", "Asked once somebody can be reached: city"),
        ("答了 2 次后主动问一次联系方式", "Asks for contact details once after 2 answers"),
    ]
    assert all(one.name in TOOL_NAMES for one in TOOLS), "a tool without a name for sentences"


def test_every_lead_desk_asks_in_an_order_of_its_own_with_a_reason() -> None:
    desks = {one.trade: one for one in templates() if one.desk == "lead"}
    assert set(desks) == {"apparel", "beauty", "electronics", "food", "home", "cross_border"}
    for one in desks.values():
        assert "contact_taking" not in one.config.skills_off
        assert one.config.contact.after_answers >= 2, "value first"
        assert one.config.contact.more
        assert one.config.contact.ways
        assert any(key.startswith(("contact_ask", "contact_next")) for key in one.config.sentences)
    assert desks["cross_border"].config.contact.ways[0] == "email"


def test_a_version_of_a_later_release_works_as_built_where_it_cannot_be_read() -> None:
    assert read_config({"tone": "singing"}) == TeamConfig()
    later = {"tone": "formal", "skills_off": ["horoscope"], "mood_ring": True}
    assert read_config(later) == msgspec.convert({"tone": "formal", "skills_off": ["horoscope"]}, TeamConfig)
