"""The built web pages out of the wheel, and the files of conversations."""

import contextlib
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from litestar import Request, Response, get
from litestar.response import File, Redirect

from yingke.app.house import House
from yingke.app.mark_installed import mark_installed
from yingke.contacts.open_session import find_site
from yingke.kit.errors import Problem, not_found
from yingke.kit.sniff_media import PICTURES

STATIC = Path(__file__).parent.parent / "static"
DOOR = {"door": "page"}
FOREVER = "public, max-age=31536000, immutable"
ALWAYS_ASK = "no-cache"


@dataclass(frozen=True)
class Asset:
    body: bytes
    compressed: bytes | None
    etag: str
    media_type: str


class Assets:
    """What stands below `static/`, read once and kept in memory (about a megabyte)."""

    def __init__(self, folder: Path = STATIC) -> None:
        self._folder = folder.resolve()
        self._kept: dict[str, Asset] = {}

    def find(self, name: str) -> Asset | None:
        """`name` is relative to `static/`; None for anything outside it or missing."""
        if name in self._kept:
            return self._kept[name]
        path = (self._folder / name).resolve()
        if not path.is_relative_to(self._folder) or not path.is_file() or path.name.startswith("."):
            return None
        body = path.read_bytes()
        zipped = path.with_name(path.name + ".gz")
        asset = Asset(
            body,
            zipped.read_bytes() if zipped.is_file() else None,
            '"' + hashlib.sha256(body).hexdigest()[:20] + '"',
            _media_type(path),
        )
        self._kept[name] = asset
        return asset


def _media_type(path: Path) -> str:
    known = {".js": "text/javascript", ".mjs": "text/javascript", ".webmanifest": "application/manifest+json"}
    kind = known.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") or kind.endswith("json") else kind


def serve_asset(
    assets: Assets, name: str, request: Request[Any, Any, Any], cache: str, headers: dict[str, str] | None = None
) -> Response[bytes]:
    asset = assets.find(name)
    if asset is None:
        raise not_found()
    sent = {"ETag": asset.etag, "Cache-Control": cache, "Vary": "Accept-Encoding", **(headers or {})}
    if request.headers.get("if-none-match") == asset.etag:
        return Response(b"", status_code=304, headers=sent)
    if asset.compressed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.compressed, media_type=asset.media_type, headers={**sent, "Content-Encoding": "gzip"})
    return Response(asset.body, media_type=asset.media_type, headers=sent)


@get("/assets/{name:path}", opt=DOOR, include_in_schema=False)
async def get_asset(name: str, request: Request[Any, Any, Any], assets: Assets) -> Response[bytes]:
    return serve_asset(assets, name.lstrip("/"), request, FOREVER)


@get("/widget.js", opt=DOOR, include_in_schema=False)
async def get_loader(
    request: Request[Any, Any, Any], assets: Assets, house: House, key: str | None = None
) -> Response[bytes]:
    """`?key=` is the site key of the page that carries the script: its first request shows that it is installed."""
    if key is not None and key not in house.installed_sites:
        await _note_installation(request, house, key[:100])
    return serve_asset(assets, "widget/widget.js", request, ALWAYS_ASK)


async def _note_installation(request: Request[Any, Any, Any], house: House, key: str) -> None:
    page = request.headers.get("referer", "")
    if urlsplit(page).netloc in ("", request.headers.get("host", "")):
        return
    # The script itself is served whatever happens to the database.
    with contextlib.suppress(Problem):
        async with house.db.system() as tx:
            site = await find_site(tx, key)
        if site is not None:
            async with house.db.transaction(site.workspace_id) as tx:
                await mark_installed(tx, site, page)
            house.hub.ring("events")
            house.installed_sites.add(key)


@get("/chat/{site_key:str}", opt=DOOR, include_in_schema=False)
async def get_chat(site_key: str, request: Request[Any, Any, Any], assets: Assets) -> Response[bytes]:
    return serve_asset(assets, "widget/chat.html", request, ALWAYS_ASK, {"X-Frame-Options": "SAMEORIGIN"})


@get("/frame/{site_key:str}", opt=DOOR, include_in_schema=False)
async def get_frame(site_key: str, request: Request[Any, Any, Any], assets: Assets, house: House) -> Response[bytes]:
    """May be framed by the shop's own domains only; by anybody while the shop names none."""
    async with house.db.system() as tx:
        site = await find_site(tx, site_key[:100])
    if site is None:
        raise not_found()
    allowed = " ".join(f"{domain} *.{domain}" for domain in site.domains) or "*"
    policy = (
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; script-src 'self';"
        f" connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; frame-ancestors 'self' {allowed}"
    )
    return serve_asset(assets, "widget/frame.html", request, ALWAYS_ASK, {"Content-Security-Policy": policy})


@get(["/app", "/app/{rest:path}", "/demo"], opt=DOOR, include_in_schema=False)
async def get_workbench(request: Request[Any, Any, Any], assets: Assets, rest: str = "") -> Response[bytes]:
    return serve_asset(assets, "workbench/index.html", request, ALWAYS_ASK)


@get("/sw.js", opt=DOOR, include_in_schema=False)
async def get_service_worker(request: Request[Any, Any, Any], assets: Assets) -> Response[bytes]:
    return serve_asset(assets, "workbench/sw.js", request, ALWAYS_ASK, {"Service-Worker-Allowed": "/app"})


@get("/favicon.ico", opt=DOOR, include_in_schema=False)
async def get_icon(request: Request[Any, Any, Any], assets: Assets) -> Response[bytes]:
    return serve_asset(assets, "workbench/favicon.svg", request, ALWAYS_ASK)


@get("/", opt=DOOR, include_in_schema=False)
async def go_home() -> Redirect:
    return Redirect("/app/")


@get("/files/{token:str}/{name:str}", opt=DOOR, include_in_schema=False)
async def get_file(token: str, name: str, house: House) -> File:
    """A signed link. Only pictures are shown in line; everything else is saved, never run."""
    link = house.files.read_link(token)
    async with house.db.transaction(link.workspace_id) as tx:
        row = await tx.fetchrow("select sha256, name, media_type from files where id = $1", link.file_id)
    if row is None:
        raise not_found()
    path = house.files.path_of(link.workspace_id, row["sha256"])
    if not path.is_file():
        raise Problem(
            503, "file_away", "文件暂时取不到，请稍后再试。", "The file cannot be read right now.", retry_after=5
        )
    is_picture = row["media_type"] in PICTURES
    return File(
        path,
        filename=row["name"],
        media_type=row["media_type"] if is_picture else "application/octet-stream",
        content_disposition_type="inline" if is_picture else "attachment",
        headers={"Cache-Control": "private, max-age=600"},
    )


ROUTES = [
    get_asset, get_loader, get_chat, get_frame, get_workbench, get_service_worker, get_icon, go_home, get_file,
]  # fmt: skip
