"""Finds the parser of a format among the files of `parsers/`."""

import importlib
import pkgutil

from yingke.knowledge import parsers
from yingke.knowledge.parsers.contract import Parser
from yingke.knowledge.refusals import Refused


def list_parsers() -> list[type[Parser]]:
    """Every parser class, one a file; raises TypeError when a file holds none or two."""
    found: list[type[Parser]] = []
    for module in pkgutil.iter_modules(parsers.__path__):
        if module.name != "contract":
            found.append(_parser_in(module.name))
    return found


def find_parser(file_format: str) -> Parser:
    """The parser whose file or `formats` carry the name; raises Refused. Imports as little as it can."""
    names = [module.name for module in pkgutil.iter_modules(parsers.__path__) if module.name != "contract"]
    for name in sorted(names, key=lambda name: name != file_format):
        parser = _parser_in(name)
        if file_format in parser.formats:
            return parser()
    raise Refused("file_unsupported", file_format)


def _parser_in(name: str) -> type[Parser]:
    module = importlib.import_module(f"{parsers.__name__}.{name}")
    classes = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Parser) and value.__module__ == module.__name__
    ]
    if len(classes) != 1:
        raise TypeError(f"{module.__name__} must hold exactly one parser")
    return classes[0]
