"""What a worker answers with: the application over a store in memory, loaded once, or on disk, opened by each."""

from collections.abc import Mapping

from starlette.types import ASGIApp

from kg.federate.allowed import FOR_SERVICE, Allowed, Budget
from kg.gateway.settings import Settings
from kg.graph.store import StoreError, load_store, merged_alone, open_store, read_manifest
from kg.serve.app import create_app
from kg.serve.bounded import Most
from kg.serve.cards import CardsOnDemand, QuestionCard
from kg.serve.endpoint import Limits
from kg.serve.warm import prepare, warm


def packaged_cards() -> list[QuestionCard]:
    """Of every packaged question."""
    from kg.ask import questions

    found = (questions.question(name) for name in questions.names())
    return [QuestionCard(one.name, one.summary, tuple(one.parameter_names), one.query) for one in found]


def declared_prefixes() -> Mapping[str, str]:
    """Of the ontology."""
    from kg.graph.terms import prefixes

    return prefixes()


class Application:
    """Made of what a zygote was told. It reads nothing before it must, since the first answer waits for it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._cards = CardsOnDemand(packaged_cards)

    def make(self) -> ASGIApp:
        """Raises StoreError when there is no store of this build in the folder."""
        settings = self._settings
        store = load_store(settings.folder) if settings.in_memory else open_store(settings.folder)
        found = read_manifest(settings.folder).build_id
        if found != settings.build_id:
            raise StoreError(f"{settings.folder}: build {found} was put there while {settings.build_id} was opened")
        app = create_app(
            store,
            merged=merged_alone(store) if settings.copied else None,
            build_id=settings.build_id,
            questions=self._cards,
            prefixes=declared_prefixes,
            public=settings.public,
            trust_proxy=settings.trust_proxy,
            limits=self._limits(),
            allowed=Allowed(settings.services),
            folder=settings.folder,
        )
        if settings.in_memory:
            # Before the forks: what is read and compiled for these is there in every worker, and shared by all.
            warm(app, store)
        return app

    def prepare(self) -> None:
        """All that can be read without the store, for the workers that open it after their fork."""
        prepare()
        len(self._cards)

    def _limits(self) -> Limits:
        settings = self._settings
        return Limits(
            seconds=settings.query_seconds,
            body_bytes=settings.body_bytes,
            result=Most(settings.result_rows, settings.result_bytes),
            services=Budget(seconds=settings.query_seconds * FOR_SERVICE),
        )
