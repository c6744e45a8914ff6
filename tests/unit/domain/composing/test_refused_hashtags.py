"""Which hashtags a status goes without after it was refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.composing.hashtags import WITHOUT_HASHTAGS, left_out, to_leave_out
from bot.domain.models import Attempt, Status
from tests.makers import NOON, share

TEXT = "A title with #1 in it\n\nhttps://news.example/7#top\n\n#News #WorldNews #Kites #Überall #旅行"


def left_out_after(message: str, *, text: str = TEXT) -> tuple[str, ...]:
    """What a share with this text goes without after such a refusal."""
    return to_leave_out(share(status=Status(text=text)), message)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("says: Validation failed: Text contained a disallowed hashtag: kites", ("#Kites",)),
        ("says: Validation failed: Text contained the disallowed hashtags: kites, uberall", ("#Kites", "#Überall")),
        ("says: バリデーションに失敗しました: 許可されていないハッシュタグが含まれています：旅行", ("#旅行",)),
        ("says: hashtag #kites.", ("#Kites",)),
        ("says: Text contained a disallowed hashtag: worldnews", ("#WorldNews",)),
        ("says: kites aren't wanted: go away", ()),
        ("answered 422 without a reason", ()),
        ("says: Validation failed: Text character limit of 500 exceeded", ()),
    ],
)
def test_those_go_that_the_refusal_names(message: str, expected: tuple[str, ...]) -> None:
    """In whatever language it names them, the fixed ones too; where it names none, it is about something else."""
    assert expected == left_out_after(message)


@pytest.mark.parametrize("text", ["No hashtags", "a#b https://news.example/#top", "# #", "We are #1"])
def test_where_there_are_none_nothing_goes(text: str) -> None:
    """Whatever the refusal names."""
    assert () == left_out_after("says: b, top, 1, no, hashtags", text=text)


def test_a_persons_own_words_stay_as_they_are() -> None:
    """Nobody takes a hashtag out of them; and what was never composed has none."""
    theirs = share(status=Status(text="#Kites"), text_override="#Kites")

    assert () == to_leave_out(theirs, "says: kites")
    assert () == to_leave_out(share(), "says: kites")


def test_the_history_tells_what_was_left_out() -> None:
    """Every hashtag that a try went without."""
    history = [
        Attempt(at=NOON, step="publish", outcome="retry", detail="refused (422): #no"),
        Attempt(at=NOON, step="publish", outcome=WITHOUT_HASHTAGS, detail="#Kites #旅行"),
    ]

    assert ("#Kites", "#旅行") == left_out(history)
    assert () == left_out(history[:1])


@given(st.text(), st.text())
def test_any_message_is_read(message: str, text: str) -> None:
    """What goes was in the text, and comes back from the history as it was."""
    gone = left_out_after(message, text=text)

    assert all(hashtag in text for hashtag in gone)
    assert gone == left_out([Attempt(at=NOON, step="publish", outcome=WITHOUT_HASHTAGS, detail=" ".join(gone))])
