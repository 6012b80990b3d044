"""The merchant's own words: added, changed, dropped, brought in and taken out as a table."""

import csv
import io
from dataclasses import dataclass, field

import asyncpg

from yingke.conversations.guarding.load_words import raise_version
from yingke.conversations.guarding.word import LONGEST, Level, context_of, parts_of
from yingke.kit.db import Transaction
from yingke.kit.errors import Problem, bad_input, not_found
from yingke.kit.text import clean_line

MOST_WORDS = 2_000
MOST_WILD = 200
COLUMNS = ("words", "level", "proposal", "unless", "reason", "is_on")
_LEVELS: dict[str, Level] = {
    "拦": "block", "改": "rewrite", "提醒": "warn", "": "warn", "block": "block", "rewrite": "rewrite", "warn": "warn",
}  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class OwnWord:
    words: str
    level: Level = "warn"
    proposal: str = ""
    unless: list[str] = field(default_factory=list)
    reason: str = ""
    shop_ids: list[int] = field(default_factory=list)
    is_on: bool = True


def checked(word: OwnWord) -> OwnWord:
    """Raises 400 naming the field that is wrong."""
    words = clean_line(word.words, LONGEST, field="words", min_chars=1)
    if not parts_of(words):
        raise bad_input({"words": "至少两个字；* 前面至少要有两个字 / at least two characters, and two before a *"})
    if word.level not in ("warn", "rewrite", "block"):
        raise bad_input({"level": "block、rewrite 或 warn / block, rewrite or warn"})
    unless = [clean_line(one, LONGEST, field="unless") for one in word.unless[:20] if one.strip()]
    if any(context_of(one) is None for one in unless):
        raise bad_input({"unless": "用 ~ 代表这个词，例如「~的地方」/ write ~ for the word, as in “~ of the day”"})
    proposal = clean_line(word.proposal, 80, field="proposal")
    if proposal and words in proposal:
        raise bad_input({"proposal": "建议里不能再含有这个词 / the proposal must not hold the word itself"})
    reason = clean_line(word.reason, 200, field="reason")
    return OwnWord(words, word.level, proposal, unless, reason, sorted(set(word.shop_ids))[:200], word.is_on)


async def list_own_words(tx: Transaction, workspace_id: int) -> list[asyncpg.Record]:
    return list(await tx.fetch("select * from guard_words where workspace_id = $1 order by id desc", workspace_id))


async def add_word(tx: Transaction, workspace_id: int, word: OwnWord) -> asyncpg.Record:
    """A word that is there already is replaced. Raises 400 for one that cannot be looked for, 409 beyond 2,000."""
    one = checked(word)
    await raise_version(tx, workspace_id)
    row = await tx.fetchrow(
        "insert into guard_words (workspace_id, words, level, proposal, unless, reason, shop_ids, is_on)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (workspace_id, words) do update set level = excluded.level,"
        " proposal = excluded.proposal, unless = excluded.unless, reason = excluded.reason,"
        " shop_ids = excluded.shop_ids, is_on = excluded.is_on, updated_at = now() returning *",
        workspace_id,
        one.words,
        one.level,
        one.proposal,
        one.unless,
        one.reason,
        one.shop_ids,
        one.is_on,
    )
    await _check_number(tx, workspace_id)
    assert row is not None
    return row


async def change_word(tx: Transaction, workspace_id: int, word_id: int, word: OwnWord) -> asyncpg.Record:
    """Replaces all of it. Raises 404; 400 when another row has these words."""
    one = checked(word)
    await raise_version(tx, workspace_id)
    try:
        row = await tx.fetchrow(
            "update guard_words set words = $3, level = $4, proposal = $5, unless = $6, reason = $7, shop_ids = $8,"
            " is_on = $9, updated_at = now() where workspace_id = $1 and id = $2 returning *",
            workspace_id,
            word_id,
            one.words,
            one.level,
            one.proposal,
            one.unless,
            one.reason,
            one.shop_ids,
            one.is_on,
        )
    except asyncpg.UniqueViolationError as error:
        raise bad_input({"words": "这个词已经在表里 / these words are in the list already"}) from error
    if row is None:
        raise not_found()
    await _check_number(tx, workspace_id)
    return row


async def drop_word(tx: Transaction, workspace_id: int, word_id: int) -> asyncpg.Record:
    row = await tx.fetchrow(
        "delete from guard_words where workspace_id = $1 and id = $2 returning *", workspace_id, word_id
    )
    if row is None:
        raise not_found()
    await raise_version(tx, workspace_id)
    return row


async def _check_number(tx: Transaction, workspace_id: int) -> None:
    row = await tx.fetchrow(
        "select count(*) as words, count(*) filter (where words like '%*%') as wild from guard_words"
        " where workspace_id = $1",
        workspace_id,
    )
    assert row is not None
    if row["words"] > MOST_WORDS or row["wild"] > MOST_WILD:
        raise bad_input(
            {
                "words": f"最多 {MOST_WORDS} 个词，其中带 * 的最多 {MOST_WILD} 个 / at most {MOST_WORDS}, {MOST_WILD} with *"
            }
        )


def write_table(rows: list[asyncpg.Record]) -> str:
    """CSV with a byte-order mark, which is what spreadsheet programs need to read Chinese; formulas are quoted."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in rows:
        cells = (row["words"], row["level"], row["proposal"], "|".join(row["unless"]), row["reason"])
        writer.writerow([*(_quoted(cell) for cell in cells), "1" if row["is_on"] else "0"])
    return "\ufeff" + out.getvalue()


def read_table(text: str) -> list[OwnWord]:
    """Raises 400 naming the first line that cannot be used; then nothing of the table is."""
    lines = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    if lines and lines[0] and lines[0][0].strip().lower() in ("words", "词"):
        lines = lines[1:]
    words = []
    for number, line in enumerate(lines, 1):
        cells = [_unquoted(cell) for cell in line] + [""] * len(COLUMNS)
        if not cells[0].strip():
            continue
        level = _LEVELS.get(cells[1].strip())
        if level is None:
            raise bad_input(
                {"table": f"第 {number} 行 / line {number}: block、rewrite 或 warn / block, rewrite or warn"}
            )
        is_on = cells[5].strip() not in ("0", "否")
        made = OwnWord(cells[0], level, cells[2], cells[3].split("|"), cells[4], [], is_on)
        try:
            words.append(checked(made))
        except Problem as error:
            reason = next(iter(error.fields.values()), "?")
            raise bad_input({"table": f"第 {number} 行 / line {number}: {reason}"}) from error
        if len(words) > MOST_WORDS:
            raise bad_input({"table": f"最多 {MOST_WORDS} 行 / at most {MOST_WORDS} lines"})
    return words


def _quoted(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _unquoted(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
