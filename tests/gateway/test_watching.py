"""What an operator sees: health, readiness, metrics, log; and what may not be in the log."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, Histogram, generate_latest

from kg.gateway.counts import BUCKETS, Durations
from tests.gateway.conftest import Running, Start, until
from tests.gateway.test_hanging import BLOCKING

SECRET = "secret-in-a-query"


@pytest.fixture(scope="module")
def server(start: Start, folder: Path) -> Running:
    running = start(folder, "--query-timeout", "1", "--workers", "2", "--queue", "2", "--slow-query", "0.2")
    running.in_memory()
    return running


def metric(server: Running, name: str) -> float:
    time.sleep(0.3)  # for a moment the text is the one before
    found = re.search(rf"^{re.escape(name)} (\S+)$", server.get("/metrics").body.decode(), re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_health_and_readiness(server: Running) -> None:
    assert server.get("/healthz").body == b"alive\n"
    ready = server.get("/readyz")
    assert (ready.status, ready.json["ready"], ready.json["build"]) == (200, True, "build-1")
    assert ready.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_probe_takes_get_and_head_only(server: Running, path: str) -> None:
    head = server.request("HEAD", path, None, {})
    assert (head.status, head.body) == (200, b"")
    answer = server.request("POST", path, b"x", {})
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


def test_metrics_count_answers_and_kills(server: Running) -> None:
    answered, killed = 'tipkg_request_seconds_count{outcome="answered"}', 'tipkg_worker_kills_total{reason="deadline"}'
    before = metric(server, answered), metric(server, killed)
    server.ask("ASK {} # counted")
    server.ask(BLOCKING["count"], timeout="0.2")
    assert (metric(server, answered), metric(server, killed)) == (before[0] + 1, before[1] + 1)
    assert metric(server, 'tipkg_workers{state="idle"}') >= 1


def test_metrics_are_in_the_format_that_prometheus_reads(server: Running) -> None:
    answer = server.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    line = re.compile(r'(#.*|[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.e+-]+|[a-z_]+_bucket\{.*\} [0-9.]+)')
    assert [one for one in answer.body.decode().splitlines() if not line.fullmatch(one)] == []


@pytest.mark.parametrize("label", [None, "outcome"])
def test_histogram_is_the_one_of_the_library(label: str | None) -> None:
    theirs, ours = CollectorRegistry(), CollectorRegistry()
    labels = [label] if label else []
    histogram = Histogram("h_seconds", "What it is", labels, buckets=BUCKETS, registry=theirs)
    durations = Durations("h_seconds", "What it is", label)
    ours.register(durations)
    for seconds, value in ((0, "a"), (0.001, "b"), (0.0011, "a"), (30, "a"), (31.5, "b")):
        (histogram.labels(value) if label else histogram).observe(seconds)
        durations.add(seconds, value if label else "")
    lines = [line for line in generate_latest(theirs).decode().splitlines() if "_created" not in line]
    assert generate_latest(ours).decode().splitlines() == lines


def test_full_queue_is_503_at_once_and_health_goes_on(server: Running) -> None:
    with ThreadPoolExecutor(6) as background:
        slow = [background.submit(server.ask, BLOCKING["count"]) for _ in range(6)]
        until(lambda: any(one.done() for one in slow))
        assert server.get("/healthz").status == 200
        answers = [one.result() for one in slow]
    assert {answer.status for answer in answers} == {503}
    assert "are waiting already" in str([answer.json["detail"] for answer in answers])
    assert {answer.headers["retry-after"] for answer in answers} == {"10", "60"}


def test_log_has_the_id_that_the_client_got_and_no_query(server: Running) -> None:
    answer = server.ask(BLOCKING["count"] + f"#{SECRET}", timeout="0.3")
    lines = [line for line in server.events("slow") if line["query_id"] == answer.headers["query-id"]]
    assert [(line["outcome"], line["path"]) for line in lines] == [("deadline", "/sparql")]
    assert SECRET not in server.log.read_text()


def test_query_is_in_the_log_when_asked_for(start: Start, folder: Path) -> None:
    server = start(folder, "--log-requests", "--log-queries")
    answer = server.ask(f"ASK {{}} #{SECRET}")
    line = next(line for line in server.events("request") if line["query_id"] == answer.headers["query-id"])
    assert SECRET in str(line["query"])
    assert (line["status"], line["outcome"]) == (200, "answered")
