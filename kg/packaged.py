"""The graph of the packaged records: its folder in the user's cache, built on first use."""

import hashlib
import importlib.resources
from pathlib import Path

from kg import __version__


def cache_folder() -> Path:
    """The user's folder for the graph of the packaged records: another one for every version and content."""
    import platformdirs

    digest = hashlib.sha256(__version__.encode())
    for package in ("kg.mappings", "kg.ontology", "kg.queries"):
        root = Path(str(importlib.resources.files(package)))
        for path in sorted(root.rglob("*")):
            if path.suffix in (".tsv", ".toml", ".ttl", ".rq"):
                digest.update(str(path.relative_to(root)).encode() + path.read_bytes())
    return Path(platformdirs.user_cache_path("tipkg")) / f"{__version__}-{digest.hexdigest()[:12]}"


def built_folder() -> Path:
    """That folder with the graph in it. The first time it is built, which takes some seconds."""
    folder = cache_folder()
    if not (folder / "manifest.json").is_file():
        from kg.graph import build as stage
        from kg.record_tables import read_all

        stage.check_folder(folder)
        stage.build(list(read_all(stage.packaged_records()).values()), folder)
    return folder
