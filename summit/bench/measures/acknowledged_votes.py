"""How many votes a second come back acknowledged through the socket, against transactions of one row each."""

import time

from summit.bench.children import Child
from summit.bench.crowd import Crowd, Viewer
from summit.bench.databases import postgresql
from summit.bench.findings import Finding, Plot, Table, at_least, at_most
from summit.bench.furnishing import Furnished, fill_room
from summit.bench.lab import Lab, Measure, Skipped, entry
from summit.bench.voting import Voters, votes_kept

_AHEAD = 2
"""Votes that each voter has sent and not seen acknowledged."""


def run(lab: Lab) -> Finding:
    """On SQLite, and on PostgreSQL where there is one."""
    finding = Finding(MEASURE.name, MEASURE.title)
    table = Table("Durable before it is acknowledged", ("", "a second", "votes against it"))
    finding.tables.append(table)
    votes, alone, _ten = _take(lab, lab.furnish(viewers=_voters(lab)), finding)
    table.rows += [("votes through the socket, SQLite", votes, ""), ("single rows, one task", alone, votes / alone)]
    finding.checks.append(at_least("SQLite: votes against single-row commits", votes / alone, 10))
    bars = [("SQLite, single rows", alone), ("SQLite, votes", votes)]
    try:
        with postgresql() as url:
            votes, alone, ten = _take(lab, lab.furnish(viewers=_voters(lab), url=url), finding, tasks=10)
    except Skipped as skipped:
        finding.left_out.append(str(skipped))
    else:
        table.rows += [
            ("votes through the socket, PostgreSQL", votes, ""),
            ("single rows, one task", alone, votes / alone),
            ("single rows, ten tasks", ten, votes / ten),
        ]
        finding.checks += [
            at_least("PostgreSQL: votes against single-row commits by one task", votes / alone, 10),
            at_least("PostgreSQL: votes against single-row commits by ten tasks", votes / ten, 4),
        ]
        bars += [("PostgreSQL, single rows", alone), ("PostgreSQL, ten tasks", ten), ("PostgreSQL, votes", votes)]
    finding.plots.append(Plot("acknowledged-votes", "Durable a second", "a second", bars))
    return finding


def _voters(lab: Lab) -> int:
    return lab.size(2000, 500)


def _take(lab: Lab, furnished: Furnished, finding: Finding, *, tasks: int = 1) -> tuple[float, float, float]:
    """Votes a second; and single-row commits a second by one task, and by so many."""
    questions = lab.do(fill_room(furnished, questions=lab.size(150, 200)))
    with lab.summit(furnished) as child, Crowd(child.port) as crowd:
        alone = _commits(child, furnished, 1, lab.size(1500, 200))
        several = _commits(child, furnished, tasks, lab.size(3000, 300)) if tasks > 1 else alone
        viewers = crowd.gather([entry(child, furnished, guest) for guest in furnished.viewers], first_messages=1)
        crowd.run(1)
        voters = Voters(viewers, questions)
        rate = _votes_a_second(crowd, voters, lab.size(6, 2))
        lost = voters.sent - voters.acknowledged + voters.others.total()
    missing = voters.acknowledged - lab.do(votes_kept(furnished))
    name = "PostgreSQL" if tasks > 1 else "SQLite"
    finding.checks.append(at_most(f"{name}: votes that were lost", lost + missing, 0))
    return rate, alone, several


def _commits(child: Child, furnished: Furnished, tasks: int, count: int) -> float:
    one = {"session": furnished.session_ids[0], "person": furnished.viewers[0].id, "tasks": tasks}
    child.ask("commits", **one, count=50)
    return count / float(child.ask("commits", **one, count=count)["all"])


def _votes_a_second(crowd: Crowd, voters: Voters, seconds: int) -> float:
    """Everybody has a few votes under way, and sends the next when one is acknowledged."""
    for _ahead in range(_AHEAD):
        for _viewer in voters.viewers:
            voters.vote()

    def next_one(_viewer: Viewer) -> None:
        voters.vote()

    voters.then = next_one
    crowd.run(1)
    before, began = voters.acknowledged, time.monotonic()
    crowd.run(seconds)
    rate = (voters.acknowledged - before) / (time.monotonic() - began)
    voters.then = None
    crowd.run(30, until=lambda: voters.acknowledged == voters.sent)
    return rate


MEASURE = Measure("acknowledged_votes", "Acknowledged votes", run)
