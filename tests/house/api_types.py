"""Types of the web client, generated from the running code's own OpenAPI.

`python -m tests.house.api_types` exits 1 when `web/packages/api/src/schema.d.ts` is stale; `--write` writes it anew.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from yingke.app.server import openapi_schema

ROOT = Path(__file__).parent.parent.parent
GENERATED = ROOT / "web/packages/api/src/schema.d.ts"
TOOL = ROOT / "web/node_modules/.bin/openapi-typescript"
HEAD = "/* `make api-types` writes this file anew. */\n\n"
WORDS = ("description", "summary", "title", "examples")


def generate() -> str:
    """The text of schema.d.ts. Fields with a default are optional, as they are in the schema. Needs web/node_modules."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "openapi.json", Path(folder) / "schema.d.ts"
        source.write_text(json.dumps(only_shapes(openapi_schema())), "utf-8")
        command = [str(TOOL), str(source), "--output", str(target), "--default-non-nullable", "false", "--silent"]
        ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT / "web", check=False)
        if ran.returncode:
            raise RuntimeError(f"openapi-typescript: {ran.stderr or ran.stdout}")
        return HEAD + target.read_text("utf-8")


def only_shapes(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of /v1 in a settled order, without prose, so that a reworded sentence does not make the types stale.

    Failures go too: each of them is a problem, which the client reads by itself.
    """
    paths = {path: schema["paths"][path] for path in sorted(schema["paths"]) if path.startswith("/v1/")}
    for path in paths.values():
        for operation in path.values():
            if isinstance(operation, dict):
                answers = operation["responses"]
                operation["responses"] = {status: answers[status] for status in answers if status < "400"}
    shapes: dict[str, Any] = _without_words({**schema, "paths": paths})
    return shapes


def _without_words(node: Any, *, is_named: bool = False) -> Any:
    """`is_named`: the keys of this mapping are names of fields, which may well be called `title`."""
    if isinstance(node, list):
        return [_without_words(one) for one in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _without_words(value, is_named=key in ("properties", "schemas") and not is_named)
        for key, value in node.items()
        if is_named or key not in WORDS
    }


def main(*arguments: str) -> int:
    text = generate()
    if "--write" in arguments:
        GENERATED.write_text(text, "utf-8")
        return 0
    if GENERATED.is_file() and GENERATED.read_text("utf-8") == text:
        return 0
    print(f"{GENERATED.relative_to(ROOT)} is stale: run `make api-types` and commit it")
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
