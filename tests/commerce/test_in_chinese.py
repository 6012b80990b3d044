"""What is heard in thirteen languages, in Chinese shop words."""

import re

import pytest

from yingke.assistants.wants_person import wants_person
from yingke.commerce.words.foreign import LANGUAGES, rows
from yingke.commerce.words.in_chinese import in_chinese, things_in
from yingke.kit.tongues.tongue import languages, wordings

_QUOTED = re.compile(r"[«“„「‘] ?([^»”“」’]+?) ?[»”“」’]")
_ANSWERS = {
    "confirm_return": (("是的",), ("不用了",)),
    "confirm_withdraw": (("是的",), ("不用了",)),
    "resume_confirm": (("是的", "确认"), ("不用了",)),
    "ask_email": (("不用了",),),
    "coupon_to_give": (("领取",),),
    "ask_notice": (("到货通知我",),),
    "offer_late_signed": (("没收到", "没收到吗"),),
    "not_known_again": (("人工",),),
    "who_am_i": (("人工",),),
}


@pytest.mark.parametrize(
    ("tag", "text", "chinese"),
    [
        ("ja", "ダウンの寝袋はいくらですか", "羽绒睡袋多少钱"),
        ("ko", "랜턴 얼마예요? 방수 되나요", "灯多少钱，防水吗"),
        ("es", "¿Cuánto cuesta la silla?", "椅子多少钱"),
        ("fr", "la tente pour 4 personnes, quel prix ?", "帐篷4人多少钱"),
        ("de", "Was kostet der Klappstuhl?", "折叠椅子多少钱"),
        ("pt", "quanto custa a cadeira?", "椅子多少钱"),
        ("ru", "двухместная палатка сколько стоит", "两人帐篷多少钱"),
        ("it", "quanto costa il tavolo", "桌子多少钱"),
        ("vi", "cái lều 2 người giá bao nhiêu", "帐篷2人多少钱"),
        ("th", "เต็นท์ราคาเท่าไหร่", "帐篷多少钱"),
        ("ar", "كم سعر مصباح", "灯多少钱"),
        ("id", "berapa harga kursi", "椅子多少钱"),
        ("en", "got any lamps", "有灯吗"),
    ],
)
def test_goods_and_what_is_asked_of_them_are_heard(tag: str, text: str, chinese: str) -> None:
    assert in_chinese(text, tag) == chinese


@pytest.mark.parametrize(
    ("tag", "text", "counted"),
    [
        ("ja", "椅子2脚とテーブル1台", "椅子2个和桌子1个"),
        ("ko", "의자 2개랑 테이블 1개", "椅子2个和桌子1个"),
        ("fr", "deux chaises et une table", "2个椅子和1个桌子"),
        ("de", "zwei Stühle und ein Tisch", "2个椅子和1个桌子"),
        ("th", "เก้าอี้ 2 ตัวกับโต๊ะ 1 ตัว", "椅子2个和桌子1个"),
        ("ar", "كرسيين وطاولة", "2个椅子和桌子"),
    ],
)
def test_a_number_belongs_to_its_thing(tag: str, text: str, counted: str) -> None:
    assert in_chinese(text, tag) == counted


def test_words_stand_where_chinese_puts_them() -> None:
    assert in_chinese("Kann ich den Stuhl zurückgeben?", "de") == "椅子可以退货吗"
    assert in_chinese("quand expédiez-vous la tente ?", "fr") == "什么时候有货发货帐篷"
    assert in_chinese("wann wird das Zelt verschickt?", "de") == "帐篷什么时候有货发货"
    # Two questions without a word between them are two.
    assert in_chinese("lampe étanche combien", "fr") == "灯防水吗，多少钱"
    # One question keeps its words from the other.
    assert in_chinese("¿cuánto cuesta la silla y puedo devolverla?", "es") == "椅子多少钱，可以退货吗"


def test_an_article_alone_counts_nothing() -> None:
    assert in_chinese("¿tienen una lámpara?", "es") == "有灯吗"
    assert in_chinese("je voudrais une tente", "fr") == "我想帐篷"


