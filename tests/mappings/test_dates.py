"""Dates as printed: never more precise than the print, never a day that the calendar has not."""

import pytest

from kg.mappings.dates import iso_date


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("14 Jun 2018", "2018-06-14"),
        ("3. March, 2027", "2027-03-03"),
        ("November 9, 2016", "2016-11-09"),
        ("Nov. 9 2016", "2016-11-09"),
        ("Jan 2019", "2019-01"),
        ("Sept. 2019", "2019-09"),
        ("May  2019", "2019-05"),
        ("2019", "2019"),
        ("29 Feb 2028", "2028-02-29"),
        ("29 Feb 2027", None),
        ("31 June 2018", None),
        ("Junk 2019", None),
        ("14 6 2018", None),
        ("soon", None),
        ("", None),
    ],
)
def test_iso_date(printed: str, iso: str | None) -> None:
    assert iso_date(printed) == iso
