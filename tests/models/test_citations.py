"""Marks are checked against the passages, in whole texts and in streams alike."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingke.models.citations import NO_ANSWER, CitationStream, read_citations


@pytest.mark.parametrize(
    ("text", "shown", "numbers"),
    [
        ("可以退。[1]", "可以退。[1]", (1,)),
        ("可以退[2][1]。", "可以退[2][1]。", (2, 1)),
        ("可以退[1,2]。", "可以退[1][2]。", (1, 2)),
        ("可以退[1、2]。", "可以退[1][2]。", (1, 2)),
        ("可以退【1】。", "可以退[1]。", (1,)),
        ("可以退[2]。", "可以退[2]。", (2,)),
        ("可以退[1-3]。", "可以退[1][2][3]。", (1, 2, 3)),
        ("可以退[^1]。", "可以退[1]。", (1,)),
        ("可以退[ 1 ]。", "可以退[1]。", (1,)),
        ("可以退[9]。", "可以退。", ()),
        ("可以退[0]。", "可以退。", ()),
        ("可以退[1,9]。", "可以退[1]。", (1,)),
        ("重复[1]又[1]", "重复[1]又[1]", (1,)),
        ("[2024] 年", "[2024] 年", ()),
        ("数组 a[i]", "数组 a[i]", ()),
        ("[退货政策](x)", "[退货政策](x)", ()),
        ("〔电话1〕", "〔电话1〕", ()),
        ("没有标记", "没有标记", ()),
        ("结尾 [", "结尾 [", ()),
        ("结尾 [1", "结尾 [1", ()),
        ("", "", ()),
    ],
)
def test_marks_are_checked(text: str, shown: str, numbers: tuple[int, ...]) -> None:
    cited = read_citations(text, 3)
    assert (cited.text, cited.numbers, cited.is_unknown) == (shown, numbers, False)


@pytest.mark.parametrize("text", [NO_ANSWER, "[no-answer]", "[[NO-ANSWER]]", " [[no answer]] ", "[[ no-answer ]]"])
def test_the_mark_for_no_answer_is_seen_and_never_shown(text: str) -> None:
    cited = read_citations(text, 3)
    assert cited.is_unknown
    assert "answer" not in cited.text.lower()


PIECES = st.lists(
    st.sampled_from(
        ["[1]", "[2, 3]", "[", "]", "1", ",", "[9]", "【1】", NO_ANSWER, "[[no", "文", " ", "[1-2]", "^", "\n"]
    ),
    max_size=15,
)


@given(pieces=PIECES, places=st.lists(st.integers(0, 200), max_size=40), n=st.integers(0, 4))
def test_a_stream_reads_the_same_however_it_is_cut(pieces: list[str], places: list[int], n: int) -> None:
    text = "".join(pieces)
    reader = CitationStream(n)
    marks = [0, *sorted(place % (len(text) + 1) for place in places), len(text)]
    shown = "".join(reader.feed(text[a:b]) for a, b in pairwise(marks)) + reader.finish()
    whole = read_citations(text, n)
    assert (shown, tuple(reader.numbers), reader.is_unknown) == (whole.text, whole.numbers, whole.is_unknown)
    assert all(1 <= number <= n for number in reader.numbers)


def test_plain_text_is_never_held_back() -> None:
    reader = CitationStream(2)
    assert reader.feed("您好,") == "您好,"
    assert reader.feed("可以退[") == "可以退"
    assert reader.feed("1]。") == "[1]。"
