"""Measures retrieval on a set of our own, which travels with the project: 1,000 shop questions, asked in other words.

Run: .venv/bin/python evals/own.py. Prints JSON. Easier than what customers write; good for before and after.
"""

import asyncio
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from retrieval import area, ask, faq_index, recall, sure  # noqa: E402

from benchmarks.faq import THINGS, TOPICS  # noqa: E402
from yingke.knowledge.answerable import THRESHOLD  # noqa: E402
from yingke.knowledge.encoder import Encoder  # noqa: E402

OTHER_WORDS = [
    "买了{}几天能寄出来", "{}不喜欢能退掉吗", "{}质保期是多长", "{}脏了怎么洗", "{}都有什么颜色可以选",
    "买{}给不给发票", "{}刚买就降价,差价补不补", "{}没货了,几时再上", "{}用哪家快递送", "{}能帮忙包成礼物吗",
    "{}到手就坏了怎么处理", "买{}送东西吗", "{}下单可以用券不", "{}长宽高是多少", "{}有多重",
    "{}能不能收到再付钱", "{}地址填错了能改不", "{}可以发海外吗", "{}不想要了怎么取消", "会员买{}打几折",
    "{}是什么料子做的", "{}多大的孩子可以用", "{}要自己装吗,怎么装", "{}会不会有味道", "{}有毛病退回去运费谁给",
    "{}能换一个吗", "{}是哪天生产的", "{}包邮吗", "{}再优惠点行不行", "{}新款旧款差在哪",
    "{}的快递到哪里看", "{}快递弄丢了怎么赔", "{}一次买很多有批发价吗", "{}哪里有门店可以看", "{}配件没给全怎么办",
    "{}写好评有红包吗", "预售的{}什么时候寄", "{}可以约时间送吗", "{}怕不怕水", "{}能先试试再决定吗",
]  # fmt: skip
STRANGERS = [
    "今天股市怎么样", "帮我写一首诗", "明天北京下雨吗", "三角形面积怎么算", "你们老板多大年纪", "世界杯谁赢了",
    "推荐一部电影", "怎么学好英语", "附近有什么好吃的", "帮我订一张机票", "感冒了吃什么药", "彩票中奖号码是多少",
    "圆周率后十位", "地铁几点停运", "猫为什么怕黄瓜", "房贷利率现在是多少", "怎么养多肉植物", "讲个笑话",
    "月球离地球多远", "高考分数线多少", "怎么注册公司", "唱首歌给我听", "人为什么会做梦", "火车票怎么改签",
]  # fmt: skip


async def own(encoder: Encoder) -> dict[str, Any]:
    pairs = [(number, thing) for number in range(len(TOPICS)) for thing in THINGS]
    index = await faq_index(encoder, [TOPICS[number][0].format(thing) for number, thing in pairs])
    queries = [OTHER_WORDS[number].format(thing) for number, thing in pairs]
    hits = await ask(encoder, index, queries)
    figures = recall([[hit.entry.id for hit in one] for one in hits], [{at} for at in range(len(pairs))])
    kept = sure(index, queries, hits)
    refused = sure(index, STRANGERS, await ask(encoder, index, STRANGERS))
    return {
        "entries": len(pairs),
        **figures,
        "out_of_scope_auc": area(kept, refused),
        "answered": round(float(np.mean(np.array(kept) >= THRESHOLD)), 4),
        "strangers_answered": round(float(np.mean(np.array(refused) >= THRESHOLD)), 4),
    }


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        encoder = await Encoder.start(Path(folder) / "encoder.sock")
        try:
            out = {"engine": "embedded", **await own(encoder)}
        finally:
            await encoder.close()
    print(json.dumps(out, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    asyncio.run(main())
