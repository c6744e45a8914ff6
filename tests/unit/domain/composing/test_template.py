"""Templates: what can be written, what is refused, what is left of an empty placeholder."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.composing.template import PLACEHOLDERS, TemplateError, parse
from bot.domain.policy import DEFAULT_TEMPLATE

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


# --- filters and optional parts -----------------------------------------------------------------------------------

MORE = {
    **VALUES,
    "excerpt": "One two three. Four five six seven.",
    "paragraph": "The first paragraph.",
    "content": "All of it.",
    "category": "News",
    "date": "2026-11-02T23:05:00+00:00",
}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{excerpt|words:4} {link}", "One two three. https://a.com/x"),
        ("{excerpt | words: 2} {link}", "One two… https://a.com/x"),
        ("{excerpt|short:9} {link}", "One two… https://a.com/x"),
        ("{title|upper} {author|lower} {link}", "TITLE ann https://a.com/x"),
        ("{excerpt|paragraph|words:2} {link}", "The first… https://a.com/x"),
        ("{content} {content|paragraph} {link}", "All of it. The first paragraph. https://a.com/x"),
        ("{date} {link}", "2026-11-02 https://a.com/x"),
        ("{date|format:%d.%m.%Y, %H:%M} {link}", "02.11.2026, 23:05 https://a.com/x"),
        ("{category}: {link}", "News: https://a.com/x"),
        ("{site|upper}{date|format:%Y} {link}", "2026 https://a.com/x"),
    ],
)
def test_filters(template: str, expected: str) -> None:
    """A value is changed by what stands behind it, from left to right."""
    assert expected == parse(template).render(MORE)


def test_a_filter_of_nothing_is_nothing() -> None:
    """Whatever the filter."""
    assert parse("{date|format:%Y} {author|upper} {excerpt|words:3} {link}").render({"link": "x"}) == "x"


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{title}[[ by {author}]]: {link}", "Title by Ann: https://a.com/x"),
        ("{title}[[ on {site}]]: {link}", "Title: https://a.com/x"),
        ("{title}[[ by {author} on {site}]]: {link}", "Title: https://a.com/x"),
        ("{title}\n\n[[By {site}\n\n]]{link}", "Title\n\nhttps://a.com/x"),
        ("{title}[[\n\nFiled under {categories}]]\n\n{link}", "Title\n\nhttps://a.com/x"),
        ("[[{title}{link}]]!{link}", "Title https://a.com/x ! https://a.com/x"),
        ("{title} [[]][not optional] {link}", "Title [not optional] https://a.com/x"),
    ],
)
def test_optional_parts(template: str, expected: str) -> None:
    """A part in double brackets goes where one of its placeholders is empty, with its blank line."""
    assert expected == parse(template).render(VALUES)


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{link} {title|uppercase}", "unknown filter 'uppercase': did you mean 'upper'\\? There are short, words"),
        ("{link} {title|words}", r"has \{title\|words\}: write it as \{excerpt\|words:20\}"),
        ("{link} {title|words:0}", r"has \{title\|words:0\}: write it as"),
        ("{link} {title|upper:3}", r"write it as \{title\|upper\}"),
        ("{link} {title|upper:}", r"write it as \{title\|upper\}"),
        ("{link} {title|paragraph}", r"the filter 'paragraph' on \{title\}: it is for \{excerpt\} and \{content\}"),
        ("{link} {date|format:%Q}", r"write it as \{date\|format:%d.%m.%Y\}"),
        ("{link} {date|format:%H:%M %Z}", "by the site's clock: it tells no zone"),
        ("{link|short:10}", r"\{link\} stands as it is, without filters"),
        ("{title}[[{link}]]", r"has no \{link\} outside of \[\[ \]\]"),
        ("{link} [[ {title}", r"'\[\[' without its '\]\]'"),
        ("{link} {title}]]", r"a '\]\]' too many"),
        ("{link} [[a [[b]]]]", r"a '\[\[' too many"),
    ],
)
def test_what_is_refused_of_them(template: str, message: str) -> None:
    """One sentence says what is wrong, and what would be right."""
    with pytest.raises(TemplateError, match=message):
        parse(template)
