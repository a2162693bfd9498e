"""What a reader of the room's page wants to see of its questions, as the page's address says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from summit.live.ordering import ORDERS

OWN = "mine"
SORTS = (*ORDERS, OWN)
_LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Wanted:
    """What a reader wants to see: an order or their own, only what has these words, a page that refreshes itself."""

    sort: str = "votes"
    words: str = ""
    follow: bool = False

    @classmethod
    def read(cls, fields: Mapping[str, Any]) -> "Wanted":
        """From an address, or from a form that remembers it. What is unknown is as if it were not there."""
        sort, words = fields.get("sort"), str(fields.get("q") or "")
        return cls(
            sort=str(sort) if sort in SORTS else "votes",
            words=words[:_LONGEST_SEARCH].replace("\0", "").strip(),
            follow=fields.get("follow") == "1",
        )

    @property
    def query(self) -> str:
        """With its question mark; empty for the page as everybody gets it first."""
        return self.query_with()

    def query_with(self, stream: str = "", **more: str) -> str:
        """The same beside other choices that an address may hold, such as another stream."""
        chosen = {"sort": self.sort if self.sort != "votes" else "", "q": self.words, "follow": "1" * self.follow}
        chosen |= {"stream": stream, **more}
        query = urlencode({name: value for name, value in chosen.items() if value})
        return f"?{query}" if query else ""

    @property
    def stopped(self) -> "Wanted":
        """The same without the page's refreshing."""
        return Wanted(self.sort, self.words)

    def with_sort(self, sort: str) -> "Wanted":
        """The same in another order."""
        return Wanted(sort, self.words, self.follow)
