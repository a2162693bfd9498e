"""What a measure found: tables, ratios with the bounds they have to keep, and plots. It is what `--json` writes."""

from collections.abc import Sequence
from statistics import median
from typing import Literal

import msgspec


class Table(msgspec.Struct):
    """Rows of what was measured. A number is printed with three digits that matter."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str | float, ...]] = []


class Check(msgspec.Struct):
    """A ratio of two things measured in the same run, and the bound that it has to keep.

    `floor` is the ratio that the machine's limit comes to in that run, where it was measured along.
    """

    what: str
    ratio: float
    bound: float
    kind: Literal["at most", "at least"] = "at most"
    floor: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the ratio is within its bound."""
        return self._keeps(self.ratio)

    @property
    def is_beyond_floor(self) -> bool:
        """Whether it does not hold, and would not for the machine's limit either: no program can keep it here."""
        return not self.holds and self.floor is not None and not self._keeps(self.floor)

    def _keeps(self, ratio: float) -> bool:
        return ratio <= self.bound if self.kind == "at most" else ratio >= self.bound


class Line(msgspec.Struct):
    """Points of one thing over the x-axis of a plot, in its order."""

    name: str
    points: list[tuple[float, float]]


class Plot(msgspec.Struct):
    """Bars of one value each, or lines over a shared x-axis. `slug` names its file."""

    slug: str
    title: str
    y: str
    bars: list[tuple[str, float]] = []
    lines: list[Line] = []
    x: str = ""
    is_logarithmic: bool = False


class Finding(msgspec.Struct):
    """All that one measure found. `skipped` says why there is nothing; `left_out` names missing parts, and why."""

    name: str
    title: str
    tables: list[Table] = []
    checks: list[Check] = []
    plots: list[Plot] = []
    notes: list[str] = []
    skipped: str = ""
    left_out: list[str] = []
    seconds: float = 0.0


class Report(msgspec.Struct):
    """One run of the benchmarks on one machine."""

    machine: str
    made_at: str
    is_quick: bool
    findings: list[Finding]

    @property
    def checks(self) -> list[Check]:
        """All of them."""
        return [check for finding in self.findings for check in finding.checks]

    @property
    def left_out(self) -> list[str]:
        """What has targets and could not be measured, and why."""
        whole = [f"{finding.title}: {finding.skipped}" for finding in self.findings if finding.skipped]
        return whole + [one for finding in self.findings for one in finding.left_out]

    @property
    def failed(self) -> list[Check]:
        """The checks that do not hold, but could."""
        return [check for check in self.checks if not check.holds and not check.is_beyond_floor]

    @property
    def beyond_floor(self) -> list[Check]:
        """The checks that cannot hold on this machine."""
        return [check for check in self.checks if check.is_beyond_floor]


def at_most(what: str, ratio: float, bound: float, *, floor: float | None = None) -> Check:
    """A ratio that must not be larger."""
    return Check(what, ratio, bound, "at most", floor)


def at_least(what: str, ratio: float, bound: float) -> Check:
    """A ratio that must not be smaller."""
    return Check(what, ratio, bound, "at least")


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0 to 1) of all values do not exceed; raises `ValueError` where there are none."""
    if not values:
        raise ValueError("nothing was measured")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def middle(values: Sequence[float]) -> float:
    """The median."""
    return median(values)


def growth(points: Sequence[tuple[float, float]]) -> float:
    """How much faster cost grew than what it is the cost of, from the first point to the last: 1 is linear, 0 flat."""
    (first, cost), (last, more) = points[0], points[-1]
    return (more / cost - 1) / (last / first - 1) if cost > 0 else 0.0
