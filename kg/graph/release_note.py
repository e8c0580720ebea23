"""Differences as a release note in Markdown: counts by source and kind, then every change with its label."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from kg.graph.diff import ACTIONS, GROUPS, Change, Difference
from kg.graph.snapshot import Snapshot

HEADINGS: Final = {
    "statement": "Statements",
    "entity": "Things",
    "term": "Terms of the ontology",
    "finding": "Findings",
    "source": "Sources",
    "other": "Others",
}
MARKS: Final = re.compile(r"([\\`*_{}\[\]<>|#&~])")


def markdown(difference: Difference) -> str:
    """The note; its lines depend on the two builds alone and on the names of their folders or files."""
    lines = ["# Changes of the knowledge graph", ""]
    lines += [f"- from {_version(difference.old)}", f"- to {_version(difference.new)}", ""]
    lines.append("Derived triples, mentions and quality measurements are not counted.")
    if difference.left_out:
        lines.append(f"{_plain(difference.left_out[:1].upper() + difference.left_out[1:])}.")
    if not difference.changes:
        return "\n".join([*lines, "", "No difference.", ""])
    lines += ["", "## Summary", "", *_summary(difference)]
    for group in GROUPS:
        changes = [change for change in difference.changes if change.group == group]
        lines += _group(HEADINGS[group], changes) if changes else ()
    return "\n".join([*lines, ""])


def _version(snapshot: Snapshot) -> str:
    build = f"build `{snapshot.build_id}`" if snapshot.build_id else "whose build is not known"
    return f"{_plain(snapshot.name)}, {build}"


def _summary(difference: Difference) -> Iterator[str]:
    yield f"| what | source | kind | {' | '.join(ACTIONS)} |"
    yield f"| --- | --- | --- | {' | '.join(['---:'] * len(ACTIONS))} |"
    for group, source, kind, counts in difference.counts():
        yield f"| {HEADINGS[group]} | {_plain(source)} | {_plain(kind)} | {' | '.join(map(str, counts))} |"


def _group(heading: str, changes: Iterable[Change]) -> Iterator[str]:
    yield from ("", f"## {heading}")
    for action in ACTIONS:
        some = [change for change in changes if change.action == action]
        if some:
            yield from ("", f"### {heading}: {action} ({len(some)})", "")
        for change in some:
            yield from _entry(change)


def _entry(change: Change) -> Iterator[str]:
    place = ", ".join(part for part in (change.source, change.kind) if part)
    yield f"- {_plain(place)}: [{_plain(change.label)}](<{change.subject.value}>)"
    for edit in change.edits:
        yield f"  - {_plain(edit.property)}: {_plain(edit.old) or '(none)'} → {_plain(edit.new) or '(none)'}"


def _plain(text: str) -> str:
    """Text in which Markdown sees no mark-up."""
    return MARKS.sub(r"\\\1", text)
