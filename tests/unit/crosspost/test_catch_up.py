"""A store that is older than the world: a backup that was restored, a fail-over that lost commits."""

import pytest
from msgspec.structs import replace

from bot.crosspost.collect import collect
from bot.crosspost.reconcile import reconcile
from bot.crosspost.share import request, request_again, retry
from bot.domain.answers import Unanswered
from bot.domain.models import FoundStatus, State
from bot.domain.policy import FirstRun
from bot.errors import AccountBarredError, AccountUnavailableError
from tests.fakes.store import FakeStore
from tests.makers import HOUR, MINUTE
from tests.unit.crosspost.stage import Stage


def restore(stage: Stage, store) -> None:
    """Put another store in the place of this one, and start anew."""
    stage.store = store
    stage.context = stage.context_of("restarted")


class Asked(FakeStore):
    """A store that counts how often it is asked for a link's statuses."""

    times = 0

    def statuses_with(self, account: str, link: str) -> tuple[FoundStatus, ...]:
        """Count it."""
        self.times += 1
        return super().statuses_with(account, link)


@pytest.mark.parametrize(("by_hand", "times"), [("Good morning", 0), ("Read https://other.example/", 3)])
def test_where_no_links_are_remembered_none_is_looked_for(stage, by_hand, times):
    """Where others share links on the account too, each post's is looked for before it goes."""
    store = Asked()
    restore(stage, store)
    stage.first_look()
    stage.account.write(by_hand, at=stage.clock.now())
    for _ in range(3):
        stage.publish()
    stage.collect()
    stage.attend()

    assert 3 == len(stage.account.sent)
    assert times == store.times


class TestRestored:
    """What happened since the backup is found on the account."""

    def test_shares_that_were_waiting(self, stage):
        """What was pending in the backup and is shared in the world is taken over, and nothing is posted."""
        first = stage.publish()
        stage.collect()
        kept = stage.store.copy()
        stage.attend()
        restore(stage, kept)
        stage.attend()

        assert (State.SHARED, stage.account.statuses[-1].url) == (stage.share(first).state, stage.share(first).url)
        assert [("reconcile", "found")] == stage.history(first)
        assert 1 == len(stage.links())

    def test_posts_that_were_not_known(self, stage):
        """What is found by a look only later, after other statuses and another restart, is taken over as well."""
        kept = stage.store.copy()
        old = [stage.publish() for _ in range(3)]
        stage.collect()
        stage.attend()
        restore(stage, kept)
        for number in old:
            stage.site.trash(number)
        fresh = stage.publish()
        stage.collect()
        stage.attend()
        assert 4 == len(stage.links())
        restore(stage, stage.store)
        stage.site.trashed.clear()
        stage.pass_time(MINUTE)
        stage.collect()
        stage.attend()

        assert dict.fromkeys((*old, fresh), State.SHARED) == stage.states()
        assert 4 == len(stage.links())

    def test_shares_that_were_asked_for_once_more(self, stage):
        """A wish that was fulfilled since is found; what is older than the wish doesn't fulfil it."""
        first = stage.shared().post_id
        stage.pass_time(MINUTE)
        request_again(stage.context, "uk", first, account="uk")
        kept = stage.store.copy()
        stage.attend()
        assert 2 == len(stage.links())
        restore(stage, kept)
        stage.attend()

        assert {1: State.SHARED, 2: State.SHARED} == {
            share.number: share.state for share in stage.store.shares(post_id=first)
        }
        assert 2 == len(stage.links())

    def test_a_store_that_was_begun_anew(self, stage):
        """With the store lost altogether, what the account has of the last days isn't shared again."""
        posts = [stage.publish() for _ in range(2)]
        stage.collect()
        stage.attend()
        lost = Stage(site={"first_run": FirstRun.ALL})
        lost.account, lost.site, lost.clock = stage.account, stage.site, stage.clock
        lost.context = lost.context_of("anew")
        lost.collect()
        lost.attend()

        assert dict.fromkeys(posts, State.SHARED) == lost.states()
        assert 2 == len(stage.links())

    def test_a_share_that_waited_to_be_sent_again(self, stage):
        """Its key is known, its post too: that it was sent since the backup is seen all the same."""
        stage.account.keeps_keys = False
        post_id = stage.publish()
        stage.collect()
        stage.account.answer(Unanswered(message="timed out"))
        stage.attend()
        for _ in range(2):
            stage.pass_time(stage.account_policy.answer_deadline)
            stage.attend()
            kept = stage.store.copy() if stage.share(post_id).state is State.PENDING else stage.store
        stage.pass_time(HOUR)
        if stage.share(post_id).state is State.PENDING:
            kept = stage.store.copy()
        stage.attend()
        assert 1 == len(stage.links())
        restore(stage, kept)
        stage.pass_time(HOUR)
        stage.attend()

        assert State.SHARED is stage.share(post_id).state
        assert 1 == len(stage.links())

    def test_shares_from_before_the_one_that_is_looked_for(self, stage):
        """What stands before a status that reconciling finds is seen too, though that is the newest from then on."""
        doubtful, waiting = stage.publish(), stage.publish()
        stage.collect()
        stage.account.answer(Unanswered(message="timed out"))
        stage.attend()
        kept = stage.store.copy()
        for number in (waiting, doubtful):
            stage.account.write(f"https://news.example/{number}/", at=stage.clock.now())
            stage.pass_time(MINUTE)
        restore(stage, kept)
        stage.pass_time(HOUR)
        stage.attend()

        assert {doubtful: State.SHARED, waiting: State.SHARED} == stage.states()
        assert 2 == len(stage.links())


