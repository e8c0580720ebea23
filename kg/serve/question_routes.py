"""The routes of the packaged questions: catalogue, answers, search, description of it all."""

from pathlib import Path

from starlette.routing import Route

from kg.serve.api_docs import ApiDocs
from kg.serve.beside import Beside
from kg.serve.endpoint import Service
from kg.serve.pages_of_things import Pages
from kg.serve.questions import Questions
from kg.serve.searching import Searching


def packaged_questions(service: Service, pages: Pages, folder: Path | None) -> list[Route]:
    """`folder` has the index of names; without it one is made in memory, at the first search."""
    store, build_id = service.store, service.build_id
    searching = Searching(store, build_id, pages, folder)
    beside = Beside(store, service.allowed, service.limits)
    rooms = (Questions(store, build_id, pages, searching, beside=beside), searching, ApiDocs(store, pages))
    return [route for room in rooms for route in room.routes()]
