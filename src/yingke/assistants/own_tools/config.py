"""What a merchant says of a tool of his own; stored as JSON, nothing secret in it."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

InputKind = Literal["order_number", "phone", "product", "text", "number", "date", "choice", "customer"]
Method = Literal["GET", "POST"]
OnFailure = Literal["offer", "hand_off"]
MOST_TOOLS = 20
MOST_INPUTS = 5
FEWEST_EXAMPLES, MOST_EXAMPLES = 3, 20
MOST_FIELDS = 12
MOST_HEADERS = 8
MOST_BODY = 20
LONGEST_NAME, LONGEST_ABOUT, LONGEST_EXAMPLE, LONGEST_WORDS = 40, 200, 100, 500
LONGEST_URL, LONGEST_PATH, LONGEST_VALUE = 1000, 200, 200
LEAST_TIMEOUT_MS, MOST_TIMEOUT_MS = 500, 3000


class Said(Struct, frozen=True):
    """A sentence in Chinese; in English for everybody who writes something else, the Chinese one where that is empty."""

    zh: Annotated[str, Meta(max_length=LONGEST_WORDS)] = ""
    en: Annotated[str, Meta(max_length=LONGEST_WORDS)] = ""


class OwnInput(Struct, frozen=True):
    """Something that has to be known before the other system is asked: `{key}` stands for it in the address.

    `shape`, of a text: # a digit, @ a letter, ? either, + behind one of these: one or more; all else stands for itself.
    `choices`: what is sent, letter for letter. A customer is never asked for and never read out of words.
    """

    key: Annotated[str, Meta(max_length=20)]
    kind: InputKind
    ask: Said = Said()
    shape: Annotated[str, Meta(max_length=40)] = ""
    choices: list[Annotated[str, Meta(max_length=40)]] = []


class BodyLine(Struct, frozen=True):
    """One value of the JSON that is posted; dots in `name` lead deeper."""

    name: Annotated[str, Meta(max_length=60)]
    value: Annotated[str, Meta(max_length=LONGEST_VALUE)]


class OwnField(Struct, frozen=True):
    """What is taken out of the answer, by `path`: /data/0/name or data.0.name. `values`: words for codes."""

    name: Annotated[str, Meta(max_length=20)]
    path: Annotated[str, Meta(max_length=LONGEST_PATH)]
    values: dict[str, str] = {}
    if_empty: Annotated[str, Meta(max_length=60)] = ""
    """What is said in its place; where this is empty too, nothing was found."""


class OwnToolConfig(Struct, frozen=True):
    """`shop_ids` None: every shop. `headers`: names alone, their values are sealed. `answer` and `nothing` hold the
    fields and inputs in braces; `nothing` is said for a 404 and where a field is empty."""

    name: Annotated[str, Meta(max_length=LONGEST_NAME)]
    about: Annotated[str, Meta(max_length=LONGEST_ABOUT)]
    examples: Annotated[list[Annotated[str, Meta(max_length=LONGEST_EXAMPLE)]], Meta(max_length=MOST_EXAMPLES)]
    url: Annotated[str, Meta(max_length=LONGEST_URL)]
    answer: Said
    nothing: Said
    fields: Annotated[list[OwnField], Meta(max_length=MOST_FIELDS)] = []
    inputs: Annotated[list[OwnInput], Meta(max_length=MOST_INPUTS)] = []
    method: Method = "GET"
    body: Annotated[list[BodyLine], Meta(max_length=MOST_BODY)] = []
    headers: Annotated[list[Annotated[str, Meta(max_length=60)]], Meta(max_length=MOST_HEADERS)] = []
    timeout_ms: Annotated[int, Meta(ge=LEAST_TIMEOUT_MS, le=MOST_TIMEOUT_MS)] = MOST_TIMEOUT_MS
    shop_ids: list[str] | None = None
    on_failure: OnFailure = "offer"


def read_config(stored: Any) -> OwnToolConfig | None:
    """None for what a later release stored and this one does not understand."""
    try:
        return msgspec.convert(stored, OwnToolConfig)
    except msgspec.ValidationError:
        return None
