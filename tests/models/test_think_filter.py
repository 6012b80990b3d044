"""Reasoning never reaches the customer."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from yingke.models.think_filter import ThinkFilter


def shown(text: str, places: list[int]) -> str:
    reader = ThinkFilter()
    marks = [0, *sorted(place % (len(text) + 1) for place in places), len(text)]
    return "".join(reader.feed(text[a:b]) for a, b in pairwise(marks)) + reader.finish()


@given(places=st.lists(st.integers(0, 200), max_size=40))
def test_blocks_vanish_however_the_text_is_cut(places: list[int]) -> None:
    assert shown("<think>想\n想</think>\n\n可以退。<think>再想</think> 好的", places) == "可以退。好的"


@given(
    text=st.text(alphabet="<think>/ a退", max_size=30).filter(lambda t: "<think>" not in t),
    places=st.lists(st.integers(0, 60), max_size=20),
)
def test_text_without_a_block_is_left_alone(text: str, places: list[int]) -> None:
    assert shown(text, places) == text


def test_an_unclosed_block_hides_the_rest() -> None:
    assert shown("答<think>秘密", [2, 5]) == "答"
