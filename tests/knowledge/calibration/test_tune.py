"""The line between answering and not answering follows the golden questions, and not a handful of them."""

from yingke.knowledge.calibration.settings import OF_MANNER, Answering
from yingke.knowledge.calibration.tune import Measured, is_enough, outcome_at, tune


def some(count: int, confidence: float, should_answer: bool) -> list[Measured]:
    return [Measured(number, f"q{number}", should_answer, confidence) for number in range(count)]


def test_too_few_questions_leave_the_usual_line() -> None:
    few = [*some(3, 0.3, True), *some(3, 0.2, False)]
    assert not is_enough(few)
    assert tune(few, "careful") == OF_MANNER["careful"]


def test_questions_of_one_kind_leave_the_usual_line() -> None:
    assert tune(some(40, 0.2, True), "balanced") == OF_MANNER["balanced"]


def test_the_line_moves_between_the_two_kinds() -> None:
    items = [*some(30, 0.38, True), *some(30, 0.22, False)]
    line = tune(items, "balanced")
    assert 0.22 < line < 0.38
    before, after = outcome_at(items, 0.5), outcome_at(items, line)
    assert (before.right, before.wrong_refusals) == (30, 30)
    assert after.right == 60


def test_a_careful_shop_answers_less_than_a_bold_one() -> None:
    items = [*some(20, 0.8, True), *some(10, 0.45, True), *some(10, 0.5, False), *some(10, 0.1, False)]
    assert tune(items, "careful") > tune(items, "balanced") >= tune(items, "bold")


def test_an_answer_with_the_wrong_words_counts_as_one_better_refused() -> None:
    wrong = [Measured(number, "q", True, 0.6, is_wrong=True) for number in range(20)]
    items = [*some(20, 0.9, True), *wrong]
    assert outcome_at(items, 0.5).wrong_answers == 20
    assert tune(items, "balanced") > 0.6


def test_a_stored_line_out_of_bounds_is_brought_back() -> None:
    assert Answering.of({"threshold": 7}).threshold == 0.9
    assert Answering.of({"manner": "rude"}).manner == "balanced"
    assert Answering.of({"manner": "bold"}).threshold == OF_MANNER["bold"]
    assert Answering.of(None) == Answering()
