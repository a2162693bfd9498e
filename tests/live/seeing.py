"""Waiting until a window shows what it should."""

from tests.live.client import Window


async def sees(window: Window, question: str, **fields: object) -> None:
    """Waits until the question looks like that in this window."""

    def looks_like_that() -> bool:
        seen = window.questions.get(question, {})
        return bool(seen) and all(seen.get(name) == value for name, value in fields.items())

    await window.until(looks_like_that)


async def misses(window: Window, question: str) -> None:
    """Waits until the question is not in this window."""
    await window.until(lambda: question not in window.questions)


async def counts(window: Window, **votes: int) -> None:
    """Waits until this window shows these counts, by question."""
    await window.until(lambda: votes.items() <= window.votes.items())


async def votes_for(window: Window, *questions: str) -> None:
    """Waits until one's own votes are for these questions and no other."""
    await window.until(lambda: window.voted == set(questions))


async def has_asked(window: Window, question: str, **fields: object) -> None:
    """Waits until one's own question looks like that."""
    await window.until(
        lambda: (
            question in window.asked
            and all(window.asked[question].get(name) == value for name, value in fields.items())
        )
    )
