"""Which of several close passages of prose comes first."""

import numpy as np
from numpy.typing import NDArray

from yingke.knowledge.entry import Entry
from yingke.knowledge.parse import Kind
from yingke.knowledge.ranking.prose import ProseOrder, read_prose, read_wanted, said

_NO_VECTOR = np.zeros(512, dtype=np.float32)


def _entry(text: str, kind: Kind = "text", heading: str = "") -> Entry:
    return Entry(id=1, text=text, search_text=text, vector=_NO_VECTOR, heading=heading, kind=kind)


def _even(_: str) -> float:
    return 1.0


def _near(*values: float) -> NDArray[np.float32]:
    return np.array(values, dtype=np.float32)


LONG = "下单后想改地址请先取消。退货的进度在订单里看，到账的款项按原路返回，修理另算。"
SHORT = "在“我的”里申请售后，并填写新的退款信息。"


def test_a_nearer_passage_that_holds_the_compound_goes_before_scattered_characters() -> None:
    entries = [_entry(LONG), _entry(SHORT)]
    order = ProseOrder(entries)
    sorted_ = order.sort([(0.84, 0), (0.77, 1)], "如何修改退款信息", _near(0.35, 0.41), _even, entries)
    assert [at for _, at in sorted_] == [1, 0]


def test_the_scores_stay_with_the_places() -> None:
    entries = [_entry(LONG), _entry(SHORT)]
    order = ProseOrder(entries)
    sorted_ = order.sort([(0.84, 0), (0.77, 1)], "如何修改退款信息", _near(0.35, 0.41), _even, entries)
    assert [score for score, _ in sorted_] == [0.84, 0.77]


def test_a_passage_far_behind_stays_behind() -> None:
    entries = [_entry(LONG), _entry(SHORT)]
    order = ProseOrder(entries)
    scored = [(0.84, 0), (0.6, 1)]
    assert order.sort(scored, "如何修改退款信息", _near(0.1, 0.9), _even, entries) == scored


def test_rows_and_stored_questions_keep_their_places() -> None:
    entries = [_entry(LONG), _entry(SHORT, "qa"), _entry(SHORT), _entry(SHORT, "row")]
    order = ProseOrder(entries)
    scored = [(0.84, 0), (0.82, 1), (0.8, 3), (0.77, 2)]
    sorted_ = order.sort(scored, "如何修改退款信息", _near(0.35, 0.9, 0.41, 0.9), _even, entries)
    assert [at for _, at in sorted_] == [2, 1, 3, 0]


def test_questions_in_other_languages_keep_the_order() -> None:
    entries = [_entry(LONG), _entry(SHORT)]
    order = ProseOrder(entries)
    scored = [(0.84, 0), (0.77, 1)]
    for question in ("how do i change my refund details", "返金情報はどこで変更できますか"):
        assert order.sort(scored, question, _near(0.1, 0.9), _even, entries) == scored


def test_what_is_asked_counts_more_in_one_sentence_than_spread_over_many() -> None:
    wanted = read_wanted("积分能抵多少钱", _even)
    together = read_prose(_entry("积分可以抵钱。别的优惠另看。"))
    apart = read_prose(_entry("积分每年清零。别的优惠另看。抵用券当天有效。多付的钱会退。"))
    assert said(wanted, together) > said(wanted, apart)


def test_the_nearest_heading_belongs_to_the_passage() -> None:
    wanted = read_wanted("怎么换货", _even)
    under = read_prose(_entry("联系客服即可。", heading="售后 › 换货"))
    assert said(wanted, under) > said(wanted, read_prose(_entry("联系客服即可。", heading="售后 › 保养")))


def test_a_question_of_nothing_but_asking_words_asks_for_nothing() -> None:
    assert said(read_wanted("请问怎么办呢", _even), read_prose(_entry("怎么办呢。"))) == 0.0
