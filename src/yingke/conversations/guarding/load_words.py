"""The word guard of a workspace, compiled once a version and kept by it."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import structlog

from yingke.conversations.guarding.contact_policy import DEFAULTS, MayAsk
from yingke.conversations.guarding.heard.claims_of import LONGEST, Heard, Vector, claims_of, pieces_of
from yingke.conversations.guarding.pack_file import packs
from yingke.conversations.guarding.word import Word, context_of, parts_of
from yingke.conversations.guarding.word_guard import WordGuard
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import Problem
from yingke.kit.look_once import LookOnce

KEEP_SECONDS = 5.0
MOST_WORKSPACES = 2_000
Encode = Callable[[Sequence[str]], Awaitable[Vector]]
"""A row for each text, of its folded form. Raises a Problem while the encoder is away."""
LONGEST_WAIT = 1.0
"""Seconds; whoever speaks does not wait for a busy encoder."""
log = structlog.get_logger("word_guards")


@dataclass(frozen=True, slots=True)
class Guarding:
    """Everything that speaking in a workspace is measured by."""

    words: WordGuard
    policies: dict[str, MayAsk]
    dangers: dict[str, dict[str, Any]]
    """Topic → {sentences, hint}, only what the workspace words otherwise."""
    kinds: dict[str, Word] = field(default_factory=dict)
    """What counts of the kinds of claims that are heard, by kind."""

    def may_ask(self, channel: str) -> MayAsk:
        return self.policies.get(channel) or DEFAULTS.get(channel, "card")


class WordGuards:
    """One per process. Workspaces that changed nothing share one compiled guard."""

    def __init__(self, db: Database, encode: Encode | None = None) -> None:
        self._db = db
        self._encode = encode
        self._kept: OrderedDict[int, tuple[float, Guarding]] = OrderedDict()
        self._once: LookOnce[int, Guarding] = LookOnce()

    async def of(self, workspace_id: int) -> Guarding:
        """At most five seconds old; never a query a message."""
        kept = self._kept.get(workspace_id)
        if kept is not None and time.monotonic() < kept[0]:
            return kept[1]
        return await self._once.of(workspace_id, lambda: self._look(workspace_id))

    async def hear(self, *texts: str) -> Heard:
        """What the texts claim or promise in words of their own. To be asked before a transaction, never in one.

        Nothing while the encoder is away or busy: the words of the packs count without it.
        """
        pieces = list(dict.fromkeys(piece for text in texts for piece in pieces_of(text)))
        if self._encode is None or not pieces:
            return ()
        try:
            async with asyncio.timeout(LONGEST_WAIT):
                return claims_of(pieces, list(await self._encode([one[:LONGEST] for one in pieces])))
        except (Problem, TimeoutError) as problem:
            log.warning("not heard", why=type(problem).__name__)
            return ()

    async def _look(self, workspace_id: int) -> Guarding:
        async with self._db.transaction(workspace_id) as tx:
            return await self.now(tx, workspace_id)

    async def now(self, tx: Transaction, workspace_id: int) -> Guarding:
        """As of this transaction: for people, who expect that what they just changed counts."""
        version = await read_version(tx, workspace_id)
        kept = self._kept.get(workspace_id)
        guarding = kept[1] if kept is not None and kept[1].words.version == version else None
        if guarding is None:
            guarding = await load_words(tx, workspace_id, version)
        self._kept[workspace_id] = (time.monotonic() + KEEP_SECONDS, guarding)
        self._kept.move_to_end(workspace_id)
        if len(self._kept) > MOST_WORKSPACES:
            self._kept.popitem(last=False)
        return guarding


async def read_version(tx: Transaction, workspace_id: int) -> int:
    """0 for a workspace that has changed nothing so far."""
    return int(await tx.fetchval("select version from guard_versions where workspace_id = $1", workspace_id) or 0)


async def raise_version(tx: Transaction, workspace_id: int) -> int:
    """To be called with every change of what may be said; saved replies are then looked at again."""
    return int(
        await tx.fetchval(
            "insert into guard_versions (workspace_id) values ($1) on conflict (workspace_id)"
            " do update set version = guard_versions.version + 1, updated_at = now() returning version",
            workspace_id,
        )
    )


async def load_words(tx: Transaction, workspace_id: int, version: int) -> Guarding:
    """Reads what the workspace chose and compiles it, off the event loop."""
    if version == 0:
        return await _untouched()
    chosen = {
        row["pack"]: row for row in await tx.fetch("select * from guard_packs where workspace_id = $1", workspace_id)
    }
    switches = {
        row["entry"]: row["level"]
        for row in await tx.fetch("select entry, level from guard_switches where workspace_id = $1", workspace_id)
    }
    own = await tx.fetch("select * from guard_words where workspace_id = $1 and is_on order by id", workspace_id)
    policies = await tx.fetch("select channel, may_ask from contact_policies where workspace_id = $1", workspace_id)
    dangers = await tx.fetch(
        "select topic, sentences, hint from danger_sentences where workspace_id = $1", workspace_id
    )
    from_packs = list(_pack_words(chosen, switches))
    words = [*from_packs, *(word for row in own if (word := own_word(row)))]
    return Guarding(
        await asyncio.to_thread(WordGuard.of, words, version),
        {row["channel"]: row["may_ask"] for row in policies},
        {row["topic"]: {"sentences": row["sentences"], "hint": row["hint"]} for row in dangers},
        _kinds(from_packs),
    )


_plain: list[Guarding] = []


async def _untouched() -> Guarding:
    if not _plain:
        from_packs = list(_pack_words({}, {}))
        words = await asyncio.to_thread(WordGuard.of, from_packs)
        _plain.append(Guarding(words, {}, {}, _kinds(from_packs)))
    return _plain[0]


def _kinds(words: Iterable[Word]) -> dict[str, Word]:
    return {word.entry.partition("/")[2]: word for word in words if not word.parts}


def _pack_words(chosen: dict[str, Any], switches: dict[str, str]) -> Iterable[Word]:
    for pack in packs().values():
        choice = chosen.get(pack.key)
        if not (pack.is_on if choice is None else choice["is_on"]):
            continue
        shops = frozenset(choice["shop_ids"]) if choice is not None else frozenset()
        for word in pack.words:
            level = switches.get(word.entry, word.level)
            if level != "off":
                yield replace(word, level=level, shops=shops)  # type: ignore[arg-type]


def own_word(row: Any) -> Word | None:
    """A row of guard_words as it is looked for; None for one that cannot be."""
    parts = parts_of(row["words"])
    if not parts:
        return None
    return Word(
        entry=f"own/{row['id']}",
        words=row["words"],
        parts=parts,
        level=row["level"],
        proposal=row["proposal"],
        unless=tuple(context for one in row["unless"] if (context := context_of(one))),
        reason_zh=row["reason"],
        reason_en=row["reason"],
        source="",
        shops=frozenset(row["shop_ids"]),
    )
