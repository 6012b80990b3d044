"""Puts tool calls together from their pieces, however careless the provider is with them.

Seen in the wild: no index (Gemini, older Ollama), index 0 for every parallel call (Ollama), whole arguments in one piece
(GLM, Ollama, Gemini), arguments as an object instead of text, a new id in each piece (LM Studio), empty or repeated
names, the whole arguments once more at the end, JSON cut by the token limit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from yingke.models.chat_chunk import CallPart
from yingke.models.contract import ModelBroken, ToolCall

LONGEST_ARGUMENTS = 60_000


@dataclass(slots=True)
class _Slot:
    index: int | None
    id: str = ""
    name: str = ""
    arguments: str = ""
    extra: dict[str, Any] | None = None


class ToolPieces:
    """Feed the pieces of one answer; take the whole calls at its end."""

    def __init__(self) -> None:
        self._slots: list[_Slot] = []

    @property
    def are_any(self) -> bool:
        return bool(self._slots)

    def feed(self, parts: Sequence[CallPart]) -> None:
        """Raises ModelBroken for arguments without end."""
        for part in parts:
            slot = self._slot_of(part)
            function = part.function
            slot.id = slot.id or part.id or ""
            slot.extra = part.extra_content or slot.extra
            if function is None:
                continue
            if function.name and function.name != slot.name and not slot.arguments:
                slot.name += function.name
            self._add(slot, function.arguments)

    def whole(self) -> tuple[ToolCall, ...]:
        """The calls in the order in which they began. Raises ModelBroken for one without a name."""
        calls = []
        for number, slot in enumerate(self._slots, 1):
            if not slot.name:
                raise ModelBroken("tool_without_name")
            calls.append(ToolCall(slot.id or f"call_{number}", slot.name, slot.arguments or "{}", slot.extra))
        return tuple(calls)

    def _slot_of(self, part: CallPart) -> _Slot:
        name = part.function.name if part.function is not None else None
        if part.index is not None:
            found = next((slot for slot in reversed(self._slots) if slot.index == part.index), None)
        elif part.id:
            found = next((slot for slot in self._slots if slot.id == part.id), None)
            found = found or (None if name or not self._slots else self._slots[-1])
        else:
            found = self._slots[-1] if self._slots and not name else None
        if found is None or _begins_anew(found, part, name):
            found = _Slot(part.index)
            self._slots.append(found)
        return found

    def _add(self, slot: _Slot, piece: str | dict[str, Any] | None) -> None:
        if isinstance(piece, dict):
            slot.arguments = msgspec.json.encode(piece).decode()
        elif piece and not (piece == slot.arguments and piece.startswith("{") and piece.endswith("}")):
            slot.arguments += piece
        if len(slot.arguments) > LONGEST_ARGUMENTS:
            raise ModelBroken("tool_too_long")


def _begins_anew(slot: _Slot, part: CallPart, name: str | None) -> bool:
    """The same index, but another call: it has an id and a name of its own after arguments had come."""
    return bool(part.id and name and slot.id and part.id != slot.id and slot.arguments)
