"""Templates: what can be written, what is refused, what is left of an empty placeholder."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.policy import DEFAULT_TEMPLATE
from bot.domain.template import PLACEHOLDERS, TemplateError, parse

VALUES = {"title": "Title", "excerpt": "Words.", "link": "https://a.com/x", "hashtags": "#a #b", "author": "Ann"}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (DEFAULT_TEMPLATE, "Title\n\nWords.\n\nhttps://a.com/x\n\n#a #b"),
        ("{title} by {author}: {link}", "Title by Ann: https://a.com/x"),
        ("{{{title}}} {{}} {link}", "{Title} {} https://a.com/x"),
        ("{link}\n{link}", "https://a.com/x\nhttps://a.com/x"),
    ],
)
def test_render(template: str, expected: str) -> None:
    """Values take the placeholders' places; doubled braces are braces."""
    assert expected == parse(template).render(VALUES)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{title}\n\n{site}\n\n{link}", "Title\n\nhttps://a.com/x"),
        ("{site}\n\n{link}\n\n{date}", "https://a.com/x"),
        ("{title} {site} {link}", "Title https://a.com/x"),
        ("{title}\n\nOn {site}:\n\n{link}", "Title\n\nhttps://a.com/x"),
        ("{title}\n\nNew\n\n\n\n{link}", "Title\n\nNew\n\nhttps://a.com/x"),
        ("{author} {site}\n{link}", "Ann\nhttps://a.com/x"),
    ],
)
def test_empty_placeholders_vanish(template: str, expected: str) -> None:
    """An empty placeholder takes its line, its blank line and its spaces along."""
    assert expected == parse(template).render(VALUES)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("({link})", "( https://a.com/x )"),
        ("{title}{link}{hashtags}!", "Title https://a.com/x #a #b !"),
        ("{link}\t{title}", "https://a.com/x\tTitle"),
        ("{link}\u3000{title}", "https://a.com/x \u3000Title"),
    ],
)
def test_links_and_hashtags_stand_apart(template: str, expected: str) -> None:
    """Servers find a link or a hashtag for certain only between spaces, so that is where they are."""
    assert expected == parse(template).render(VALUES)


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{title}", r"has no \{link\}"),
        ("", r"has no \{link\}"),
        ("{{link}}", r"has no \{link\}"),
        ("{titel} {link}", r"\{titel\}: did you mean \{title\}\?"),
        ("{Link}", r"\{Link\}: did you mean \{link\}\?"),
        ("{tags} {link}", r"did you mean \{hashtags\}\?"),
        ("{} {link}", r"unknown placeholder \{\}"),
        ("{link", r"single '\{'"),
        ("link} {link}", r"single '\}'"),
    ],
)
def test_refused(template: str, message: str) -> None:
    """A template that can't work is refused with what is wrong and what would be right."""
    with pytest.raises(TemplateError, match=message):
        parse(template)


@given(
    st.lists(st.sampled_from([*(f"{{{name}}}" for name in PLACEHOLDERS), "x", " ", "\n", "{{", "\n\n", ":"])),
    st.sets(st.sampled_from(sorted(VALUES))),
)
def test_always_tidy(parts: list[str], given_names: set[str]) -> None:
    """No template leaves spaces at a line's end, two in a row, or more than one blank line."""
    values = {name: VALUES[name] for name in given_names}

    text = parse("".join(parts) + "{link}").render(values)

    assert "\n\n\n" not in text
    assert "  " not in text
    assert all(line == line.strip() for line in text.split("\n"))
