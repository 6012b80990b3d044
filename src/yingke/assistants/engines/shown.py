"""What the customer sees of a model's answer while it arrives."""

import re
from collections.abc import Callable

from yingke.assistants.engine import OnDelta
from yingke.kit.redact import Placeholders, StreamUnmask
from yingke.models.citations import CitationStream

_ENDS = re.compile(r"[。！？!?；;\n]|\.(?=\s)")
_MAY_PROMISE = re.compile(
    r"[{\"\d￥¥$€£赔补返退送赠免延今明已帮给为替到发寄取]|破例|特批|例外|运费|邮费|后天|当[天日]|次日|隔天|[这本下]周"
    r"|周[一二三四五六日天]|月底|马上|立[刻即]|保证|半价|抹零|零头|改价|刚刚?|作为|(?:我|本人)[^，。！？!?；;\n]{0,4}是"
    r"|\b(?:i|we|it|your|the|a|an|free|full|no|today|tomorrow|tonight|within|in|by|on|refund|request|claim)\b",
    re.IGNORECASE,
)
"""Where a sentence may begin to promise something, or to speak of the model itself; from there on it is shown when it is whole."""


class Shown:
    """Text goes through it in pieces: marks are checked, placeholders become what they stand for, then it is shown.

    `may_show` judges whole sentences; from one that it refuses on nothing more is shown, and the guard of the whole
    answer decides. `text` is all that was said; after the customer wanted no more, what he saw.
    """

    def __init__(
        self,
        passages: int,
        placeholders: Placeholders,
        on_delta: OnDelta,
        may_show: Callable[[str], bool] = lambda _: True,
    ) -> None:
        self._citations = CitationStream(passages)
        self._unmask = StreamUnmask(placeholders)
        self._on_delta = on_delta
        self._may_show = may_show
        self._sentence = ""
        self._out = 0
        self._is_silent = False
        self.seen = ""
        self.text = ""
        self.is_wanted = True

    @property
    def numbers(self) -> list[int]:
        """Of the passages that were cited, in order of first use."""
        return self._citations.numbers

    def feed(self, piece: str) -> None:
        self._take(self._unmask.feed(self._citations.feed(piece)))

    def finish(self) -> None:
        self._take(self._unmask.feed(self._citations.finish()) + self._unmask.finish())
        if self._sentence and not self._is_silent:
            self._settle(len(self._sentence))

    def _take(self, piece: str) -> None:
        if not self.text:
            piece = piece.lstrip()
        if not piece or not self.is_wanted:
            return
        self.text += piece
        if self._is_silent:
            return
        self._sentence += piece
        while (end := _ENDS.search(self._sentence)) is not None and self._settle(end.end()):
            pass
        if not self._is_silent and self.is_wanted:
            start = _MAY_PROMISE.search(self._sentence)
            self._show(start.start() if start is not None else len(self._sentence))

    def _settle(self, end: int) -> bool:
        """Shows the rest of a whole sentence; False when nothing more is to be shown."""
        if not self._may_show(self._sentence[:end]):
            self._is_silent = True
            return False
        self._show(end)
        self._sentence, self._out = self._sentence[end:], 0
        return self.is_wanted

    def _show(self, until: int) -> None:
        piece = self._sentence[self._out : until]
        if not piece:
            return
        self.is_wanted = self._on_delta(piece)
        if self.is_wanted:
            self.seen += piece
            self._out = until
        else:
            self.text = self.seen
