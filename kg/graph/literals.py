"""Literals as values: whether one is well formed, and which of two comes first, as rdflib (and so pySHACL) sees them.

Forms that leave no doubt are decided here; rdflib, which takes a while to load, is asked about all others."""

import datetime
import operator
import re
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import BlankNode, Literal

from kg.graph.terms import XSD, Term

if TYPE_CHECKING:
    import rdflib

# Every form is one of these, or SPARQL 1.1 does not know the datatype, so that SHACL does not ask (gYear, gYearMonth).
ANY_FORM: Final = frozenset(
    {
        *(XSD + name for name in ("string", "anyURI", "gYear", "gYearMonth")),
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString",
    }
)
BOOLEAN: Final = XSD + "boolean"
NUMBERS: Final = (int, float, Decimal)
PLAIN_NUMBERS: Final = {
    XSD + "integer": re.compile(r"-?[0-9]{1,18}"),
    XSD + "nonNegativeInteger": re.compile(r"[0-9]{1,18}"),
    XSD + "decimal": re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?"),
}
PLAIN_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def well_formed(literal: Literal) -> bool:
    """Whether the form of a literal is one of its datatype: "abc"^^xsd:integer is not."""
    datatype, form = literal.datatype.value, literal.value
    if datatype in ANY_FORM or (datatype == BOOLEAN and form in ("true", "false")) or _plain(literal) is not None:
        return True
    return not _asked(literal).ill_typed


def less(first: Term, second: Term) -> bool:
    """Whether the first value is less than the second, as sh:lessThan asks; false if they cannot be compared."""
    return _compare(first, second, operator.lt)


def less_or_equal(first: Term, second: Term) -> bool:
    """Whether it is less or equal, as sh:lessThanOrEquals and sh:minInclusive ask; false if they cannot be compared."""
    return _compare(first, second, operator.le)


def ordered(literal: Literal) -> bool:
    """Whether values can be more or less than this one: a number or a time."""
    return isinstance(_value(literal), (*NUMBERS, datetime.date, datetime.time))


def _compare(first: Term, second: Term, comparison: Callable[[Any, Any], bool]) -> bool:
    one, two = _value(first), _value(second)
    if type(one) is not type(two) and not (type(one) in NUMBERS and type(two) in NUMBERS):
        return False
    try:
        return one is not None and bool(comparison(one, two))
    except (TypeError, ArithmeticError):
        # Values without an order: one time with and one without time zone, or what is no number.
        return False


def _value(term: Term) -> Any:
    """Text for IRIs and strings, else the value of a well-formed literal; None if there is none to compare."""
    if not isinstance(term, Literal):
        return None if isinstance(term, BlankNode) else term.value
    plain = _plain(term)
    if plain is not None:
        return plain
    asked = _asked(term)
    return None if asked.ill_typed else asked.value


def _plain(literal: Literal) -> Decimal | datetime.date | None:
    """The value of a number or a day in its usual form; None for all other forms and datatypes."""
    datatype, form = literal.datatype.value, literal.value
    if datatype in PLAIN_NUMBERS:
        return Decimal(form) if PLAIN_NUMBERS[datatype].fullmatch(form) else None
    if datatype != XSD + "date" or not PLAIN_DATE.fullmatch(form):
        return None
    try:
        return datetime.date.fromisoformat(form)
    except ValueError:
        return None


def _asked(literal: Literal) -> "rdflib.Literal":
    from kg.graph import rdflib_terms

    rdflib_terms.forget_owlrl()
    return rdflib_terms.literal(literal)
