"""Shows an answer while it arrives, a few characters late, so that nothing is seen that may not be said."""

import re
from collections.abc import Callable

from yingke.assistants.guarding.clean_output import clean_output, open_from
from yingke.assistants.guarding.leaks import leak_from, leaks_rules
from yingke.assistants.guarding.planted import planted_from, without_planted
from yingke.conversations.guarding.check_words import Checked

Show = Callable[[str], bool]
BEHIND = 120
"""So much of what came before is looked at again for a leak; longer than any stretch that makes one."""
_SENTENCE_END = re.compile(r"[。！？!?\n]|\.(?=\s)")


class StreamGuard:
    """One streamed answer. `check` and `unsure_from` as of the workspace's word guard; pure but for `show`.

    Words and their context never go over the end of a sentence, so only the sentence under way is looked at again.
    """

    def __init__(self, show: Show, check: Callable[[str], Checked], unsure_from: Callable[[str], int]) -> None:
        self._show = show
        self._check = check
        self._unsure_from = unsure_from
        self._behind = ""
        self._text = ""
        self._shown = ""
        self.is_blocked = False

    def feed(self, piece: str) -> bool:
        """Takes what the engine says; False when it should say no more. The rest is decided on the whole answer."""
        if self.is_blocked:
            return False
        self._text += piece
        self._behind = (self._behind + piece)[-BEHIND - len(piece) :]
        checked = self._check(self._text)
        if checked.level == "block" or leaks_rules(self._behind):
            self.is_blocked = True
            return False
        cut = min(self._unsure_from(self._text), open_from(self._text), self._leak_from(), planted_from(self._text))
        split = [one["start"] for one in checked.found if 0 <= one["start"] < cut < one["end"]]
        # What is cut off here may leave a link or a mark half said before it.
        return self._say(open_from(self._text[: min(split, default=cut)]))

    def _leak_from(self) -> int:
        return max(0, len(self._text) - len(self._behind) + leak_from(self._behind))

    def _settled(self, text: str) -> str:
        checked = self._check(text)
        return without_planted(clean_output(checked.text if checked.level == "rewrite" and checked.text else text))

    def _say(self, cut: int) -> bool:
        """Only ever adds to what was shown; what would change it waits for the whole answer."""
        text = self._settled(self._text[:cut])
        if text.startswith(self._shown) and len(text) > len(self._shown):
            if not self._show(text[len(self._shown) :]):
                return False
            self._shown = text
        ends = [match.end() for match in _SENTENCE_END.finditer(self._text, 0, cut)]
        if ends and text == self._shown:
            begun = self._settled(self._text[: ends[-1]])
            if text.startswith(begun):
                self._shown = text[len(begun) :]
                self._text = self._text[ends[-1] :]
        return True
