"""The child process of `read_past`: takes a table on its input, gives back conversations without anything personal."""

import os
import sys

import msgspec

from yingke.kit.limit_process import limit_process
from yingke.knowledge.parse_table import Table
from yingke.knowledge.past.look import look_at
from yingke.knowledge.past.read_past import BATCH, END, FRAME, LOOK, Batch, Ending, Wish
from yingke.knowledge.past.read_rows import PastConversation, RowReader, read_conversations

BATCH_MESSAGES = 1500


def main() -> None:
    """Input: a frame with the wish, then the packed table. Arguments: MB of memory, seconds of CPU."""
    memory_mb, seconds = int(sys.argv[1]), float(sys.argv[2])
    pipe = os.dup(1)
    os.dup2(2, 1)
    limit_process(memory_mb, seconds, memory_mb, seconds)
    with os.fdopen(0, "rb") as source:
        _, length = FRAME.unpack(source.read(FRAME.size))
        wish = msgspec.msgpack.decode(source.read(length), type=Wish)
        table = msgspec.msgpack.decode(source.read(), type=Table)
    if wish.is_look or wish.mapping is None:
        look = look_at(table.columns, table.rows, wish.mapping, wish.time_zone)
        _send(pipe, LOOK, msgspec.msgpack.encode(look))
        return
    reader = RowReader(table.columns, wish.mapping)
    batch: list[PastConversation] = []
    size = 0
    for conversation in read_conversations(reader, table.rows):
        batch.append(conversation)
        size += len(conversation.messages)
        if size >= BATCH_MESSAGES:
            _send(pipe, BATCH, msgspec.msgpack.encode(Batch(reader.share, batch)))
            batch, size = [], 0
    if batch:
        _send(pipe, BATCH, msgspec.msgpack.encode(Batch(reader.share, batch)))
    _send(pipe, END, msgspec.msgpack.encode(Ending(len(table.rows), reader.skipped, reader.problems)))


def _send(pipe: int, kind: bytes, content: bytes) -> None:
    rest = memoryview(FRAME.pack(kind, len(content)) + content)
    while rest:
        rest = rest[os.write(pipe, rest) :]


if __name__ == "__main__":
    main()
