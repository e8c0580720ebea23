"""What the description of the interface says of refusals, and of questions beside Wikidata, in words."""

from typing import Any, Final

from kg.serve.beside import USED
from kg.serve.federation import RECEIPT

WHY: Final = {
    "400": "A parameter is unknown (the problem lists the known ones), missing or given twice.",
    "404": "There is no such question (the problem has the names most like it), or no such page.",
    "406": "None of the forms on offer is what Accept asks for.",
    "422": "A value names nothing, or several things; the problem says what may be meant. Or nobody is to be asked, "
    "and the offline twin of Wikidata cannot answer the question.",
}
# Of questions beside Wikidata; the problem has what the graph itself holds.
BESIDE: Final = {
    "403": "This server may not ask Wikidata, or the endpoint named, and the offline twin cannot answer.",
    "502": "Wikidata was asked and failed, and the offline twin cannot answer.",
    "503": "Wikidata was asked and is busy, and the offline twin cannot answer; Retry-After says when to ask again.",
    "504": "Wikidata was asked and did not answer in time, and the offline twin cannot answer.",
}
HEADERS: Final = {
    USED: {"description": "Whether Wikidata was asked or its twin.", "schema": {"enum": ["live", "twin"]}},
    RECEIPT: {"description": "What each SERVICE took (RFC 9651).", "schema": {"type": "string"}},
}


def whom_to_ask() -> list[dict[str, Any]]:
    """The parameters of every question beside Wikidata."""
    mode = (
        "auto: Wikidata, or its offline twin where that may not be asked or fails; live: Wikidata or a refusal; "
        "offline: nobody is asked, the twin or a refusal"
    )
    endpoint = "An endpoint in place of Wikidata, one that the server may ask."
    modes = {"type": "string", "enum": ["auto", "live", "offline"], "default": "auto"}
    return [
        {"name": "mode", "in": "query", "description": mode, "schema": modes},
        {"name": "endpoint", "in": "query", "description": endpoint, "schema": {"type": "string"}},
    ]
