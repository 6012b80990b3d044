"""The child process of `read_file`: takes a table on its input, gives back products or orders, or a look at them."""

import os
import sys

import msgspec

from yingke.commerce.imports.look import look_at
from yingke.commerce.imports.read_file import BATCH, END, FRAME, LOOK, Batch, Ending, Wish
from yingke.commerce.imports.read_table_rows import read_table_rows
from yingke.commerce.imports.row_reader import RowReader
from yingke.commerce.imports.tables import Table
from yingke.kit.limit_process import limit_process

BATCH_RECORDS = 200


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
        look = look_at(table.columns, table.rows, wish.mapping, wish.kind, wish.time_zone)
        _send(pipe, LOOK, msgspec.msgpack.encode(look))
        return
    reader = RowReader(table.columns, wish.mapping)
    records = list(read_table_rows(reader, table.rows))
    for start in range(0, len(records), BATCH_RECORDS):
        batch = records[start : start + BATCH_RECORDS]
        _send(pipe, BATCH, msgspec.msgpack.encode(Batch(start, len(records), batch)))
    _send(pipe, END, msgspec.msgpack.encode(Ending(len(table.rows), len(records), reader.skipped, reader.problems)))


def _send(pipe: int, kind: bytes, content: bytes) -> None:
    rest = memoryview(FRAME.pack(kind, len(content)) + content)
    while rest:
        rest = rest[os.write(pipe, rest) :]


if __name__ == "__main__":
    main()
