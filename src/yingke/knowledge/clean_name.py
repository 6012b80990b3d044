"""Makes the name of a file from outside harmless."""

import re

from yingke.kit.text import clean_text

LONGEST_NAME = 200
# Path signs, control characters, and marks that turn the reading direction and so hide an extension.
_UNWANTED = re.compile(r"[/\\\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def clean_name(text: str) -> str:
    """A name that can be shown and saved anywhere; the extension survives shortening. Raises 400."""
    name = _UNWANTED.sub("", clean_text(text, 1000, field="file")).strip().strip(".") or "file"
    stem, dot, extension = name.rpartition(".")
    if len(name) <= LONGEST_NAME:
        return name
    return f"{stem[: LONGEST_NAME - 12]}.{extension[:11]}" if dot else name[:LONGEST_NAME]
