"""What is remembered of a conversation survives the way through the database."""

import msgspec

from yingke.assistants.skills.pieces.talk import Pending, Talk


def test_a_talk_comes_back_as_it_went() -> None:
    talk = Talk(skill="after_sales", asked="confirm", order_number="QX-1", wish="return")
    talk.pending = Pending("return", "7", "QX-1", items=[{"line": 1, "quantity": 2}], reason="太小")
    stored = msgspec.json.decode(msgspec.json.encode(talk.shown()))
    assert Talk.of(stored) == talk
    assert Talk().shown() == {}


def test_words_of_a_later_release_are_left_alone() -> None:
    assert Talk.of({"skill": "order", "unheard_of": 1}) == Talk(skill="order")
