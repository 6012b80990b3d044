"""Pure: different words for one meaning come out the same, and what differs in meaning stays apart."""

import pytest

from yingke.knowledge.fold import fold
from yingke.knowledge.postings import Postings
from yingke.knowledge.ranking.compare import StoredQuestions, read_asked
from yingke.knowledge.ranking.gloss import gloss
from yingke.knowledge.ranking.plain import denies, plain

RARITIES = Postings([{"退": 1.0}, {"换": 1.0}]).rarities


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("七天", "7 天"), ("十二期", "12期"), ("三百五十元", "350元"), ("两件", "2件"), ("咋退货", "如何退货"), ("为啥发不了", "为什么发不了"),
        ("邮费", "运费"), ("能不能换", "可不可以换"), ("啥时候", "什么时候"), ("退钱", "退款"),
    ],
)  # fmt: skip
def test_two_ways_to_say_the_same_become_one(one: str, other: str) -> None:
    assert plain(fold(one)) == plain(fold(other))


def test_meanings_that_differ_stay_apart() -> None:
    said = [plain(fold(text)) for text in ("退货", "换货", "发货", "开通", "关闭", "借款", "还款", "七天", "十七天")]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize(
    ("question", "is_denial"),
    [("为什么付不了款", True), ("还没到账", True), ("能不能退", False), ("有没有货", False), ("是不是正品", False), ("怎么付款", False)],
)  # fmt: skip
def test_a_question_that_offers_both_ways_denies_nothing(question: str, is_denial: bool) -> None:
    assert denies(plain(fold(question))) is is_denial


def likenesses(question: str, *stored: tuple[str, str]) -> list[float]:
    """Of each (ways to ask, answer)."""
    questions = StoredQuestions()
    return questions.likenesses(read_asked(fold(question), RARITIES), [questions.read(*one) for one in stored])


def test_the_nearest_of_several_phrasings_counts() -> None:
    both, near, far = likenesses(
        "七天内可以退吗", ("怎么申请换货\n7天之内能退么", ""), ("7天之内能退么", ""), ("怎么申请换货", "")
    )
    assert both == near > far


def test_a_denial_stands_behind_what_it_denies() -> None:
    same, denied = likenesses("额度恢复了", ("额度恢复了", ""), ("额度没恢复", ""))
    assert same > denied


def test_cases_that_only_the_answer_names_count_a_little() -> None:
    bare, told, same = likenesses(
        "拍错了能退吗", ("退货规则", "可以退。"), ("退货规则", "拍错、不喜欢都可以退。"), ("拍错能退吗", "")
    )
    assert bare < told < same


def test_what_has_no_question_stands_as_far_as_one_in_other_letters() -> None:
    none, foreign = likenesses("能退吗", ("", "可以退。"), ("can I return it", ""))
    assert none == foreign < 0


def glossed(question: str) -> set[str]:
    found = gloss(fold(question))
    return set(found.words.split()) if found else set()


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How long does the warranty last?", {"保修", "多久"}),
        ("送料はいくらですか", {"运费", "多少钱"}),
        ("쿠폰 기간이 지났어요", {"优惠券", "过期"}),
        ("¿Puedo pagar a plazos?", {"分期", "支付"}),
    ],
)
def test_questions_of_other_languages_speak_in_chinese_words_too(question: str, words: set[str]) -> None:
    assert words <= glossed(question)


@pytest.mark.parametrize("text", ["保修多久", "iPhone 壳有货吗", "退貨要幾天", "zzz qqq", ""])
def test_chinese_and_unknown_words_need_no_translation(text: str) -> None:
    assert gloss(fold(text)) is None


def test_a_term_counts_only_from_the_start_of_a_word_and_to_its_end() -> None:
    assert not glossed("I am disappointed")
    found = gloss("refunds")
    assert found is not None
    assert found.share == 1.0


def test_few_known_words_stand_for_a_small_share() -> None:
    few, many = gloss("can i use the blue one with my old refund slip"), gloss("refund amount")
    assert few is not None
    assert many is not None
    assert few.share < 0.5 < many.share + 0.1


def test_figures_are_kept() -> None:
    assert "170" in glossed("I am 170 cm tall, which size?")
