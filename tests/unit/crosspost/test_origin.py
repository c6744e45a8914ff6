"""Posts that WordPress says were shared: by this account, by another, or by the post that they were copied from."""

import pytest
from msgspec.structs import replace

from bot.crosspost import share as by_hand
from bot.domain.models import State
from bot.errors import AccountUnavailableError, RefusedError, SiteUnavailableError
from tests.fakes.account import Kept
from tests.makers import DAY, HOUR, SECOND
from tests.unit.crosspost.stage import Stage

OURS = "https://social.example/@uk/9"


@pytest.mark.parametrize(
    ("url", "adopted"),
    [(OURS, True), ("https://social.example/@de/9", False), ("https://other.example/@uk/9", False)],
)
def test_whose_status_it_is(stage: Stage, url: str, adopted: bool) -> None:
    """Only one of this account's own makes the post shared; otherwise it is shared here."""
    share = stage.shared(share_url=url)

    assert (State.SHARED, adopted) == (share.state, share.url == url)
    assert ([] if adopted else ["https://news.example/1/"]) == stage.links()


def test_a_copied_post(stage: Stage) -> None:
    """A plugin that duplicates posts copies the address too: the original stays shared, the copy is shared anew."""
    stage.shared(share_url=OURS)
    copy = stage.shared(share_url=OURS)

    assert OURS == stage.share(1).url
    assert (State.SHARED, ["https://news.example/2/"]) == (copy.state, stage.links())
    assert OURS != copy.url


@pytest.fixture
def original(stage: Stage) -> Kept:
    """The status of a post from long before the first look, which howdah knows nothing of."""
    post_id = stage.publish("Original", at=stage.clock.now() - 400 * DAY)
    return stage.account.write(f"By the plugin https://news.example/{post_id}/")


def test_a_copy_of_a_post_that_is_not_known(stage: Stage, original: Kept) -> None:
    """The status links to the original, which the site still shows: the copy is shared."""
    copy = stage.shared(share_url=original.url)

    assert (State.SHARED, ["https://news.example/2/"]) == (copy.state, stage.links()[1:])
    assert original.url != copy.url


def test_a_status_that_may_be_the_posts(stage: Stage, original: Kept) -> None:
    """It links to the post, to one that the site doesn't show, or elsewhere; or nobody can tell: it is believed."""
    stage.site.trash(1)
    gone = stage.shared(share_url=original.url)
    own = stage.shared(share_url=stage.account.write("By the plugin https://news.example/3/").url)
    foreign = stage.shared(share_url=stage.account.write("Look at https://other.example/1/").url)
    unknown = stage.shared(share_url=OURS)
    stage.site.errors["list_by_link"] = SiteUnavailableError("503")
    silent = stage.shared(share_url=stage.account.write("By the plugin https://news.example/2/").url)

    assert {State.SHARED} == {share.state for share in (gone, own, foreign, unknown, silent)}
    assert [original.url, OURS] == [gone.url, unknown.url]
    assert 0 == len(stage.account.sent)


def test_an_account_that_can_not_say_who_it_is(stage: Stage) -> None:
    """Nothing is believed, and nothing sent, until it can."""
    stage.account.error = AccountUnavailableError("the instance answered 502")
    stage.publish(share_url=OURS)
    stage.collect()
    stage.attend()

    assert State.PENDING is stage.share(1).state
    stage.account.error = None
    stage.pass_time(HOUR)
    stage.attend()
    assert (State.SHARED, OURS, []) == (stage.share(1).state, stage.share(1).url, stage.links())


def test_another_account_of_the_site(stage: Stage) -> None:
    """Accounts that this process has none of are left out of it."""
    watched = stage.context.sites["uk"]
    both = replace(watched, policy=replace(watched.policy, accounts=("uk", "de")))
    stage.context = replace(stage.context, sites={"uk": both})
    stage.publish(share_url=OURS)
    stage.collect()

    states = {share.account: share.state for share in stage.store.shares(post_id=1)}
    assert {"uk": State.SHARED, "de": State.PENDING} == states


def test_asked_for_by_hand(stage: Stage) -> None:
    """What is refused for being shared already is recorded with what it is refused with."""
    stage.publish(share_url=OURS)

    with pytest.raises(RefusedError, match="is shared already"):
        by_hand.request(stage.context, "uk", 1, account="uk")
    assert (State.SHARED, OURS) == (stage.share(1).state, stage.share(1).url)


class TestBesideThePlugin:
    """Where the plugin Share on Mastodon runs too, it may be publishing at this very moment."""

    def post(self, stage: Stage, title: str = "A post") -> int:
        """Publish a post with the plugin's field, empty."""
        number = stage.publish(title)
        stage.site.posts[number] = replace(stage.site.posts[number], share_field=True)
        return number

    def test_the_account_is_read_first(self, stage: Stage) -> None:
        """What the plugin published without hearing so is found, and nothing is sent."""
        stage.shared()
        self.post(stage)
        stage.collect()
        stage.account.write("By the plugin https://news.example/2/")
        stage.pass_time(5 * SECOND)
        stage.attend()

        assert (State.SHARED, 2) == (stage.share(2).state, len(stage.links()))
        assert ("reconcile", "found") == stage.history(2)[-1]

    def test_one_reading_serves_several(self, stage: Stage) -> None:
        """What goes out within seconds needs no further one."""
        stage.shared()
        for title in ("One", "Two", "Three"):
            self.post(stage, title)
        stage.collect()
        stage.account.calls.clear()
        stage.pass_time(5 * SECOND)
        stage.attend()

        assert (1, 4) == (stage.account.calls.count("statuses_since"), len(stage.links()))

    def test_the_companion_alone(self, stage: Stage) -> None:
        """Where howdah's own companion shows the field, nobody else publishes: nothing is read more than otherwise."""
        stage.site.announced = frozenset({"wp/v2", "howdah/v1"})
        stage.shared()
        self.post(stage)
        stage.collect()
        stage.account.calls.clear()
        stage.pass_time(HOUR)
        stage.attend()

        assert (0, 2) == (stage.account.calls.count("statuses_since"), len(stage.links()))

    def test_a_site_that_does_not_say(self, stage: Stage) -> None:
        """Then the plugin may be there."""
        stage.shared()
        self.post(stage)
        stage.collect()
        stage.site.errors["namespaces"] = SiteUnavailableError("site uk: 403")
        stage.account.calls.clear()
        stage.pass_time(HOUR)
        stage.attend()

        assert 1 == stage.account.calls.count("statuses_since")
