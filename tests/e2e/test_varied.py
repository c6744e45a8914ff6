"""Posts of every kind come through: right text, right link, nothing left over, none refused."""

import re
from dataclasses import replace

import pytest

from tests.e2e.howdah import MakeHowdah, ShareLine
from tests.e2e.instance import Instance, Posted
from tests.e2e.posts import HIDDEN, LONG, VARIED, Case
from tests.e2e.servers.mastodon_mock import MastodonMock
from tests.e2e.servers.wordpress import Draft, Made, WordPress

pytestmark = pytest.mark.e2e

LEFT_OVER = re.compile(r"</?[a-z!][^<>]*>|&(#\d+|#x[0-9a-f]+|[a-z]+\d?);|\[/?\w+[^\]]*\]|\[…\]|<!--", re.IGNORECASE)
LIMIT = 500

Story = dict[str, list[Posted]]


class TestVariedPostsOnSnac:
    """Every kind of post is published at once, and one pass shares them all."""

    @pytest.fixture(scope="class")
    def story(self, wordpress: WordPress, on_snac: Instance, make_howdah: MakeHowdah) -> Story:
        """The statuses about each case's post, by the case's title and number."""
        howdah = make_howdah()
        howdah.sync()
        made = wordpress.publish(*(case.draft for case in VARIED))
        howdah.sync()
        return dict(zip(map(_name, range(len(VARIED))), _statuses_about(made, on_snac), strict=True))

    @pytest.mark.parametrize("number", range(len(VARIED)), ids=lambda number: _name(number))
    def test_is_right(self, number: int, story: Story) -> None:
        """One status: it begins with the title, links to the post, says what it should and nothing left over."""
        [posted] = story[_name(number)]

        _check(VARIED[number], posted)


class TestHiddenPosts:
    """Some posts are not for everybody."""

    def test_are_not_shared(self, wordpress: WordPress, on_snac: Instance, make_howdah: MakeHowdah) -> None:
        """Drafts, pending, private, protected and scheduled posts give no status."""
        howdah = make_howdah()
        howdah.sync()
        made = wordpress.publish(*HIDDEN)
        howdah.sync()

        assert [[]] * len(HIDDEN) == _statuses_about(made, on_snac)
        assert not [share for share in howdah.shares() if share["state"] == "shared"]


class TestAStrictServer:
    """mastodon-mock counts every character, 500 at most, and refuses what is longer."""

    @pytest.fixture(scope="class")
    def story(
        self, wordpress: WordPress, on_mock: Instance, mock: MastodonMock, make_howdah: MakeHowdah
    ) -> tuple[list[ShareLine], list[list[Posted]]]:
        """The shares of varied and very long posts, and the statuses about each."""
        howdah = make_howdah(mock)
        howdah.sync()
        drafts = [*(case.draft for case in VARIED), *LONG]
        made = wordpress.publish(*(replace(draft, slug="") for draft in drafts))
        howdah.sync()
        ids = {post.id for post in made}
        return [share for share in howdah.shares() if share["post_id"] in ids], _statuses_about(made, on_mock)

    def test_nothing_is_refused(self, story: tuple[list[ShareLine], list[list[Posted]]]) -> None:
        """Every share is shared at the first attempt."""
        shares, statuses = story

        assert {("shared", 1, "")} == {_outcome(share) for share in shares}
        assert [1] * len(statuses) == [len(about) for about in statuses]

    def test_nothing_is_too_long(self, story: tuple[list[ShareLine], list[list[Posted]]]) -> None:
        """No status is longer than 500 characters, and the long ones make use of most of them."""
        _, statuses = story
        lengths = [len(posted.source) for [posted] in statuses]

        assert [] == [length for length in lengths if length > LIMIT]
        assert LIMIT - 100 < max(lengths)


def _name(number: int) -> str:
    return f"{number:02} {VARIED[number].title or 'untitled'}"


def _statuses_about(made: list[Made], instance: Instance) -> list[list[Posted]]:
    statuses = instance.statuses()
    return [[posted for posted in statuses if post.link in posted.links] for post in made]


def _outcome(share: ShareLine) -> tuple[str, int, str]:
    return share["state"], share["attempts"], share["share_on_mastodon"]["error"]


def _check(case: Case, posted: Posted) -> None:
    text = _without_zero_width_space(posted.source)
    assert text.startswith(case.title)
    assert [] == [said for said in case.says if said not in text]
    assert [] == [hidden for hidden in case.hides if hidden in posted.source]
    assert None is LEFT_OVER.search(posted.source)
    assert set(case.hashtags) <= set(posted.hashtags)
    assert [] == posted.entity["mentions"]
    assert ([] if case.alt is None else [case.alt]) == [medium["description"] for medium in posted.media]


def _without_zero_width_space(text: str) -> str:
    """What defuses a mention is invisible: the words are to be compared without it."""
    return text.replace("\u200b", "").replace("\u2060", "")
