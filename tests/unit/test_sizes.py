"""Modules and functions that can be read in one sitting."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(path for name in ("bot", "tests", "benchmarks") for path in (ROOT / name).rglob("*.py"))
MOST_LINES, MOST_OF_A_FUNCTION = 400, 60
# What was released isn't changed: the first migration makes every table.
LONG = {"bot/store/migrations/versions/0001_first.py: upgrade"}


@pytest.mark.parametrize("folder", ["bot", "tests", "benchmarks"])
def test_no_module_is_longer(folder: str) -> None:
    """Than what holds one story."""
    counted = {_name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}

    assert {} == {name: n for name, n in counted.items() if name.startswith(f"{folder}/") and n > MOST_LINES}


def test_no_function_is_longer() -> None:
    """Of those that are installed."""
    long = {
        f"{_name(path)}: {node.name}"
        for path in FILES
        if path.is_relative_to(ROOT / "bot")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        if (node.end_lineno or 0) - node.lineno >= MOST_OF_A_FUNCTION
    }

    assert LONG == long


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
