"""The parser of a format, among the files of `parsers/`."""

from yingke.kit.plug_ins import load_plug_in, names_in
from yingke.knowledge import parsers
from yingke.knowledge.parsers.contract import Parser
from yingke.knowledge.refusals import Refused


def find_parser(file_format: str) -> Parser:
    """The parser whose file or `formats` carry the name; raises Refused. Loads as little as it can."""
    for name in sorted(names_in(parsers), key=lambda name: name != file_format):
        parser = load_plug_in(parsers, name, Parser)  # type: ignore[type-abstract]
        if file_format in parser.formats:
            return parser()
    raise Refused("file_unsupported", file_format)
