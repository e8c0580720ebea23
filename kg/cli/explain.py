"""The command that says why a triple of a built graph holds, or what comes nearest to it."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from kg import formats
from kg.cli.graph import store_folder_or_built
from kg.cli.options import STORE

if TYPE_CHECKING:
    from pyoxigraph import Store, Triple

    from kg.ask.explain import Explanation, Passage
    from kg.graph.proof import Proof
    from kg.graph.rulebook import RuleBook

# Where a triple follows from very many statements, such as what kind of thing somebody is, a page of proofs is enough.
SHOWN: Final = 20


@click.command()
@click.argument("subject")
@click.argument("predicate")
@click.argument("object_", metavar="OBJECT")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="How the proofs are printed.",
)
@STORE
def explain(subject: str, predicate: str, object_: str, form: str, store_folder: Path | None) -> None:
    """Say why a triple holds: the statements, passages, axioms and rules behind it; or what comes nearest to it.

    Subject and object are named as in the questions, the predicate by CURIE, name or label: tipkg explain UNHCR
    cooperatesWith ILO."""
    from kg.ask import explain as stage
    from kg.graph import rulebook
    from kg.graph.store import open_store

    folder = store_folder_or_built(store_folder)
    store, book = open_store(folder), rulebook.read(folder)
    found = stage.explain(store, book, (subject, predicate, object_))
    if form == "json":
        click.echo(formats.as_json(_as_json(store, found)), nl=False)
        return
    lines = _told(store, book, found) if found.proofs else _not_held(store, book, found)
    click.echo("\n".join(lines))


def _told(store: "Store", book: "RuleBook", found: "Explanation") -> Iterator[str]:
    many = len(found.proofs)
    if found.proofs[0].rule is None:
        yield f"stated: {_words(store, found.triple)}"
    else:
        yield f"derived: {_words(store, found.triple)} ({many} independent proof{'s' if many > 1 else ''})"
    for number, proof in enumerate(found.proofs[:SHOWN], 1):
        yield ""
        if many > 1:
            yield f"proof {number} of {many}"
        yield from _proof_lines(store, book, proof, "")
    if many > SHOWN:
        yield f"\n... and {many - SHOWN} more (all of them: --format json)"


def _proof_lines(store: "Store", book: "RuleBook", proof: "Proof", indent: str) -> Iterator[str]:
    from kg.ask.explain import shorten, stated

    yield indent + " ".join(shorten(book, term) for term in proof.triple)
    if proof.rule is None:
        where = stated(store, proof.triple)
        yield f"{indent}  stated by {', '.join(map(_graph, where.graphs))}"
        yield from (f"{indent}  {_place(passage)}" for passage in where.passages)
    elif proof.rule.definition:
        yield f"{indent}  by rule {proof.rule.name}: {proof.rule.definition}"
    else:
        yield f"{indent}  by axiom {proof.rule.name}"
    for premise in proof.premises:
        yield from _proof_lines(store, book, premise, indent + "    ")


def _not_held(store: "Store", book: "RuleBook", found: "Explanation") -> Iterator[str]:
    from kg.ask.explain import shorten

    yield f"does not hold: {_words(store, found.triple)}; no source states it, and no axiom or rule derives it"
    if found.nearest:
        yield "nearest (no proof of it):"
    for near in found.nearest:
        yield f"  {near.kind}: {near.label}"
        yield f"    {shorten(book, near.statement)}: {', '.join(near.roles)}"
        yield from (f"    {_place(passage)}" for passage in near.passages)
    if found.instead:
        yield "what does hold:"
    yield from (f"  {' '.join(shorten(book, term) for term in triple)}" for triple in found.instead)


def _words(store: "Store", triple: "Triple") -> str:
    from kg.ask.explain import label

    return " ".join(label(store, term) for term in triple)


def _graph(iri: str) -> str:
    """A source by its id; another graph by its name, since what stands there is ours and has no passage."""
    kind, _, name = iri.rpartition("/")
    return name if kind.endswith("source") else f"graph {name} (no source: of this project)"


def _place(passage: "Passage") -> str:
    return f"{passage.where} (characters {passage.begin} to {passage.end} of {passage.source})"


def _as_json(store: "Store", found: "Explanation") -> dict[str, Any]:
    value: dict[str, Any] = _triple_json(found.triple)
    value |= {"holds": bool(found.proofs), "proofs": [_proof_json(store, proof) for proof in found.proofs]}
    if not found.proofs:
        value["nearest"] = [
            {
                "statement": near.statement.value,
                "label": near.label,
                "kind": near.kind,
                "roles": list(near.roles),
                "passages": list(map(vars, near.passages)),
            }
            for near in found.nearest
        ]
        value["instead"] = [_triple_json(triple) for triple in found.instead]
    return value


def _triple_json(triple: "Triple") -> dict[str, Any]:
    names = ("subject", "predicate", "object")
    return {name: getattr(term, "value", str(term)) for name, term in zip(names, triple, strict=True)}


def _proof_json(store: "Store", proof: "Proof") -> dict[str, Any]:
    from kg.ask.explain import stated

    value = _triple_json(proof.triple)
    if proof.rule is None:
        where = stated(store, proof.triple)
        return {**value, "stated_by": list(where.graphs), "passages": list(map(vars, where.passages))}
    kind = "rule" if proof.rule.definition else "axiom"
    premises = [_proof_json(store, premise) for premise in proof.premises]
    return {**value, "by": {"kind": kind, "name": proof.rule.name, "definition": proof.rule.definition},
            "premises": premises}  # fmt: skip
