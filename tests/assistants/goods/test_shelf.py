"""A shelf of many goods: what is meant is found without looking at every one."""

import time

import numpy as np

from yingke.assistants.goods.aspects import aspects_in
from yingke.assistants.goods.shelf import Good, Shelf, lines_of
from yingke.commerce.finding.need import read_need

KINDS = ("帐篷", "睡袋", "椅子", "外套", "背包", "水壶", "雨伞", "台灯")


def shelf_of(count: int) -> Shelf:
    """Goods of eight kinds with vectors of their own, the same in every run."""
    chance = np.random.default_rng(7)
    goods = tuple(
        Good(
            at,
            f"第{at}号{KINDS[at % len(KINDS)]}",
            f"A-{at:04d}",
            KINDS[at % len(KINDS)],
            lines_of("", {"重量": f"{at}g", "材质": "棉"}, "结实。耐用好看。"),
            (1,) if at % 2 else None,
        )
        for at in range(1, count + 1)
    )
    starts = np.cumsum([0, *(len(good.lines) for good in goods)])
    return Shelf(goods, _unit(chance, int(starts[-1])), _unit(chance, count), tuple(map(int, starts)))


def _unit(chance: np.random.Generator, rows: int) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
    drawn = chance.standard_normal((rows, 512)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def named(shelf: Shelf, text: str, shop_id: int | None = None) -> list[str]:
    return [good.title for good in shelf.named(text, read_need(text), shop_id)]


def test_a_kind_means_all_of_it_and_a_name_the_one() -> None:
    shelf = shelf_of(24)
    assert {title[-2:] for title in named(shelf, "椅子多重")} == {"椅子"}
    assert named(shelf, "第10号椅子多重") == ["第10号椅子"]
    assert named(shelf, "几点上班") == []


def test_goods_of_another_shop_are_not_named() -> None:
    shelf = shelf_of(24)
    assert named(shelf, "第15号台灯亮吗", shop_id=2) != ["第15号台灯"]
    assert named(shelf, "第15号台灯亮吗", shop_id=1) == ["第15号台灯"]


def test_what_is_asked_comes_before_what_is_near() -> None:
    shelf = shelf_of(8)
    facts = shelf.facts(shelf.goods[0], None, aspects_in("多重"))
    assert facts[0].line.whole == "重量 1g"
    assert facts[0].is_asked_for
    assert not facts[-1].is_asked_for


def test_the_nearest_of_two_thousand_is_found_in_milliseconds() -> None:
    shelf = shelf_of(2_000)
    shelf.named("帐篷", read_need("帐篷"), None)
    wanted = shelf.vectors[shelf.starts[1234]]
    took = []
    for _ in range(5):
        began = time.process_time()
        near = shelf.near(wanted, "要一个好看的", read_need("要一个好看的"), None, None)
        took.append(time.process_time() - began)
        assert near[0].good is shelf.goods[1234]
    assert min(took) < 0.03


def test_a_whole_title_comes_before_others_of_its_kind_and_not_where_another_is_spoken_of() -> None:
    titles = ("轻量面霜", "便携面霜", "保湿面霜")
    goods = tuple(Good(at, title, "", "面霜", lines_of("", {"特点": "小"}, "")) for at, title in enumerate(titles, 1))
    shelf = Shelf(goods, np.zeros((3, 512), np.float32), np.zeros((3, 512), np.float32), (0, 1, 2, 3))
    assert named(shelf, "轻量面霜还有货吗") == ["轻量面霜"]
    found = shelf.titled("黑色的便携面霜多少钱", None)
    assert found is not None
    assert found.title == "便携面霜"
    assert shelf.titled("轻量面霜和保湿面霜", None) is None
    assert len(named(shelf, "有哪些面霜")) == 3
