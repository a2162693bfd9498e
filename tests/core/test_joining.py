"""A page's script comes as one file with all that it imports; what is imported later is a file that shares with it."""

import re

import pytest

from summit.core.joining import CannotJoin, join
from summit.core.paths import folder
from tests.support.servers import Server

PAGES = sorted(path.name for path in (folder("static") / "js").glob("*.js"))
PARTS = ("js/live/player.js", "js/live/polls.js")


def joined(**sources: str) -> dict[str, str]:
    """What becomes of these modules, each in a file ``js/<name>.js``; the page's script is ``page``."""
    return join(["js/page.js"], lambda path: sources[path.removeprefix("js/").removesuffix(".js")])


async def fetched(server: Server, path: str, encoding: str = "gzip") -> str:
    """A script as a browser gets it."""
    answer = await (await server.client(accept_encoding=encoding)).get(f"/static/any/{path}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "Accept-Encoding" in answer.headers["vary"]
    assert answer.headers.get("content-encoding", "identity") == encoding
    return answer.text


def modules_in(text: str) -> list[str]:
    """The modules whose names stand over them in a joined file."""
    return re.findall(r"^// (js/\S+)$", text, re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
async def test_a_pages_script_imports_nothing_that_it_needs_at_once(server: Server, page: str) -> None:
    text = await fetched(server, f"js/{page}")
    assert not re.search(r"\bfrom\s+\"", text)
    assert modules_in(text)[-1] == f"js/{page}"
    assert text == await fetched(server, f"js/{page}", "identity")


async def test_no_module_of_the_room_is_in_two_of_its_files(server: Server) -> None:
    room, *parts = [await fetched(server, path) for path in ("js/room.js", *PARTS)]
    found = [name for text in (room, *parts) for name in modules_in(text)]
    assert len(found) == len(set(found)) > 30
    assert {"js/live/words.js", "js/live/store.js", "js/live/kept.js"} <= set(modules_in(room))
    for path, part in zip(PARTS, parts, strict=True):
        assert path in modules_in(part)
        taken = re.match(r'import \{ ([^}]+) \} from "\.\./room\.js";\n', part)
        assert taken
        given = re.findall(r"^export \{ (.+) \};$", room, re.MULTILINE)[0]
        assert set(taken[1].split(", ")) <= set(given.split(", "))


async def test_large_files_of_others_stay_apart(server: Server) -> None:
    player = await fetched(server, "js/live/player.js")
    assert 'import("../../vendor/hls/hls.light.min.mjs")' in player
    assert "Hls" in await fetched(server, "vendor/hls/hls.light.min.mjs")


def test_comments_and_indentation_go_and_nothing_else() -> None:
    source = """/** Says
 * what. */
const address = "https://example.org";  // stays
  // goes
  const comment = "/* stays */", name = `a  ${address}  b`;

    /* goes */
"""
    assert joined(page=source)["js/page.js"] == (
        '// js/page.js\nconst $page = (() => {\nconst address = "https://example.org";  // stays\n'
        'const comment = "/* stays */", name = `a  ${address}  b`;\n})();\n'
    )


def test_modules_stand_in_the_order_in_which_a_browser_runs_them() -> None:
    files = joined(
        page='import { b } from "./b.js";\nimport { a as first } from "./a.js";\nfirst(b);\n',
        a="export const a = (one) => one;\n",
        b='import { a } from "./a.js";\nexport async function b() { return a(1); }\n',
    )
    assert modules_in(files["js/page.js"]) == ["js/a.js", "js/b.js", "js/page.js"]
    assert "const { a: first } = $a;" in files["js/page.js"]


def test_what_two_parts_need_is_where_both_can_have_it() -> None:
    files = joined(
        page='import("./one.js");\nimport("./two.js");\n',
        one='import { shared } from "./shared.js";\nexport const one = shared;\n',
        two='import { shared } from "./shared.js";\nexport const two = shared;\n',
        shared="export const shared = {};\n",
    )
    assert modules_in(files["js/page.js"]) == ["js/page.js", "js/shared.js"]
    assert [modules_in(files[f"js/{name}.js"]) for name in ("one", "two")] == [["js/one.js"], ["js/two.js"]]


A = "export const a = 1;\n"
TAKES_A = 'import { a } from "./a.js";\n'


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        ({"page": TAKES_A, "a": 'import { b } from "./b.js";\n' + A, "b": TAKES_A + "export const b = a;\n"}, "itself"),
        ({"page": TAKES_A, "a": "export let a = 1;\n"}, "export let a"),
        ({"page": TAKES_A, "a": "export default 1;\n"}, "export default"),
        ({"page": TAKES_A, "a": "const a = 1;\nexport { a };\n"}, "export {"),
        ({"page": TAKES_A, "a": 'export * from "./b.js";\n'}, "export *"),
        ({"page": TAKES_A, "a": "export const { a } = {};\n"}, "export const {"),
        ({"page": TAKES_A, "a": "export const b = 1;\n"}, "takes a from js/a.js"),
        ({"page": 'import a from "./a.js";\n', "a": A}, "import a"),
        ({"page": 'import * as a from "./a.js";\n', "a": A}, "import *"),
        ({"page": 'import {\n  a,\n} from "./a.js";\n', "a": A}, "import {"),
        ({"page": 'a();\nimport { a } from "./a.js";\n', "a": A}, "import { a }"),
        ({"page": 'import { a } from "elsewhere";\n', "a": A}, "elsewhere"),
        ({"page": "import(address);\n"}, "import(address)"),
        ({"page": "go(import.meta.url);\n"}, "import.meta"),
        ({"page": "const page = await fetch(address);\n"}, "await fetch"),
        ({"page": "const text = `a\n  b`;\n"}, "const text = `a"),
        ({"page": 'const text = "a \\\n  b";\n'}, "several lines"),
        ({"page": TAKES_A + 'import("./a.js");\n', "a": A}, "at once and later"),
    ],
)
def test_what_cannot_be_joined_is_refused_by_name(sources: dict[str, str], said: str) -> None:
    with pytest.raises(CannotJoin, match=r"^js/\w+\.js: ") as refusal:
        joined(**sources)
    assert said in str(refusal.value)


def test_a_part_belongs_to_one_page() -> None:
    sources = {"js/one.js": 'import("./part.js");\n', "js/two.js": 'import("./part.js");\n', "js/part.js": A}
    with pytest.raises(CannotJoin, match=r"^js/part\.js: "):
        join(["js/one.js", "js/two.js"], sources.__getitem__)
