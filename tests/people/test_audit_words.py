"""The audit log's dictionary has words for everything that is written into the log."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import summit
from summit.core.i18n import speaking
from summit.live.rule_setting import Rules
from summit.people.audit_words import action_name, field_name, kind_of, kinds, value_name
from summit.people.tokens import READ, WRITE
from summit.programme.copying import Copy
from summit.programme.editing.session_fields import SessionEdit
from summit.programme.editing.speakers import SpeakerEdit
from summit.programme.editing.stages import StageEdit
from summit.programme.editing.summits import SummitEdit
from summit.programme.editing.themes import ThemeEdit
from summit.programme.editing.types import TypeEdit
from summit.programme.models import Session, SessionType, Speaker, Stage, Summit, Theme

WRITERS = {"record", "note", "track", "move", "_send", "_told", "_keep"}
"""Functions that write into the log, or hand on to one."""
ACTION = re.compile(r"[a-z']+( [a-z']+)*")
VARIABLE = "*"
EXPANDED = {
    f"{VARIABLE} changed": ("session", "speaker", "stage", "theme", "type", "summit"),
    f"session {VARIABLE}": ("stream", "lead"),
}
EDITS = (SessionEdit, SpeakerEdit, StageEdit, ThemeEdit, TypeEdit, SummitEdit)
TABLES = (Session, Speaker, Stage, Theme, SessionType, Summit)
HIDDEN = {"id", "summit_id", "stage_id", "theme_id", "revision", "changed_at", "changed_by", "made_at"}
"""Columns that no editing or import writes into the log under their own name."""
OTHERS = {
    *(
        "role",
        "sessions",
        "scopes",
        "expires",
        "number",
        "changes",
        "note",
        "takes_back",
        "new",
        "changed",
        "cancelled",
    ),
    *("place", "zone", "key", "lead", "stream"),
}


def calls() -> Iterator[tuple[str, ast.Call]]:
    """The source of every module that writes, and each call that does."""
    for path in Path(summit.__file__).parent.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WRITERS:
                yield source, node


def patterns(argument: ast.expr) -> Iterator[str]:
    """What an argument says, where it is a text: with a star for what is put in."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        yield argument.value
    elif isinstance(argument, ast.IfExp):
        yield from patterns(argument.body)
        yield from patterns(argument.orelse)
    elif isinstance(argument, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else VARIABLE for part in argument.values)


def written() -> set[str]:
    """The acts that the program writes."""
    found = {said for _source, call in calls() for one in call.args for said in patterns(one)}
    chosen = {
        text
        for source, call in calls()
        if any(isinstance(one, ast.Name) and one.id == "action" for one in call.args)
        for line in re.findall(r"^ +action(?:: \w+)? = (.*)$", source, re.MULTILINE)
        for text in re.findall(r'"([^"]+)"', line)
    }
    acts = {one for one in found | chosen if ACTION.fullmatch(one.replace(VARIABLE, "x"))}
    return {act.replace(VARIABLE, word) for act in acts for word in (EXPANDED[act] if VARIABLE in act else ("",))}


def test_every_act_that_is_written_has_a_name_and_a_kind() -> None:
    acts = written()
    assert {"stage moved", "speakers merged", "invited", "wall address renewed", "session lead", "released"} <= acts
    for language in ("en", "sv"):
        with speaking(language):
            assert [act for act in sorted(acts) if action_name(act) == act] == []
    with speaking("en"):
        assert [act for act in sorted(acts) if not kinds([act])] == []
    assert kind_of("speakers merged") == "speaker"


def test_every_field_that_is_written_has_a_name() -> None:
    fields = {name for edit in EDITS for name in edit.__struct_fields__} | set(Copy.__dataclass_fields__) | OTHERS
    fields |= {column.key for table in TABLES for column in table.__table__.columns} - HIDDEN
    fields |= set(Rules.__dataclass_fields__)
    fields |= {
        str(key.value)
        for _source, call in calls()
        for one in (*call.args, *(each.value for each in call.keywords if each.arg in ("before", "after")))
        for node in ast.walk(one)
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant)
    }
    with speaking("en"):
        assert [field for field in sorted(fields) if field_name(field) == field] == []
        for field, value in (("times", "moved"), ("times", "unplaced"), ("scopes", READ), ("scopes", WRITE)):
            assert value_name(field, value) != value


def test_acts_have_names_and_kinds_and_strange_ones_stay_as_they_are() -> None:
    with speaking("en"):
        assert action_name("session changed") == "Changed a session"
        assert action_name("danced a jig") == "danced a jig"
    for action, kind in (
        ("session changed", "session"), ("session lead", "live"), ("invitation withdrawn", "team"),
        ("released", "release"), ("release taken back", "release"), ("stage moved", "stage"), ("", ""),
    ):  # fmt: skip
        assert kind_of(action) == kind
