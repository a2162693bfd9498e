"""The programme's page against the same bytes from a bare response: in full, and for whoever has it."""

from summit.bench.bare import a_second, against_bare, compared, tag_of, within_a_minute
from summit.bench.children import Child
from summit.bench.databases import postgresql
from summit.bench.findings import Finding, Plot, Table
from summit.bench.furnishing import SLUG, fill_room
from summit.bench.lab import Lab, Measure, Skipped
from summit.bench.requests import Answer, Rate, ask, flood, get

SESSIONS = 100
_PATH = f"/{SLUG}/programme"
_COMMITS = 10


def run(lab: Lab) -> Finding:
    """The page of a hundred sessions, and the answer to whoever has it: as servers come, with a line in a log for each
    request; and without one. Then the page where less of it is given again."""
    finding = Finding(MEASURE.name, MEASURE.title)
    furnished = lab.furnish(sessions=lab.size(SESSIONS, 20), viewers=1)
    lab.do(fill_room(furnished, questions=1))
    plot = Plot("programme-page", "The programme's page", "requests a second")
    with lab.summit(furnished) as child, lab.python_server("page") as bare:
        _compare_both(lab, child, bare, "", finding, plot)
        rows = [("nothing is committed", _flood(lab, child))]
        one = {"session": furnished.session_ids[0], "person": furnished.moderator.id, "tasks": 1}
        child.tell("commits", **one, count=lab.size(_COMMITS, 4), apart_seconds=1 / _COMMITS)
        rows.append((f"{_COMMITS} commits a second meanwhile, SQLite", _flood(lab, child)))
        child.answer()
    with lab.summit(furnished, log_level="warning") as child:
        _compare_both(lab, child, child, ", no log", finding, plot)
    try:
        with postgresql() as url, lab.summit(lab.furnish(sessions=lab.size(SESSIONS, 20), url=url)) as child:
            rows.append(("PostgreSQL", _flood(lab, child)))
    except Skipped as skipped:
        finding.left_out.append(str(skipped))
    table = Table("the same page, for many in turn", ("", "requests/s", "µs of the server"))
    table.rows = [(name, rate.per_second, rate.server * 1e6) for name, rate in rows]
    finding.tables.append(table)
    finding.plots.append(plot)
    return finding


def _flood(lab: Lab, child: Child) -> Rate:
    within_a_minute(2)
    return flood(child.port, child.pid, get(_PATH, child.host), lab.size(2, 1) / 2)


def _compare_both(lab: Lab, child: Child, bare: Child, note: str, finding: Finding, plot: Plot) -> None:
    whole = ask(child.port, get(_PATH, child.host))
    size = f"{len(whole.body) / 1000:.1f} kB compressed"
    what = f"the page of {lab.size(SESSIONS, 20)} sessions, {size}{note}"
    _compare(lab, child, bare, what, whole, 0.6, finding, plot)
    within_a_minute(1)
    known = ask(child.port, get(_PATH, child.host, if_none_match=tag_of(child, _PATH)), status=304)
    _compare(lab, child, bare, f"as a browser asks that has it (304){note}", known, 0.8, finding, plot)


def _compare(
    lab: Lab, child: Child, bare: Child, what: str, answer: Answer, bound: float, finding: Finding, plot: Plot
) -> None:
    ours, theirs = against_bare(lab, child, _PATH, answer, bare)
    table, check, client = compared(what, ours, theirs, bound)
    finding.tables.append(table)
    finding.checks += [check, client]
    plot.bars += [(f"Summit: {what}", a_second(ours)), (f"bare: {what}", a_second(theirs))]


MEASURE = Measure("programme_page", "The programme's page", run)
