"""The table of settings for operators is complete, in order, and names the defaults that the program has."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from tests.house.sizes import ROOT
from yingke.kit.settings import Settings, load_settings

ROW = re.compile(r"^\| `(YINGKE_[A-Z_]+)` \| (.+?) \| .{4,} \|$", re.MULTILINE)
TABLES = [("docs/deploy.md", "empty"), ("docs/deploy.zh-CN.md", "空")]


def shown(value: Any, empty: str) -> str:
    if isinstance(value, bool):
        return f"`{int(value)}`"
    return empty if value == "" else f"`{value}`"


@pytest.mark.parametrize(("page", "empty"), TABLES)
def test_every_setting_is_in_the_table_with_its_default(page: str, empty: str) -> None:
    defaults = Settings()
    wanted = [(f"YINGKE_{item.name.upper()}", shown(getattr(defaults, item.name), empty)) for item in fields(Settings)]
    assert ROW.findall((ROOT / page).read_text("utf-8")) == wanted


def test_no_document_names_a_setting_that_does_not_exist() -> None:
    known = {f"YINGKE_{item.name.upper()}" for item in fields(Settings)} | {"YINGKE_CHROMIUM"}
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").iterdir()]
    texts = {path: path.read_text("utf-8", "replace") for path in documents if path.is_file()}
    found = {(path.name, name) for path, text in texts.items() for name in re.findall(r"YINGKE_[A-Z_]*[A-Z]", text)}
    assert {(path, name) for path, name in found if name not in known} == set()


def test_the_documented_values_are_read() -> None:
    table = dict(ROW.findall((ROOT / "docs/deploy.md").read_text("utf-8")))
    given = {name: "" if value == "empty" else value.strip("`") for name, value in table.items()}
    assert load_settings(given) == Settings(data_dir=Path(".yingke"))
