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
    names = [one.name for one in pkgutil.iter_modules(folder.__path__) if not one.ispkg and one.name != CONTRACT]
    return [_only_one(importlib.import_module(f"{folder.__name__}.{name}"), kind) for name in names]


def _only_one(module: ModuleType, kind: type[T]) -> type[T]:
    classes = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, kind) and value.__module__ == module.__name__
    ]
    if len(classes) != 1:
        raise TypeError(f"{module.__name__} must hold exactly one {kind.__name__}")
    return classes[0]
