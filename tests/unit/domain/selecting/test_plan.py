"""What a look turns into: shares, reasons, and the next cursor."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.domain.models import Look, SiteState, State
from bot.domain.policy import Filters, FirstRun, SitePolicy
from bot.domain.selecting.plan import LATENESS, Plan, counted_since, look_wait, plan, window_start
from tests.makers import DAY, HOUR, MINUTE, NOON, SECOND, listed, site_policy

KNOWN = SiteState(
    name="uk",
    root="https://news.example/wp-json/",
    looked_at=NOON - 2 * MINUTE,
    activated_at=NOON - 30 * DAY,
)
UNSEEN = SiteState(name="uk")
# Seconds until a pattern is given up here; the real bound is tried where a share is delivered.
SOON = 0.02


def planned(
    *posts,
    policy: SitePolicy | None = None,
    state: SiteState = KNOWN,
    seen=(),
    complete: bool = True,
    known=None,
    shared=(),
) -> Plan:
    """The plan of a look at noon."""
    look = Look(posts=posts, complete=complete, note="" if complete else "rows are missing")
    policy = policy or site_policy()
    return plan(policy, look, state=state, seen=frozenset(seen), known=known or {}, shared=shared, now=NOON)


def states(made: Plan) -> list[tuple[int, State]]:
    """What becomes of each post, in the plan's order."""
    return [(share.post_id, share.state) for share in made.shares]


class TestNewPosts:
    """After the first look."""

    def test_a_new_post_waits_for_settle(self):
        """A new post gets a pending share that comes due when it has settled."""
        made = planned(listed(1, at=NOON - MINUTE))

        assert [(1, State.PENDING)] == states(made)
        assert NOON + MINUTE == made.shares[0].next_attempt_at

    def test_a_seen_post_is_left_alone_however_it_changed(self):
        """An edited or re-dated post whose id was seen makes nothing."""
        made = planned(listed(1, at=NOON, title="New title"), seen=[1])

        assert ((), ()) == (made.shares, made.posts)

    def test_each_account_of_the_site_gets_its_share(self):
        """A site with two accounts makes two shares of each post."""
        made = planned(listed(1), policy=site_policy(accounts=("uk", "eu")))

        assert ["uk", "eu"] == [share.account for share in made.shares]

    def test_oldest_first_equal_seconds_by_id(self):
        """Shares stand in the order of the posts' dates, then ids."""
        made = planned(listed(5, at=NOON), listed(3, at=NOON), listed(9, at=NOON - HOUR))

        assert [9, 3, 5] == [share.post_id for share in made.shares]

    def test_a_post_listed_twice_is_one_post(self):
        """A drifting page can't make two shares."""
        assert [(1, State.PENDING)] == states(planned(listed(1), listed(1)))

    def test_an_old_post_is_skipped_with_its_date(self):
        """A post older than max_age when first seen is remembered, not shared."""
        made = planned(listed(1, at=NOON - 3 * DAY))

        assert [(1, State.SKIPPED)] == states(made)
        assert "dated 2026-03-11 12:00 UTC, older than max_age when it was first seen" == made.shares[0].error

    def test_a_post_without_a_date_counts_as_new(self):
        """A missing date says nothing about age: the post is shared rather than lost."""
        assert [(1, State.PENDING)] == states(planned(listed(1, published_at=None)))

    def test_a_post_dated_in_the_future_is_shared(self):
        """WordPress publishes at once what is dated up to a minute ahead."""
        assert [(1, State.PENDING)] == states(planned(listed(1, at=NOON + 59 * SECOND)))

    def test_titles_are_remembered_as_text(self):
        """What a person reads in a list has no tags and no entities."""
        made = planned(listed(1, title="Fish &#038; <em>chips</em>"))

        assert "Fish & chips" == made.posts[0].title


class TestLookWait:
    """When a site is looked at again."""

    @pytest.mark.parametrize(
        ("active", "spread", "seconds"), [(False, 0.0, 120), (True, 0.0, 60), (False, 1.0, 108), (True, 0.5, 57)]
    )
    def test_never_later_than_poll_every(self, active, spread, seconds):
        """Sooner after activity, and by chance a little sooner than others."""
        assert seconds * SECOND == look_wait(2 * MINUTE, active=active, spread=spread)


