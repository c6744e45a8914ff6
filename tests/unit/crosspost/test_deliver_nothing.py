"""Delivering: what is not shared after all, and accounts that are suspended."""

import pytest
from msgspec.structs import replace

from bot.domain.models import State
from bot.domain.policy import Filters
from bot.errors import AccountThrottledError, AccountUnavailableError, SiteUnavailableError
from tests.makers import HOUR, MINUTE, SECOND
from tests.unit.crosspost.stage import Stage


class TestNotShared:
    """A post that turns out not to be for sharing."""

    def test_a_trashed_post(self, stage):
        """It became invisible between the look and the delivery."""
        post_id = stage.publish()
        stage.collect()
        stage.site.trash(post_id)
        stage.attend()

        share = stage.share(post_id)
        assert (State.SKIPPED, []) == (share.state, stage.links())
        assert "not public" in share.error

    def test_a_protected_post(self, stage):
        """Nothing of it is sent."""
        assert (State.SKIPPED, "protected by a password") == (
            (share := stage.shared(protected=True)).state,
            share.error,
        )

    def test_an_excluded_post(self):
        """The reason names the category."""
        stage = Stage(site={"filters": Filters(exclude_categories=("Sport",))})
        stage.first_look()

        assert "excluded: in category 'Sport' (exclude_categories)" == stage.shared(categories=["Sport"]).error

    def test_a_pattern_that_never_ends(self):
        """The post is held with the reason; nothing of it is sent, and the next post isn't kept waiting."""
        stage = Stage(site={"filters": Filters(title=r"^(\w|\w\w|\s)*$")})
        stage.first_look()

        share = stage.shared("Harbour town builds a lighthouse that can be seen from the islands!")

        assert (State.HELD, []) == (share.state, stage.links())
        assert share.error.startswith("pattern too slow: title = ")
        assert State.SHARED is stage.shared("Short").state

    def test_shared_by_the_plugin_meanwhile(self, stage):
        """The url that appeared since the look is adopted, nothing is posted."""
        post_id = stage.publish()
        stage.collect()
        post = stage.site.posts[post_id]
        stage.site.edit(post_id, replace(post, share_url="https://social.example/@uk/9"))
        stage.attend()

        share = stage.share(post_id)
        assert (State.SHARED, "https://social.example/@uk/9", []) == (share.state, share.url, stage.links())

    def test_a_silent_site_is_waited_for(self, stage):
        """The share waits with the reason, longer each time, and nothing is used up."""
        post_id = stage.publish()
        stage.collect()
        stage.site.errors["read"] = SiteUnavailableError("site uk: 503")
        stage.attend()
        first = stage.share(post_id)
        stage.pass_time(2 * MINUTE)
        stage.attend()
        second = stage.share(post_id)

        assert (State.PENDING, "site uk: 503", 0) == (second.state, second.error, second.failures)
        assert (2 * MINUTE, 6 * MINUTE) == (
            first.next_attempt_at - first.created_at,
            second.next_attempt_at - first.created_at,
        )

    def test_a_post_that_never_comes_whole(self, stage):
        """Where it fails the fourth time in a row, its title and link are shared; a site that is down is waited for."""
        post_id = stage.publish(title="Heavy", excerpt="Never seen.")
        stage.collect()
        stage.site.errors["read"] = SiteUnavailableError("site uk: 502")
        stage.site.errors["read_without_text"] = SiteUnavailableError("site uk: 502")
        for _ in range(4):
            stage.attend()
            stage.pass_time(HOUR)
        assert State.PENDING is stage.share(post_id).state

        del stage.site.errors["read_without_text"]
        stage.attend()

        share = stage.share(post_id)
        assert (State.SHARED, f"Heavy\n\n{share.link}") == (share.state, share.status.text)

    def test_a_site_that_does_not_come_whole(self, stage):
        """Where it asks to wait, or none of its posts can be listed, no post is left without its text for that."""
        post_id = stage.publish(title="Whole", excerpt="Seen at last.")
        stage.collect()
        stage.site.errors["read"] = SiteUnavailableError("site uk: 503", retry_after=60)
        for _ in range(5):
            stage.attend()
            stage.pass_time(HOUR)
        stage.site.errors["read"] = stage.site.errors["list_new"] = SiteUnavailableError("site uk: 502")
        stage.collect()
        stage.attend()
        stage.site.errors.clear()
        stage.pass_time(HOUR)
        stage.attend()

        share = stage.share(post_id)
        assert (State.SHARED, f"Whole\n\nSeen at last.\n\n{share.link}") == (share.state, share.status.text)

    @pytest.mark.parametrize(
        ("filters", "state"),
        [
            ({"filters": Filters(min_length=2)}, State.HELD),
            ({"only": {"uk": Filters(min_length=2)}}, State.HELD),
            ({"filters": Filters(tags=("kite",))}, State.SHARED),
        ],
    )
    def test_a_filter_that_asks_for_what_can_not_be_read(self, filters, state):
        """A person decides; what the filter needs may be there all the same."""
        stage = Stage(site=filters)
        stage.first_look()
        post_id = stage.publish("Heavy", excerpt="Never seen.", tags=["kite"])
        stage.collect()
        stage.site.errors["read"] = SiteUnavailableError("site uk: 502")
        for _ in range(4):
            stage.attend()
            stage.pass_time(HOUR)

        share = stage.share(post_id)
        assert (state, state is State.HELD) == (share.state, "min_length. `howdah retry` tries again" in share.error)

    def test_a_silent_site_that_asks_to_wait(self, stage):
        """Retry-After is honoured."""
        post_id = stage.publish()
        stage.collect()
        stage.site.errors["read"] = SiteUnavailableError("site uk: maintenance", retry_after=3600)
        stage.attend()

        assert stage.clock.now() + HOUR == stage.share(post_id).next_attempt_at

    def test_trouble_with_the_account_is_none_of_the_sites(self, stage):
        """However often the account couldn't be read: the site's first silence is its first."""
        post_id = stage.publish()
        stage.collect()
        stage.account.errors["statuses_since"] = AccountUnavailableError("the instance answered 502")
        for _ in range(4):
            stage.attend()
            stage.pass_time(HOUR)
        stage.site.errors["read"] = SiteUnavailableError("site uk: 503")
        stage.attend()

        assert stage.clock.now() + 2 * MINUTE == stage.share(post_id).next_attempt_at

    def test_an_account_that_slows_down_its_readers(self, stage):
        """The reset that a 429 on a reading names is kept to."""
        stage.publish()
        stage.collect()
        reset = stage.clock.now() + HOUR
        stage.account.errors["statuses_since"] = AccountThrottledError("the instance says: slow down", until=reset)
        stage.attend()

        assert reset == stage.store.account("uk").paused_until


class TestSuspended:
    """A process that stands still: laptop lids, SIGSTOP, a slow disk."""

    def test_what_was_begun_too_long_ago_is_not_sent(self, stage):
        """By then another process may have sent it: it is begun anew instead."""
        post_id = stage.publish()
        stage.collect()
        begin = stage.store.begin

        def slow(*args, **kwargs):
            begun = begin(*args, **kwargs)
            stage.pass_time(stage.account_policy.timeout + SECOND)
            stage.store.begin = begin
            return begun

        stage.store.begin = slow
        stage.attend()
        stage.pass_time(MINUTE)
        stage.attend()

        assert [("decide", "retry"), ("publish", "shared")] == stage.history(post_id)
        assert 1 == len(stage.links())

    def test_stopping_while_a_share_is_prepared_begins_nothing(self, stage):
        """The share in hand is the one that was begun; this one wasn't."""
        post_id = stage.publish()
        stage.collect()
        limits = stage.account.limits

        def stop():
            stage.clock.stop = True
            return limits()

        stage.account.limits = stop
        stage.attend()

        assert (State.PENDING, []) == (stage.share(post_id).state, stage.links())
