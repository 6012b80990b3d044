"""Two thousand questions over sixty topics find to each other, and nothing grows into one great heap."""

from collections import Counter, defaultdict

from tests.knowledge.questions.conftest import Asking
from tests.knowledge.questions.topics import make_questions
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.fold import fold
from yingke.knowledge.questions.add_asked import AskedQuestion, add_asked
from yingke.knowledge.questions.place import Cluster, Sorter
from yingke.knowledge.questions.questions_of import asked_in, plain_question
from yingke.knowledge.questions.sort import BATCH, sort_questions


async def test_two_thousand_questions_are_sorted_by_what_they_ask(encoder: Encoder) -> None:
    asked = [(topic, text) for topic, question in make_questions() for text in asked_in(question)]
    assert len(asked) > 1900
    sorter = Sorter([])
    placed: list[tuple[str, Cluster]] = []
    for at in range(0, len(asked), BATCH):
        batch = asked[at : at + BATCH]
        vectors = await encoder.encode_many([fold(text) for _, text in batch])
        placed += [(topic, sorter.place(text, vector)) for (topic, text), vector in zip(batch, vectors, strict=True)]
        sorter.join_alike()
        for cluster in sorter.clusters:
            cluster.is_changed = False
    heaps: dict[int, Counter[str]] = defaultdict(Counter)
    homes: dict[str, Counter[int]] = defaultdict(Counter)
    for topic, cluster in placed:
        heaps[id(cluster.final)][topic] += 1
        homes[topic][id(cluster.final)] += 1
    purity = sum(max(heap.values()) for heap in heaps.values()) / len(placed)
    together = sum(max(home.values()) for home in homes.values()) / len(placed)
    assert purity > 0.86
    assert together > 0.6
    assert max(heap.total() for heap in heaps.values()) < 0.1 * len(placed)


async def test_a_cluster_that_grows_for_a_year_stays_where_it_is(encoder: Encoder) -> None:
    chain = [
        "几天发货？",
        "几天能到？",
        "到货要几天？",
        "到货有破损怎么办？",
        "破损怎么赔？",
        "赔多少钱？",
        "这款多少钱？",
    ]
    vectors = dict(zip(chain, await encoder.encode_many([fold(text) for text in chain]), strict=True))
    sorter = Sorter([])
    first = sorter.place(chain[0], vectors[chain[0]])
    for text in chain[1:]:
        for _ in range(100):
            last = sorter.place(text, vectors[text])
            sorter.join_alike()
    assert last.final is not first.final
    assert float(first.final.centre @ vectors[chain[0]]) > 0.6


async def test_two_questions_about_one_thing_stay_two(encoder: Encoder) -> None:
    asked = ["羽绒睡袋还有几个", "睡袋能绣名字吗", "能不能在睡袋上绣我的名字", "睡袋有味道吗"]
    sorter = Sorter([])
    vectors = await encoder.encode_many([fold(text) for text in asked])
    left, stitched, again, smell = [sorter.place(text, vector) for text, vector in zip(asked, vectors, strict=True)]
    sorter.join_alike()
    assert again.final is stitched.final
    assert len({id(one.final) for one in (left, stitched, smell)}) == 3


def test_greetings_around_a_question_are_left_out() -> None:
    assert plain_question("亲，请问 能开发票吗？？谢谢～") == "能开发票吗？"
    assert plain_question("hello do you ship to Japan? thanks") == "do you ship to Japan?"
    assert asked_in("你好，我想问下包邮吗？另外几天能到") == ["包邮吗？", "几天能到？"]


async def test_sorting_is_put_down_once_and_goes_on_where_it_ended(asking: Asking) -> None:
    rows = [
        AskedQuestion(text, await _now(asking), "unanswered", past_conversation_id=number, seq=1)
        for number, text in enumerate(["能开发票吗？", "可以开发票吗？", "台灯多少瓦？"] * 30)
    ]
    assert await asking.stage.do(lambda tx: add_asked(tx, asking.workspace_id, rows)) == 90
    assert await asking.stage.do(lambda tx: add_asked(tx, asking.workspace_id, rows)) == 0
    db = asking.stage.ground.db
    counts = []
    while count := await sort_questions(db, asking.learning.encoder, asking.workspace_id):
        counts.append(count)
    assert counts == [64, 26]
    assert [(row["question"], row["times"]) for row in await asking.clusters()] == [
        ("能开发票吗？", 60),
        ("台灯多少瓦？", 30),
    ]


async def _now(asking: Asking):  # type: ignore[no-untyped-def]
    return await asking.stage.do(lambda tx: tx.fetchval("select now()"))
