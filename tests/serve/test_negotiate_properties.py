"""Negotiation against RFC 9110, section 12.5, written a second time from what was meant instead of from the text."""

from collections.abc import Sequence
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.serve.negotiate import FORMATS, PROBLEMS, Format, best, choose, takes
from kg.serve.problem import Problem

OFFERS: list[tuple[Format, ...]] = [FORMATS["SELECT"], FORMATS["CONSTRUCT"], PROBLEMS]
TYPES = [*sorted({name for offer in OFFERS for one in offer for name in one.media_types}), "image/png"]
PARAMETERS = ["charset=utf-8", 'charset="UTF-8"', "charset=latin-1", "level=1", "profile=x", 'version="1.2"']
QUALITIES = ["1", "1.000", "0.5", "0.50", "0.001", "0", "0.000", ".3", "1.", None]
NO_QUALITIES = ["2", "1.001", "-1", "0.0001", "high", "", "1e0"]


class Member(NamedTuple):
    kind: str
    subtype: str
    parameter: str | None
    quality: str | None


KINDS = st.sampled_from([tuple(one.split("/")) for one in TYPES] + [("*", "*"), ("text", "*"), ("application", "*")])
MEMBERS = st.builds(
    lambda kind, parameter, quality: Member(*kind, parameter, quality),
    KINDS,
    st.none() | st.none() | st.sampled_from(PARAMETERS),
    st.sampled_from(QUALITIES) | st.sampled_from(QUALITIES) | st.sampled_from(NO_QUALITIES),
)
BLANKS = st.sampled_from(["", "", " ", "\t "])


@st.composite
def fields(draw: st.DrawFn, members: Sequence[Member]) -> str:
    """The members as a client may write them: any case, blanks, empty members."""
    written = []
    for member in members:
        parts = [f"{member.kind}/{member.subtype}", *filter(None, [member.parameter])]
        parts += [] if member.quality is None else [f"{draw(st.sampled_from('qQ'))}={member.quality}"]
        one = (draw(BLANKS) + ";" + draw(BLANKS)).join(parts)
        written.append(draw(BLANKS) + (one.upper() if draw(st.booleans()) else one))
    return draw(st.sampled_from([",", ", ", " ,, "])).join(written)


def level_of(member: Member, media_type: str) -> int | None:
    """How exactly the member names the type, from 0 to 3, or None."""
    if member.quality in NO_QUALITIES or member.parameter in {"charset=latin-1", "level=1"}:
        return None
    kind, subtype = media_type.split("/")
    if (member.kind, member.subtype) not in {(kind, subtype), (kind, "*"), ("*", "*")}:
        return None
    charset = member.parameter is not None and member.parameter.startswith("charset")
    return 3 if charset else ["*", "*"].count("*") - [member.kind, member.subtype].count("*")


def wish(members: Sequence[Member], media_type: str) -> tuple[float, int]:
    """Quality and level of the type: a more exact member overrides the others, among equals the kindest counts."""
    wishes: dict[int, float] = {}
    for member in members:
        level = level_of(member, media_type)
        if level is not None:
            wishes[level] = max(wishes.get(level, 0.0), float(member.quality or 1))
    return max(((quality, level) for level, quality in wishes.items()), key=lambda one: one[1], default=(0.0, 0))


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.data(), st.sampled_from(OFFERS), st.lists(MEMBERS, min_size=1, max_size=5))
def test_accept_is_read_as_the_standard_says(
    data: st.DataObject, formats: tuple[Format, ...], members: list[Member]
) -> None:
    expected: tuple[tuple[float, int], str | None] = ((0.0, 0), None)
    for media_type in [name for one in formats for name in one.media_types]:
        one = wish(members, media_type)
        if one[0] > 0 and one > expected[0]:
            expected = one, media_type
    choice = best(formats, data.draw(fields(members)))
    assert (choice and choice.media_type) == expected[1]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(alphabet='*/,;=q.015" \ttexcsvhml+json\u00e9\0'), st.sampled_from(OFFERS))
def test_any_accept_gives_an_offer_or_406(accept: str, formats: tuple[Format, ...]) -> None:
    if best(formats, accept) is None:
        with pytest.raises(Problem, match="nothing on offer fits"):
            choose(formats, accept)
    else:
        choice = choose(formats, accept)
        assert (choice.format in formats, choice.media_type in choice.format.media_types) == (True, True)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.dictionaries(st.sampled_from(["gzip", "br", "zstd", "identity", "*"]), st.sampled_from(QUALITIES)), BLANKS)
def test_coding_is_taken_by_its_own_weight_or_that_of_the_star(codings: dict[str, str | None], blank: str) -> None:
    field = f"{blank},".join(name + (f"{blank};q={weight}" if weight else "") for name, weight in codings.items())
    weight = codings.get("gzip", codings.get("*", "0"))
    assert takes("gzip", field) == (float(weight or 1) > 0)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text())
def test_any_accept_encoding_is_read(field: str) -> None:
    assert takes("gzip", field) in {True, False}
