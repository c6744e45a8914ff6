"""Following: many posts that are gone at once, and what becomes of a deletion that is sent."""

import logging
from typing import Any

from bot.crosspost.follow import MOST_READ_ALONE, follow
from bot.domain.answers import Refused, Throttled, Unanswered
from bot.domain.models import Attempt, State
from bot.domain.transitions.following import CROWD, MOST_GONE, SILENT
from bot.errors import SiteUnavailableError
from tests.makers import DAY, HOUR, MINUTE, SECOND
from tests.unit.crosspost.following import DELETE, followed, look, stage_of
from tests.unit.crosspost.stage import Stage


def stage_with(posts: int) -> Stage:
    """A site whose posts, with the ids from 1 on, are all shared, and whose statuses are deleted with them."""
    stage = stage_of(**DELETE)
    for _ in range(posts):
        stage.publish()
    stage.collect()
    stage.attend()
    return stage


class TestCrowds:
    """What isn't obeyed, and what an instance answers."""

    def test_a_crowd_is_not_obeyed(self, caplog):
        """More than a few within a day: none is deleted, a person is told, once each."""
        stage = stage_with(MOST_GONE + 2)
        for number in range(1, MOST_GONE + 2):
            stage.site.trash(number)
        look(stage)
        follow(stage.context, "uk")
        with caplog.at_level(logging.ERROR, "howdah"):
            look(stage, after=HOUR)
            follow(stage.context, "uk")
        held = [record for record in caplog.records if record.__dict__.get("event") == "gone_crowd"]
        assert MOST_GONE + 1 == len(held)
        assert "delete" not in stage.account.calls
        assert (State.SHARED, CROWD) == (stage.share(1).state, stage.share(1).error)

        for _ in range(2):
            look(stage, after=DAY)
        assert "delete" not in stage.account.calls
        assert 1 == [outcome for _, outcome in stage.history(1)].count("held")

    def test_a_crowd_that_comes_back(self):
        """The word of it goes with it."""
        stage = stage_with(MOST_GONE + 1)
        for number in range(1, MOST_GONE + 2):
            stage.site.trash(number)
        for after in (5 * MINUTE, SECOND, HOUR, SECOND):
            look(stage, after=after)
        assert CROWD == stage.share(1).error

        stage.site.trashed.clear()
        for after in (HOUR, SECOND):
            look(stage, after=after)
        assert "" == stage.share(1).error
        assert ("decide", "settled") == stage.history(1)[-1]

    def test_little_by_little_is_a_crowd_too(self):
        """What was deleted within the day counts."""
        stage = stage_with(MOST_GONE + 2)
        for number in range(1, MOST_GONE + 1):
            stage.site.trash(number)
        look(stage)
        look(stage, after=HOUR)
        assert MOST_GONE == stage.account.calls.count("delete")

        stage.site.trash(MOST_GONE + 1)
        look(stage, after=HOUR)
        look(stage, after=HOUR)
        assert MOST_GONE == stage.account.calls.count("delete")
        assert CROWD == stage.share(MOST_GONE + 1).error

    def test_missing_posts_are_read_a_few_at_a_time(self):
        """Politely; the rest comes with the next look, at once."""
        stage = stage_with(MOST_READ_ALONE + 2)
        for number in range(1, MOST_READ_ALONE + 3):
            stage.site.trash(number)
        stage.site.calls.clear()
        look(stage)
        first = [method for method, _ in stage.site.calls].count("read")
        follow(stage.context, "uk")

        assert (MOST_READ_ALONE, MOST_READ_ALONE + 2) == (
            first,
            [method for method, _ in stage.site.calls].count("read"),
        )

    def test_a_site_that_shows_nothing_at_all(self):
        """The only post known is gone: that may be an emptied site, so it is left to a person."""
        stage = stage_of(**DELETE)
        stage.shared()
        stage.site.trash(1)
        look(stage)
        look(stage, after=HOUR)

        assert (State.SHARED, SILENT) == (stage.share(1).state, stage.share(1).error)

    def test_a_site_that_shows_something_else(self):
        """Some other post can be read: the site is alive, so what is gone is gone."""
        stage = Stage(account=DELETE)
        stage.publish("Of before")
        stage.first_look()
        stage.shared()
        stage.site.trash(2)
        look(stage)
        look(stage, after=HOUR)

        assert State.SKIPPED is stage.share(2).state

    def test_a_site_that_fails_when_it_is_asked_for_others(self):
        """Is no proof of life."""
        stage = Stage(account=DELETE)
        stage.publish("Of before")
        stage.first_look()
        stage.shared()
        stage.site.trash(2)
        look(stage)
        listing, asked = stage.site.list_by_id, []

        def once(ids):
            asked.append(ids)
            if len(asked) > 1:
                raise SiteUnavailableError("503")
            return listing(ids)

        stage.site.list_by_id = once  # type: ignore[method-assign] # a fake of ours
        look(stage, after=HOUR)

        assert (State.SHARED, SILENT) == (stage.share(2).state, stage.share(2).error)

    def gone(self, **account: Any) -> Stage:
        """A stage with a shared post that is gone for nearly an hour, and one that stays."""
        stage = stage_of(**DELETE, **account)
        stage.shared()
        stage.shared("Stays")
        stage.site.trash(1)
        look(stage)
        return stage

    def test_deleted_by_hand_before(self):
        """As good."""
        stage = self.gone()
        stage.account.remove(stage.share(1).status_id)
        look(stage, after=HOUR)

        assert State.SKIPPED is stage.share(1).state
        assert ("delete", "missing") == stage.history(1)[-1]

    def test_an_unanswered_deletion_is_made_again(self):
        """That does no harm."""
        stage = self.gone()
        stage.account.answer_delete(Unanswered(message="timed out"), done=True)
        look(stage, after=HOUR)
        assert State.SHARED is stage.share(1).state
        look(stage, after=HOUR)

        assert [("delete", "unanswered"), ("delete", "missing")] == stage.history(1)[-2:]

    def test_a_refused_deletion(self):
        """Is noted, and not tried again."""
        stage = self.gone()
        stage.account.answer_delete(Refused(code=422, message="not today"))
        look(stage, after=HOUR)
        look(stage, after=DAY)

        assert (State.SHARED, "delete: refused (422): not today") == (stage.share(1).state, stage.share(1).error)
        assert 1 == stage.account.calls.count("delete")

    def test_a_throttled_deletion_holds_up_nothing_else(self):
        """Deletions have a window of their own."""
        stage = self.gone()
        until = stage.clock.now() + 90 * MINUTE
        stage.account.answer_delete(Throttled(message="slowly", until=until))
        look(stage, after=HOUR)
        assert stage.store.account("uk").paused_until is None
        assert until == followed(stage, 1).next_check_at
        look(stage, after=HOUR)

        assert State.SKIPPED is stage.share(1).state

    def test_the_window_of_deletions(self):
        """It is full: the next waits until it opens."""
        stage = self.gone()
        stage.pass_time(55 * MINUTE)
        many = Attempt(at=stage.clock.now(), step="delete", outcome="deleted")
        for _ in range(30):
            stage.store.record_upload(stage.share(2), attempt=many, rate=None)
        look(stage)
        assert State.SHARED is stage.share(1).state

        look(stage, after=HOUR)
        assert State.SKIPPED is stage.share(1).state

    def test_the_post_comes_back_later(self):
        """A person may share it anew: that is a new status, made by asking for it."""
        from bot.crosspost import share as by_hand

        stage = self.gone()
        look(stage, after=HOUR)
        stage.site.trashed.clear()
        stage.collect()
        stage.attend()
        assert State.SKIPPED is stage.share(1).state

        by_hand.request(stage.context, "uk", 1, account="uk")
        stage.attend()
        assert State.SHARED is stage.share(1).state
        assert 3 == len(stage.account.texts)
