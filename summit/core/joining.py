"""Joins ES modules, so that a browser asks for a page's script once and not for forty small files.

Each module (ECMA-262 §16.2) becomes a function that is called where it stands and gives what the module exports, in
the order in which a browser would run them. There is no parser: our modules are written in a plain way, and
`CannotJoin` names what is not. What is imported only when it is needed, by ``import("./player.js")``, stays a file of
its own, a part; it takes what it shares with the page's script from there, so that no module runs twice.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from posixpath import dirname, normpath, relpath

_COMMENT = re.compile(r"^[ \t]*(?://.*|/\*(?:(?!\*/)[\s\S])*\*/)[ \t]*\n", re.MULTILINE)
_IMPORT = re.compile(r'import \{ ([\w$, ]+) \} from "(\.[^"]+)";\n')
_EXPORT = re.compile(r"^export (?=(?:async function|function|class|const) ([\w$]+))", re.MULTILINE)
_LATER = re.compile(r'\bimport\("(\.[^"]+)"\)')
_UNKNOWN = {
    "an import or export of another form": re.compile(r'^export\b.*|\bimport\b(?!\("\.[^"]+"\)).*', re.MULTILINE),
    "waiting before the module is there": re.compile(r"^(?=\S)(?!.*\basync\b).*\bawait\b.*", re.MULTILINE),
    # Its indentation would be lost. What closes on its line has an even number of these marks there.
    "a text over several lines": re.compile(r"^[^`\n]*`(?:[^`\n]*`[^`\n]*`)*[^`\n]*$|^.*\\$", re.MULTILINE),
}
# Third parties' modules are not written our way, and large enough to be files of their own.
_APART = "vendor/"


class CannotJoin(Exception):
    """A module is written in a way that joining does not know; the text names the file and what is in the way."""


@dataclass(frozen=True)
class Module:
    """A module in pieces; `imports` are names and the path that they are from, `later` the paths of parts."""

    path: str
    imports: tuple[tuple[str, str], ...]
    body: str
    exports: tuple[str, ...]
    later: tuple[str, ...]

    @classmethod
    def read(cls, path: str, source: str) -> "Module":
        """From its source; raises `CannotJoin`."""
        text, imports = _COMMENT.sub("", source).lstrip(), []
        while found := _IMPORT.match(text):
            imports.append((found[1], _resolved(path, found[2])))
            text = text[found.end() :]
        body = _EXPORT.sub("", text)
        for what, pattern in _UNKNOWN.items():
            if there := pattern.search(body):
                raise CannotJoin(f"{path}: {what}: {there[0]}")
        later = (_resolved(path, address) for address in _LATER.findall(body))
        parts = tuple(part for part in later if not part.startswith(_APART))
        return cls(path, tuple(imports), short(body), tuple(_EXPORT.findall(text)), parts)

    @property
    def name(self) -> str:
        """Of the constant that holds what it exports."""
        return re.sub(r"\W", "$", self.path.removeprefix("js").removesuffix(".js"))


def short(text: str) -> str:
    """A script or style sheet without indentation, empty lines, and comments that have their lines to themselves."""
    return re.sub(r"\n\s+", "\n", _COMMENT.sub("", text + "\n")).lstrip()


def join(entries: Iterable[str], read: Callable[[str], str]) -> dict[str, str]:
    """The joined files by their paths: each entry and its parts. `read` gives a source. Raises `CannotJoin`."""
    files: dict[str, str] = {}
    module = cache(lambda path: Module.read(path, read(path)))
    for entry in entries:
        modules: dict[str, Module] = {}
        _load(entry, module, modules)
        for path, text in _files(entry, modules).items():
            if path in files:
                raise CannotJoin(f"{path}: asked for by {entry} and by another, which would share nothing")
            files[path] = text
    return files


def _load(path: str, module: Callable[[str], Module], modules: dict[str, Module]) -> None:
    if path in modules:
        return
    modules[path] = found = module(path)
    for other in (*(other for _names, other in found.imports), *found.later):
        _load(other, module, modules)
    for names, other in found.imports:
        for name in names.split(","):
            if (wanted := name.split()[0]) not in modules[other].exports:
                raise CannotJoin(f"{path}: takes {wanted} from {other}, which does not export it")


def _files(entry: str, modules: Mapping[str, Module]) -> dict[str, str]:
    parts = {part: _in_order([part], modules) for module in modules.values() for part in module.later}
    uses = Counter(path for needed in parts.values() for path in needed)
    # What several parts need is where all of them can take it from.
    base = _in_order([entry, *(path for path in uses if uses[path] > 1)], modules)
    files = {entry: _written(entry, base, modules)}
    # All of it, so that a page from before an update still finds what a part from after it wants.
    files[entry] += f"export {{ {', '.join(modules[path].name for path in base)} }};\n" if parts else ""
    for part, needed in parts.items():
        if part in base:
            raise CannotJoin(f"{part}: imported at once and later")
        shared = [modules[path].name for path in needed if path in base]
        taken = f'import {{ {", ".join(shared)} }} from "{_relative(part, entry)}";\n' if shared else ""
        own = _written(part, [path for path in needed if path not in base], modules)
        given = f"export const {{ {', '.join(modules[part].exports)} }} = {modules[part].name};\n"
        files[part] = f"{taken}{own}{given}"
    return files


def _in_order(paths: Iterable[str], modules: Mapping[str, Module]) -> list[str]:
    """These and what they import, each after what it imports."""
    done: list[str] = []

    def visit(path: str, above: tuple[str, ...]) -> None:
        if path in above:
            raise CannotJoin(f"{path}: imports itself, by way of {' and '.join(above[above.index(path) + 1 :])}")
        if path not in done:
            for _names, other in modules[path].imports:
                visit(other, (*above, path))
            done.append(path)

    for path in paths:
        visit(path, ())
    return done


def _written(file: str, paths: Iterable[str], modules: Mapping[str, Module]) -> str:
    """The modules, one after another, as they stand in the file at this path."""
    return "".join(_as_function(file, modules[path], modules) for path in paths)


def _as_function(file: str, module: Module, modules: Mapping[str, Module]) -> str:
    taken = "".join(
        f"const {{ {names.replace(' as ', ': ')} }} = {modules[other].name};\n" for names, other in module.imports
    )
    body = _LATER.sub(lambda found: f'import("{_relative(file, _resolved(module.path, found[1]))}")', module.body)
    given = f"return {{ {', '.join(module.exports)} }};\n" if module.exports else ""
    return f"// {module.path}\nconst {module.name} = (() => {{\n{taken}{body}{given}}})();\n"


def _resolved(path: str, address: str) -> str:
    return normpath(f"{dirname(path)}/{address}")


def _relative(path: str, other: str) -> str:
    found = relpath(other, dirname(path))
    return found if found.startswith(".") else f"./{found}"
