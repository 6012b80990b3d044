"""The providers of `providers/`, one a file."""

from yingke.commerce import providers
from yingke.commerce.providers.pieces.connected import Connected
from yingke.kit.plug_ins import load_plug_ins


def list_providers() -> list[type[Connected]]:
    """By name. Raises TypeError when a file holds none or two."""
    return sorted(load_plug_ins(providers, Connected), key=lambda one: one.name)  # type: ignore[type-abstract]


def find_provider(name: str) -> type[Connected] | None:
    """The provider, or None."""
    return next((one for one in list_providers() if one.name == name), None)
