"""The five moods, from content to angry, with their names on screens."""

from typing import Final, Literal

Label = Literal["satisfied", "calm", "anxious", "disappointed", "angry"]

MOODS: Final[dict[Label, tuple[str, str]]] = {
    "satisfied": ("满意", "Satisfied"),
    "calm": ("平静", "Calm"),
    "anxious": ("焦虑", "Anxious"),
    "disappointed": ("失望", "Disappointed"),
    "angry": ("愤怒", "Angry"),
}
"""Name in the program → name in Chinese and English."""

LABELS: Final[tuple[Label, ...]] = tuple(MOODS)
"""The order of the classifier's outputs."""

UPSET: Final[frozenset[Label]] = frozenset({"anxious", "disappointed", "angry"})
"""Moods from which a conversation can be recovered."""
