"""Build hook: the web pages travel inside the wheel and the source archive, so that installing needs no Node."""

import importlib.util
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):
    """Runs `web/build_static.py` before anything is packed, also for an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        script = root / "web" / "build_static.py"
        if not script.is_file():
            return
        spec = importlib.util.spec_from_file_location("build_static", script)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        if module.build_static(root):
            self.app.display_info("web pages built")
