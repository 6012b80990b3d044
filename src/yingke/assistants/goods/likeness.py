"""What a question is like: the uses and aspects whose examples it is near to, where none of their words stand in it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from yingke.assistants.goods.aspects import Aspect, known_aspects
from yingke.assistants.goods.uses import known_uses

NEAR_USE, NEAR_WANTED, NEAR_ASPECT = 0.47, 0.42, 0.64
"""Cosines, of a need told by a situation and of one that is wished for; questions on terms and orders stay below."""
NOT_SOLD = 0.12
"""How much nearer a use may be of which the shop has nothing."""
_NO_NEED = ("nothing", "")
BESIDE = 0.06
"""What is this much less near than the nearest is meant as well."""


NOTHING = (
    "我的订单到哪了", "快递怎么还没到", "东西少了一件", "收到的时候包装破了", "用了几天就坏了", "怎么退货", "退款几天到账", "帮我改地址",
    "能开发票吗", "几点上班", "我要找人工", "积分怎么用", "会员有什么好处", "付款失败了", "怎么还不发货", "送货上门吗", "放驿站就行",
    "今天天气不错", "谢谢你", "你真有意思", "孩子今年上学了", "我考虑一下", "跟家里人商量商量", "取消刚才下的单", "你们店在哪里", "投诉你们客服",
    "什么时候搞活动", "定金可以退吗", "运费多少", "东西发错了", "你是机器人吗", "太晚了我先睡了", "工作累死了", "最近心情不好", "几点前付款当天发货", "家里没人收货",
    "晚上能送货吗", "放门卫代收", "登录不上去", "手机号换了怎么改", "没人回复我", "在外地收不了快递", "能便宜点吗", "这家店靠谱吗",
    "什么时候来货", "补货了吗", "里面再加一件穿得下吗",
)  # fmt: skip
"""What else people say: who is nearer to one of these tells no need."""


def examples() -> list[str]:
    """All sentences, in the order in which `Likeness` takes their vectors."""
    return [one for _, some in _groups() for one in some]


@dataclass(frozen=True)
class Likeness:
    """`vectors`: a row of length one for each of `examples()`."""

    vectors: NDArray[np.float32]

    @cached_property
    def _labels(self) -> tuple[tuple[str, str], ...]:
        return tuple(label for label, some in _groups() for _ in some)

    def kinds(
        self, vector: NDArray[np.float32], has: Callable[[str], bool] = lambda _: True, *, wants: bool = False
    ) -> frozenset[str]:
        """The kinds of things for what is wanted; none where it is like no use. `has`: the shop has something of a kind.
        `wants`: the words wish for something.
        """
        kinds = {name: frozenset(filter(has, use.kinds)) for name, use in known_uses().items()}
        scores = self._scores(vector, NEAR_WANTED if wants else NEAR_USE)
        uses = {name: score for (group, name), score in scores.items() if group == "use"}
        best = max(uses.values(), default=0.0)
        if best <= scores.get(_NO_NEED, 0.0):
            return frozenset()
        # What it is nearest to may be nothing that this shop sells.
        sold = {name: score for name, score in uses.items() if kinds[name] and score >= best - NOT_SOLD}
        return frozenset(kind for name in _nearest(sold) for kind in kinds[name])

    def aspects(self, vector: NDArray[np.float32]) -> list[Aspect]:
        """What is asked of a thing, the nearest first."""
        scores = self._scores(vector, NEAR_ASPECT)
        by_name = {one.name: one for one in known_aspects()}
        return [
            by_name[name] for name in _nearest({n: score for (group, n), score in scores.items() if group == "aspect"})
        ]

    def _scores(self, vector: NDArray[np.float32], least: float) -> dict[tuple[str, str], float]:
        """(group, name) → the likeness to its nearest example, from `least` on."""
        scores: dict[tuple[str, str], float] = {}
        near = self.vectors @ vector
        for at in np.flatnonzero(near >= least).tolist():
            label = self._labels[at]
            scores[label] = max(scores.get(label, 0.0), float(near[at]))
        return scores


def _nearest(scores: dict[str, float]) -> list[str]:
    best = max(scores.values(), default=0.0)
    return sorted((name for name, score in scores.items() if score >= best - BESIDE), key=lambda name: -scores[name])


def _groups() -> list[tuple[tuple[str, str], Sequence[str]]]:
    uses = [(("use", name), use.examples) for name, use in known_uses().items()]
    return [*uses, (_NO_NEED, NOTHING), *((("aspect", one.name), one.examples) for one in known_aspects())]
