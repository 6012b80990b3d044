"""The things that a table speaks of, whatever kind of file it is."""

from collections.abc import Iterator, Sequence

from yingke.commerce.imports.inputs import Record
from yingke.commerce.imports.read_orders import read_orders
from yingke.commerce.imports.read_products import read_products, read_stock
from yingke.commerce.imports.row_reader import RowReader


def read_table_rows(reader: RowReader, rows: Sequence[Sequence[str]]) -> Iterator[Record]:
    """In the order of their first rows; what cannot be read is in the reader's problems when all are taken."""
    if reader.mapping.kind == "products":
        return read_products(reader, rows)
    return read_stock(reader, rows) if reader.mapping.kind == "stock" else read_orders(reader, rows)
