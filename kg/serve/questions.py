"""/questions: the packaged questions for people and programs, each answered from the parameters in the address."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final

from pyoxigraph import Store
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kg import __version__
from kg.ask import catalogue as every
from kg.ask import description as graph
from kg.ask.answer import Answer
from kg.ask.federated_questions import names as federated_names
from kg.ask.question import Question
from kg.ask.questions import QuestionError
from kg.serve.asked import PER_PAGE, WINDOW, Part, Window, accept_of, parameters, refuse_unknown, window
from kg.serve.beside import OWN, Beside, told
from kg.serve.conditional import conditional, matches
from kg.serve.negotiate import HTML, PROBLEMS, Choice, best
from kg.serve.pages_of_things import Pages
from kg.serve.problem import Problem
from kg.serve.question_catalogue import grouped, json_catalogue
from kg.serve.question_forms import CATALOGUE, FORMS, SUFFIXES, chosen, write
from kg.serve.question_pages import card, question_page
from kg.serve.question_problems import problem_of
from kg.serve.searching import Searching

if TYPE_CHECKING:
    from kg.ask.federated import Whom

TOTAL: Final = "Total-Rows"


class Questions:
    """`searching` gives what may be meant by values that name nothing; `beside` is for questions beside Wikidata."""

    def __init__(self, store: Store, build_id: str, pages: Pages, searching: Searching, *, beside: Beside) -> None:
        self._store = store
        self._build_id = build_id
        self._pages = pages
        self._searching = searching
        self._beside = beside
        # The pages of an answer are parts of one, and so are its forms.
        self._answer = lru_cache(maxsize=16)(self._ask)

    def routes(self) -> list[Route]:
        return [
            Route("/questions", self.catalogue),
            Route("/questions/", _without_slash),
            Route("/questions.json", self.catalogue),
            Route("/questions/{name:path}", self.question),
            # Those of the graph alone are things of the graph; the IRIs of these open too.
            *(Route(f"/question/{name}", _to_the_question) for name in federated_names()),
        ]

    async def catalogue(self, request: Request) -> Response:
        """All questions, or those with the words of `q`."""
        given = parameters(request)
        refuse_unknown(given, ("q",))
        choice = chosen(CATALOGUE, accept_of(request), "json" if request.scope["path"].endswith(".json") else None)
        words = given.get("q", "")
        if choice.format == HTML:
            make = partial(self._render, request, "questions.html", groups=grouped(words), q=words)
        else:
            make = partial(json_catalogue, words)
        return conditional(request, self._headers(request, choice), make)

    async def question(self, request: Request) -> Response:
        """The answer to one question, or its page, in the form that suffix or Accept ask for."""
        name, _, suffix = request.path_params["name"].partition(".")
        if suffix and suffix not in SUFFIXES:
            raise Problem(404, "Not found", f"a question is answered as {', '.join(f'.{one}' for one in SUFFIXES)}")
        try:
            found = every.question(name[:100])
        except QuestionError as error:
            return self._unknown(request, problem_of(error))
        choice = chosen(FORMS, accept_of(request), suffix or None)
        try:
            return self._answered(request, found, choice)
        except Problem as problem:
            if _wants_a_page(request, choice):
                return self._refused(request, found, problem)
            raise

    def _answered(self, request: Request, found: Question, choice: Choice) -> Response:
        given = parameters(request)
        own = {key: value for key, value in given.items() if key not in WINDOW}
        part = window(given, PER_PAGE if choice.format == HTML else None)
        whom = self._beside.whom(found.name, own, request)
        headers = self._headers(request, choice)
        if whom is not None and whom.may_ask:
            headers = _of_this_moment(headers)
        # What has this tag has been answered before.
        elif matches(request.headers.get("if-none-match"), headers["ETag"]):
            return Response(status_code=304, headers=headers)
        answer = (self._answer if "ETag" in headers else self._ask)(found.name, tuple(own.items()), whom)
        shown = part.part(len(answer.rows_found))
        links = part.links(own, shown.total)
        headers |= {TOTAL: str(shown.total), "Link": _links(found.name, request.url.query, links), **told(answer)}
        cut = _cut(answer, shown)
        if choice.format == HTML:
            page = question_page(self._store, cut, own, request.scope["path"])
            if answer.used != "graph" and not self._beside.may_ask:
                page["sparql"] = None
            make = partial(self._page, request, page, shown, links)
        else:
            make = partial(write, cut, choice.format, graph.prefixes(self._store), _told(part, shown))
        return conditional(request, headers, make) if "ETag" in headers else Response(make(), headers=headers)

    def _ask(self, name: str, given: tuple[tuple[str, str], ...], whom: "Whom | None") -> Answer:
        """Raises Problem: an unknown parameter or value; what cannot be answered without Wikidata."""
        try:
            if whom is not None:
                return self._beside.ask(name, dict(given), whom, self._searching.candidates)
            return every.ask(self._store, name, dict(given), nearest=self._searching.candidates)
        except QuestionError as error:
            raise problem_of(error, every.question(name), dict(given), OWN if whom else ()) from error

    def _page(self, request: Request, page: Mapping[str, object], shown: Part, links: Mapping[str, str]) -> bytes:
        return self._render(request, "question.html", **page, shown=shown, links=links, problem=None)

    def _refused(self, request: Request, found: Question, problem: Problem) -> Response:
        """The page with the form as it was filled in, and what may be meant."""
        try:
            given = parameters(request)
        except Problem:
            given = {}
        page = card(self._store, found, given)
        content = self._render(request, "question.html", **page, answer=None, problem=problem)
        return _no_store(content, problem.status)

    def _unknown(self, request: Request, problem: Problem) -> Response:
        choice = best(PROBLEMS, accept_of(request))
        if choice is None or choice.format != HTML:
            raise problem
        near = [(every.question(one["label"]).summary, one["label"]) for one in problem.members["nearest"]]
        found = [(summary, f"./{name}") for summary, name in near]
        return _no_store(self._render(request, "missing.html", problem=problem, near=found), problem.status)

    def _render(self, request: Request, template: str, **values: object) -> bytes:
        return self._pages.render(template, request.scope["path"], **values)

    def _headers(self, request: Request, choice: Choice) -> dict[str, str]:
        parts = (self._build_id, __version__, self._pages.etag, request.url.path, request.url.query, choice.media_type)
        etag = f'W/"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:32]}"'
        return {"Content-Type": choice.content_type, "Vary": "Accept", "Cache-Control": "no-cache", "ETag": etag}


def _of_this_moment(headers: Mapping[str, str]) -> dict[str, str]:
    """For what another endpoint says, which nobody may keep as if it were of the build."""
    return {name: value for name, value in headers.items() if name != "ETag"} | {"Cache-Control": "no-store"}


async def _to_the_question(request: Request) -> Response:
    return RedirectResponse(f"../questions/{request.scope['path'].rpartition('/')[2]}", 303)


async def _without_slash(request: Request) -> Response:
    return RedirectResponse("../questions", 308)


def _cut(answer: Answer, shown: Part) -> Answer:
    """The answer with a part of its rows; what is near goes with the last of them."""
    if (shown.first, shown.last) == (0, shown.total):
        return answer
    near = answer.nearest if shown.last == shown.total else ()
    return replace(answer, rows_found=answer.rows_found[shown.first : shown.last], nearest=near)


def _told(part: Window, shown: Part) -> dict[str, int] | None:
    return None if part.limit is None else {"total": shown.total, "offset": shown.first, "limit": part.limit}


def _links(name: str, query: str, pages: Mapping[str, str]) -> str:
    """The other parts (RFC 8288), the other forms, and where the interface is described (RFC 8631)."""
    asked = f"?{query}" if query else ""
    links = [f'<{address}>; rel="{rel}"' for rel, address in pages.items()]
    links += [f'<./{name}.{suffix}{asked}>; rel="alternate"; type="{form.media_types[0]}"'
              for suffix, form in SUFFIXES.items()]  # fmt: skip
    return ", ".join([*links, '<../openapi.json>; rel="service-desc"'])


def _wants_a_page(request: Request, choice: Choice) -> bool:
    refusal = best(PROBLEMS, accept_of(request))
    return choice.format == HTML and refusal is not None and refusal.format == HTML


def _no_store(content: bytes, status: int) -> Response:
    headers = {"Content-Type": "text/html; charset=utf-8", "Vary": "Accept", "Cache-Control": "no-store"}
    return Response(content, status, headers=headers)
