"""Dates keep the precision stated; what they can mean is bounded (XML Schema 1.1, 3.3.9-3.3.12)."""

import pytest

from kg.graph import terms


@pytest.mark.parametrize(
    ("printed", "datatype"),
    [
        ("2018", "gYear"),
        ("2019-01", "gYearMonth"),
        ("2018-06-14", "date"),
        ("2009-2019", "string"),
        ("2015-17", "string"),
    ],
)
def test_date_keeps_the_precision_stated(printed: str, datatype: str) -> None:
    literal = terms.date(printed)
    assert (literal.value, literal.datatype.value) == (printed, terms.XSD + datatype)


@pytest.mark.parametrize(
    ("printed", "bounds"),
    [
        ("2018", ("2018-01-01", "2018-12-31")),
        ("2019-01", ("2019-01-01", "2019-01-31")),
        ("2016-02", ("2016-02-01", "2016-02-29")),
        ("2018-06-14", ("2018-06-14", "2018-06-14")),
        ("2009-2019", ("2009-01-01", "2019-12-31")),
        ("2015-17", ("2015-01-01", "2017-12-31")),
        ("first half of 2018", None),
    ],
)
def test_bounds_are_first_and_last_day(printed: str, bounds: tuple[str, str] | None) -> None:
    assert terms.bounds(printed) == bounds


def test_a_prefix_that_is_not_declared_is_an_error() -> None:
    with pytest.raises(KeyError):
        terms.named("nowhere:thing")
