"""Why a row of a file was left out."""

from typing import Literal

from msgspec import Struct

ProblemCode = Literal[
    "no_number", "number_cut", "no_title", "no_code", "no_price", "no_tracking", "no_value", "no_amount", "bad_amount", "bad_quantity",
    "bad_time", "mixed_currency", "too_many", "same_thing", "unknown_sku", "unclear_sku", "unknown_order", "from_connection",
]  # fmt: skip
MOST_PROBLEMS = 500


class RowProblem(Struct):
    """`row` counts from 1 below the header. `value` is the cell that could not be read, where it is no person's."""

    row: int
    code: ProblemCode
    value: str = ""
