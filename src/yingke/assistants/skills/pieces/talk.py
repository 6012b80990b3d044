"""What the assistants remember of a conversation from one turn to the next; stored with the answer, small as JSON."""

from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Literal, Self

Asked = Literal[
    "order_number", "phone_tail", "which_order", "which_item", "confirm", "address", "invoice", "tax_number", "email",
    "which_request", "complaint_what", "complaint_wish", "product", "contact", "body", "own_input",
]  # fmt: skip


@dataclass(slots=True)
class Pending:
    """A change that the customer asked for and has not confirmed yet."""

    kind: str
    order_id: str = ""
    order_number: str = ""
    items: list[dict[str, int]] = field(default_factory=list)
    """[{line, quantity}]; empty = the whole order."""
    details: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    choices: list[str] = field(default_factory=list)
    """Articles of the order, while it is asked which one is meant."""
    owner: str = ""
    """The skill that goes on with it."""
    since: int = 0
    """The turn that asked for the yes: however often that yes is answered, the change is asked for once."""


@dataclass(slots=True)
class Talk:
    """`skill` spoke last; `asked` is what it wants to hear next. Ids are strings as everywhere outside."""

    skill: str = ""
    asked: Asked | None = None
    times_asked: int = 0
    order_number: str = ""
    """The order that was named, opened or not."""
    order_ids: list[str] = field(default_factory=list)
    """Orders offered as a choice, in the order shown."""
    order_titles: list[list[str]] = field(default_factory=list)
    """What is in each of them."""
    wish: str = ""
    """What is wanted of the order once it is open: track, state, return …"""
    product_ids: list[str] = field(default_factory=list)
    """Products spoken of last, the nearest first."""
    in_focus: int = 1
    """How many of them the last words were about: 「重不重」 after two tents means both."""
    pending: Pending | None = None
    need: str = ""
    """What products were looked for last, as searched."""
    seen: list[str] = field(default_factory=list)
    """Products shown for it, the newest last."""
    basket: list[dict[str, Any]] = field(default_factory=list)
    """What was priced last: {p: product, v: variant, q: quantity, t: title}."""
    about: str = ""
    """What the last answer told of goods or offers (stock, offers), for the few words that go on with it."""
    region: str = ""
    """Where it is to be sent, as the shop's rules name it."""
    variant: str = ""
    """The size or colour spoken of last."""
    first_minor: int = 0
    """The price of the one that was shown first."""
    contact: dict[str, Any] = field(default_factory=dict)
    """Of taking contact details: why and what was asked, what was refused or given, whether that is over."""
    request_ids: list[str] = field(default_factory=list)
    """Requests offered as a choice, in the order shown."""
    waiting: list[dict[str, str]] = field(default_factory=list)
    """Further wishes of one message, {skill, text}, served when what was asked for the first is answered."""
    own: dict[str, Any] = field(default_factory=dict)
    """Of a merchant's own tool: {tool, values, key, tries} while an input is asked for, {last} after it has answered."""
    resumed: str = ""
    """Which question was put a second time, after something else had come in between."""
    collected: dict[str, str] = field(default_factory=dict)
    """What the customer has told and a person has to know, by code: matter, wants, item, pictures …"""

    def shown(self) -> dict[str, Any]:
        """As stored: only what differs from nothing."""
        told = {name: _copied(value) for name, value in zip(_NAMES, _VALUES(self), strict=True) if value}
        if told.get("in_focus") == 1:
            del told["in_focus"]
        return told

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Self:
        """Reads what `shown` gave; unknown names of a later release are left out."""
        known = {name: value for name, value in stored.items() if name in cls.__dataclass_fields__}
        pending = known.get("pending")
        if pending is not None:
            fields = Pending.__dataclass_fields__
            known["pending"] = Pending(**{name: value for name, value in pending.items() if name in fields})
        return cls(**known)


def _copied(value: Any) -> Any:
    """Apart from the talk, which goes on changing."""
    if type(value) is str or type(value) is int:
        return value
    if isinstance(value, list):
        return [one if type(one) is str else _copied(one) for one in value]
    if isinstance(value, dict):
        return {name: one if type(one) is str or type(one) is int else _copied(one) for name, one in value.items()}
    return _copied({name: getattr(value, name) for name in _PENDING}) if isinstance(value, Pending) else value


_NAMES, _PENDING = tuple(Talk.__dataclass_fields__), tuple(Pending.__dataclass_fields__)
_VALUES = attrgetter(*_NAMES)
