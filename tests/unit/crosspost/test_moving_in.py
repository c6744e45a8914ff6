"""Adopting what an account has shared, and importing what another tool remembers."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.crosspost.adopt import Adopted, adopt
from bot.crosspost.backfill import Span, backfill, find_older, foreseen, wanted
from bot.crosspost.move_in import Entries, MovedIn, move_in
from bot.crosspost.share import skip
from bot.crosspost.sync import sync
from bot.domain.models import Share, State
from bot.domain.policy import FirstRun
from bot.domain.transitions import outcome
from bot.domain.transitions.change import Change
from bot.errors import AccountUnavailableError, LeaseLostError
from tests.makers import DAY, HOUR, MINUTE
from tests.unit.crosspost.stage import Stage


@pytest.fixture
def stage() -> Stage:
    """A site that shares everything that it finds, and that nobody has looked at."""
    return Stage(site={"first_run": FirstRun.ALL, "max_age": 3650 * DAY})


def adopted_by(stage: Stage, *, account: str = "uk") -> Adopted:
    """Adopt what the account has shared of the site."""
    return adopt(stage.context, "uk", account=account, address=stage.site.url, on_progress=lambda _: None)


def link_of(stage: Stage, post_id: int) -> str:
    """The post's link."""
    return stage.site.posts[post_id].link


class TestAdopt:
    """The account's own statuses say what is shared."""

    def test_what_it_links_to_is_shared(self, stage):
        """With its url; a sync shares nothing of it, and all the rest."""
        old, new = stage.publish("Old"), stage.publish("New")
        for number in range(7):
            stage.account.write(f"Something else {number}")
        status_id = stage.account.write(f"Old news {link_of(stage, old)}").id
        for number in range(7):
            stage.account.write(f"https://elsewhere.example/{number}")

        adopted = adopted_by(stage)
        sync(stage.context, sites=["uk"])

        assert (15, 1, 0, True) == (adopted.statuses, adopted.marked, adopted.unknown, adopted.done)
        share = stage.share(old)
        assert (State.SHARED, status_id) == (share.state, share.status_id)
        assert share.url
        assert (1, link_of(stage, new)) == (len(stage.account.sent), stage.links()[-1])

    def test_again(self, stage):
        """Changes nothing: it may be called as often as one likes."""
        stage.account.write(link_of(stage, stage.publish()))

        assert [1, 0] == [adopted_by(stage).marked for _ in range(2)]

    def test_a_share_that_waits(self, stage):
        """Or was skipped, is held, or failed: it is shared; one skipped by hand too, since it stands there."""
        stage.account.write("Hello")
        first, second = stage.publish("First"), stage.publish("Second")
        stage.collect()
        skip(stage.context, stage.share(second))
        for number in (first, second):
            stage.account.write(link_of(stage, number))

        assert 2 == adopted_by(stage).marked
        assert {first: State.SHARED, second: State.SHARED} == stage.states()
        assert ("decide", "adopted") == stage.history(first)[-1]

    def test_what_howdah_shared_itself(self, stage):
        """Is known, and left as it is."""
        stage.shared()

        assert (0, 0) == (adopted_by(stage).marked, adopted_by(stage).unknown)

    def test_a_link_of_no_post(self, stage):
        """Is counted: a post that is gone, a page that is none."""
        stage.account.write(f"{stage.site.url}/gone/")

        assert (0, 1) == (adopted_by(stage).marked, adopted_by(stage).unknown)

    def test_shortened_links(self, stage):
        """Are counted, unless the same status says which post it is of."""
        stage.account.write("News: https://ift.tt/3xYz")
        stage.account.write(f"News: https://ift.tt/4xYz {link_of(stage, stage.publish())}")
        stage.account.write("https://swift.tt.example/3xYz")
        adopted = adopted_by(stage)

        assert (1, 1) == (adopted.marked, adopted.shortened)

    def test_an_instance_that_is_away_for_a_moment(self, stage):
        """Is asked again; one that stays away ends it, and what is marked stays marked."""
        post_id = self.posts_and_statuses(stage)

        with pytest.raises(AccountUnavailableError):
            adopt(stage.context, "uk", account="uk", address=stage.site.url, on_progress=self.goes_away(stage))
        assert 1 + 5 == stage.account.calls.count("own_page")
        assert State.SHARED == stage.share(post_id).state

    def test_an_instance_that_is_not_there(self, stage):
        """Is told at once."""
        stage.account.errors["own_page"] = AccountUnavailableError("connection refused")

        with pytest.raises(AccountUnavailableError):
            adopted_by(stage)
        assert 1 == stage.account.calls.count("own_page")

    def test_being_asked_to_stop_while_the_instance_is_away(self, stage, monkeypatch):
        """It isn't asked again."""
        self.posts_and_statuses(stage)
        monkeypatch.setattr(stage.clock, "wait", lambda duration: duration > timedelta(seconds=30))

        with pytest.raises(AccountUnavailableError):
            adopt(stage.context, "uk", account="uk", address=stage.site.url, on_progress=self.goes_away(stage))
        assert 1 + 1 == stage.account.calls.count("own_page")

    def posts_and_statuses(self, stage: Stage) -> int:
        """A post, whose status is the newest of more than one page."""
        post_id = stage.publish()
        for number in range(7):
            stage.account.write(f"{number}")
        stage.account.write(link_of(stage, post_id))
        return post_id

    def goes_away(self, stage: Stage) -> Callable[[Adopted], None]:
        """From now on the instance answers nothing."""

        def away(_so_far: Adopted) -> None:
            stage.account.errors["own_page"] = AccountUnavailableError("slow down")

        return away

    def test_being_asked_to_stop(self, stage):
        """Ends it early, and says so."""
        stage.account.write(link_of(stage, stage.publish()))
        stage.clock.stop = True

        assert not adopted_by(stage).done

    def test_being_asked_to_stop_between_two_pages(self, stage):
        """What was read until then is marked."""
        for number in range(7):
            stage.account.write(f"{number}")
        stage.account.write(link_of(stage, stage.publish()))

        def stop(_so_far: Adopted) -> None:
            stage.clock.stop = True

        adopted = adopt(stage.context, "uk", account="uk", address=stage.site.url, on_progress=stop)

        assert (3, 1, False) == (adopted.statuses, adopted.marked, adopted.done)

    def test_it_goes_on_where_it_was_stopped(self, stage):
        """After what came since: nothing in between is read again. Done, it begins anew the next time."""
        for number in range(20):
            stage.account.write(f"{number}")
        pages = []

        def stop(_so_far: Adopted) -> None:
            pages.append(1)
            stage.clock.stop = len(pages) == 3

        adopt(stage.context, "uk", account="uk", address=stage.site.url, on_progress=stop)
        stage.clock.stop = False
        stage.account.write("New")
        again, anew = adopted_by(stage), adopted_by(stage)

        read = [adopted.statuses for adopted in (again, anew)]
        assert ([True, True], 21) == ([again.done, anew.done], read[1])
        assert read[0] < 21 - 2 * 3

    def test_an_instance_that_gives_the_same_page_again(self, stage):
        """Has no more: it ends."""
        stage.account.write(link_of(stage, stage.publish()))
        page = stage.account.own_page()
        stage.account.own_page = lambda **_before: page
        adopted = adopted_by(stage)

        assert (1, 1, True) == (adopted.statuses, adopted.marked, adopted.done)

    def test_a_share_that_is_sent_just_then(self, stage):
        """Is left to what becomes of it."""
        stage.account.write("Hello")
        post_id = stage.publish()
        stage.collect()
        stage.account.write(link_of(stage, post_id))

        def lost(*_arguments: object, **_options: object) -> None:
            raise LeaseLostError("changed meanwhile")

        stage.store.apply = lost

        assert 0 == adopted_by(stage).marked


