"""What a worker answers with: the application over a store in memory, loaded once, or on disk, opened by each."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from starlette.types import ASGIApp

from kg.ask import questions
from kg.federate.allowed import Allowed, Budget
from kg.graph.store import StoreError, load_store, merged_alone, open_store, read_manifest
from kg.graph.terms import prefixes
from kg.serve.app import create_app
from kg.serve.bounded import Most
from kg.serve.cards import QuestionCard
from kg.serve.endpoint import Limits
from kg.serve.warm import warm

_FOR_SERVICE: Final = 2 / 3


@dataclass(frozen=True)
class Settings:
    """What a zygote must know. `build_id` is the build it is for: another one in the folder is refused."""

    folder: Path
    build_id: str
    in_memory: bool
    public: str | None
    trust_proxy: bool
    query_seconds: float
    body_bytes: int
    worker_bytes: int
    result_rows: int
    result_bytes: int
    services: tuple[str, ...]

    def to_json(self) -> str:
        return json.dumps(asdict(self) | {"folder": str(self.folder)})

    @classmethod
    def from_json(cls, text: str) -> "Settings":
        values: dict[str, Any] = json.loads(text)
        return cls(**values | {"folder": Path(values["folder"]), "services": tuple(values["services"])})


def application(settings: Settings) -> Callable[[], ASGIApp]:
    """A function that makes the application. All that does not depend on the store is done here, once.

    Raises StoreError when there is no store of this build in the folder."""
    cards = [
        QuestionCard(q.name, q.summary, tuple(q.parameter_names), q.query)
        for q in (questions.question(name) for name in questions.names())
    ]

    limits = Limits(
        seconds=settings.query_seconds,
        body_bytes=settings.body_bytes,
        result=Most(settings.result_rows, settings.result_bytes),
        # What is left of the time is for the query itself.
        services=Budget(seconds=settings.query_seconds * _FOR_SERVICE),
    )

    def make() -> ASGIApp:
        store = load_store(settings.folder) if settings.in_memory else open_store(settings.folder)
        found = read_manifest(settings.folder).build_id
        if found != settings.build_id:
            raise StoreError(f"{settings.folder}: build {found} was put there while {settings.build_id} was opened")
        app = create_app(
            store,
            merged=merged_alone(store) if settings.in_memory else None,
            build_id=settings.build_id,
            questions=cards,
            prefixes=prefixes(),
            public=settings.public,
            trust_proxy=settings.trust_proxy,
            limits=limits,
            allowed=Allowed(settings.services),
            folder=settings.folder,
        )
        if settings.in_memory:
            # Before the forks: what is compiled and read for these is there in every worker, and shared by all.
            warm(app)
        return app

    return make