class TestNames:
    """Posts that a feed tells by their links only, and the same posts by their ids."""

    OLD = "https://news.example/1/"

    def test_an_id_that_is_known_now(self):
        """It is the same post: it gets its id, and no other share."""
        made = planned(listed(7, link=self.OLD), listed(8), seen={-5}, known={self.OLD: -5})

        assert ((-5, 7),) == made.renamed
        assert [(8, State.PENDING)] == states(made)

    def test_a_post_that_was_only_shared_by_hand(self):
        """It gets its id, and is still new to the accounts that have no share of it."""
        made = planned(listed(7, link=self.OLD), known={self.OLD: -5})

        assert ((-5, 7),) == made.renamed
        assert [(7, State.PENDING)] == states(made)

    def test_an_id_that_was_known_before(self):
        """A feed that gives no id for a post that the REST API gave one for: seen is seen."""
        made = planned(listed(-5, link=self.OLD), seen={7}, known={self.OLD: 7})

        assert ((), []) == (made.renamed, states(made))

    @pytest.mark.parametrize(("number", "known"), [(-5, {}), (8, {"https://news.example/1/": 7})])
    def test_two_posts_stay_two(self, number, known):
        """One that nobody knows, and one whose link another post had."""
        assert ((), [(number, State.PENDING)]) == (
            planned(listed(number, link=self.OLD), seen={7}, known=known).renamed,
            states(planned(listed(number, link=self.OLD), seen={7}, known=known)),
        )


class TestAdopting:
    """Posts that the site says are shared already."""

    def test_a_set_url_is_adopted(self):
        """A non-empty share_on_mastodon url is a share that was made."""
        made = planned(listed(1, share_url="https://social.example/@uk/1"), shared=[(1, "uk")])

        assert [(1, State.SHARED)] == states(made)
        assert ("https://social.example/@uk/1", "") == (made.shares[0].url, made.shares[0].error)

    def test_adopted_posts_are_adopted_at_the_first_look_too(self):
        """What was shared before howdah came is known as shared, not as skipped."""
        made = planned(
            listed(1, share_url="https://social.example/@uk/1", at=NOON - 30 * DAY), state=UNSEEN, shared=[(1, "uk")]
        )

        assert [(1, State.SHARED)] == states(made)


class TestFirstLook:
    """What the first look does with posts that are there."""

    def test_skip_remembers_and_shares_nothing(self):
        """first_run = "skip": everything there is skipped, with the reason."""
        made = planned(listed(1, at=NOON - 9 * DAY), listed(2), state=UNSEEN)

        assert [(1, State.SKIPPED), (2, State.SKIPPED)] == states(made)
        assert {'was there before the first look (first_run = "skip")'} == {share.error for share in made.shares}

    def test_latest_shares_the_newest_only(self):
        """first_run = "latest": the newest post is shared, whatever order the listing has."""
        made = planned(
            listed(1, at=NOON - MINUTE),
            listed(2, at=NOON - HOUR),
            policy=site_policy(first_run=FirstRun.LATEST),
            state=UNSEEN,
        )

        assert [(2, State.SKIPPED), (1, State.PENDING)] == states(made)

    def test_latest_passes_over_what_is_shared_already(self):
        """The newest post that nobody shared yet is the latest."""
        made = planned(
            listed(1, at=NOON - MINUTE, share_url="https://social.example/@uk/1"),
            listed(2, at=NOON - HOUR),
            policy=site_policy(first_run=FirstRun.LATEST),
            state=UNSEEN,
            shared=[(1, "uk")],
        )

        assert [(2, State.PENDING), (1, State.SHARED)] == states(made)

    def test_all_shares_all_that_are_young_enough_and_are_no_crowd(self):
        """first_run = "all" is a person's wish: no crowd, but max_age holds."""
        posts = [listed(n, at=NOON - n * MINUTE) for n in range(1, 100)]
        made = planned(*posts, listed(200, at=NOON - 9 * DAY), policy=site_policy(first_run=FirstRun.ALL), state=UNSEEN)

        assert 99 == sum(share.state is State.PENDING for share in made.shares)
        assert (200, State.SKIPPED) == states(made)[0]

    def test_a_first_look_that_was_incomplete_is_the_first_all_the_same(self):
        """What is dated after it began is new; what it missed of before is told by its date."""
        state = replace(UNSEEN, activated_at=NOON - HOUR)
        made = planned(listed(1, at=NOON - MINUTE), listed(2, at=NOON - 2 * HOUR), state=state)

        assert [(2, State.SKIPPED), (1, State.PENDING)] == states(made)
        assert NOON - HOUR == made.activated_at

    def test_latest_is_chosen_once(self):
        """Later looks, complete or not, find no other latest post."""
        policy = site_policy(first_run=FirstRun.LATEST)
        made = planned(listed(2, at=NOON - 2 * HOUR), policy=policy, state=replace(UNSEEN, activated_at=NOON - HOUR))

        assert [(2, State.SKIPPED)] == states(made)

    def test_a_post_without_a_date_that_an_incomplete_first_look_missed(self):
        """Nothing says that it was there before: it is shared rather than lost."""
        made = planned(listed(1, published_at=None), state=replace(UNSEEN, activated_at=NOON - HOUR))

        assert [(1, State.PENDING)] == states(made)

    def test_an_empty_site_shares_from_then_on(self):
        """A first look at a site without posts moves the cursor all the same."""
        assert planned(state=UNSEEN).looked_at == NOON


