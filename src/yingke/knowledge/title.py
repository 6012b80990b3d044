"""How customers see a document's name."""

import re

_EXTENSION = re.compile(r"\.(?:docx?|pdf|xlsx?|xlsm|ods|csv|tsv|md|markdown|txt|text|log|html?|xhtml)$", re.IGNORECASE)


def show_title(name: str) -> str:
    """The file name without its extension."""
    return _EXTENSION.sub("", name) or name
