"""Names the program that cuts and reads passages, so that what an older one prepared is not taken for its own."""

import hashlib
from functools import cache
from importlib.resources import files

_SOURCES = (
    "concepts.py", "concepts.toml", "entry.py", "fold.py", "index.py", "names.py", "postings.py", "ranges.py", "reading.py",
    "terms.py",
)  # fmt: skip


@cache
def recipe() -> str:
    """16 characters that change with every file that decides how a passage is cut, read or weighed."""
    digest = hashlib.blake2b(digest_size=8)
    for name in _SOURCES:
        digest.update(files("yingke.knowledge").joinpath(name).read_bytes())
    return digest.hexdigest()