def test_codes_sizes_and_addresses_stay_as_they_are() -> None:
    assert "QX-D0001" in in_chinese("注文 QX-D0001 はどこですか", "ja")
    assert in_chinese("y la talla XL?", "es") == "尺码XL吗"
    assert "ana@example.com" in in_chinese("mi pedido, ana@example.com", "es")


def test_words_are_not_found_inside_others() -> None:
    # "mesa" in "promesa", "et" in "cette", "はい" in "は いつ", "と" in "ちょっと".
    assert in_chinese("es una promesa", "es") == ""
    assert "和" not in in_chinese("cette lampe", "fr")
    assert "是的" not in in_chinese("QX-D0001はいつ届きますか", "ja")
    assert in_chinese("ちょっとランタン", "ja") == "灯"
    # A compound is looked into where the language makes them.
    assert in_chinese("Campinglampe", "de") == "露营灯"


def test_a_yes_is_heard_only_where_a_message_begins_with_it() -> None:
    assert in_chinese("네", "ko") == "是的"
    assert in_chinese("가격이 어떻게 되네요", "ko") == "多少钱"


def test_other_languages_and_other_words_give_nothing() -> None:
    assert in_chinese("多少钱", "zh-CN") == ""
    assert in_chinese("hur mycket kostar tältet", "sv") == ""
    assert in_chinese("¿quién ganó el partido ayer?", "es") == ""
    assert in_chinese("ما هي عاصمة فرنسا؟", "ar") == ""


def test_every_row_has_a_cell_for_every_language() -> None:
    assert all(set(row.stems) == set(LANGUAGES) and row.chinese[0] for row in rows())


@pytest.mark.parametrize(
    ("tag", "no"),
    [
        ("es", "No, gracias."),
        ("fr", "non"),
        ("pt", "Não"),
        ("ru", "нет, спасибо"),
        ("it", "no grazie"),
        ("vi", "không"),
    ],
)
def test_a_mere_no_is_heard_and_no_sentence_that_begins_like_one(tag: str, no: str) -> None:
    assert in_chinese(no, tag) == "不用了"
    longer = {"es": "no funciona la lámpara", "fr": "non reçu", "pt": "não funciona", "ru": "нет в наличии?",
              "it": "no, la lampada", "vi": "không biết"}[tag]  # fmt: skip
    assert "不用了" not in in_chinese(longer, tag)


@pytest.mark.parametrize("language", sorted(languages()))
def test_what_the_house_tells_a_customer_to_write_is_understood(language: str) -> None:
    """Between quotation marks of a sentence stands what he may answer."""
    for key, heard in _ANSWERS.items():
        said = _QUOTED.findall(wordings(key, language)[0])
        assert said, key
        for one, wanted in zip(said, heard, strict=False):
            assert (in_chinese(one, language) or one) in wanted or wants_person(one), (
                key,
                one,
                in_chinese(one, language),
            )


def test_a_number_or_a_quality_alone_goes_on_with_what_was_spoken_of() -> None:
    assert in_chinese("and for two?", "en") == "2个多少钱"
    assert in_chinese("et pour trois ?", "fr") == "3个多少钱"
    assert in_chinese("3つだと？", "ja") == "3个多少钱"
    assert in_chinese("Und der aus Baumwolle?", "de") == "棉的呢"
    # A bare number may choose from a list.
    assert in_chinese("2", "en") == ""


def test_each_measure_is_asked_for_in_its_own_words() -> None:
    assert in_chinese("какой размер и толщина у коврика?", "ru") == "睡垫尺寸吗，多厚"
    assert in_chinese("какой размер куртки?", "ru") == "外套尺码吗"
    assert in_chinese("¿cuántas horas dura la lámpara y cuánto cuesta?", "es") == "灯能用几个小时，多少钱"
    assert in_chinese("how long is the table", "en") == "桌子多长"
    assert in_chinese("how long is the warranty", "en") == "多久保修"
    # How much of free postage is from what sum on.
    assert "满多少" in in_chinese("いくら以上で送料無料になりますか", "ja")


def test_things_are_told_in_the_customers_own_words() -> None:
    assert things_in("how long is the roll-up table?", "en") == ["table"]
    assert things_in("how long does delivery take?", "en") == []
