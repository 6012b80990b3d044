"""Two versions of a document, passage by passage and word by word."""

from yingke.knowledge.versions.compare import Change, Said, compare, mark_words


def row(ordinal: int, **cells: str) -> Said:
    text = "\n".join(f"{column}：{cell}" for column, cell in cells.items())
    return Said(1000 + ordinal, ordinal, "row", "价目", text, cells)


def text(ordinal: int, heading: str, words: str) -> Said:
    return Said(2000 + ordinal, ordinal, "text", heading, words)


def shapes(changes: list[Change]) -> list[tuple[str | None, str | None]]:
    return [(one.before and one.before.text, one.after and one.after.text) for one in changes]


def test_what_only_moved_is_kept() -> None:
    one, two = text(0, "发货", "当天发出"), text(1, "退货", "七天无理由")
    found = compare([one, two], [Said(3, 0, "text", "退货", "七天无理由"), Said(4, 1, "text", "发货", "当天发出")])
    assert (found.changes, found.kept) == ([], 2)


def test_a_row_is_followed_by_its_name() -> None:
    before = [row(0, 名称="云朵T恤", 价格="59"), row(1, 名称="海风衬衫", 价格="89")]
    after = [row(0, 名称="新品帽", 价格="39"), row(1, 名称="海风衬衫", 价格="89"), row(2, 名称="云朵T恤", 价格="69")]
    found = compare(before, after)
    assert shapes(found.changes) == [
        (None, "名称：新品帽\n价格：39"),
        ("名称：云朵T恤\n价格：59", "名称：云朵T恤\n价格：69"),
    ]
    assert found.kept == 1


def test_a_passage_under_a_new_heading_is_changed_not_new() -> None:
    before = [text(0, "发货时间", "每天十六点前付款的订单当天发出，其余四十八小时内发出。")]
    after = [text(0, "多久发货", "每天十四点前付款的订单当天发出，其余四十八小时内发出。")]
    assert len(compare(before, after).changes) == 1


def test_different_texts_under_one_heading_are_one_gone_and_one_come() -> None:
    found = compare([text(0, "说明", "本店支持货到付款")], [text(0, "说明", "门店营业到晚上九点半")])
    assert shapes(found.changes) == [("本店支持货到付款", None), (None, "门店营业到晚上九点半")]


def test_of_two_equal_passages_one_may_go() -> None:
    same = [text(0, "a", "同一句话"), text(1, "a", "同一句话")]
    found = compare(same, same[:1])
    assert (len(found.changes), found.kept) == (1, 1)


def test_words_are_marked_and_both_texts_can_be_read_back() -> None:
    before, after = "签收后 7 天内可以无理由退货，运费 10 元", "签收后 15 天内可以无理由退换货，运费 10 元"
    pieces = mark_words(before, after)
    assert "".join(words for mark, words in pieces if mark != "removed") == after
    assert "".join(words for mark, words in pieces if mark != "added") == before
    assert ("removed", "7") in pieces
    assert ("added", "15") in pieces


def test_a_rewritten_catalogue_of_ten_thousand_rows_is_compared_in_a_moment() -> None:
    before = [row(n, 名称=f"商品 {n}", 价格=str(n)) for n in range(10_000)]
    after = [row(n, 名称=f"商品 {n}", 价格=str(n + 1)) for n in range(10_000)]
    assert len(compare(before, after).changes) == 10_000
