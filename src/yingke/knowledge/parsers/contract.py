"""What a parser must do, and the values it works with."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from yingke.knowledge.sections import Note, Section
from yingke.knowledge.watch import Watch


@dataclass(frozen=True, slots=True)
class Draft:
    """What a parser found. `title` is empty unless the document itself names one."""

    sections: list[Section] = field(default_factory=list)
    title: str = ""
    notes: list[Note] = field(default_factory=list)


class Parser(ABC):
    """Reads one format. It runs alone in a child process under limits: plain blocking code, no network.

    `formats` are the names that `sniff` gives. Raise Refused with a code for what the owner can mend; a plug-in file
    holds exactly one subclass.
    """

    formats: ClassVar[tuple[str, ...]]
    watch: Watch = Watch()

    @abstractmethod
    def parse(self, path: Path) -> Draft:
        """The sections of the file in reading order; raises Refused."""
