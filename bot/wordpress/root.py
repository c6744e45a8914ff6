"""Where a site's REST API is: remembered, and found anew where it has moved."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from bot.wordpress.client import RootMovedError

T = TypeVar("T")


class RootMemory(Protocol):
    """Keeps one site's REST root from one run to the next. Its own errors go through to whoever asked the site."""

    def load(self) -> str:
        """The root that was saved last; '' where there is none."""
        ...

    def save(self, root: str) -> None:
        """Keep a root; '' forgets it."""
        ...


class ProcessMemory:
    """Keeps a root no longer than this process runs."""

    def __init__(self, root: str = "") -> None:
        self._root = root

    def load(self) -> str:
        """The root that was saved last; '' where there is none."""
        return self._root

    def save(self, root: str) -> None:
        """Keep a root; '' forgets it."""
        self._root = root


class Root:
    """One site's REST root; may be used by several threads at once, which may then both look for it.

    Args:
        find: looks for the root; raises SiteUnavailableError where there is none.
        memory: keeps it.
    """

    def __init__(self, find: Callable[[], str], memory: RootMemory) -> None:
        self._find = find
        self._memory = memory
        self._known: str | None = None

    def ask(self, question: Callable[[str], T]) -> T:
        """Ask something at the root; where there is no API any more, find the root anew and ask once more.

        Raises what looking for the root and the question raise.
        """
        known = self._memory.load() if self._known is None else self._known
        if known:
            self._known = known
            try:
                return question(known)
            except RootMovedError:
                self._keep("")
        return question(self.find())

    @property
    def known(self) -> str:
        """The root that was used last; '' before the first question."""
        return self._known or ""

    def find(self) -> str:
        """Find the root, whatever is remembered, and remember it."""
        root = self._find()
        self._keep(root)
        return root

    def _keep(self, root: str) -> None:
        if root != self._known:
            self._memory.save(root)
            self._known = root
