"""Dates as these reports print them, with the precision that they state."""

import re
from typing import Final

MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
FORMS: Final = (
    re.compile(r"(?P<d>\d{1,2})\.? (?P<m>[A-Z][a-z]{2,8})\.?,? (?P<y>\d{4})"),
    re.compile(r"(?P<m>[A-Z][a-z]{2,8})\.? (?P<d>\d{1,2}),? (?P<y>\d{4})"),
    re.compile(r"(?P<m>[A-Z][a-z]{2,8})\.? (?P<y>\d{4})"),
    re.compile(r"(?P<y>\d{4})"),
)


def iso_date(printed: str) -> str | None:
    """2018-06-14, 2019-01 or 2018, never more precise than printed; None if it is no date."""
    for form in FORMS:
        match = form.fullmatch(" ".join(printed.split()))
        if match:
            return _iso(match.groupdict())
    return None


def _iso(parts: dict[str, str]) -> str | None:
    if "m" not in parts:
        return parts["y"]
    month = parts["m"].lower()[:3]
    if month not in MONTHS:
        return None
    day = f"-{int(parts['d']):02}" if "d" in parts else ""
    if day and not 1 <= int(parts["d"]) <= 31:
        return None
    return f"{parts['y']}-{MONTHS.index(month) + 1:02}{day}"
