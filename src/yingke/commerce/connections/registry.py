"""Finds the provider of a name among the files of `providers/`."""

import importlib
import pkgutil

from yingke.commerce import providers
from yingke.commerce.providers.pieces.connected import Connected


def list_providers() -> list[type[Connected]]:
    """Every provider class, one a file, by name; raises TypeError when a file holds none or two, or is misnamed."""
    found = []
    for module in pkgutil.iter_modules(providers.__path__):
        if not module.ispkg:
            found.append(_provider_in(module.name))
    return sorted(found, key=lambda one: one.name)


def find_provider(name: str) -> type[Connected] | None:
    """The provider, or None."""
    names = {module.name for module in pkgutil.iter_modules(providers.__path__) if not module.ispkg}
    return _provider_in(name) if name in names else None


def _provider_in(name: str) -> type[Connected]:
    module = importlib.import_module(f"{providers.__name__}.{name}")
    classes = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Connected) and value.__module__ == module.__name__
    ]
    if len(classes) != 1 or classes[0].name != name:
        raise TypeError(f"{module.__name__} must hold exactly one provider of its name")
    return classes[0]
