"""Following: statuses of posts that are gone are deleted."""

from bot.crosspost.follow import follow, is_due
from bot.domain.models import TOLD_AFTER, State
from bot.domain.transitions.following import GONE
from bot.errors import NotInFeedError, SiteUnavailableError
from tests.makers import DAY, HOUR, MINUTE, SECOND
from tests.unit.crosspost.following import BOTH, DELETE, EDIT, edit, followed, last, look, nothing, stage_of


class TestDeletions:
    """on_delete = "delete"."""

    def test_gone_twice_an_hour_apart(self):
        """Then its status is deleted, and the share is skipped with the reason."""
        stage = stage_of(**DELETE)
        url = stage.shared().url
        stage.shared("Stays")
        stage.site.trash(1)
        look(stage)
        look(stage, after=59 * MINUTE)
        assert 3 == len(stage.account.texts)

        look(stage, after=MINUTE)
        share = stage.share(1)
        assert ["Hello", "Stays\n\nhttps://news.example/2/"] == stage.account.texts
        assert (State.SKIPPED, GONE, "") == (share.state, share.error, share.url)
        assert ("delete", "deleted", url) == (last(stage, 1).step, last(stage, 1).outcome, last(stage, 1).detail)
        assert () == look(stage, after=DAY)

    def test_first_seen_gone_under_a_clock_that_was_ahead(self):
        """The hour is counted from when it is seen gone again."""
        stage = stage_of(**DELETE)
        stage.shared()
        stage.shared("Stays")
        stage.site.trash(1)
        stage.clock.instant += 20 * DAY
        look(stage)
        stage.clock.instant -= 20 * DAY
        look(stage)
        assert 3 == len(stage.account.texts)

        look(stage, after=HOUR)
        assert ["Hello", "Stays\n\nhttps://news.example/2/"] == stage.account.texts

    def test_back_in_between(self):
        """The hour begins anew with the next time it is gone."""
        stage = stage_of(**DELETE)
        stage.shared()
        stage.shared("Stays")
        stage.site.trash(1)
        look(stage)
        stage.site.trashed.clear()
        look(stage, after=HOUR)
        stage.site.trash(1)
        look(stage, after=HOUR)

        assert 3 == len(stage.account.texts)

    def test_back_and_edited(self):
        """With both wanted, the edit is made and the post is there."""
        stage = stage_of(**BOTH)
        stage.shared("Old")
        stage.site.trash(1)
        look(stage)
        stage.site.trashed.clear()
        edit(stage, 1, title="New")
        look(stage, after=HOUR)

        assert "New" in stage.account.texts[-1]
        assert followed(stage, 1).gone_since is None

    def test_edited_only_is_no_matter_for_deletions(self):
        """A moved modified_at alone is passed over, and not taken for gone."""
        stage = stage_of(**DELETE)
        stage.shared("Old")
        edit(stage, 1, title="New")
        look(stage)

        assert 0 == len(stage.account.edits)
        assert followed(stage, 1).gone_since is None

    def test_gone_is_no_matter_where_only_edits_follow(self):
        """Nothing is read, nothing is deleted."""
        stage = stage_of(**EDIT)
        stage.shared()
        stage.site.trash(1)
        stage.site.calls.clear()
        look(stage)
        look(stage, after=HOUR)

        assert ["list_by_id", "list_by_id"] == [method for method, _ in stage.site.calls]
        assert State.SHARED is stage.share(1).state

    def test_a_site_in_trouble_proves_nothing(self):
        """Nothing is concluded, and the site is left alone for a while."""
        stage = stage_of(**BOTH)
        stage.shared()
        stage.site.error = SiteUnavailableError("site uk: answered 503", retry_after=1800)
        look(stage)
        assert not is_due(stage.context, "uk")
        look(stage, after=HOUR)

        assert State.SHARED is stage.share(1).state
        assert followed(stage, 1).gone_since is None

    def test_a_site_that_stays_in_trouble(self):
        """Is left alone ever longer, up to an hour, until it tells again."""
        stage = stage_of(**BOTH)
        stage.shared()
        stage.site.error = SiteUnavailableError("site uk: answered 503")
        waits = []
        for _ in range(6):
            look(stage, after=2 * HOUR)
            next_check_at = followed(stage, 1).next_check_at
            assert next_check_at is not None
            waits.append((next_check_at - stage.clock.now()) / MINUTE)
        failing = followed(stage, 1)
        stage.site.error = None
        look(stage, after=2 * HOUR)

        assert [5, 10, 20, 40, 60, 60] == waits
        assert (6, "site uk: answered 503") == (failing.unread, failing.error)
        assert (0, "") == (followed(stage, 1).unread, followed(stage, 1).error)

    def test_a_listing_that_leaves_it_out_proves_nothing(self):
        """Only its own answer does; without one that is a look that came to nothing."""
        stage = stage_of(**DELETE)
        stage.shared()
        stage.site.trash(1)
        stage.site.errors["read"] = SiteUnavailableError("503")
        look(stage)
        look(stage, after=HOUR)

        assert State.SHARED is stage.share(1).state
        assert (2, "503") == (followed(stage, 1).unread, followed(stage, 1).error)
        del stage.site.errors["read"]
        look(stage, after=HOUR)
        assert (0, "") == (followed(stage, 1).unread, followed(stage, 1).error)

    def test_what_has_left_the_feed(self, caplog):
        """Nothing is known of it, and nothing is wrong; the others aren't looked for, page after page, either."""
        stage = stage_of(**DELETE)
        for post_id in (1, 2):
            stage.shared()
            stage.site.trash(post_id)
        stage.site.errors["read"] = NotInFeedError("site uk: the post isn't in the feed (any more)")
        before = len(stage.site.calls)
        for _ in range(TOLD_AFTER):
            look(stage, after=HOUR)

        assert TOLD_AFTER == len([method for method, _ in stage.site.calls[before:] if method == "read"])
        assert State.SHARED is stage.share(1).state
        assert (0, "") == (followed(stage, 1).unread, followed(stage, 1).error)
        assert not [record for record in caplog.records if vars(record).get("event") == "follow_failed"]

    def test_a_post_that_can_not_be_asked_about_is_asked_for_ever_less(self):
        """Up to once an hour, while the others are looked at as before."""
        stage = stage_of(**DELETE)
        for _ in range(2):
            stage.shared()
        stage.site.trash(1)
        stage.site.errors["read"] = SiteUnavailableError("500")
        asked = []
        for minutes in range(0, 60, 5):
            before = len(stage.site.calls)
            look(stage)
            asked += [minutes for method, _ in stage.site.calls[before:] if method == "read"]

        assert [0, 5, 15, 35] == asked
        assert (0, "") == (followed(stage, 2).unread, followed(stage, 2).error)

    def test_a_site_that_asks_to_wait_meanwhile(self):
        """What it has said by then counts; it isn't asked about the others until the wait is over."""
        stage = stage_of(**BOTH)
        for _ in range(4):
            stage.shared()
        for number in (1, 2, 3):
            stage.site.trash(number)
        read = stage.site.read

        def throttled(post_id, **named):
            if post_id > 1:
                stage.site.errors["read"] = SiteUnavailableError("site uk: answered 429", retry_after=1800)
            return read(post_id, **named)

        stage.site.read = throttled  # type: ignore[method-assign] # a fake of ours
        look(stage)
        assert followed(stage, 1).gone_since is not None
        follow(stage.context, "uk")

        waits = stage.clock.now() + 1800 * SECOND
        assert [waits, waits] == [followed(stage, number).next_check_at for number in (2, 3)]
        assert ["read", "read", "list_by_id", "read"] == [method for method, _ in stage.site.calls[-4:]]

    def test_a_site_that_asks_to_wait_at_the_first_posts(self):
        """It is left alone at once: nothing is asked for by itself."""
        stage = stage_of(**BOTH)
        for title in ("Old", "Older", "Gone"):
            stage.shared(title)
        for number in (1, 2):
            edit(stage, number, title="New")
        stage.site.trash(3)
        stage.site.errors["read_several"] = SiteUnavailableError("site uk: answered 429", retry_after=1800)
        before = len(stage.site.calls)
        look(stage)

        assert ["list_by_id", "read_several"] == [method for method, _ in stage.site.calls[before:]]
        waits = stage.clock.now() + 1800 * SECOND
        assert {waits} == {followed(stage, number).next_check_at for number in (1, 2, 3)}

    def test_a_site_that_asks_to_wait_at_a_moved_post(self):
        """Then it isn't asked about those that are missing either."""
        stage = stage_of(**BOTH)
        for title in ("Bad", "Old", "Gone"):
            stage.shared(title)
        for number in (1, 2):
            edit(stage, number, title="New")
        stage.site.trash(3)
        several = stage.site.read_several
        stage.site.read_several = lambda _ids: several([2])  # type: ignore[method-assign,assignment] # a fake of ours
        stage.site.errors["read"] = SiteUnavailableError("site uk: answered 429", retry_after=1800)
        before = len(stage.site.calls)
        look(stage)

        assert 1 == [method for method, _ in stage.site.calls[before:]].count("read")
        assert "New" == stage.account.texts[2].split()[0]

    def test_a_stale_listing(self):
        """It is missing there, and can be read all the same."""
        stage = stage_of(**DELETE)
        stage.shared()
        stage.site.list_by_id = nothing  # type: ignore[method-assign] # a fake of ours
        look(stage)
        look(stage, after=HOUR)

        assert State.SHARED is stage.share(1).state
