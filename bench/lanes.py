"""Lanes: kinds of requests that are asked in turns, and what came of their bursts."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bench.client import Burst, burst
from bench.servers import Server

Requests = Callable[[], Iterator[bytes]]


@dataclass(frozen=True)
class Pace:
    """How long and how hard is measured."""

    rounds: int
    seconds: float
    connections: int
    most: int


@dataclass
class Lane:
    """One kind of request to one server, and what its bursts came to."""

    name: str
    server: Server
    requests: Requests
    status: int
    bursts: list[Burst] = field(default_factory=list)
    server_cpu: float | None = 0.0

    def run(self, pace: Pace, seconds: float) -> Burst:
        """One burst; the processor time of the server is added up."""
        before = self.server.cpu()
        done = burst(
            self.server.port,
            self.requests(),
            status=self.status,
            connections=pace.connections,
            seconds=seconds,
            most=pace.most,
        )
        after = self.server.cpu()
        if before is None or after is None or self.server_cpu is None:
            self.server_cpu = None
        else:
            self.server_cpu += after - before
        return done

    @property
    def rate(self) -> float:
        """Answers a second: the median of the rounds."""
        return statistics.median(done.rate for done in self.bursts)

    @property
    def cpu_ms(self) -> float | None:
        """Processor time of the server for one answer."""
        answers = sum(len(done.latencies) for done in self.bursts)
        return None if self.server_cpu is None else 1000 * self.server_cpu / answers

    def latency_ms(self, part: float) -> float:
        """The latency that ``part`` of all answers stayed below."""
        ordered = sorted(time for done in self.bursts for time in done.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(part * len(ordered)))]


@dataclass
class Comparison:
    """Two lanes that are asked in turns."""

    title: str
    first: Lane
    second: Lane

    def run(self, pace: Pace) -> None:
        """Warm both up, then A B, B A, A B …, so that drift falls on both."""
        lanes = [self.first, self.second]
        for lane in lanes:
            lane.run(pace, min(0.2, pace.seconds))
            lane.server_cpu = lane.server_cpu and 0.0
        for _ in range(pace.rounds):
            for lane in lanes:
                lane.bursts.append(lane.run(pace, pace.seconds))
            lanes.reverse()

    @property
    def ratio(self) -> float:
        """The rate of the first lane as a share of the second's: the median of the rounds."""
        pairs = zip(self.first.bursts, self.second.bursts, strict=True)
        return statistics.median(one.rate / other.rate for one, other in pairs)

    @property
    def client_share(self) -> float:
        """The largest share of one core that the load generator itself took."""
        bursts = [*self.first.bursts, *self.second.bursts]
        return max(done.cpu / done.seconds for done in bursts)
