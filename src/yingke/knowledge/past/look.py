"""Shows how a table would be read, before anything is read: for the screen on which a person confirms it."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from yingke.kit.erase import erase
from yingke.knowledge.past.guess import SAMPLE, guess_mapping
from yingke.knowledge.past.mapping import PastMapping, Sender
from yingke.knowledge.past.read_rows import RowReader, clean
from yingke.knowledge.past.transcript import cut_transcript

PREVIEW_ROWS = 20
MOST_VALUES = 40
_LONGEST_CELL = 60


class ColumnLook(Struct):
    """`example` is masked."""

    name: str
    example: str


class SenderValue(Struct):
    """A value of the sender column, or a speaker's name in the transcripts, among the first rows."""

    value: str
    times: int


class ReadMessage(Struct):
    """`text` is masked; times in UTC."""

    sender: Sender
    text: str
    sent_at: datetime | None


class ReadRow(Struct):
    """One row as it will be read: its conversation (numbered in order of appearance), or why it is left out."""

    row: int
    conversation: int | None
    agent: str
    messages: list[ReadMessage]
    problem: str | None


class PastLook(Struct):
    columns: list[ColumnLook]
    rows_total: int
    guess: PastMapping
    used: PastMapping
    senders: list[SenderValue]
    rows: list[ReadRow]


def look_at(
    columns: Sequence[str], rows: Sequence[Sequence[str]], mapping: PastMapping | None, time_zone: str
) -> PastLook:
    """The first rows as `mapping` reads them, or as the guess does. Columns that are not there are left out of it."""
    guess = guess_mapping(columns, rows, time_zone)
    used = mapping or guess
    used.columns = {meaning: name for meaning, name in used.columns.items() if name in columns}
    return PastLook(
        columns=[
            ColumnLook(name, "〔昵称〕" if name == used.columns.get("customer") else _example(at, rows))
            for at, name in enumerate(columns)
        ],
        rows_total=len(rows),
        guess=guess,
        used=used,
        senders=_senders(columns, rows, used),
        rows=_preview(columns, rows, used) if "text" in used.columns else [],
    )


def _example(at: int, rows: Sequence[Sequence[str]]) -> str:
    first = next((row[at].strip() for row in rows[:SAMPLE] if row[at].strip()), "")
    return erase(clean(first))[0].replace("\n", " ")[:_LONGEST_CELL]


def _senders(columns: Sequence[str], rows: Sequence[Sequence[str]], used: PastMapping) -> list[SenderValue]:
    names: Counter[str] = Counter()
    if used.shape == "transcripts" and "text" in used.columns:
        at = list(columns).index(used.columns["text"])
        names.update(line.speaker for row in rows[:300] for line in cut_transcript(row[at]))
    elif "sender" in used.columns:
        at = list(columns).index(used.columns["sender"])
        names.update(row[at].strip() for row in rows[:SAMPLE] if row[at].strip())
    return [SenderValue(clean(name)[:80], times) for name, times in names.most_common(MOST_VALUES)]


def _preview(columns: Sequence[str], rows: Sequence[Sequence[str]], used: PastMapping) -> list[ReadRow]:
    reader = RowReader(columns, used)
    numbers: dict[str, int] = {}
    shown = []
    for number, row in enumerate(rows[:PREVIEW_ROWS], start=1):
        said = reader.read_row(number, row)
        names = tuple({one.customer for one in said if len(one.customer) >= 2})
        shown.append(
            ReadRow(
                row=number,
                conversation=numbers.setdefault(said[0].key, len(numbers) + 1) if said else None,
                agent=erase(next((one.agent for one in said if one.agent), ""), names)[0][:80],
                messages=[ReadMessage(one.sender, erase(clean(one.text), names)[0][:400], one.at) for one in said[:12]],
                problem=reader.problems[-1].code if not said else None,
            )
        )
    return shown
