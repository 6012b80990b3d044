"""What the product imports is installed with the product, not only beside its tests."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from tests.house.sizes import ROOT


def _installed() -> set[str]:
    """What `make run` installs, and what the extras add."""
    locked = re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "requirements" / "base.lock").read_text("utf-8"), re.MULTILINE)
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    return {
        _plain(one) for one in (*locked, *(re.split(r"[\[~=<>! ]", one)[0] for some in extras.values() for one in some))
    }


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_import_of_the_product_is_installed_with_it() -> None:
    declared, owners = _installed(), packages_distributions()
    missing = set()
    for path in (ROOT / "src" / "yingke").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names.append(node.module)
            for top in {name.partition(".")[0] for name in names} - set(sys.stdlib_module_names) - {"yingke"}:
                if not {_plain(owner) for owner in owners.get(top, [top])} & declared:
                    missing.add((path.relative_to(ROOT).as_posix(), top))
    assert sorted(missing) == []
