"""A folder as a registry: every file of it holds one plug-in of a kind."""

import importlib
import pkgutil
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")
CONTRACT = "contract"


def load_plug_ins(folder: ModuleType, kind: type[T]) -> list[type[T]]:
    """The classes, in the order of their files; `contract.py` and folders are none. Raises TypeError when a file holds
    none or two."""
    return [load_plug_in(folder, name, kind) for name in names_in(folder)]


def names_in(folder: ModuleType) -> list[str]:
    """The files, without loading any."""
    return [one.name for one in pkgutil.iter_modules(folder.__path__) if not one.ispkg and one.name != CONTRACT]


def load_plug_in(folder: ModuleType, name: str, kind: type[T]) -> type[T]:
    """The one of that file alone. Raises TypeError when it holds none or two."""
    module = importlib.import_module(f"{folder.__name__}.{name}")
    classes = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, kind) and value.__module__ == module.__name__
    ]
    if len(classes) != 1:
        raise TypeError(f"{module.__name__} must hold exactly one {kind.__name__}")
    return classes[0]
