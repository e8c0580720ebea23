"""Whether a SPARQL endpoint answers at all, before anything is examined."""

from typing import Final
from urllib.parse import urljoin

from kg.doctor.answer import Answer, Came, printable, rows, summary
from kg.doctor.client import Client
from kg.doctor.request import sent
from kg.doctor.table import Request
from kg.doctor.target import DoctorError, Target

_ACCEPT: Final = "application/sparql-results+json, application/sparql-results+xml;q=0.9"
ASK: Final = Request(query="ASK {}", accept=_ACCEPT)
_WAYS: Final = (
    ASK,
    Request(method="POST", form={"query": "ASK {}"}, accept=_ACCEPT),
    Request(method="POST", body="ASK {}", type="application/sparql-query", accept=_ACCEPT),
)


def reach(client: Client, target: Target) -> None:
    """Raises DoctorError unless one of the three ways to send a query is answered as SPARQL says."""
    shown: list[str] = []
    for way in _WAYS:
        came = client.ask(sent(way, target, {}))
        if not came.answers:
            raise DoctorError(f"{target.url} is not reached: {came.failure}{_hint(came, target)}")
        answer = came.answers[0]
        _refuse(answer, target)
        if _is_result(answer):
            return
        shown.append(f"{way.method} {summary(came)}")
    raise DoctorError(f"{target.url} is no SPARQL endpoint: the query ASK {{}} is answered by {'; '.join(shown)}")


def _refuse(answer: Answer, target: Target) -> None:
    if answer.status // 100 == 3:
        place = urljoin(target.url, printable(answer.header("location") or "").partition("?")[0])
        raise DoctorError(f"{target.url} redirects (status {answer.status}): give the address itself, {place}")
    if answer.status in {401, 407}:
        raise DoctorError(f"{target.url} asks for a password; only what it shows to anybody is examined")


def _is_result(answer: Answer) -> bool:
    try:
        return answer.status == 200 and rows(answer).boolean is True
    except ValueError:
        return False


def _hint(came: Came, target: Target) -> str:
    if "refused" in came.failure:
        return "; does the server run, and on this port?"
    if target.secure and "SSL" in came.failure:
        return "; does it speak https at this port (else give http://), and is its certificate valid for this name?"
    if not target.secure and "closed" in came.failure:
        return "; does it speak http at this port (else give https://)?"
    return ""
