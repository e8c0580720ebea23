"""The reviewed identifiers: SSSOM tables with an embedded header, whose CURIEs resolve against its curie_map."""

import csv
import importlib.resources
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import yaml


class Match(NamedTuple):
    """A row, its IRIs in full; `label` is what the target calls itself, "" where no evidence says so."""

    subject: str
    predicate: str
    target: str
    label: str
    comment: str


def packaged_matches() -> Iterator[Match]:
    """Those of all tables that come with the package."""
    folder = importlib.resources.files("kg.mappings") / "alignments"
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.name.endswith(".sssom.tsv"):
            yield from read_matches(item.read_text(encoding="utf-8"))


def read_matches(text: str) -> Iterator[Match]:
    lines = text.split("\n")
    header = yaml.safe_load("\n".join(line[1:] for line in lines if line.startswith("#")))
    curies: dict[str, str] = header["curie_map"]
    rows = csv.DictReader([line for line in lines if not line.startswith("#")], delimiter="\t", quoting=csv.QUOTE_NONE)
    for row in rows:
        subject, predicate, target = (
            _expand(row[name], curies) for name in ("subject_id", "predicate_id", "object_id")
        )
        yield Match(subject, predicate, target, row["object_label"], row["comment"])


def _expand(curie: str, curies: Mapping[str, str]) -> str:
    if curie.startswith(("http://", "https://")):
        return curie
    prefix, _, local = curie.partition(":")
    return curies[prefix] + local
