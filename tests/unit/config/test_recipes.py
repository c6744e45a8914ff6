"""The configs in the documentation's recipes are ones that howdah takes."""

import re
from pathlib import Path

import pytest

from bot.config import load

RECIPES = (Path(__file__).parents[3] / "docs/recipes.md").read_text(encoding="utf-8")
# What a recipe leaves out because it isn't about it.
MISSING = {
    "[state]": '[state]\nurl = "sqlite:///howdah.db"\n',
    "[sites.": '[sites.blog]\nurl = "https://blog.example"\naccounts = ["blog"]\n',
    "[accounts.": '[accounts.blog]\ninstance = "https://mastodon.example"\ntoken_file = "blog.token"\n',
}


@pytest.mark.parametrize("recipe", re.findall(r"```toml\n(.*?)```", RECIPES, re.DOTALL))
def test_a_recipe_works(tmp_path: Path, recipe: str) -> None:
    """Completed by what it leaves out, it is read without a problem or a warning."""
    path = tmp_path / "config.toml"
    path.write_text("\n".join([recipe, *(text for table, text in MISSING.items() if table not in recipe)]))
    path.chmod(0o600)

    assert () == load(path).warnings
