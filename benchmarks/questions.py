"""The questions over HTTP against a served store, beside the limits: `python benchmarks/questions.py URL`.

Each address is asked anew (no cached answer: one more parameter that is ignored makes it another request), one after
the other on one connection; the median of all is what counts."""

import argparse
import http.client
import itertools
import statistics
import time
from collections.abc import Iterable
from urllib.parse import urlencode, urlsplit

from kg.ask import questions

RUNS = 7
MOST_ROWS = 100
SEARCHES = ("ILO", "GIN", "UN", "forced labour", "members of ICAT", "Palermo Protocl", "UNODOC", "zzz")
JSON, PAGE = "application/json", "text/html"


class Client:
    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        self._fresh = itertools.count(1)

    def ask(self, path: str, accept: str, **parameters: str) -> tuple[float, int]:
        """Milliseconds, and how many rows there are in all. Raises SystemExit where it is no 200."""
        # Another time-out is another request to the cache and the same to the application.
        query = urlencode({**parameters, "timeout": f"29.{next(self._fresh):06}"})
        begin = time.perf_counter()
        self._connection.request("GET", f"{path}?{query}", headers={"Accept": accept})
        response = self._connection.getresponse()
        response.read()
        taken = (time.perf_counter() - begin) * 1000
        if response.status != 200:
            raise SystemExit(f"{path}?{query}: {response.status}")
        return taken, int(response.headers.get("Total-Rows", 0))


def asked(client: Client, accept: str) -> list[tuple[float, str]]:
    """The median of each example with at most 100 rows."""
    found = []
    for name in questions.names():
        for example in questions.question(name).examples:
            runs = [client.ask(f"/questions/{name}", accept, **example.parameters) for _ in range(RUNS)]
            if runs[0][1] <= MOST_ROWS:
                found.append((statistics.median(taken for taken, _ in runs), name))
    return found


def searched(client: Client) -> list[tuple[float, str]]:
    return [(statistics.median(client.ask("/search", JSON, q=text)[0] for _ in range(RUNS)), text) for text in SEARCHES]


def listed(client: Client, accept: str) -> list[tuple[float, str]]:
    return [(client.ask("/questions", accept)[0], accept) for _ in range(RUNS * 3)]


def line(what: str, found: Iterable[tuple[float, str]], limit: float) -> None:
    ordered = sorted(found)
    p50, (slowest, which) = statistics.median(taken for taken, _ in ordered), ordered[-1]
    over = "OVER" if p50 > limit else ""
    told = f"p50 {p50:7.2f} ms  limit {limit:g} ms {over:5} slowest {slowest:.1f} ms ({which})"
    print(f"{what:44} {len(ordered):3} x  {told}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", help="of a running tipkg serve, such as http://127.0.0.1:7878/")
    client = Client(parser.parse_args().url)
    # The first requests of every worker make what the later ones find made.
    for _ in range(RUNS):
        searched(client)
    line(f"question, JSON, up to {MOST_ROWS} rows", asked(client, JSON), 10)
    line(f"question, page, up to {MOST_ROWS} rows", asked(client, PAGE), 20)
    line("search, JSON", searched(client), 20)
    line("catalogue, JSON", listed(client, JSON), 20)
    line("catalogue, page", listed(client, PAGE), 20)


if __name__ == "__main__":
    main()
