"""What the documentation says of the tree is so: files that are named exist, and the layers' list has every package."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGES = sorted({*(ROOT / "docs").glob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md"})
_FILE = re.compile(r"`((?:[\w-][\w.-]*/)+[\w.-]*\w\.(?:py|md|toml|lock|sh|yaml|yml|service|timer|php))`")
_FOLDER = re.compile(r"`((?:tests|bot|deploy|benchmarks)/[\w/-]*)`")
# A line of the list of layers: what stands in bot, and by two more spaces what stands in that.
_LINE = re.compile(r"^(?P<indent>  |    )(?P<names>[\w.]+/?(?:, [\w.]+/?)*)  ", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_is_named_exists(page: Path) -> None:
    """Whoever follows a path from a page finds it, from the root or from bot."""
    named = {place for pattern in (_FILE, _FOLDER) for place in pattern.findall(page.read_text(encoding="utf-8"))}
    missing = [place for place in named if not any((root / place).exists() for root in (ROOT, ROOT / "bot"))]

    assert [] == sorted(missing)


def test_the_layers_are_those_of_the_tree() -> None:
    """docs/design.md lists every package and module that stands in bot, and none that doesn't."""
    text = (ROOT / "docs/design.md").read_text(encoding="utf-8")
    block = text[text.index("\nbot/\n") : text.index("\ntests/ ")]
    listed = {
        name.rstrip("/")
        for line in _LINE.finditer(block)
        if line["indent"] == "  "
        for name in line["names"].split(", ")
    }
    there = {
        path.name for path in (ROOT / "bot").iterdir() if path.name not in ("__init__.py", "__pycache__", "py.typed")
    }

    assert there == listed


@pytest.mark.parametrize("number", [0, 1], ids=["bot", "domain"])
def test_the_order_of_the_layers_is_the_linters(number: int) -> None:
    """What imports what, as docs/design.md has it, is what import-linter holds."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        contract = tomllib.load(file)["tool"]["importlinter"]["contracts"][number]

    assert f"`{' > '.join(contract['layers'])}`" in (ROOT / "docs/design.md").read_text(encoding="utf-8")
