"""Small matters of wording."""

import pytest

from bot.domain.models import SiteState
from bot.report.sentences import site_sentence
from bot.report.wording import began, counted, did_you_mean, listed, size_words
from tests.makers import MINUTE, NOON


class TestWords:
    """Sentences that several commands share."""

    @pytest.mark.parametrize(("wrong", "asked"), [("u", ""), ("engalnd", " Did you mean 'england'?"), ("", "")])
    def test_a_like_name_is_asked_for(self, wrong: str, asked: str) -> None:
        """Where there is one."""
        assert asked == did_you_mean(wrong, {"england", "france"})

    @pytest.mark.parametrize(
        ("text", "begins"),
        [
            ("site uk is down", "Site uk is down"),
            ("site: down", "Site: down"),
            ("uk/7 on uk failed", "uk/7 on uk failed"),
            ("https://a.example/ waits", "https://a.example/ waits"),
            ("2 shares failed", "2 shares failed"),
            ("", ""),
        ],
    )
    def test_a_sentence_begins_with_a_capital(self, text: str, begins: str) -> None:
        """But a name stays as it is."""
        assert begins == began(text)

    def test_numbers_agree_with_nouns(self) -> None:
        """One share, two shares, no statuses."""
        assert ["1 share", "2 shares", "0 statuses"] == [
            counted(1, "share"),
            counted(2, "share"),
            counted(0, "status", "statuses"),
        ]

    @pytest.mark.parametrize(
        ("names", "said"), [([], "none"), (["uk"], "uk"), (["de", "uk"], "de and uk"), ("abc", "a, b and c")]
    )
    def test_names_stand_in_a_sentence(self, names: list[str], said: str) -> None:
        """With commas and an "and"."""
        assert said == listed(names)

    @pytest.mark.parametrize(
        ("number", "said"),
        [(1, "1 byte"), (999, "999 bytes"), (1_377, "1 kB"), (999_499, "999 kB"), (1_300_000, "1.3 MB")],
    )
    def test_sizes_are_readable(self, number: int, said: str) -> None:
        """In bytes, kilobytes or megabytes."""
        assert said == size_words(number)


@pytest.mark.parametrize(
    ("minutes", "failures", "said"),
    [
        (2, 0, "looked at 3 min ago"),
        (2, 1, "looked at 3 min ago, next in 2 min; the last look failed: down"),
        (-1, 0, "looked at 3 min ago, due for the next look"),
    ],
)
def test_when_a_site_is_looked_at(minutes: int, failures: int, said: str) -> None:
    """The next time only where looks fail: what is recorded of a quiet site isn't when a daemon looks next."""
    error = "site uk: down" if failures else ""
    site = SiteState(
        name="uk", looked_at=NOON - 3 * MINUTE, next_look_at=NOON + minutes * MINUTE, failures=failures, error=error
    )

    assert said == site_sentence(site, now=NOON)
