"""docs/configuration.md lists the keys that the schema has."""

from tests.unit.docs.configuration import PAGE, page


def test_the_keys_are_those_of_the_schema() -> None:
    """`python -m tests.unit.docs.configuration` writes them anew after a change of the config."""
    text = PAGE.read_text(encoding="utf-8")

    assert page(text) == text
    assert "| `poll_every` |" in text
