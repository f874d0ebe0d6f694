"""What requests cost as multiples of an empty view.

Every request has a request to the floor beside it, so that both meet the same machine; medians are compared. On a
machine that is busy with other things the second multiple says more: of processor time, gunicorn's and for the shop
PostgreSQL's as well.
"""

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from tools.bench.processes import computed
from tools.bench.wire import Answer, Browser


@dataclass
class Times:
    """Seconds of requests by name, and of the floor beside each; processor seconds likewise."""

    floor: Browser
    programs: dict[str, list[int]]  # process ids of the floor and of the shop
    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    empty: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    computed: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    floor_computed: list[float] = field(default_factory=list)

    def of(self, name: str, ask: Callable[[], Answer], *, status: int) -> Answer:
        """Ask the floor, then the shop.

        Raises:
            SystemExit: the answer has another status, so something else was measured.
        """
        begun = computed(self.programs["floor"])
        self.empty[name].append(self.floor.get("/").seconds)
        self.floor_computed.append(computed(self.programs["floor"]) - begun)
        begun = computed(self.programs["shop"])
        answer = ask()
        self.computed[name].append(computed(self.programs["shop"]) - begun)
        if answer.status != status:
            raise SystemExit(f"{name}: {answer.status} instead of {status}\n{answer.body[:600]}")
        self.taken[name].append(answer.seconds)
        return answer

    def multiple(self, name: str) -> float:
        """Return how many empty views a request costs."""
        return statistics.median(self.taken[name]) / statistics.median(self.empty[name])

    def cpu_multiple(self, name: str) -> float:
        """Return how many empty views a request costs in processor time."""
        return statistics.median(self.computed[name]) / statistics.median(self.floor_computed)

    def tell(self, names: Iterable[str], *, goals: Mapping[str, float]) -> None:
        """Print the floor, then what each request costs beside its goal."""
        floor = statistics.median(seconds for taken in self.empty.values() for seconds in taken)
        empty = statistics.median(self.floor_computed) * 1000
        print(f"\nempty view: {floor * 1000:.2f} ms, of them {empty:.2f} of a processor")
        print(f"{'request':34}{'ms':>8}{'multiple':>10}{'CPU ms':>9}{'multiple':>10}{'goal':>7}")
        for name in names:
            if self.taken[name]:
                taken = statistics.median(self.taken[name]) * 1000
                ours = statistics.median(self.computed[name]) * 1000
                both = f"{taken:8.1f}{self.multiple(name):10.2f}{ours:9.2f}{self.cpu_multiple(name):10.2f}"
                print(f"{name:34}{both}{_shown(goals.get(name))}")


def _shown(goal: float | None) -> str:
    return f"{goal:7g}" if goal else ""
