"""What a build of the package puts in beside the modules: the files that they read, and the bundled scripts of the pages.

The scripts are bundled with Node.js where the packages from npm are there; a source distribution holds them bundled.
"""

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FILES = "balansekunst/_files"
"""Where the files lie in the wheel."""
FOLDERS = ("ontology", "shapes", "data", "queries", "site", "releases")
SOURCES_OF_BUNDLES = "site/scripts"
"""What is not read at run time, since it is bundled."""
BUNDLES = "site/bundles"


class CustomBuildHook(BuildHookInterface[Any]):
    """Adds the files. Nothing is added to an editable install, which reads the clone."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Say what goes where."""
        if version == "editable":
            return
        root = Path(self.root)
        added = {str(self.bundles(root)): BUNDLES}
        if self.target_name == "wheel":
            for folder in FOLDERS:
                for path in sorted((root / folder).glob("*")):
                    name = path.relative_to(root).as_posix()
                    if name not in (SOURCES_OF_BUNDLES, BUNDLES):
                        added[str(path)] = name
            added = {path: f"{FILES}/{name}" for path, name in added.items()}
        build_data["force_include"].update(added)

    def bundles(self, root: Path) -> Path:
        """Return the folder of the bundled scripts, made if they can be.

        Raises:
            SystemExit: they are not there and cannot be made; says how to mend it.
        """
        node, target = shutil.which("node"), root / "build" / "bundles"
        if node and (root / "node_modules" / "esbuild").is_dir():
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir(parents=True)
            subprocess.run([node, str(root / SOURCES_OF_BUNDLES / "build.mjs"), str(target)], check=True)
            return target
        if (root / BUNDLES).is_dir():
            return root / BUNDLES
        raise SystemExit(
            "Skriptene til sidene mangler. Installer Node.js 20 eller nyere, kjør `npm ci` i mappen, og bygg pakken på nytt.\n"
            "The scripts of the pages are missing. Install Node.js 20 or newer, run `npm ci` in the folder, and build the package again."
        )
