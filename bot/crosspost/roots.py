"""Where a site's REST API is: remembered, and found anew where it has moved."""

from collections.abc import Callable
from typing import TypeVar

from bot.crosspost.context import Context
from bot.errors import SiteMovedError

T = TypeVar("T")


def at_root(context: Context, name: str, ask: Callable[[str], T]) -> T:
    """Ask a site something at its REST root; where there is no API any more, find the root anew and ask once more.

    Raises what find_root and the question raise.
    """
    remembered = context.store.site(name).root
    if remembered:
        try:
            return ask(remembered)
        except SiteMovedError:
            context.store.remember_root(name, "")
    return ask(find_root(context, name))


def find_root(context: Context, name: str) -> str:
    """Find a site's REST root, and remember it."""
    root = context.sites[name].site.find_root()
    context.store.remember_root(name, root)
    return root
