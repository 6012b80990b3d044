"""What was found: facts by name, what is wrong, and what is worth knowing."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Report:
    """A problem keeps the product from working or loses data; a warning will do so later, or limits what it can do."""

    facts: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def problem(self, zh: str, en: str) -> None:
        self.problems.append(f"{zh} {en}")

    def warning(self, zh: str, en: str) -> None:
        self.warnings.append(f"{zh} {en}")

    def show(self) -> dict[str, Any]:
        return {
            "is_healthy": not self.problems,
            **self.facts,
            "problems": self.problems,
            "warnings": self.warnings,
        }
