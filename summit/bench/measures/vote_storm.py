"""A storm of votes before a thousand viewers: what it costs, how often people are told, and that none is lost."""

import time

from summit.bench.children import Child
from summit.bench.crowd import Crowd, evenly
from summit.bench.findings import Finding, Table, at_least, at_most
from summit.bench.furnishing import Furnished, fill_room
from summit.bench.lab import Lab, Measure, entry
from summit.bench.voting import Voters, votes_kept

_BREEZE, _STORM = 50, 500
"""Votes a second."""
_ELSEWHERE = {200: 0.054, 500: 0.175}
"""Seconds of processor time that a vote costs on the best-known platform of this kind, before so many viewers."""
_TOLD_ELSEWHERE = {500: 35.0}
"""Seconds until all have been told there of ten seconds of votes, the same twenty a second."""
_LAST_SECONDS = 2


def run(lab: Lab) -> Finding:
    """Few votes, then ten times as many, in the same room; then single votes before fewer viewers.

    Of those, what the idle room costs is taken off.
    """
    finding = Finding(MEASURE.name, MEASURE.title)
    furnished = lab.furnish(viewers=lab.size(1000, 100))
    questions = lab.do(fill_room(furnished, questions=60))
    with lab.summit(furnished) as child, Crowd(child.port) as crowd:
        voters = _enter(child, crowd, furnished, questions)
        breeze, _told = _blow(child, crowd, voters, _BREEZE, lab.size(20, 3))
        storm, told = _blow(child, crowd, voters, _STORM, lab.size(60, 5))
        lost = voters.sent - voters.acknowledged + crowd.lost + voters.others.total()
    missing = voters.acknowledged - lab.do(votes_kept(furnished))
    table = Table(f"{len(voters.viewers):,} viewers", ("votes/s", "CPU ms a second", "CPU ms a vote", "tallies/s"))
    table.rows.append((f"{_BREEZE}", breeze * 1e3, breeze / _BREEZE * 1e3, ""))
    table.rows.append((f"{_STORM}", storm * 1e3, storm / _STORM * 1e3, told))
    finding.tables.append(table)
    finding.checks += [
        at_most("tallies to a viewer in a second", told, 4),
        at_most("votes that were not acknowledged", lost, 0),
        at_most("votes that were acknowledged and are not in the database", missing, 0),
        at_most("processor time of a storm at ten times the rate", storm / breeze, 3),
    ]
    _single_votes(lab, finding)
    return finding


def _enter(child: Child, crowd: Crowd, furnished: Furnished, questions: list[str]) -> Voters:
    viewers = crowd.gather([entry(child, furnished, guest) for guest in furnished.viewers], first_messages=1)
    crowd.run(2)
    return Voters(viewers, questions)


def _blow(child: Child, crowd: Crowd, voters: Voters, rate: int, seconds: int) -> tuple[float, float]:
    """Seconds of processor time a second, and tallies a second to one viewer."""
    used, tallies, began = child.cpu(), voters.tallies, time.monotonic()
    votes = evenly(began, rate, [voters.vote] * (rate * seconds))
    crowd.run(seconds, timetable=votes)
    used, told = child.cpu() - used, voters.tallies - tallies
    crowd.run(_LAST_SECONDS + 60, until=lambda: voters.acknowledged == voters.sent)
    crowd.run(_LAST_SECONDS)
    return used / seconds, told / seconds


def _single_votes(lab: Lab, finding: Finding) -> None:
    rate, seconds = 20, lab.size(10, 3)
    table = Table(
        f"{rate} votes a second for {seconds} s, against the best-known platform",
        ("viewers", "CPU ms a vote", "theirs", "times cheaper", "s until all are told", "theirs, s"),
    )
    for viewers, theirs in _ELSEWHERE.items():
        furnished = lab.furnish(viewers=viewers)
        questions = lab.do(fill_room(furnished, questions=10))
        with lab.summit(furnished) as child, Crowd(child.port) as crowd:
            voters = _enter(child, crowd, furnished, questions)
            _blow(child, crowd, voters, rate, 1)
            used = child.cpu()
            crowd.run(seconds + 1)
            idle, before = child.cpu() - used, voters.acknowledged
            began, used = time.monotonic(), child.cpu()
            # One second more: for the last count to come, which belongs to it.
            crowd.run(seconds + 1, timetable=evenly(began, rate, [voters.vote] * (rate * seconds)))
            ours = (child.cpu() - used - idle) / (voters.acknowledged - before)
        told, their_told = voters.told_at - began, _TOLD_ELSEWHERE.get(viewers, "")
        table.rows.append((str(viewers), ours * 1e3, theirs * 1e3, theirs / ours, told, their_told))
        finding.checks.append(at_least(f"a vote before {viewers} viewers, times cheaper", theirs / ours, 30))
    finding.tables.append(table)


MEASURE = Measure("vote_storm", "A storm of votes", run)
