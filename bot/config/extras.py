"""Tables that need more than the package alone: each with the extra that brings it."""

from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from typing import Any

from bot.config.problems import Problem

_NEEDED: Mapping[str, tuple[str, ...]] = {
    "alerts": ("apprise",),
    "web": ("starlette", "jinja2", "uvicorn", "prometheus_client", "argon2"),
}


def missing_extras(raw: Mapping[str, Any]) -> Iterator[Problem]:
    """A problem for each table whose extra isn't installed, with the line that installs it. Nothing is imported."""
    for table, modules in _NEEDED.items():
        absent = [module for module in modules if table in raw and find_spec(module) is None]
        if absent:
            yield Problem((table,), f"needs more than is installed (run: pip install 'howdah[{table}]')")
