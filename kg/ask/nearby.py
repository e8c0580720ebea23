"""IRIs that look like one that the graph does not know."""

from functools import lru_cache

from pyoxigraph import NamedNode, QuerySolutions, Store
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from kg import iris

_ALL = "SELECT DISTINCT ?thing { { ?thing ?property ?value } UNION { GRAPH ?graph { ?thing ?property ?value } } }"


def near(store: Store, path: str, most: int = 5) -> list[str]:
    """Paths of known IRIs, the nearest first: of the same kind where there are such, else by the last part alone."""
    kind, _, key = path.rstrip("/").rpartition("/")
    known = _known(store)
    same_kind = known.get(kind, {})
    found = process.extract(key, same_kind, scorer=fuzz.ratio, processor=str.lower, limit=most, score_cutoff=60)
    # A part of a name, such as labour-conference.
    found = found or process.extract(key, same_kind, scorer=fuzz.partial_ratio, limit=most, score_cutoff=90)
    if not found:
        others = {place: name for names in known.values() for place, name in names.items()}
        found = process.extract(key or kind, others, scorer=fuzz.ratio, limit=most, score_cutoff=80)
    # Of equals the one with letters changed round comes first, and the order does not hang on that of the store.
    found.sort(key=lambda one: (-one[1], OSA.distance(key.lower(), one[0].lower()), one[2]))
    return [place for _, _, place in found]


@lru_cache(maxsize=2)
def _known(store: Store) -> dict[str, dict[str, str]]:
    """Folder -> path -> last part, of what things of ours the graph speaks; its own statistics are left out."""
    solutions = store.query(_ALL)
    assert isinstance(solutions, QuerySolutions)
    found: dict[str, dict[str, str]] = {}
    for (thing,) in solutions:
        path = thing.value.removeprefix(iris.BASE) if isinstance(thing, NamedNode) else ""
        if path and path != getattr(thing, "value", "") and not path.startswith(("dataset/", "mention/")):
            folder, _, key = path.rpartition("/")
            found.setdefault(folder, {})[path] = key
    return {folder: dict(sorted(names.items())) for folder, names in found.items()}
