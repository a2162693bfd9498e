"""XML as a tree that knows its lines. DTDs and entities are refused (CWE-776, CWE-611)."""

from collections.abc import Iterator
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.saxutils import escape, quoteattr
from xml.sax.xmlreader import AttributesImpl, Locator

from defusedxml.common import DefusedXmlException
from defusedxml.sax import parseString

from summit.programme.values import UnreadableProgramme

_DEEPEST = 100


def parsed(data: bytes, instruction: str) -> tuple["Node", "Node | None"]:
    """The root, and the processing instruction with that target where there is one, its data as text.

    Raises `UnreadableProgramme` for what is not XML in an encoding that it declares, for a DTD, and for absurd depth.
    """
    tree = _Tree(instruction)
    try:
        parseString(data, tree, forbid_dtd=True)
    except SAXParseException as error:
        raise UnreadableProgramme(f"is not XML: {error.getMessage()}", line=error.getLineNumber()) from None
    except DefusedXmlException:
        raise UnreadableProgramme("has a DTD or entities, which are refused: leave them out", line=tree.line) from None
    except (ValueError, LookupError) as error:
        raise UnreadableProgramme(f"is not XML: {error}", line=tree.line) from None
    if tree.root is None:
        raise UnreadableProgramme("is not XML: it has no element")
    return tree.root, tree.instruction


class Node:
    """An element, with the line it begins on."""

    def __init__(self, tag: str, attributes: dict[str, str], line: int | None) -> None:
        self.tag, self.attributes, self.line = tag, attributes, line
        self.content: list[Node | str] = []

    @property
    def text(self) -> str:
        """Its text; elements inside stay as mark-up, for there are files with HTML that was not escaped."""
        return "".join(part if isinstance(part, str) else part.source for part in self.content)

    @property
    def source(self) -> str:
        """The element as it would be written."""
        attributes = "".join(f" {name}={quoteattr(value)}" for name, value in self.attributes.items())
        inner = "".join(escape(part) if isinstance(part, str) else part.source for part in self.content)
        return f"<{self.tag}{attributes}>{inner}</{self.tag}>"

    @property
    def children(self) -> Iterator["Node"]:
        return (part for part in self.content if isinstance(part, Node))

    def all(self, tag: str) -> list["Node"]:
        return [child for child in self.children if child.tag == tag]

    def child(self, tag: str) -> "Node | None":
        return next((child for child in self.children if child.tag == tag), None)


class _Tree(ContentHandler):
    """Builds the nodes."""

    def __init__(self, instruction: str) -> None:
        super().__init__()
        self._wanted = instruction
        self.root: Node | None = None
        self.instruction: Node | None = None
        self._open: list[Node] = []
        self._locator: Locator | None = None

    @property
    def line(self) -> int | None:
        return self._locator.getLineNumber() if self._locator else None

    def setDocumentLocator(self, locator: Locator) -> None:
        self._locator = locator

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        node = Node(name.rpartition(":")[2], dict(attrs.items()), self.line)
        if self._open:
            self._open[-1].content.append(node)
        else:
            self.root = node
        self._open.append(node)
        if len(self._open) > _DEEPEST:
            raise UnreadableProgramme("is nested too deeply", line=self.line)

    def endElement(self, name: str) -> None:
        self._open.pop()

    def characters(self, content: str) -> None:
        if self._open:
            self._open[-1].content.append(content)

    def processingInstruction(self, target: str, data: str) -> None:
        if target == self._wanted:
            self.instruction = Node(target, {}, self.line)
            self.instruction.content.append(data)
