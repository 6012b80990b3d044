"""What a tone, or the merchant, adds to an answer now and then."""

from yingke.assistants.skills.pieces.words import ABROAD
from yingke.assistants.skills.pieces.work import Work

ONE_IN = 3


def closing(work: Work) -> str:
    """A line of its own, in one turn of three; empty otherwise, and where nobody wrote one in the customer's language."""
    language = "zh" if work.is_chinese else "en" if work.tag.startswith("en") else ABROAD
    has_one = (work.wordings or {}).get("closing", {}).get(language)
    return f"\n{work.say('closing')}" if has_one and work.turn % ONE_IN == 0 else ""