class TestCrowds:
    """A sudden crowd waits for a person."""

    def test_more_than_max_burst_are_held(self):
        """All of them are held, with how many they are and what to do."""
        made = planned(*[listed(n) for n in range(4)], policy=site_policy(max_burst=3))

        assert {State.HELD} == {share.state for share in made.shares}
        assert (
            "4 new posts in a short time, more than max_burst = 3 for each hour: "
            "`howdah retry --held` shares them, `howdah skip --held` drops them"
        ) == made.shares[0].error

    def test_what_the_title_excludes_makes_no_crowd(self):
        """Only what could be shared on an account counts; in a crowd, what couldn't is skipped rather than held."""
        filters = Filters(exclude_title="^Ad")
        posts = [listed(1), listed(2), *(listed(n, title="Ad &amp; more") for n in range(3, 9))]

        quiet = planned(*posts, policy=site_policy(max_burst=2, filters=filters))
        assert {State.PENDING} == {state for _, state in states(quiet)}
        made = planned(*posts, policy=site_policy(max_burst=1, filters=filters))
        assert [State.HELD] * 2 + [State.SKIPPED] * 6 == [share.state for share in made.shares]
        assert "excluded: the title matches exclude_title = '^Ad'" == made.shares[2].error

    def test_a_title_that_takes_too_long(self, monkeypatch):
        """A pattern that can't tell in time excludes nothing: the crowd waits for a person."""
        monkeypatch.setattr("bot.domain.selecting.filters._LONGEST_SEARCH", SOON)
        filters = Filters(exclude_title=r"^(\w|\w\w|\s)*$")
        headline = "Harbour town builds a lighthouse that can be seen from the islands!"
        posts = [listed(n, title=headline) for n in range(3)]
        made = planned(*posts, policy=site_policy(max_burst=2, filters=filters))

        assert {State.HELD} == {state for _, state in states(made)}

    def test_as_many_as_max_burst_are_no_crowd(self):
        """The bound itself is allowed."""
        made = planned(*[listed(n) for n in range(3)], policy=site_policy(max_burst=3))

        assert {State.PENDING} == {share.state for share in made.shares}

    @pytest.mark.parametrize(
        ("since", "count", "state"),
        [
            (timedelta(hours=1), 3, State.PENDING),
            (timedelta(hours=1), 4, State.HELD),
            (timedelta(hours=1, seconds=1), 6, State.PENDING),
            (timedelta(hours=24), 72, State.PENDING),
            (timedelta(hours=24), 73, State.HELD),
            (-timedelta(hours=1), 3, State.PENDING),
        ],
    )
    def test_each_hour_begun_since_the_last_look_allows_as_many(self, since, count, state):
        """A day of downtime is no crowd; a clock that went back allows one hour's."""
        known = replace(KNOWN, looked_at=NOON - since)
        made = planned(*[listed(n) for n in range(count)], policy=site_policy(max_burst=3), state=known)

        assert {state} == {share.state for share in made.shares}

    @pytest.mark.parametrize(
        ("looked", "activated", "since"),
        [
            (timedelta(minutes=2), DAY, HOUR),
            (timedelta(hours=5), DAY, timedelta(hours=5)),
            (-HOUR, DAY, HOUR),
            (timedelta(minutes=2), timedelta(minutes=4), timedelta(minutes=4)),
            (None, timedelta(hours=5), timedelta(hours=5)),
        ],
    )
    def test_what_counts_with_a_look(self, looked, activated, since):
        """What was let through in the last hour, or since the last look; not what the first look was to share."""
        looked_at = None if looked is None else NOON - looked
        state = replace(UNSEEN, looked_at=looked_at, activated_at=NOON - activated)

        assert NOON - since == counted_since(state, now=NOON)

    def test_before_the_first_look_nothing_counts(self):
        """first_run decides on what that finds."""
        assert counted_since(UNSEEN, now=NOON) is None

    def test_adopted_posts_are_no_crowd(self):
        """A hundred posts that are shared already don't flood anyone."""
        posts = [listed(n, share_url=f"https://social.example/{n}") for n in range(100)]
        made = planned(*posts, listed(200), shared=[(n, "uk") for n in range(100)])

        assert (200, State.PENDING) == states(made)[-1]

    def test_what_is_too_old_makes_no_crowd(self):
        """Old posts that come up at once, as after an import, don't hold up a fresh one."""
        old = [listed(n, at=NOON - 5 * DAY) for n in range(8)]
        made = planned(*old, listed(9), policy=site_policy(max_burst=1))

        assert [State.SKIPPED] * 8 + [State.PENDING] == [share.state for share in made.shares]

    def test_what_is_too_old_stays_skipped_in_a_crowd(self):
        """A crowd doesn't turn a skip into something to decide on."""
        posts = [listed(n) for n in range(4)]
        made = planned(*posts, listed(9, at=NOON - 5 * DAY), policy=site_policy(max_burst=3))

        assert (9, State.SKIPPED) == states(made)[0]


