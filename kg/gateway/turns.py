"""Who waits for a worker, and whose turn it is: a client that asks for much stands behind those who ask for little."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from typing import Final

from kg.gateway.doors import network_of
from kg.gateway.frames import Request
from kg.gateway.job import Job

_AT_LEAST: Final = 1.0


def client_of(request: Request) -> str:
    """Whom it is for: the address that a proxy has put last into X-Forwarded-For, or else the one that sent it."""
    address = request.client[0] if request.client is not None else ""
    if (forwarded := request.header(b"x-forwarded-for")) is not None:
        address = forwarded.rpartition(b",")[2].strip().decode("latin-1")
    return network_of(address)


class Turns:
    """A queue. Next is the client with the fewest requests at work; of several, who has waited longest."""

    def __init__(self) -> None:
        self._waiting: deque[Job] = deque()
        self._clients: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._waiting)

    def __iter__(self) -> Iterator[Job]:
        return iter(self._waiting)

    def add(self, job: Job) -> None:
        self._waiting.append(job)
        self._clients[job.client] += 1

    def remove(self, job: Job) -> None:
        self._waiting.remove(job)
        self._leave(job)

    def next(self, at_work: Iterable[Job]) -> Job:
        if len(self._clients) == 1:
            job = self._waiting.popleft()
            self._leave(job)
        else:
            work = Counter(job.client for job in at_work)
            job = min(self._waiting, key=lambda one: work[one.client])
            self.remove(job)
        return job

    def take_all(self) -> list[Job]:
        every = list(self._waiting)
        self._waiting.clear()
        self._clients.clear()
        return every

    def give_way(self, job: Job) -> Job | None:
        """Takes out of a full queue who must leave it so that this one can wait: the last of who has most in it. None
        where nobody has more than this one's client."""
        client, most = max(self._clients.items(), key=lambda one: one[1], default=("", 0))
        if most <= self._clients[job.client] + 1:
            return None
        last = next(one for one in reversed(self._waiting) if one.client == client)
        self.remove(last)
        return last

    def greediest(self, at_work: Iterable[Job], now: float, share: float) -> Job | None:
        """The one at work that has most exceeded its share while others wait. The share of a client is divided among
        all that it has at work, unless nobody else is here, but a second each may have."""
        jobs = list(at_work)
        work = Counter(job.client for job in jobs)
        alone = len(work.keys() | self._clients.keys()) == 1
        # Who waits and has as much at work already has nothing to ask of others.
        least = -1 if alone else min((work[client] for client in self._clients), default=0)

        def excess(job: Job) -> float:
            return now - job.started - max(share / (1 if alone else work[job.client]), _AT_LEAST)

        greedy = [job for job in jobs if work[job.client] > least and excess(job) > 0]
        return max(greedy, key=excess, default=None)

    def _leave(self, job: Job) -> None:
        self._clients[job.client] -= 1
        if not self._clients[job.client]:
            del self._clients[job.client]
