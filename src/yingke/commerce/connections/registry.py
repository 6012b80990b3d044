"""The providers of `providers/`, one a file; a file that holds none or two stops the program when it starts."""

from yingke.commerce import providers
from yingke.commerce.providers.pieces.connected import Connected
from yingke.kit.plug_ins import load_plug_ins

_ALL: tuple[type[Connected], ...] = tuple(
    sorted(load_plug_ins(providers, Connected), key=lambda one: one.name)  # type: ignore[type-abstract]
)


def list_providers() -> tuple[type[Connected], ...]:
    """By name."""
    return _ALL


def find_provider(name: str) -> type[Connected] | None:
    """The provider, or None."""
    return next((one for one in _ALL if one.name == name), None)
