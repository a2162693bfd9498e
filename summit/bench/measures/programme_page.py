"""The programme's page against the same bytes from a bare response: in full, and for whoever has it."""

from summit.bench.bare import a_second, against_bare, compared, tag_of, within_a_minute
from summit.bench.children import Child
from summit.bench.findings import Finding, Plot
from summit.bench.furnishing import SLUG
from summit.bench.lab import Lab, Measure
from summit.bench.requests import Answer, ask, flood, get

SESSIONS = 100


def run(lab: Lab) -> Finding:
    """The page of a hundred sessions, and the answer to whoever has it."""
    finding = Finding(MEASURE.name, MEASURE.title)
    furnished = lab.furnish(sessions=lab.size(SESSIONS, 20))
    path = f"/{SLUG}/programme"
    plot = Plot("programme-page", "The programme's page", "requests a second")
    with lab.summit(furnished, log_level="warning") as child:
        whole = ask(child.port, get(path, child.host))
        size = f"{len(whole.body) / 1000:.1f} kB compressed"
        _compare(lab, child, f"the page of {lab.size(SESSIONS, 20)} sessions, {size}", path, whole, 0.6, finding, plot)
        within_a_minute(1)
        known = ask(child.port, get(path, child.host, if_none_match=tag_of(child, path)), status=304)
        _compare(lab, child, "as a browser asks that has it (304)", path, known, 0.8, finding, plot)
    with lab.summit(furnished) as child:
        within_a_minute(2)
        logged = flood(child.port, child.pid, get(path, child.host), lab.size(2, 1) / 2)
    finding.notes.append(
        f"Without a line in the log for each request, as the bare response has none; with one {logged.per_second:,.0f} "
        f"requests/s, {logged.server * 1e6:.0f} µs each."
    )
    finding.plots.append(plot)
    return finding


def _compare(
    lab: Lab, child: Child, what: str, path: str, answer: Answer, bound: float, finding: Finding, plot: Plot
) -> None:
    ours, bare = against_bare(lab, child, path, answer)
    table, check, client = compared(what, ours, bare, bound)
    finding.tables.append(table)
    finding.checks += [check, client]
    plot.bars += [(f"Summit: {what}", a_second(ours)), (f"bare: {what}", a_second(bare))]


MEASURE = Measure("programme_page", "The programme's page", run)
