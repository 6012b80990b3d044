"""Names the program that cuts and reads passages, so that what an older one prepared is not taken for its own."""

import hashlib
from functools import cache
from importlib.resources import files

_SOURCES = (
    "concepts.py", "concepts.toml", "entry.py", "fold.py", "index.py", "names.py", "postings.py", "ranges.py", "reading.py",
    "terms.py",
)  # fmt: skip
_FOLDER = "ranking"


@cache
def recipe() -> str:
    """16 characters that change with every file that decides how a passage is cut, read or weighed."""
    room = files("yingke.knowledge")
    sources = [room.joinpath(name) for name in _SOURCES]
    folder = room.joinpath(_FOLDER)
    if folder.is_dir():
        sources += sorted((one for one in folder.iterdir() if one.is_file()), key=lambda one: one.name)
    digest = hashlib.blake2b(digest_size=8)
    for source in sources:
        digest.update(source.read_bytes())
    return digest.hexdigest()