class TestImport:
    """Another tool's own state."""

    def moved(self, stage: Stage, entries: Entries) -> MovedIn:
        """Import it."""
        return move_in(stage.context, "uk", entries, account="uk", on_progress=lambda _: None)

    def test_links_and_ids(self, stage):
        """Each is marked, with its url where the tool knew one."""
        by_link, by_id, new = (stage.publish(title) for title in ("One", "Two", "Three"))
        urls = {link_of(stage, by_link): "https://social.example/@uk/1", f"{stage.site.url}/?p={by_id}": ""}
        moved = self.moved(stage, Entries(tool="feed2toot", urls=urls | {f"{stage.site.url}/gone/": ""}))
        sync(stage.context, sites=["uk"])

        assert MovedIn(entries=3, marked=2, unknown=1) == moved
        assert ["https://social.example/@uk/1", ""] == [stage.share(number).url for number in (by_link, by_id)]
        assert [link_of(stage, new)] == stage.links()
        assert "imported from feed2toot" == stage.attempts(by_id)[-1].detail

    @pytest.mark.parametrize("knows", [True, False])
    def test_another_accounts_statuses(self, stage, knows):
        """They are no share of this one's; where it can't say who it is, its instance's address has to do."""
        own, other, elsewhere = (stage.publish(title) for title in ("One", "Two", "Three"))
        hosts = {own: "social.example/@uk/1", other: "social.example/@de/2", elsewhere: "b.example/@uk/3"}
        urls = {link_of(stage, number): f"https://{rest}" for number, rest in hosts.items()}
        if not knows:
            stage.account.errors["verify"] = AccountUnavailableError("away")
        moved = self.moved(stage, Entries(tool="share-on-mastodon", urls=urls))

        marked = [own] if knows else [own, other]
        assert MovedIn(entries=3, marked=len(marked), elsewhere=3 - len(marked)) == moved
        assert marked == [share.post_id for share in reversed(stage.store.shares())]

    def test_a_time(self, stage):
        """All up to then is marked, also what only a backfill would find."""
        ancient = stage.publish("Ancient", at=stage.clock.now() - 4000 * DAY)
        old = stage.publish("Old", at=stage.clock.now() - 2 * HOUR)
        new = stage.publish("New", at=stage.clock.now() - HOUR)
        until = stage.clock.now() - 90 * MINUTE
        moved = self.moved(stage, Entries(tool="feediverse", urls={}, until=until))
        sync(stage.context, sites=["uk"])

        assert (2, 2) == (moved.entries, moved.marked)
        assert [link_of(stage, new)] == stage.links()
        assert {State.SHARED} == {stage.share(old).state, stage.share(ancient).state}

    def test_many(self, stage):
        """Chunk by chunk; asked to stop, it ends after the one in hand, and goes on when it is called again."""
        numbers = [stage.publish(f"Post {number}") for number in range(100)]
        entries = Entries(tool="feed2fedi", urls={link_of(stage, number): "" for number in numbers})
        stage.clock.stop = True
        first = self.moved(stage, entries)
        stage.clock.stop = False

        assert (40, 60) == (first.marked, self.moved(stage, entries).marked)

    def test_an_adoption_adds_the_url(self, stage):
        """Of what an import has marked without one."""
        post_id = stage.publish()
        self.moved(stage, Entries(tool="feed2toot", urls={link_of(stage, post_id): ""}))
        status_id = stage.account.write(link_of(stage, post_id)).id

        assert 0 == adopted_by(stage).marked
        assert status_id == stage.share(post_id).status_id


