"""Made-up clients of the server, well-behaved and not, from a seed: what each sends, and what it must get."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from urllib.parse import quote, urlencode

CLOSE = b"Connection: close"
RESULTS = ["application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/html", "*/*"]
GRAPHS = ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json", "*/*;q=0.1"]
PATHS = [
    "/",
    "/sparql",
    "/sparql/",
    "/dumps",
    "/dumps/tipkg.nq",
    "/dumps/tipkg.nq.gz",
    "/static/tipkg.css",
    "/catalogue",
]
PATHS += [
    "/.well-known/void",
    "/catalogue.ttl",
    "/healthz",
    "/readyz",
    "/metrics",
    "/graph/made-up",
    "/id/x",
    "/doc/x.ttl",
]
ODD = ["%00", "%2e%2e%2f", "..", "../../../../etc/passwd", "//", "/./", "..;/", "%c0%ae%c0%ae/", "%ff%fe", "%", "%zz"]
ODD += [
    "%0d%0aX-Injected:%20yes",
    "%25%32%65",
    "\\",
    "'\"<script>alert(1)</script>",
    "?query",
    "#",
    ";",
    "%e2%80%ae",
    "~",
]
METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND", "QUERY", "M-SEARCH"]
HEADERS = [
    "Accept: {0}",
    "Accept: */*;q={0}",
    "Accept: text/html;q=0, */*;q=1.{0}",
    "Accept: ,,;;q=,{0}",
    "Accept-Encoding: {0}",
    "Accept-Encoding: gzip;q={0}",
    "Accept-Encoding: br, gzip, identity;q=0",
    "Range: bytes={0}",
    "Range: bytes=0-0,5-9,-{0}",
    'If-None-Match: "{0}"',
    "If-None-Match: *",
    "If-None-Match: W/{0}",
    "If-Modified-Since: {0}",
    "If-Match: *",
    "X-Forwarded-Proto: {0}",
    "X-Forwarded-Host: {0}",
    "X-Forwarded-Prefix: /{0}",
    "X-Forwarded-For: {0}",
    "Origin: {0}",
    "Content-Type: {0}",
    "Content-Type: application/sparql-query; charset={0}",
    "Content-Encoding: gzip",
    "Cookie: {0}",
    "Expect: {0}",
    "Expect: 100-continue",
    "Upgrade: {0}",
    "Connection: Upgrade, {0}",
    "Connection: keep-alive",
    "TE: trailers",
    "Access-Control-Request-Method: {0}",
    "Access-Control-Request-Headers: {0}",
    "Authorization: {0}",
    "Forwarded: for={0}",
    "X-{0}: x",
    "Keep-Alive: {0}",
    "Max-Forwards: {0}",
    "Trailer: {0}",
    "Via: {0}",
    "Transfer-Encoding: {0}",
    "Host: {0}",
]
VALUES = [
    "",
    "0",
    "-1",
    "1e9",
    "99999999999999999999",
    "\t",
    "x" * 5000,
    "a\x80\xff",
    "\x00",
    "\x7f",
    "é",
    ";;;",
    ", , ,",
]
VALUES += [
    "*",
    "text/*",
    "../..",
    "http://[",
    "javascript:1",
    "identity",
    "chunked",
    "evil.example:99999",
    "[::1]",
    "a b",
    "%0a",
]


@dataclass
class Case:
    """`steps` are what a client does: bytes that it sends, seconds that it waits, or the name of something else.
    `expected` are the tags of the answers in their order and whether each is to HEAD; None where nobody knows."""

    name: str
    steps: list[bytes | float | str]
    expected: list[tuple[bytes, bool]] | None = None
    tags: list[bytes] = field(default_factory=list)

    @property
    def sent(self) -> bytes:
        return b"".join(step for step in self.steps if isinstance(step, bytes))


@dataclass
class Maker:
    """What the parts of one case are made with."""

    random: Random
    number: int
    tags: list[bytes] = field(default_factory=list)

    def tag(self) -> str:
        tag = f"tag-{self.number}-{len(self.tags)}-{self.random.getrandbits(40):010x}-end"
        self.tags.append(tag.encode())
        return tag

    def query(self, tag: str) -> tuple[str, list[str]]:
        """A query whose answer holds the tag, and what it may be asked as."""
        forms = [
            (f'SELECT ("{tag}" AS ?t) {{}}', RESULTS),
            (f'SELECT ?t {{ VALUES ?t {{ "{tag}" }} OPTIONAL {{ ?t ?p ?o }} }} LIMIT 3', RESULTS),
            (f'SELECT ?s ?t {{ ?s ?p ?o BIND("{tag}" AS ?t) }} LIMIT {self.random.randint(1, 300)}', RESULTS),
            (f'CONSTRUCT {{ <x:s> <x:p> "{tag}" }} {{}}', GRAPHS),
            (f'CONSTRUCT {{ ?s <x:p> "{tag}" }} {{ ?s ?p ?o }} LIMIT 50', GRAPHS),
            (f'SELECT ("{tag}" AS ?t) (COUNT(*) AS ?n) {{ ?s ?p ?o }}', RESULTS),
        ]
        return self.random.choice(forms)

    def request(self, *, last: bool) -> tuple[bytes, bool]:
        """A valid one, and whether it is HEAD."""
        query, formats = self.query(self.tag())
        headers = ["Host: x", f"Accept: {self.random.choice(formats)}"]
        if self.random.random() < 0.3:
            headers.append("Accept-Encoding: identity")
        headers += ["Connection: close"] if last else []
        body, target = b"", "/sparql"
        method = self.random.choice(["GET", "GET", "HEAD", "POST", "POST"])
        if method != "POST":
            target += "?" + urlencode({"query": query}, quote_via=self.random.choice([quote, _plus]))
        elif self.random.random() < 0.5:
            headers.append("Content-Type: application/sparql-query")
            body = query.encode()
        else:
            headers.append("Content-Type: application/x-www-form-urlencoded")
            body = urlencode({"query": query}).encode()
        if method == "POST" and self.random.random() < 0.4:
            headers.append("Transfer-Encoding: chunked")
            body = self.chunked(body)
        elif method == "POST":
            headers.append(f"Content-Length: {len(body)}")
        head = "\r\n".join([f"{method} {target} HTTP/1.1", *headers, "", ""])
        return head.encode() + body, method == "HEAD"

    def chunked(self, body: bytes) -> bytes:
        out, at = b"", 0
        while at < len(body):
            size = self.random.randint(1, 40)
            extension = self.random.choice([b"", b"", b";a=b", b';a="b c"'])
            piece = body[at : at + size]
            out += b"%x%b\r\n%b\r\n" % (len(piece), extension, piece)
            at += size
        return out + b"0\r\n" + self.random.choice([b"", b"X-Trailer: x\r\n"]) + b"\r\n"

    def requests(self) -> tuple[list[bytes], list[bool]]:
        count = self.random.choice([1, 1, 2, 3, 6])
        made = [self.request(last=number == count - 1) for number in range(count)]
        return [request for request, _ in made], [is_head for _, is_head in made]

    def value(self) -> str:
        return "".join(self.random.choices(VALUES, k=self.random.choice([1, 1, 2])))

    def pieces(self, data: bytes) -> list[bytes | float | str]:
        steps: list[bytes | float | str] = []
        cuts = sorted(self.random.randrange(len(data) + 1) for _ in range(self.random.randint(1, 8)))
        for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True):
            steps += [data[start:end], self.random.choice([0.0, 0.001, 0.02])]
        return steps


def _plus(text: str, safe: str | bytes = "", encoding: str | None = None, errors: str | None = None) -> str:
    """Everything percent-encoded, with + for blanks."""
    return "".join(
        "+" if char == " " else f"%{byte:02x}" if not char.isalnum() and char != "-" else char
        for char in text
        for byte in char.encode()
    )


def head(target: str, *headers: str, method: str = "GET", last: bool = True) -> bytes:
    lines = [f"{method} {target} HTTP/1.1", "Host: x", *headers, *(["Connection: close"] if last else []), "", ""]
    return "\r\n".join(lines).encode("latin-1", "replace")


def valid(make: Maker) -> Case:
    requests, heads = make.requests()
    data = b"".join(requests)
    steps: list[bytes | float | str] = make.pieces(data) if make.random.random() < 0.4 else [data]
    return Case("valid", steps, list(zip(make.tags, heads, strict=True)))


def noise(make: Maker) -> Case:
    return Case("noise", [make.random.randbytes(make.random.choice([1, 10, 100, 5000]))])


def paths(make: Maker) -> Case:
    choice = make.random.choice
    target = choice(PATHS) + "".join(choice([*ODD, *PATHS]) for _ in range(make.random.randint(0, 3)))
    target = choice(["", "", "", "http://other.example", "http://[::1]:99", "*"]) + target
    return Case("paths", [head(target, f"Accept: {choice(RESULTS + GRAPHS)}", method=choice(METHODS))])


def headers(make: Maker) -> Case:
    query, _ = make.query(make.tag())
    given = [choice.format(make.value()) for choice in make.random.choices(HEADERS, k=make.random.randint(1, 6))]
    target = make.random.choice([f"/sparql?{urlencode({'query': query})}", *PATHS])
    return Case("headers", [head(target, *given, method=make.random.choice(["GET", "GET", "HEAD", "POST", "OPTIONS"]))])


def kill(make: Maker) -> Case:
    """A worker dies."""
    return Case("kill", ["kill", *valid(make).steps])


KINDS: dict[Callable[[Maker], Case], int] = {valid: 25, noise: 4, paths: 12, headers: 14}
