"""The folder for daily files: each is taken in once, when it is whole, and nothing from outside comes in with it."""

import os
from pathlib import Path

import pytest

from tests.commerce.imports import exports
from tests.commerce.imports.conftest import Imports, workspace_of
from tests.workspaces.conftest import Browser
from yingke.commerce.imports.drop_folder import DropFolder, watch_drop_folders


class Daily:
    """The drop folder of one workspace, and the clock that looks into it."""

    def __init__(self, imports: Imports, owner: Browser) -> None:
        self.imports = imports
        self.owner = owner
        self.path = Path(imports.settings.drop_dir) / str(workspace_of(owner))

    async def look(self, times: int = 1) -> None:
        for _ in range(times):
            await watch_drop_folders(self.imports.db, self.imports.files, self.imports.settings.drop_dir, 50_000_000)

    def names(self, below: str) -> list[str]:
        folder = self.path / below
        return sorted(path.name.partition("-")[2] for path in folder.iterdir()) if folder.is_dir() else []


@pytest.fixture
async def daily(imports: Imports) -> Daily:
    found = Daily(imports, await imports.door.owner())
    shown = await found.owner.call("POST", "/v1/commerce/drop-folder")
    assert shown.json()["exists"] is True
    return found


async def test_a_daily_file_goes_in_by_the_mapping_of_the_day_before(imports: Imports, daily: Daily) -> None:
    await imports.bring(daily.owner, "昨天.csv", exports.as_csv(exports.JUSHUITAN))
    (daily.path / "今天.csv").write_bytes(exports.as_csv(exports.JUSHUITAN))
    await daily.look()
    assert await imports.rows(daily.owner, "select 1 from shop_imports where source = 'drop'") == []
    await daily.look()
    shown = await daily.owner.get("/v1/commerce/drop-folder")
    assert shown["waiting"] == [
        {"name": "今天.csv", "size": (daily.path / "今天.csv").stat().st_size, "is_taken": True}
    ]
    await imports.work()
    await daily.look(2)
    assert daily.names("done") == ["今天.csv", "今天.csv.note.txt"]
    [taken] = await imports.rows(
        daily.owner, "select state, is_remembered, unchanged from shop_imports where source = 'drop'"
    )
    assert taken == {"state": "ready", "is_remembered": True, "unchanged": 1}


async def test_a_file_that_still_grows_is_left_alone(imports: Imports, daily: Daily) -> None:
    content = exports.as_csv(exports.CATALOGUE)
    for end in (50, 100, 150):
        (daily.path / "商品.csv").write_bytes(content[:end])
        await daily.look()
    assert await imports.rows(daily.owner, "select 1 from shop_imports") == []


async def test_an_unknown_header_waits_on_the_screen_and_goes_to_problem(imports: Imports, daily: Daily) -> None:
    (daily.path / "新.csv").write_bytes(exports.as_csv(exports.CATALOGUE))
    await daily.look(2)
    await imports.work()
    await daily.look()
    assert daily.names("problem") == ["新.csv", "新.csv.note.txt"]
    assert await imports.rows(daily.owner, "select state from shop_imports") == [{"state": "mapping"}]


async def test_links_and_half_written_files_are_not_read(imports: Imports, daily: Daily) -> None:
    secret = imports.folder / "secret.csv"
    secret.write_bytes(exports.as_csv(exports.CATALOGUE))
    (daily.path / "link.csv").symlink_to(secret)
    os.link(secret, daily.path / "hard.csv")
    (daily.path / "folder.csv").mkdir()
    os.mkfifo(daily.path / "pipe.csv")
    (daily.path / ".hidden.csv").write_bytes(b"a,b\n1,2\n")
    (daily.path / "half.csv.part").write_bytes(b"a,b\n1,2\n")
    await daily.look(3)
    assert await imports.rows(daily.owner, "select 1 from drop_files") == []
    assert await imports.rows(daily.owner, "select 1 from shop_imports") == []
    assert secret.exists()


async def test_a_workspace_folder_that_is_a_link_is_not_followed(imports: Imports, daily: Daily) -> None:
    other = imports.folder / "elsewhere"
    other.mkdir()
    (other / "a.csv").write_bytes(exports.as_csv(exports.CATALOGUE))
    stranger = await imports.door.owner()
    (daily.path.parent / str(workspace_of(stranger))).symlink_to(other)
    await daily.look(3)
    assert await imports.rows(stranger, "select 1 from drop_files") == []


async def test_a_done_folder_that_was_swapped_for_a_link_takes_nothing_away(imports: Imports, daily: Daily) -> None:
    other = imports.folder / "elsewhere"
    other.mkdir()
    (daily.path / "done").rmdir()
    (daily.path / "done").symlink_to(other)
    (daily.path / "a.csv").write_bytes(b"a")
    with pytest.raises(OSError, match=r"directory|symbolic"):
        DropFolder(Path(imports.settings.drop_dir), workspace_of(daily.owner)).move("a.csv", "done", "note")
    assert list(other.iterdir()) == []
    assert (daily.path / "a.csv").exists()


async def test_a_kill_between_taking_in_and_moving_away_brings_it_in_once(imports: Imports, daily: Daily) -> None:
    await imports.bring(daily.owner, "昨天.csv", exports.as_csv(exports.CATALOGUE))
    (daily.path / "今天.csv").write_bytes(exports.as_csv(exports.CATALOGUE))
    await daily.look(2)
    await imports.work()
    # The file was moved, and the process killed before the row was removed.
    (daily.path / "今天.csv").rename(daily.path / "done" / "x-今天.csv")
    await daily.look(3)
    assert await imports.rows(daily.owner, "select 1 from drop_files") == []
    assert len(await imports.rows(daily.owner, "select 1 from shop_imports where source = 'drop'")) == 1
