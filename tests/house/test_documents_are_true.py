"""What the documents name exists: links, files, tests, feature ids; and nothing that belongs to one machine."""

import re
from pathlib import Path

import pytest
from tools.figures import BLOCK, ROWS, table

from tests.house.sizes import ROOT, tracked

DOCUMENTS = [path for path in tracked(".md") if path.relative_to(ROOT).parts[0] not in ("src", "tests", "evals")]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
NAMED = re.compile(r"(?:src|tests|web|docs|deploy|tools|benchmarks|evals|requirements)/[\w./-]+")
FEATURE_ROW = re.compile(r"^\| (F\d+) \| (.+?) \| (works|partly|not yet) \| (.+) \|$", re.MULTILINE)
MACHINE = re.compile(r"/(?:work|home|root)/|\.\./shared")
ADDRESS = re.compile(r"\b(?:https?|wss?|postgresql)://(?:[^\s/@`]*@)?([\w.-]+)")
KNOWN_HOSTS = re.compile(
    r"(.*\.)?example(\.(com|org|net|cn))?|127\.0\.0\.1|localhost|(www\.)?apache\.org|keepachangelog\.com|semver\.org"
    r"|(www\.)?standardwebhooks\.com|json-schema\.org|database|host"
)
COMES_LATER = "docs/pictures/"


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def headings(text: str) -> set[str]:
    """The anchors that a page of Markdown offers."""
    found = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in found}


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_link_leads_somewhere(path: Path) -> None:
    lost = []
    for target in LINK.findall(FENCE.sub("", path.read_text("utf-8"))):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        name, _, anchor = target.partition("#")
        place = (path.parent / name).resolve() if name else path
        if place.is_relative_to(ROOT) and name_of(place).startswith(COMES_LATER):
            continue
        if not place.exists() or (anchor and anchor not in headings(place.read_text("utf-8"))):
            lost.append(target)
    assert lost == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_file_and_test_that_is_named_exists(path: Path) -> None:
    lost = []
    for words in CODE.findall(FENCE.sub("", path.read_text("utf-8"))):
        file, _, test = words.partition("::")
        if not NAMED.fullmatch(file) or file.startswith(("src/yingke/static", COMES_LATER)):
            continue
        place = ROOT / file
        if not place.exists() or (test and not re.search(rf"def {test}\b", place.read_text("utf-8"))):
            lost.append(words)
    assert lost == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_no_document_names_one_machine_or_a_registry(path: Path) -> None:
    text = path.read_text("utf-8")
    assert MACHINE.findall(text) == []
    assert [host for host in ADDRESS.findall(text) if not KNOWN_HOSTS.fullmatch(host)] == []


def test_every_feature_has_exactly_one_row() -> None:
    rows = FEATURE_ROW.findall((ROOT / "docs/features.md").read_text("utf-8"))
    assert [row[0] for row in rows] == [f"F{number:02}" for number in range(1, 153)]


def test_what_is_not_whole_says_what_is_missing() -> None:
    """And a claim of any size names something that can be opened or run."""
    for id, _, state, how in FEATURE_ROW.findall((ROOT / "docs/features.md").read_text("utf-8")):
        assert state == "not yet" or re.search(r"`[^`]+`|\*Workbench|contact panel|Today page|workbench", how), id
        assert state != "partly" or re.search(r"\b([Nn]o|[Nn]ot|[Nn]one|[Nn]othing|[Oo]nly|cannot)\b", how), id


def test_both_readmes_name_the_same_pictures_and_documents() -> None:
    english = LINK.findall((ROOT / "README.md").read_text("utf-8"))
    chinese = LINK.findall((ROOT / "README.zh-CN.md").read_text("utf-8"))
    alike = {re.sub(r"\.zh-CN\.md.*|\.md#.*", ".md", target) for target in chinese}
    assert {re.sub(r"\.zh-CN\.md|\.md#.*", ".md", target) for target in english} == alike


def test_every_result_of_the_benchmarks_has_its_place_in_the_tables() -> None:
    measured = {path.stem for path in (ROOT / "benchmarks/results").glob("*.json")}
    assert measured <= {name for name, *_ in ROWS}
    rows = [line for line in table(False).splitlines()[2:] if line]
    assert len(rows) == sum(name in measured for name, *_ in ROWS)
    for name in ("README.md", "README.zh-CN.md", "docs/deploy.md", "docs/deploy.zh-CN.md"):
        found = BLOCK.search((ROOT / name).read_text("utf-8"))
        assert found is not None
        assert found[0].count("\n| ") > 1, f"{name}: run python tools/figures.py"
