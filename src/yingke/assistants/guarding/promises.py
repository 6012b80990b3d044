"""What an assistant promises must stand in its sources, and what it says to have done must have been done."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from yingke.conversations.guarding.fold_words import fold_words
from yingke.conversations.guarding.promises import Promise, find_promises, sentences_of
from yingke.knowledge.not_knowing import in_speech

SAFE = {"zh": "这一点我需要请同事确认后答复您。", "en": "A colleague will confirm this for you."}
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_MARK = re.compile(r"\[\d{1,2}\]")
_MONEY = re.compile(
    r"(?:￥|¥|\$|€|£|rmb|cny|usd|eur)\s?(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)\s?(?:元|块|美元|折|% ?off|dollars?|usd|eur|cny|rmb)",
    re.IGNORECASE,
)
_CITED = re.compile(r"「[^」\n]*」|《[^》\n]*》|“[^”\n]*”")
_DAY = re.compile(r"[月日号天]|小时|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|day|hour)", re.IGNORECASE)
_COVERED = 0.55
_MAY = re.compile(r"[赔补返退送赠免例批延过邮运￥¥$€£元块折价惠减降抹零发到达寄签库已帮给为替]|[a-z]{3}", re.IGNORECASE)
"""Without one of these nothing is promised."""
_WEIGHTY = re.compile(r"[赔补返退送赠免例批延过邮运折惠抹零发到达寄签库已帮给为替]|[a-z]{3}", re.IGNORECASE)
"""Without one of these a sentence with figures can only name a price."""
_SHORT = 4
_CHANGES = r"(?:取消|退款|退货|换货|退回|修改|更改|改(?:好|成|了|地址)|提交|登记|申请|安排|补发|办(?:好|理|妥)|开(?:好|具|票)|发放|下单|备注|转账|打款|赔付|报销|延长|预留|寄出)"
_DONE = re.compile(
    rf"(?:已经?|刚刚?|马上|立刻|这就)\s?(?:帮|给|为|替)[您你][^，。！？\n]{{0,10}}{_CHANGES}"
    rf"|(?:帮|给|为|替)[您你][^，。！？\n]{{0,10}}{_CHANGES}[^，。！？\n]{{0,6}}(?:成功|好了|完了|了(?=[，。！!\s]|$))"
    rf"|(?:帮|给|为|替)[您你][^，。！？\n]{{0,6}}{_CHANGES}(?:好|成功)?了"
    rf"|(?:退款|退货|取消|申请|改价|赔偿|补偿)[^，。！？\n]{{0,6}}(?:已经?|都)[^，。！？\n]{{0,4}}(?:批准|通过|到账|成功|办好|完成|打给|提交)"
    r"|\b(?:i|we)(?:'ve| have| just|'ll| will)? ?(?:now |already |just )?(?:cancel\w*|refund\w*|submitted|changed|processed|issued|approved|arranged|extended|reserved)\b[^.!?\n]{0,30}\b(?:your|you|it|the order)\b"
    r"|\b(?:has|have) been (?:cancel\w*|refunded|submitted|processed|approved|issued|credited)\b"
    r"|\b(?:refund|request|cancellation|claim)\b[^.!?\n]{0,20}\b(?:is|was) (?:approved|granted|done|complete\w*|confirmed)\b",
    re.IGNORECASE,
)
_IF = re.compile(r"如果|若|假如|一旦|之后|以后|后[，,]|[吗呢么？?]\s*$|\b(?:if|once|when|after)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Sources:
    """What a promise may rest on, never what the customer wrote. `quotes`: passages and stored wordings, prose.
    `facts`: what tools said, mostly figures and names. `is_told_done`: this speaker only says what a tool has done."""

    quotes: Sequence[str] = ()
    facts: Sequence[str] = ()
    is_told_done: bool = False

    @cached_property
    def amounts(self) -> set[str]:
        """Every figure that a tool said."""
        return _numbers(*self.facts)

    @cached_property
    def prose(self) -> str:
        return "\n".join(self.quotes)


@dataclass(frozen=True, slots=True)
class Backed:
    """`text`: the answer with every promise that no source bears out taken away. `dropped`: the kinds of those."""

    text: str
    dropped: tuple[str, ...]


def back_promises(text: str, sources: Sources, language: str) -> Backed:
    """One sentence that a colleague will confirm stands for what was taken away, so nothing is left empty."""
    kept: list[str] = []
    dropped: list[str] = []
    # The house repeats titles and the customer's own words in brackets; a model could hide a promise there.
    seen = _CITED.sub(lambda match: "□" * len(match[0]), text) if sources.is_told_done else text
    at = 0
    for sentence in sentences_of(seen):
        said, at = text[at : at + len(sentence)], at + len(sentence)
        kind = unbacked(sentence, sources)
        if kind is None:
            kept.append(said)
            continue
        if not dropped:
            kept.append(in_speech("colleague_confirms", language, SAFE["zh"], SAFE["en"]))
        dropped.append(kind)
    return Backed("".join(kept).strip(), tuple(dropped)) if dropped else Backed(text, ())


def unbacked(sentence: str, sources: Sources) -> str | None:
    """The kind of the promise in `sentence` that no source bears out; done: it claims an effect that nobody saw."""
    if "[" in sentence:
        sentence = _MARK.sub("", sentence)
    if not _MAY.search(sentence) or (len(sentence) > _SHORT and sentence.strip() in sources.prose):
        return None
    if not _WEIGHTY.search(sentence) and set(_FIGURE.findall(sentence)) <= sources.amounts:
        return None
    for promise in find_promises(sentence):
        if not is_backed(promise, sources):
            return promise.kind
    if not sources.is_told_done and said_done(sentence) and not _is_said([sentence], sources):
        return "done"
    return None


def said_done(text: str) -> list[str]:
    """Sentences that claim that something was done for the customer."""
    return [one for one in sentences_of(text) if _DONE.search(one) and not _IF.search(one)]


def is_backed(promise: Promise, sources: Sources) -> bool:
    """Its figures stand in a source, and the sentence says what that source says.

    Data of tools has no sentences: amounts have to stand in it, a day in one line of it with all its figures.
    """
    amounts = {one for match in _MONEY.finditer(promise.sentence) for one in match.groups() if one}
    if promise.kind == "price" and amounts and amounts <= sources.amounts:
        return True
    if promise.kind == "delivery" and (when := _numbers(promise.said)) and amounts <= sources.amounts:
        return any(_DAY.search(fact) and when <= _numbers(fact) for fact in sources.facts) or _is_said(
            [promise.sentence], sources, promise
        )
    return _is_said([promise.sentence], sources, promise)


def is_borne_out(sentence: str, sources: Sources) -> bool:
    """Whether a source says what the sentence says, figures and all."""
    figures = set(_FIGURE.findall(sentence))
    return figures <= _numbers(*sources.quotes, *sources.facts) and _is_said([sentence], sources)


def _is_said(sentences: Sequence[str], sources: Sources, promise: Promise | None = None) -> bool:
    figures = set(promise.figures) if promise is not None else set()
    said = "".join(map(fold_words, sentences))
    pairs = {said[at : at + 2] for at in range(len(said) - 1)}
    for source in (*sources.quotes, *sources.facts):
        if not figures <= _numbers(source):
            continue
        if promise is not None and promise.kind == "price" and figures:
            return True
        told = fold_words(source)
        if pairs and sum(pair in told for pair in pairs) / len(pairs) >= _COVERED:
            return True
    return False


def _numbers(*texts: str) -> set[str]:
    return {figure for text in texts for figure in _FIGURE.findall(text.replace(",", ""))}