class TestWhereTheListingHides:
    """Private statuses that the instance's listing has never shown: that one isn't there proves nothing."""

    @pytest.fixture
    def stage(self) -> Stage:
        """An account that posts privately on such an instance."""
        made = Stage(account={"visibility": "private"})
        made.account.hides, made.account.keeps_keys = {"private", "direct"}, False
        made.first_look()
        return made

    def test_what_may_have_been_shared_since_the_backup(self, stage):
        """It is held for a person, and goes out once they let it go. What was published since goes out by itself."""
        stage.shared()
        waiting = stage.publish()
        stage.collect()
        kept = stage.store.copy()
        stage.attend()
        missed = stage.shared().post_id
        stage.pass_time(HOUR)
        restore(stage, kept)
        stage.store.another_origin = "restored"
        stage.collect()
        stage.attend()
        fresh = stage.shared().post_id

        assert (State.HELD, State.HELD, State.SHARED) == tuple(
            stage.share(number).state for number in (waiting, missed, fresh)
        )
        assert "never listed a private status of it. Look there: `howdah skip`" in stage.share(waiting).error
        assert 4 == len(stage.links())
        stage.context = stage.context_of("next")
        retry(stage.context, stage.share(waiting))
        stage.attend()
        assert (State.SHARED, 5) == (stage.share(waiting).state, len(stage.links()))

    def test_a_wish_from_before(self, stage):
        """What a person named before the backup may have been shared since; what they name now they have looked for."""
        stage.shared()
        before, now = stage.publish(), stage.publish()
        request(stage.context, "uk", before, account="uk")
        stage.pass_time(MINUTE)
        stage.store.another_origin = "restored"
        stage.attend()
        stage.pass_time(MINUTE)
        request(stage.context, "uk", now, account="uk")
        stage.attend()

        assert {before: State.HELD, now: State.SHARED} == {
            number: stage.share(number).state for number in (before, now)
        }

    def test_nothing_is_held_while_the_store_stays_itself(self, stage):
        """Other processes may come and go, and the account's first post is no exception."""
        first = stage.shared()
        stage.context = stage.context_of("next")

        assert (State.SHARED, State.SHARED) == (first.state, stage.shared().state)

    def test_a_store_that_was_begun_anew(self, stage):
        """It knows of nothing from before it."""
        stage.publish()
        lost = Stage(site={"first_run": FirstRun.ALL}, account={"visibility": "private"})
        lost.account, lost.site, lost.clock = stage.account, stage.site, stage.clock
        lost.context = lost.context_of("anew")
        lost.pass_time(MINUTE)
        lost.store.remember_origin("uk", lost.store.origin(), now=lost.clock.now())
        lost.collect()
        lost.attend()

        assert State.HELD is lost.share(1).state

    def test_a_post_without_a_date(self, stage):
        """Nobody knows how old it is."""
        stage.shared()
        post_id = stage.publish()
        stage.collect()
        stage.site.edit(post_id, replace(stage.site.posts[post_id], published_at=None))
        stage.store.another_origin = "restored"
        stage.attend()

        assert State.HELD is stage.share(post_id).state

    @pytest.mark.parametrize(("visibility", "hides"), [("public", {"private"}), ("private", set())])
    def test_what_is_listed(self, visibility, hides):
        """It is found, or not there."""
        stage = Stage(account={"visibility": visibility})
        stage.account.hides = hides
        stage.first_look()
        stage.shared()
        first, second = stage.publish(), stage.publish()
        stage.collect()
        kept = stage.store.copy()
        stage.account.write(f"https://news.example/{first}/", at=stage.clock.now())
        restore(stage, kept)
        stage.store.another_origin = "restored"
        stage.attend()

        assert {first: State.SHARED, second: State.SHARED} == {
            number: stage.share(number).state for number in (first, second)
        }