class TestCursor:
    """The cursor moves by complete looks only."""

    def test_a_complete_look_moves_it_to_its_start(self):
        """The next window is anchored to when this look began."""
        made = planned()

        assert made.activated_at == KNOWN.activated_at
        assert (KNOWN.looked_at, NOON, "") == (made.expected_looked_at, made.looked_at, made.error)
        assert NOON + timedelta(minutes=2) == made.next_look_at

    def test_an_incomplete_look_is_used_but_moves_nothing(self):
        """What an incomplete look found is shared; the window stays, and the site's error says why."""
        made = planned(listed(1), complete=False)

        assert [(1, State.PENDING)] == states(made)
        assert (KNOWN.looked_at, "rows are missing") == (made.looked_at, made.error)


class TestWindow:
    """How far back a look reaches."""

    def test_default(self):
        """75 h: max_age and the margin for local dates, counted from the last complete look."""
        assert NOON - DAY - 75 * HOUR == window_start(site_policy(), NOON - DAY, now=NOON)

    def test_never_less_than_the_tolerated_lateness(self):
        """A short max_age doesn't shrink what a late cron may need."""
        assert NOON - LATENESS == window_start(site_policy(max_age=HOUR), NOON, now=NOON)

    def test_the_first_look_reaches_further(self):
        """Posts of before can't drift into a later window by a change of time zone."""
        assert NOON - (75 + 27) * HOUR == window_start(site_policy(), None, now=NOON)

    def test_a_clock_that_went_back_widens_the_window(self):
        """The earlier of now and the last look counts."""
        assert NOON - 75 * HOUR == window_start(site_policy(), NOON + HOUR, now=NOON)

    def test_a_century_is_cut_at_the_beginning_of_unix_time(self):
        """No date before 1970 is ever asked for."""
        start = window_start(site_policy(max_age=36500 * DAY), NOON, now=NOON)

        assert datetime(1970, 1, 2, tzinfo=UTC) == start

    @given(
        age=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=40)),
        late=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=40)),
        down=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=40)),
    )
    def test_every_post_young_enough_to_be_shared_lies_inside(self, age, late, down):
        """However late it became visible and however long howdah was down: if max_age allows it, it is listed."""
        policy = site_policy(max_age=age)
        looked_at = NOON - down
        visible = looked_at + SECOND
        dated = visible - min(late, age)

        assert window_start(policy, looked_at, now=NOON) < dated - 26 * HOUR
