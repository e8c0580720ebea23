"""Findings on data quality: what the checks find, compared with the reviewed list, beside what records hold."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple

from kg import iris
from kg.graph.checks import OUTSIDE, READING, Check, ChecksError, Row, packaged_checks, rows, text
from kg.graph.reviewed import Known, Outside, compact, packaged_known, packaged_outside
from kg.graph.terms import TYPE, named, tip

NEW, REVIEWED = "new", "reviewed"
SHOWN: Final = 20
SOURCE: Final = re.compile(re.escape(iris.BASE) + r"(?:statement|passage|finding)/([^/]+)/")


@dataclass(frozen=True)
class Finding:
    """A finding: its IRI, the checks that report it, the kind of problem, severity, state (new or reviewed), the IRIs
    of statement or thing, property and what it is compared with, the value, what a reader should know, and the source
    outside the graph on which it rests; "" for what there is none of. A recorded one stands in the graph already."""

    iri: str
    checks: tuple[str, ...]
    kind: str
    severity: str
    state: str
    entity: str
    property: str
    value: str
    compared: str
    comment: str
    outside: str = ""
    recorded: bool = False


@dataclass(frozen=True)
class Found:
    """All findings in order, new ones first, and the lines of the tables of reviews to which nothing corresponds."""

    findings: tuple[Finding, ...]
    stale: tuple[str, ...]

    @property
    def new(self) -> tuple[Finding, ...]:
        """Those that no person has reviewed."""
        return tuple(finding for finding in self.findings if finding.state == NEW)


class QualityError(ValueError):
    """Errors in the data that nobody has reviewed: the message lists the first of them."""


def collect(store: Store, known: Sequence[Known] | None = None, outside: Sequence[Outside] | None = None) -> Found:
    """All findings of a store, whose default graph is the merged graph. Without tables of reviews: the packaged ones.

    Raises ChecksError for a check or table that cannot be used."""
    checks = {check.name: check for check in packaged_checks()}
    known = packaged_known() if known is None else known
    outside = packaged_outside() if outside is None else outside
    by_key = {(row.check, row.entity, row.property, row.value): row for row in known}
    recorded = _recorded(store)
    found: dict[str, Finding] = {finding.iri: finding for finding in recorded}
    same = {(finding.entity, finding.kind): finding.iri for finding in recorded}
    seen: set[tuple[str, ...]] = set()
    for row in rows(store, checks.values()):
        key = (row.check, row.entity, row.property, row.value)
        seen.add(key)
        review = by_key.get(key)
        twin = review.same_as if review and review.same_as else same.get((row.entity, checks[row.check].kind), "")
        finding = _finding(checks[row.check], row, review)
        if twin in found:
            finding = _joined(found[twin], row)
        found[finding.iri] = finding
    here = _sources(store)
    facts = [fact for fact in outside if _labelled(store, fact.statement)]
    found |= {finding.iri: finding for finding in map(_from_outside, facts)}
    stale = [*_stale(known, seen, here), *_stale_outside(outside, facts, here)]
    return Found(tuple(sorted(found.values(), key=_order)), tuple(stale))


def refuse_new_errors(found: Found) -> None:
    """Raise QualityError for errors that no person has reviewed."""
    errors = [finding for finding in found.new if finding.severity == "error"]
    if errors:
        more = [f"... and {len(errors) - SHOWN} more"] if len(errors) > SHOWN else []
        lines = [say(finding) for finding in errors[:SHOWN]]
        raise QualityError("\n".join([f"{len(errors)} new errors in the data:", *lines, *more]))


def say(finding: Finding) -> str:
    """A finding in one line."""
    about = " ".join(part for part in (compact(finding.property), compact(finding.value)) if part)
    return f"{compact(finding.entity)}: {', '.join(finding.checks)}: {finding.comment}" + (
        f" ({about})" if about else ""
    )


def _order(finding: Finding) -> tuple[bool, int, str, str]:
    severity = ("error", "warning", "note").index(finding.severity)
    return finding.state != NEW, severity, finding.checks[0], finding.iri


def _finding(check: Check, row: Row, review: Known | None) -> Finding:
    return Finding(
        iri=iris.check_finding(check.name, _key(row)),
        checks=(check.name,),
        kind=check.kind,
        severity=review.severity if review and review.severity else check.severity,
        state=REVIEWED if review else NEW,
        entity=row.entity,
        property=row.property,
        value=row.value,
        compared=row.compared,
        comment=review.review if review else check.problem,
    )


def _key(row: Row) -> str:
    """Readable, and no two rows of a check have the same one."""
    digest = hashlib.sha256("\0".join((row.property, row.value)).encode()).hexdigest()[:8]
    return f"{compact(row.entity).replace('/', '-')}-{digest}"


def _joined(recorded: Finding, row: Row) -> Finding:
    """A recorded finding that a check reports too: it stays one finding."""
    checks = tuple(dict.fromkeys([*recorded.checks, row.check]))
    compared = recorded.compared or (row.compared if row.compared != recorded.entity else row.entity)
    return replace(
        recorded,
        checks=checks,
        property=recorded.property or row.property,
        value=recorded.value or row.value,
        compared=compared,
    )


def _from_outside(fact: Outside) -> Finding:
    return Finding(
        iri=iris.check_finding(OUTSIDE, fact.id),
        checks=(OUTSIDE,),
        kind="outside_fact",
        severity=fact.severity,
        state=REVIEWED,
        entity=fact.statement,
        property="",
        value=fact.claim,
        compared="",
        comment=fact.comment,
        outside=fact.source,
    )


def _recorded(store: Store) -> list[Finding]:
    """The findings that records hold; those that a build made from checks are found anew."""
    found: list[Finding] = []
    made = iris.check_finding("", "").rstrip("/")
    for quad in store.quads_for_pattern(None, TYPE, named("dqv:QualityAnnotation"), DefaultGraph()):
        node = quad.subject
        if not isinstance(node, NamedNode) or node.value.startswith(made):
            continue
        problem, severity = (_notation(store, _value(store, node, tip(name))) for name in ("problem", "severity"))
        found.append(
            Finding(
                iri=node.value,
                checks=(READING,),
                kind=problem,
                severity=severity,
                state=REVIEWED,
                entity=text(_value(store, node, named("oa:hasTarget"))),
                property="",
                value=text(_value(store, node, tip("printed"))),
                compared="",
                comment=text(_value(store, node, named("rdfs:comment"))),
                recorded=True,
            )
        )
    return sorted(found, key=lambda finding: finding.iri)


def _value(store: Store, node: NamedNode, prop: NamedNode) -> object:
    return next((quad.object for quad in store.quads_for_pattern(node, prop, None, DefaultGraph())), None)


def _notation(store: Store, concept: object) -> str:
    if not isinstance(concept, NamedNode):
        raise ChecksError("a recorded finding lacks its problem or its severity (mappings/rdf/finding.toml)")
    return text(_value(store, concept, named("skos:notation")))


def _sources(store: Store) -> set[str]:
    quads: Iterator[Quad] = store.quads_for_pattern(None, TYPE, tip("SourceDocument"), DefaultGraph())
    return {quad.subject.value.rpartition("/")[2] for quad in quads if isinstance(quad.subject, NamedNode)}


def _labelled(store: Store, iri: str) -> bool:
    return _value(store, NamedNode(iri), named("rdfs:label")) is not None


def _stale(known: Sequence[Known], seen: set[tuple[str, ...]], here: set[str]) -> Iterator[str]:
    """Reviewed findings that no check reports any more; only where all sources of the list are in the graph, since a
    finding across editions needs them all."""
    wanted = {source for row in known for source in SOURCE.findall(f"{row.entity} {row.value}")}
    for row in known if wanted <= here else ():
        if (row.check, row.entity, row.property, row.value) not in seen:
            yield f"known.tsv: {row.check} no longer finds {compact(row.entity)} {compact(row.property)} {row.value}"


def _stale_outside(outside: Sequence[Outside], kept: Iterable[Outside], here: set[str]) -> Iterator[str]:
    """Outside facts about statements that their source, which is in the graph, does not make any more."""
    left = {fact.id for fact in kept}
    for fact in outside:
        if fact.id not in left and set(SOURCE.findall(fact.statement)) <= here:
            yield f"outside.tsv: {fact.id}: the graph has no statement {compact(fact.statement)}"


def check_of_records(triples: Iterable[Triple]) -> Iterator[Triple]:
    """The check of each finding that records hold."""
    annotation = named("dqv:QualityAnnotation")
    for triple in triples:
        if triple.predicate == TYPE and triple.object == annotation:
            yield Triple(triple.subject, tip("check"), NamedNode(iris.check(READING)))