class TestBackfill:
    """Older posts, after all that is new."""

    @pytest.fixture
    def stage(self) -> Stage:
        """A site whose first look has skipped four old posts."""
        stage = Stage(site={"max_age": 2 * DAY})
        self.old = [stage.publish(f"{days} old", at=stage.clock.now() - days * DAY) for days in (40, 30, 20, 3)]
        stage.first_look()
        return stage

    def queued(self, stage: Stage, *, days: int, limit: int | None = None) -> int:
        """Backfill so many days."""
        span = Span(since=stage.clock.now() - timedelta(days=days), limit=limit)
        posts = find_older(stage.context, "uk", span, on_progress=lambda _: None)
        those = wanted(stage.context, "uk", posts, account="uk", limit=limit)
        return backfill(stage.context, "uk", those, account="uk", on_progress=lambda _: None)

    def test_they_go_out_oldest_first_after_what_is_new(self, stage):
        """However old they are."""
        assert 3 == self.queued(stage, days=35)
        new = stage.publish("New")
        stage.collect()
        stage.pass_time(2 * MINUTE)
        stage.attend()

        assert [link_of(stage, number) for number in (new, *self.old[1:])] == stage.links()

    def test_again(self, stage):
        """Goes on where it ended: with --limit, by the next ones."""
        assert [2, 2, 0] == [self.queued(stage, days=100, limit=2) for _ in range(3)]

    def test_what_was_decided_about_is_left(self, stage):
        """Skipped by hand, shared, or adopted: nothing of it is queued."""
        share = stage.share(self.old[3])
        stage.context.store.apply(share, _by_hand(share, stage), now=stage.clock.now())

        assert 3 == self.queued(stage, days=100)

    def test_a_span_with_an_end(self, stage):
        """Since inclusive, until exclusive."""
        now = stage.clock.now()
        dates = [stage.site.posts[number].published_at for number in self.old]
        posts = find_older(stage.context, "uk", Span(since=dates[1], until=dates[3]), on_progress=lambda _: None)

        assert self.old[1:3] == [post.id for post in posts]
        assert now == stage.clock.now()

    def test_how_long_it_takes(self, stage):
        """By the account's rhythm, what waits already counted in."""
        paced = Stage(account={"min_interval": HOUR})

        told = foreseen(paced.context, "uk", more=4)
        assert told is not None
        assert (4, 3 * HOUR) == (told.waiting, told.last_at - paced.clock.now())

    def test_being_asked_to_stop(self, stage):
        """Nothing further is asked or queued; called again, it goes on."""
        now = stage.clock.now()
        posts = find_older(stage.context, "uk", Span(since=now - 100 * DAY), on_progress=lambda _: None)
        stage.clock.stop = True

        assert () == find_older(stage.context, "uk", Span(since=now - 100 * DAY), on_progress=lambda _: None)
        assert 0 == backfill(stage.context, "uk", posts, account="uk", on_progress=lambda _: None)

    def test_a_site_too_large_for_one_walk(self, stage):
        """It is walked on from where the walk had to end."""
        listing = stage.site.list_new
        walks = []

        def first_two_then_all(*, after, exclude):
            look = listing(after=after, exclude=exclude)
            walks.append(after)
            if len(walks) > 1:
                return look
            oldest = tuple(sorted(look.posts, key=lambda post: post.date)[:2])
            return replace(look, posts=oldest, complete=False, note="too many")

        stage.site.list_new = first_two_then_all

        assert 4 == self.queued(stage, days=100)
        assert 2 == len(walks)


def _by_hand(share: Share, stage: Stage) -> Change:
    return outcome.dropped(share, "skipped by hand", now=stage.clock.now())
