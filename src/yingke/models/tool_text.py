"""Keeps tool calls that a model wrote into its text away from the customer; they are neither shown nor carried out."""

import re

import msgspec

# How the templates of common models spell a call, with what ends it (None: everything after it).
BLOCKS: tuple[tuple[str, str | None], ...] = (
    ("<tool_call>", "</tool_call>"),
    ("<tool_calls>", "</tool_calls>"),
    ("<function_call>", "</function_call>"),
    ("<function_calls>", "</function_calls>"),
    ("<function=", "</function>"),
    ("<invoke ", "</invoke>"),
    ("<minimax:tool_call>", "</minimax:tool_call>"),
    ("<|tool_calls_section_begin|>", "<|tool_calls_section_end|>"),
    ("<|tool_call_begin|>", "<|tool_call_end|>"),
    ("<|tool_call|>", None),
    ("<|python_tag|>", None),
    ("<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>"),
    ("[TOOL_CALLS]", None),
)
ENDS = dict(BLOCKS)
START = re.compile("|".join(re.escape(start) for start, _ in BLOCKS) + r'|(?:```\w{0,10}\s{0,4})?\[?\s{0,4}\{\s{0,8}"')
MAY_START = re.compile(r"(?:`{1,2}|```\w{0,10}\s{0,4})?\[?\s{0,4}(?:\{\s{0,8})?")
LONGEST_START = 40
LONGEST_BLOCK = 8_000
NAMES = frozenset(("name", "tool", "tool_name", "function", "action"))
INPUTS = frozenset(("arguments", "parameters", "args", "tool_input", "action_input", "input"))


class ToolText:
    """Feed text split anywhere; get what a customer may read."""

    def __init__(self) -> None:
        self._held = ""
        self.has_hidden = False

    def feed(self, piece: str) -> str:
        """The visible part; holds back what may be the beginning of a call, and a call until its end."""
        if not self._held and not any(sign in piece for sign in "<[{`"):
            return piece
        self._held += piece
        shown = ""
        while (found := START.search(self._held)) is not None:
            shown += self._held[: found.start()]
            self._held = self._held[found.start() :]
            end = self._end_of(found[0])
            if end is None:
                return shown
            shown += self._held[:end] if not self._is_hidden(found[0], end) else ""
            self._held = self._held[end:]
        keep = _tail_that_may_start(self._held)
        shown, self._held = shown + self._held[: len(self._held) - keep], self._held[len(self._held) - keep :]
        return shown

    def finish(self) -> str:
        """What was held back and is none; an unfinished call is not shown either."""
        held, self._held = self._held, ""
        if START.match(held):
            self.has_hidden = True
            return ""
        return held

    def _end_of(self, start: str) -> int | None:
        """Where the block at the beginning of what is held ends; None while it goes on."""
        if len(self._held) > LONGEST_BLOCK:
            return len(self._held)
        if start in ENDS:
            closing = ENDS[start]
            at = self._held.find(closing) if closing is not None else -1
            return at + len(closing) if closing is not None and at >= 0 else None
        return _json_end(self._held)

    def _is_hidden(self, start: str, end: int) -> bool:
        is_call = start in ENDS or end > LONGEST_BLOCK or _is_call(self._held[:end])
        self.has_hidden = self.has_hidden or is_call
        return is_call


def _json_end(text: str) -> int | None:
    """Behind the bracket that closes the first one, and a fence of code after it."""
    depth, in_string, is_escaped = 0, False, False
    for at, sign in enumerate(text):
        if in_string:
            if is_escaped:
                is_escaped = False
            elif sign == "\\":
                is_escaped = True
            elif sign == '"':
                in_string = False
        elif sign == '"':
            in_string = True
        elif sign in "{[":
            depth += 1
        elif sign in "}]":
            depth -= 1
            if depth == 0:
                return at + 1 + _fence_after(text, at + 1) if _is_settled(text, at + 1) else None
    return None


def _is_settled(text: str, end: int) -> bool:
    """A block of code is closed by a fence that may still be on its way."""
    return not text.startswith("```") or re.fullmatch(r"\s{0,4}`{0,2}", text[end:]) is None


def _fence_after(text: str, end: int) -> int:
    fence = re.match(r"\s{0,4}```", text[end:]) if text.startswith("```") else None
    return fence.end() if fence is not None else 0


def _is_call(block: str) -> bool:
    bare = re.sub(r"^```\w*\s*|\s*```$", "", block)
    try:
        found = msgspec.json.decode(bare)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return '"name"' in bare or '"arguments"' in bare
    items = found if isinstance(found, list) else [found]
    return any(isinstance(item, dict) and NAMES & item.keys() and INPUTS & item.keys() for item in items) or any(
        isinstance(item, dict) and "tool_calls" in item for item in items
    )


def _tail_that_may_start(text: str) -> int:
    """How many last characters may still grow into the beginning of a call."""
    for length in range(min(LONGEST_START, len(text)), 0, -1):
        tail = text[-length:]
        if tail[0] in "<[{`" and (MAY_START.fullmatch(tail) or any(start.startswith(tail) for start, _ in BLOCKS)):
            return length
    return 0
