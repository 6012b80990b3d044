"""Two to four products side by side: by name, or those spoken of."""

import re

from yingke.assistants.skills.pieces.focus import speak_of
from yingke.assistants.skills.pieces.pre_words import PAIR, THOSE
from yingke.assistants.skills.pieces.product_words import as_called, compare_rows
from yingke.assistants.skills.pieces.work import Served, Work
from yingke.commerce.finding.need import names_a_thing

MOST = 4
_ID = "id:"
_BETWEEN = re.compile(r"[、，,;；/\s]|还有|以及|和|跟|与|还是|对比|\bvs\.?\b|\band\b|\bor\b", re.IGNORECASE)


def names_of(work: Work, text: str) -> list[str]:
    """What is to be compared, as it was said; products spoken of before stand as `id:<id>`."""
    parts = [part.strip() for part in _BETWEEN.split(text) if part.strip()]
    named = [part[:40] for part in parts if names_a_thing(part)]
    if len(named) > 2 or (len(named) == 2 and not PAIR.search(text)):
        return named[:MOST]
    if pair := PAIR.search(text):
        both = [pair[1].strip(), pair[2].strip()]
        if named or not THOSE.search(text):
            return both
    if THOSE.search(text) and len(work.talk.product_ids) > 1:
        count = 3 if re.search(r"三|几|些|\bthese\b|\bthose\b|\bthem\b", text) else 2
        return [f"{_ID}{one}" for one in work.talk.product_ids[:count]]
    return named


async def compare_names(work: Work, names: list[str]) -> Served:
    """The knowledge answers where fewer than two are products of the shop."""
    given = {"product_ids": [one.removeprefix(_ID) for one in names]} if names[0].startswith(_ID) else {"names": names}
    compared = await work.belt.run("compare_products", given)
    if compared.problem is not None or len(compared.data["products"]) < 2:
        return Served(None)
    ids = [one["id"] for one in compared.data["products"]]
    speak_of(work, ids)
    said = [work.say("compare", rows="\n".join(compare_rows(compared.data, work)))]
    said += [work.say("not_compared", words=as_called(missing, work)) for missing in compared.data["not_found"]]
    return Served("\n".join(said))
