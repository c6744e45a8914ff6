"""Posts of every kind come through: right text, right link, nothing left over, none refused."""

import re

import pytest

from tests.e2e.howdah import MakeHowdah, ShareLine
from tests.e2e.instance import Instance, Posted
from tests.e2e.posts import HIDDEN, LONG, VARIED, Case
from tests.e2e.servers.mastodon_mock import MastodonMock
from tests.e2e.servers.wordpress import Made, WordPress

pytestmark = pytest.mark.e2e

LEFT_OVER = re.compile(r"</?[a-z!][^<>]*>|&(#\d+|#x[0-9a-f]+|[a-z]+\d?);|\[/?\w+[^\]]*\]|\[…\]|<!--", re.IGNORECASE)
LIMIT = 500

Statuses = list[list[Posted]]  # a list for each post


@pytest.fixture(scope="module")
def varied(wordpress: WordPress, on_snac: Instance, make_howdah: MakeHowdah) -> Statuses:
    """The statuses about each case's post."""
    howdah = make_howdah()
    howdah.sync()
    made = wordpress.publish(*(case.draft for case in VARIED))
    howdah.sync()
    return _statuses_about(made, on_snac)


class TestVariedPostsOnSnac:
    """Every kind of post is published at once, and one pass shares them all."""

    @pytest.mark.parametrize("number", range(len(VARIED)))
    def test_is_right(self, number: int, varied: Statuses) -> None:
        """One status: it begins with the title, links to the post, says what it should and nothing left over."""
        [posted] = varied[number]

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


@pytest.fixture(scope="module")
def strict(
    wordpress: WordPress, on_mock: Instance, mock: MastodonMock, make_howdah: MakeHowdah
) -> tuple[list[ShareLine], Statuses]:
    """The shares of varied and very long posts, and the statuses about each."""
    howdah = make_howdah(mock)
    howdah.sync()
    made = wordpress.publish(*(case.draft for case in VARIED), *LONG)
    howdah.sync()
    ids = {post.id for post in made}
    return [share for share in howdah.shares() if share["post_id"] in ids], _statuses_about(made, on_mock)


class TestAStrictServer:
    """mastodon-mock counts every character, 500 at most, and refuses what is longer."""

    def test_nothing_is_refused(self, strict: tuple[list[ShareLine], Statuses]) -> None:
        """Every share is shared at the first attempt."""
        shares, statuses = strict

        assert {("shared", 1, "")} == {_outcome(share) for share in shares}
        assert [1] * len(statuses) == [len(about) for about in statuses]

    def test_nothing_is_too_long(self, strict: tuple[list[ShareLine], Statuses]) -> None:
        """No status is longer than 500 characters, and the long ones make use of most of them."""
        _, statuses = strict
        lengths = [len(posted.source) for [posted] in statuses]

        assert [] == [length for length in lengths if length > LIMIT]
        assert LIMIT - 100 < max(lengths)


def _statuses_about(made: list[Made], instance: Instance) -> list[list[Posted]]:
    statuses = instance.statuses()
    return [[posted for posted in statuses if post.link in posted.links] for post in made]


def _outcome(share: ShareLine) -> tuple[str, int, str]:
    return share["state"], share["attempts"], share["share_on_mastodon"]["error"]


def _check(case: Case, posted: Posted) -> None:
    text = _as_written(posted.source)
    assert text.startswith(case.title)
    assert [] == [said for said in case.says if said not in text], text
    assert [] == [hidden for hidden in case.hides if hidden in posted.source]
    assert None is LEFT_OVER.search(posted.source)
    assert set(case.hashtags) <= set(posted.hashtags)
    assert [] == posted.entity["mentions"]
    assert ([] if case.alt is None else [case.alt]) == [medium["description"] for medium in posted.media]


def _as_written(text: str) -> str:
    """The words as the site has them: without what defuses a mention, and with the stars that snac takes for markup."""
    return text.replace("\u200b", "").replace("\u2060", "").replace("∗", "*")
