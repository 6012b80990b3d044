"""「小一码的呢」: a size told by the one that was spoken of last."""

from dataclasses import replace
from typing import Any

from yingke.assistants.skills.pieces.product_words import SIZES, size_in
from yingke.assistants.skills.pieces.work import Request, Work
from yingke.commerce.words.number_of import number_of
from yingke.kit.expression import expression

_STEP = expression(
    r"(?:再|要|换|想要|来)*(?P<way>大|小)(?:(?P<n>[一两二1-2])(?:个|到)?|个|点的?)(?:码|号)(?:的|一?点)?|(?:再|往)(?P<up>大|小)(?:点|些)?的?(?:码|号)"
)
_MENDED = "size steps"


def in_letters(work: Work, request: Request) -> Request:
    """`request` with 「小一码」 said as the size that is meant; the same where nothing is said of that kind."""
    size = size_in(work.talk.variant)
    if size not in SIZES or (match := _STEP.search(request.text)) is None:
        return request
    kept: dict[Request, Request] = work.read.setdefault(_MENDED, {})
    if request not in kept:
        steps = int(number_of(match["n"] or "") or 1)
        place = SIZES.index(size) + (steps if (match["way"] or match["up"]) == "大" else -steps)
        if not 0 <= place < len(SIZES):
            return request
        told: dict[str, Any] = {
            name: _STEP.sub(f"{SIZES[place]}码", getattr(request, name)) for name in ("text", "search")
        }
        kept[request] = replace(request, **told)
    return kept[request]
