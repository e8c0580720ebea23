"""The command search: exit codes, and what goes to which stream."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Tipkg = Callable[..., Any]
COLUMNS = ["how", "matched", "kind", "label", "statements", "about", "iri"]


def test_hits_are_rows_with_what_matched_and_how(tipkg: Tipkg, built: Path) -> None:
    done = tipkg("search", "Palermo Protocl", "--kind", "instrument", "--store", built, "--format", "csv")
    first, *_ = csv.DictReader(io.StringIO(done.out))
    assert (done.code, done.err, list(first)) == (0, "", COLUMNS)
    assert (first["how"], first["matched"]) == ("misprint", "Palermo Protocol")
    assert first["iri"] == "https://w3id.org/tipkg/id/instrument/palermo-protocol"


def test_words_need_no_quotes(tipkg: Tipkg, built: Path) -> None:
    done = tipkg("search", "World", "Health", "Organisation", "--store", built, "--format", "json", "--limit", 1)
    (hit,) = json.loads(done.out)
    assert (hit["how"], hit["kind"], hit["iri"]) == (
        "exact",
        "organization",
        "https://w3id.org/tipkg/id/organization/who",
    )


def test_table_shows_iris_without_their_base(tipkg: Tipkg, built: Path) -> None:
    done = tipkg("search", "GIN", "--store", built)
    assert done.code == 0
    assert "id/state/GIN" in done.out
    assert "https://" not in done.out


@pytest.mark.parametrize(
    ("form", "out"),
    [("table", ""), ("json", "[]\n"), ("csv", ",".join(COLUMNS) + "\n"), ("tsv", "\t".join(COLUMNS) + "\n")],
)
def test_nothing_found_is_exit_1_with_the_nearest_on_standard_error(
    tipkg: Tipkg, built: Path, form: str, out: str
) -> None:
    done = tipkg("search", "UNSCR 2332", "--store", built, "--format", form)
    assert (done.code, done.out) == (1, out)
    assert done.err.startswith("nothing is called 'UNSCR 2332' (nearest: United Nations Security Council resolution 23")


def test_nothing_near_is_said_too(tipkg: Tipkg, built: Path) -> None:
    done = tipkg("search", "zzz", "--store", built)
    assert (done.code, done.out, done.err) == (1, "", "nothing is called 'zzz' (and nothing is near)\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Missing argument 'TEXT...'"),
        (("",), "has no letter or digit to search for"),
        (("x" * 201,), "at most 200 characters, this one has 201"),
        (("ILO", "--kind", "people"), "no kind is called 'people'; kinds: body, "),
        (("ILO", "--limit", "0"), "a limit is a number from 1 to 100, not 0"),
        (("ILO", "--limit", "ten"), "'ten' is not a valid integer"),
        (("ILO", "--store", "nowhere"), "nowhere: no tipkg store there"),
    ],
)
def test_bad_input_is_exit_2_with_one_message(tipkg: Tipkg, built: Path, arguments: tuple[str, ...], said: str) -> None:
    given = arguments if "--store" in arguments else (*arguments, "--store", built)
    done = tipkg("search", *given)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "Traceback" not in done.err
