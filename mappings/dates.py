"""Dates as these reports print them, with the precision that they state."""

import datetime
import re
from typing import Final

MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
FORMS: Final = (
    re.compile(r"(?P<d>\d{1,2})\.? (?P<m>[A-Z][a-z]{2,8})\.?,? (?P<y>\d{4})"),
    re.compile(r"(?P<m>[A-Z][a-z]{2,8})\.? (?P<d>\d{1,2}),? (?P<y>\d{4})"),
    re.compile(r"(?P<m>[A-Z][a-z]{2,8})\.?,? (?P<y>\d{4})"),
    re.compile(r"(?P<y>\d{4})"),
)


def iso_date(printed: str) -> str | None:
    """2018-06-14, 2019-01 or 2018, never more precise than printed; None if it is no date of the calendar."""
    for form in FORMS:
        match = form.fullmatch(" ".join(printed.split()))
        if match:
            return _iso(match.groupdict())
    return None


def _iso(parts: dict[str, str]) -> str | None:
    if "m" not in parts:
        return parts["y"]
    name = parts["m"].lower()
    month = next((number for number, full in enumerate(MONTHS, 1) if full.startswith(name)), 9 if name == "sept" else 0)
    try:
        day = datetime.date(int(parts["y"]), month, int(parts.get("d", 1)))
    except ValueError:
        return None
    return day.isoformat() if "d" in parts else day.isoformat()[:7]
