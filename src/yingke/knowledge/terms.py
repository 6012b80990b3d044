"""Cuts folded text into what is looked up: words, character pairs and article codes."""

import re
from functools import lru_cache

import rjieba

_SHORT = 60
_LATIN = re.compile(r"[a-z0-9]+(?:[-._/][a-z0-9]+)*(?:\+|#)?")
_HAN_RUN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_CODE = re.compile(r"(?<![a-z0-9])(?=[a-z0-9_-]*\d)(?=[a-z0-9_-]*[a-z])[a-z0-9]+(?:[-_][a-z0-9]+)*(?![a-z0-9])")
STOP_WORDS = frozenset(
    """
    的 了 吗 呢 吧 啊 呀 哦 嘛 么 哈 啦 哇 诶 喂 嗯 是 我 你 您 他 她 它 我们 你们 他们 咱们 咱 这 那
    这个 那个 这些 那些 这种 那种 有 有没有 没有 没 在 和 与 或 或者 就 都 也 还 又 再 很 太 才 只 把 被
    给 对 对于 从 到 向 让 为 以 于 而 但 但是 如果 的话 请问 请 麻烦 谢谢 你好 您好 亲 想 要 想要 能
    能不能 可以 可不可以 会 会不会 是不是 行 行不行 吗 不 别 去 来 上 下 里 中 怎么 怎样 怎么样 如何
    什么 为什么 为啥 哪 哪里 哪个 哪些 哪儿 谁 几 多少 多 咋办 怎么办 个 一个 一下 一 些 点 一点 条 种
    其 之 该 此 每 各 等 及 并 且 所 着 过 得 地 用 做 说 知道 告诉 问 问下 一定 现在 已经 然后 因为
    所以 关于 进行 a an the is are was were be do does did i you your my we it this that of to in on for
    and or with can could would how what when where which who me please any there have has if from at as
    not will
    """.split()  # noqa: SIM905 - a list of 150 quoted words hides its words
)


def all_words(folded: str) -> list[str]:
    """Every word in order; rarity decides what each is worth."""
    found = [_stem(word) for word in _LATIN.findall(folded)]
    for run in _HAN_RUN.findall(folded):
        found += cut(run) if len(run) <= _SHORT else rjieba.cut(run)
    return found


@lru_cache(maxsize=1024)
def cut(run: str) -> tuple[str, ...]:
    """The words of one run of Chinese. The small cache serves one turn, which is cut by several steps."""
    return tuple(rjieba.cut(run))


def words(folded: str) -> list[str]:
    """Words that carry meaning, in order: stop words left out."""
    return [word for word in all_words(folded) if word not in STOP_WORDS]


def bigrams(folded: str) -> list[str]:
    """Pairs of neighbouring characters within each run of Chinese, kana or hangul."""
    pairs: list[str] = []
    for run in _HAN_RUN.findall(folded):
        pairs += [run[at : at + 2] for at in range(len(run) - 1)] or [run]
    return pairs


def codes(folded: str) -> list[str]:
    """Article codes such as `qx-t2`: letters and digits in one token of at least three characters."""
    return [code for code in _CODE.findall(folded) if len(code) >= 3]


def _stem(word: str) -> str:
    if len(word) > 4 and word.isalpha():
        if word.endswith("ies"):
            return word[:-3] + "y"
        if word.endswith(("sses", "shes", "ches", "xes")):
            return word[:-2]
        if word.endswith("s") and not word.endswith(("ss", "us", "is")):
            return word[:-1]
    return word