class TestWhereTheListingIsIncomplete:
    """It doesn't reach back to what the store knows: that a status isn't there proves nothing."""

    def test_what_may_have_been_shared_since_the_backup(self, stage):
        """It is held, also by later processes whose own listing is complete. What was published since goes out."""
        stage.shared()
        first, second = stage.publish(), stage.publish()
        stage.collect()
        kept = stage.store.copy()
        stage.attend()
        restore(stage, kept)
        stage.store.another_origin = "restored"
        stage.account.complete = False
        stage.account.statuses.clear()
        stage.pass_time(MINUTE)
        fresh = stage.publish()
        stage.store.put_off("uk", until=stage.clock.now() + HOUR)
        stage.collect()
        stage.attend()
        stage.account.complete = True
        stage.context = stage.context_of("next")
        stage.pass_time(2 * HOUR)
        stage.attend()

        assert [State.HELD, State.HELD, State.SHARED] == [
            stage.share(number).state for number in (first, second, fresh)
        ]
        assert "weren't listed to the end. Look there: `howdah skip`" in stage.share(first).error
        assert [f"https://news.example/{fresh}/"] == stage.links()
        retry(stage.context, stage.share(first))
        stage.attend()
        assert State.SHARED is stage.share(first).state

    def test_a_share_that_went_unanswered_before(self, stage):
        """Its key may be forgotten by now: it is held as well."""
        stage.shared()
        post_id = stage.publish()
        stage.collect()
        stage.account.answer(Unanswered(message="timed out"))
        stage.attend()
        for _ in range(2):
            stage.pass_time(stage.account_policy.answer_deadline)
            reconcile(stage.context, stage.context.accounts["uk"])
        assert State.PENDING is stage.share(post_id).state
        stage.store.another_origin, stage.account.complete = "restored", False
        stage.pass_time(HOUR)
        stage.attend()

        assert State.HELD is stage.share(post_id).state

    def test_nothing_is_held_while_the_store_stays_itself(self, stage):
        """Whatever was deleted on the account."""
        stage.shared()
        stage.account.complete = False
        stage.context = stage.context_of("next")

        assert State.SHARED is stage.shared().state


class TestUnreadable:
    """An account whose statuses can't be read."""

    def test_for_now(self, stage):
        """It is waited for: nothing is sent that may be there."""
        kept = stage.store.copy()
        first = stage.shared().post_id
        restore(stage, kept)
        stage.account.errors["statuses_since"] = AccountUnavailableError("503")
        stage.collect()
        stage.attend()
        assert State.PENDING is stage.share(first).state
        stage.account.errors.clear()
        stage.pass_time(HOUR)
        stage.attend()

        assert State.SHARED is stage.share(first).state
        assert 1 == len(stage.links())

    def test_at_all(self, stage):
        """A token that may not read is asked once, and publishes all the same."""
        stage.account.errors["statuses_since"] = AccountBarredError("no scope", code=403)
        stage.shared()
        stage.shared()

        assert 1 == stage.account.calls.count("statuses_since")
        assert 2 == len(stage.links())


def test_a_status_that_somebody_else_wrote(stage):
    """The post is on the account already: another tool, or a person, was quicker."""
    stage.shared()
    post_id = stage.publish()
    stage.account.write(f"Read this: https://news.example/{post_id}/", at=stage.clock.now())
    stage.context = stage.context_of("next")
    stage.collect()
    stage.attend()

    assert State.SHARED is stage.share(post_id).state
    assert 2 == len(stage.links())


class TestOneSiteUnderTwoNames:
    """Two sites of the config that lead to one WordPress, under another host name, say."""

    def both(self, stage: Stage) -> None:
        """Let another name lead to the same site."""
        watched = stage.context.sites["uk"]
        alias = replace(watched, policy=replace(watched.policy, name="alias"))
        stage.context = replace(stage.context, sites={"uk": watched, "alias": alias})
        collect(stage.context, "alias")

    def test_a_post_goes_once(self, stage):
        """The second share of it is skipped with the reason."""
        self.both(stage)
        number = stage.publish()
        for site in ("uk", "alias"):
            collect(stage.context, site)
        stage.attend()

        assert 1 == len(stage.links())
        by_state = {share.state: share for share in stage.store.shares(post_id=number)}
        assert {State.SHARED, State.SKIPPED} == by_state.keys()
        assert (
            f"it is shared already, or may be, as {by_state[State.SHARED].site}/{number}"
            in by_state[State.SKIPPED].error
        )

    def test_a_person_may_want_it_twice(self, stage):
        """Named by that site's name, it goes."""
        self.both(stage)
        number = stage.publish()
        collect(stage.context, "uk")
        stage.attend()
        request(stage.context, "alias", number, account="uk")
        stage.attend()

        assert 2 == len(stage.links())
