"""Colloquial words are read as documents write them, and carriers and spoilt goods are known in any trade."""

from yingke.knowledge.concepts import find_said, lexicon
from yingke.knowledge.dialect import in_standard
from yingke.knowledge.fold import fold


def _said(text: str) -> set[str]:
    return {lexicon().names[at] for at in find_said(fold(text))}


def test_the_holiday_is_read_as_documents_name_it() -> None:
    assert in_standard("过年那几天你们还发货不") == "春节那几天你们还发货不"
    assert in_standard("这睡袋咋洗") == "这睡袋怎么洗"


def test_a_house_carrier_is_a_carrier_and_bruised_fruit_is_damage() -> None:
    assert "carrier" in _said("发货仓在广州，默认京东快递")
    assert "damage" in _said("水果坏了、压伤了，签收 24 小时内拍照")
