"""Makes a plug-in and its test, both green from the first minute: `make new parser NAME`, or `python tools/new.py parser NAME`.

A kind is listed here once it has a registry and a second plug-in; see docs/how-to/add-a-parser.md.
"""

import keyword
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

PARSER = '''"""{title} files: each line is a paragraph, an empty line ends one."""

from pathlib import Path
from typing import ClassVar

from yingke.knowledge.decode import decode
from yingke.knowledge.outline import Outline
from yingke.knowledge.parsers.contract import Draft, Parser


class {cls}Parser(Parser):
    formats: ClassVar[tuple[str, ...]] = ("{name}",)

    def parse(self, path: Path) -> Draft:
        outline = Outline()
        for line in decode(path.read_bytes()).splitlines():
            if line.strip():
                outline.paragraph(line.strip())
            else:
                outline.close()
        outline.close()
        return Draft(outline.sections)
'''

PARSER_TEST = '''"""{title} files as people make them."""

from pathlib import Path

from yingke.knowledge.find_parser import find_parser
from yingke.knowledge.parsers.{name} import {cls}Parser


def test_the_folder_finds_the_parser_of_{name}() -> None:
    assert isinstance(find_parser("{name}"), {cls}Parser)


def test_paragraphs_of_{name}_are_read_in_order(tmp_path: Path) -> None:
    path = tmp_path / "a.{name}"
    path.write_text("发货\\n48 小时内发出。\\n\\n退货\\n签收后 7 天内可退。\\n", encoding="gb18030")
    text = [section.text for section in {cls}Parser().parse(path).sections]
    assert "".join(text).replace("\\n", "") == "发货48 小时内发出。退货签收后 7 天内可退。"
'''

FILES = {
    "parser": (
        ("src/yingke/knowledge/parsers/{name}.py", PARSER),
        ("tests/knowledge/test_parser_{name}.py", PARSER_TEST),
    ),
}
NEXT = {
    "parser": "Next: teach src/yingke/knowledge/sniff.py the format {name}; docs/how-to/add-a-parser.md says how to go on.",
}


class NotMade(Exception):
    """The message says what to write instead."""


def new(root: Path, kind: str, name: str) -> list[Path]:
    """Writes the files of a plug-in below `root` and returns them; writes nothing when one is there already."""
    if kind not in FILES:
        raise NotMade(f"There is a scaffold for: {', '.join(FILES)}. Not for {kind!r}.")
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) or keyword.iskeyword(name) or name == "contract":
        raise NotMade(f"{name!r} is no name for it: lower case letters, digits and single _ please.")
    words = {"name": name, "cls": "".join(part.title() for part in name.split("_")), "title": name.upper()}
    made = {root / place.format(**words): text.format(**words) for place, text in FILES[kind]}
    taken = [path.relative_to(root).as_posix() for path in made if path.exists()]
    if taken:
        raise NotMade(f"There already: {', '.join(taken)}")
    for path, text in made.items():
        path.write_text(text, encoding="utf-8")
    return list(made)


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit(f"Usage: make new KIND NAME   (kinds: {', '.join(FILES)})")
    kind, name = sys.argv[1:]
    try:
        for path in new(ROOT, kind, name):
            print(path.relative_to(ROOT).as_posix())
    except NotMade as error:
        sys.exit(str(error))
    print(NEXT[kind].format(name=name))


if __name__ == "__main__":
    main()
