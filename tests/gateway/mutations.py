"""Requests that are nearly right, from right ones, and the known tricks by which one request becomes two."""

from collections.abc import Callable
from random import Random

from tests.gateway.made_up import Case, Maker, head

NUMBERS = [b"0", b"-1", b"+5", b"0x5", b"5 5", b"5,5", b"99999999999999999999999", b"1e3", b"", b"05", b"\xd9\xa5"]
LENGTHS = [b"Content-Length: %b\r\n" % number for number in NUMBERS]
CODINGS = [
    b"chunked",
    b"Chunked",
    b"identity",
    b"gzip, chunked",
    b"chunked, chunked",
    b"chunked;a",
    b"\x0bchunked",
    b"x",
]
TRANSFER = [b"Transfer-Encoding: %b\r\n" % coding for coding in CODINGS]
TRANSFER += [
    b"Transfer-Encoding : chunked\r\n",
    b"Transfer-Encoding:\r\n chunked\r\n",
    b"transfer-encoding:chunked\r\n",
]
BODIES = [
    b"5\r\nASK{}\r\n0\r\n\r\n",
    b"ASK {}",
    b"0\r\n\r\n",
    b"5;x\r\nASK{}\r\n0\r\nA: b\r\n\r\n",
    b"-5\r\nASK{}\r\n",
    b"ffffffffff\r\n",
]
BODIES += [
    b"5\nASK{}\n0\n\n",
    b"5\r\nASK{}0\r\n\r\n",
    b"0005\r\nASK{}\r\n00\r\n\r\n",
    b"5 \r\nASK{}\r\n0\r\n\r\n",
    b"G\r\n",
]
LINES = [b"GET /healthz HTTP/1.1\n", b"GET /healthz HTTP/1.0\r\n", b"GET /healthz\r\n", b"GET /healthz HTTP/1.2\r\n"]
LINES += [b"GET /healthz HTTP/2.0\r\n", b"PRI * HTTP/2.0\r\n", b"OPTIONS * HTTP/1.1\r\n", b"CONNECT a:1 HTTP/1.1\r\n"]
LINES += [
    b"get /healthz HTTP/1.1\r\n",
    b"GET\t/healthz\tHTTP/1.1\r\n",
    b"GET http://a/healthz HTTP/1.1\r\n",
    b"\r\n\r\nGET / HTTP/1.1\r\n",
]
LINES += [
    b"GET /healthz HTTP/1.1\r\r\n",
    b"GET /healthz http/1.1\r\n",
    b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n",
    b"G" * 300,
]
INSERTED = [
    b"\x00",
    b"\r",
    b"\n",
    b"\r\n",
    b"\r\n\r\n",
    b" ",
    b"\t",
    b":",
    b"\xff",
    b"%00",
    b"0",
    b"HTTP/1.1",
    b"\x0b",
    b"GET ",
]
FOLDED = b"\r\n folded: x"


def flip(data: bytearray, random: Random) -> None:
    data[random.randrange(len(data))] ^= 1 << random.randrange(8)


def cut(data: bytearray, random: Random) -> None:
    start = random.randrange(len(data))
    del data[start : start + random.choice([1, 2, 10, len(data)])]


def double(data: bytearray, random: Random) -> None:
    start = random.randrange(len(data))
    end = start + random.choice([1, 8, 60, len(data)])
    data[start:start] = data[start:end]


def insert(data: bytearray, random: Random) -> None:
    at = random.randrange(len(data) + 1)
    data[at:at] = random.choice([*INSERTED, FOLDED])


def insert_at_line(data: bytearray, random: Random) -> None:
    ends = [at for at in range(len(data)) if data[at : at + 2] == b"\r\n"]
    if ends:
        at = random.choice(ends) + random.choice([0, 2])
        data[at:at] = random.choice([*LENGTHS, *TRANSFER, *INSERTED, FOLDED])


def reorder(data: bytearray, random: Random) -> None:
    lines = bytes(data).split(b"\r\n")
    random.shuffle(lines)
    data[:] = b"\r\n".join(lines)


def bare(data: bytearray, random: Random) -> None:
    data[:] = data.replace(b"\r\n", random.choice([b"\n", b"\r", b"\n\r"]), random.choice([1, 3, -1]))


def change_case(data: bytearray, random: Random) -> None:
    data[:] = random.choice([bytes.upper, bytes.lower, bytes.swapcase])(bytes(data))


def change_number(data: bytearray, random: Random) -> None:
    digits = [at for at in range(len(data)) if data[at : at + 1].isdigit()]
    if digits:
        at = random.choice(digits)
        data[at : at + 1] = random.choice(NUMBERS)


MUTATIONS: list[Callable[[bytearray, Random], None]] = [
    *(
        flip,
        flip,
        cut,
        double,
        insert,
        insert,
        insert_at_line,
        insert_at_line,
        reorder,
        bare,
        change_case,
        change_number,
    )
]


def mutated(make: Maker) -> Case:
    data = bytearray(b"".join(make.requests()[0]))
    for _ in range(make.random.choice([1, 1, 2, 3, 8])):
        if data:
            make.random.choice(MUTATIONS)(data, make.random)
    sent = bytes(data)
    return Case("mutated", make.pieces(sent) if sent and make.random.random() < 0.3 else [sent])


def smuggling(make: Maker) -> Case:
    """Two lengths, two codings, what looks like another request behind them."""
    choice = make.random.choice
    lines = b"".join(choice([*LENGTHS, *TRANSFER]) for _ in range(choice([1, 2, 2, 3])))
    hidden = choice([b"", head("/healthz"), head("/metrics", last=False)])
    start = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    return Case("smuggling", [start + lines + b"\r\n" + choice(BODIES) + hidden])


def lines(make: Maker) -> Case:
    choice = make.random.choice
    first = choice(LINES) + b"".join(
        choice([b"Host: x\r\n", b"Host: y\r\n", b"X: y\r\n", b"\x00: \r\n"]) for _ in range(2)
    )
    return Case("lines", [first + b"\r\n" + choice([b"", head("/healthz"), b"SM\r\n\r\n"])])


def many(make: Maker) -> Case:
    """More of something than anybody needs."""
    choice = make.random.choice
    tag = make.tag().encode()
    ask = b"GET /sparql?query=SELECT(%%22%b%%22AS%%3Ft)%%7B%%7D HTTP/1.1\r\nHost: x\r\n\r\n" % tag
    floods = [
        ask * choice([50, 300]),
        head("/healthz", last=False) * 2000,
        head("/", *["A: b"] * choice([255, 300, 9000])),
        head("/", "A: " + "b" * choice([60_000, 70_000])),
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * 17_000,
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1;" + b"a" * 300_000,
        b"\r\n" * 1000 + ask,
    ]
    return Case("many", [choice(floods) + head("/healthz")])


KINDS: dict[Callable[[Maker], Case], int] = {mutated: 30, smuggling: 10, lines: 6, many: 3}
