"""What an author wrote for the status: used where it is more than the plugin's template."""

import pytest

from bot.domain.composing.author_words import author_template
from bot.domain.composing.template import CATEGORY_HASHTAG

LINK = "https://a.org/2026/post/"
VALUES = {"title": "Title", "excerpt": "Words.", "link": LINK, "hashtags": "#a", CATEGORY_HASHTAG: "#News"}


def rendered(words: str) -> str:
    """The status of these words; '' where they are none."""
    template = author_template(words, LINK, mentions=("ann",))
    return template.render(VALUES) if template else ""


@pytest.mark.parametrize("words", ["", " \n", "%title% %permalink%", "%TITLE%\n\n%excerpt% – %permalink% %tags%", "…"])
def test_a_template_is_nobodys_words(words: str) -> None:
    """The plugin keeps its own template with each post."""
    assert rendered(words) == ""


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("My best yet", f"My best yet {LINK}"),
        ("My best yet:\n%title%", f"My best yet:\nTitle\n\n{LINK}"),
        ("In %category%: %title% %permalink% %tags%", f"In #News: Title {LINK} #a"),
        ("Read http://www.a.org/2026/post now", f"Read {LINK} now"),
        ("Not https://a.org/other/", f"Not https://a.org/other/ {LINK}"),
        ("{title} [[x]] 100%", f"{{title}} [[x]] 100% {LINK}"),
        ("Thanks @ann and @bob@b.org!", f"Thanks @ann and @\u200bbob@b.org! {LINK}"),
        ("a\u202eb\x00c", f"abc {LINK}"),
    ],
)
def test_words_are_used_as_they_are(words: str, expected: str) -> None:
    """With the plugin's placeholders filled in, the link added where it is missing, and nobody notified by accident."""
    assert expected == rendered(words)


def test_words_without_end() -> None:
    """They are cut where no status goes on."""
    assert len(rendered("word " * 100_000)) < 11_000
    assert rendered("a\n" * 1000).count("\n") < 110
