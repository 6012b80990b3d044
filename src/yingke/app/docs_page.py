"""The public contract, readable without any script from elsewhere: /openapi.json and /docs."""

from html import escape
from typing import Any

from litestar import Request, Response, get

from yingke.kit.errors import not_found
from yingke.kit.settings import Settings

DOOR = {"door": "page"}
_STYLE = """
body{font:15px/1.6 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;max-width:960px;margin:32px auto;padding:0 16px;color:#1f2329}
h1{font-size:28px}h2{font-size:20px;margin-top:32px;border-bottom:1px solid #dee0e3}
details{border:1px solid #dee0e3;border-radius:8px;margin:8px 0;padding:8px 12px}summary{cursor:pointer}
code,pre{font:13px ui-monospace,monospace}pre{background:#f5f6f8;padding:8px;overflow:auto;border-radius:4px}
.m{display:inline-block;min-width:56px;font-weight:600;color:#0f5fd6}
@media(prefers-color-scheme:dark){body{background:#0b1526;color:#e6edf7}pre{background:#14203a}.m{color:#8ab4ff}}
"""


@get("/openapi.json", opt=DOOR, include_in_schema=False)
async def get_openapi(request: Request[Any, Any, Any], settings: Settings) -> dict[str, Any]:
    if not settings.docs:
        raise not_found()
    return request.app.openapi_schema.to_schema()


@get("/docs", opt=DOOR, include_in_schema=False)
async def get_docs(request: Request[Any, Any, Any], settings: Settings) -> Response[bytes]:
    if not settings.docs:
        raise not_found()
    return Response(render_docs(request.app.openapi_schema.to_schema()).encode(), media_type="text/html; charset=utf-8")


def render_docs(schema: dict[str, Any]) -> str:
    """One page of HTML: every operation by its first path part, with parameters, body and answers."""
    groups: dict[str, list[str]] = {}
    for path, operations in sorted(schema["paths"].items()):
        group = path.split("/")[2] if path.startswith("/v1/") else "other"
        for method, operation in operations.items():
            if isinstance(operation, dict):
                groups.setdefault(group, []).append(_operation(method, path, operation))
    body = "".join(f"<h2>{escape(name)}</h2>{''.join(parts)}" for name, parts in sorted(groups.items()))
    title = f"{escape(schema['info']['title'])} API {escape(schema['info']['version'])}"
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>{title}</title><style>{_STYLE}</style><main><h1>{title}</h1>"
        f"<p>OpenAPI 3.1: <a href=/openapi.json>/openapi.json</a></p>{body}</main></html>"
    )


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    rows = [
        f"<li><code>{escape(one['name'])}</code> ({escape(one['in'])}{', required' if one.get('required') else ''})"
        for one in operation.get("parameters", [])
    ]
    body = operation.get("requestBody", {}).get("content", {})
    kinds = [f"<li>body <code>{escape(kind)}</code> {escape(_name_of(part))}" for kind, part in body.items()]
    answers = [
        f"<li>{escape(status)} {escape(answer.get('description', ''))}"
        for status, answer in operation.get("responses", {}).items()
    ]
    words = escape(operation.get("description") or operation.get("summary") or "")
    return (
        f"<details><summary><span class=m>{method.upper()}</span> <code>{escape(path)}</code></summary>"
        f"<p>{words}</p><ul>{''.join(rows + kinds + answers)}</ul></details>"
    )


def _name_of(part: dict[str, Any]) -> str:
    return str(part.get("schema", {}).get("$ref", "")).rpartition("/")[2]


ROUTES = [get_openapi, get_docs]
