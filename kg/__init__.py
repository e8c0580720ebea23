"""tipkg: who does what against trafficking in persons, and which passage of which source says so."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike

    from kg.library import Graph

__version__ = "0.1.0"


def open_graph(folder: "str | PathLike[str] | None" = None) -> "Graph":
    """The graph in a store folder that `tipkg build` wrote; without one, that of the packaged records, which is built
    in the user's cache on first use. Raises StoreError: no store in the folder, or one of another version."""
    from kg import library

    return library.open_graph(folder)
