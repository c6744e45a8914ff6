"""The walk: nothing that stays public is missed, and it never asks more than it has to."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.wordpress.parse import Row
from bot.wordpress.walk import PAGES, Ask, Listed, fitting, walk
from tests.unit.wordpress.model import Listing, ids, local, row

START = "2026-03-25T00:00:00Z"
FIRST = datetime(2026, 3, 26, 12, 0, tzinfo=UTC)
ROOM = 7_000
# Local dates around a spring change, so that some of them are in the hour that is left out.
NIGHT = datetime(2026, 3, 28, 20, 0)  # noqa: DTZ001 - a site's local clock
DATES = st.builds(
    lambda minutes: (NIGHT + timedelta(minutes=minutes)).isoformat(),
    st.one_of(st.integers(0, 720), st.sampled_from([360, 361, 390, 419, 420])),
)


def spread(sizes: list[int], *, seconds: int = 60) -> dict[int, str]:
    """Groups of posts at equal seconds: so many in each, groups so many seconds apart."""
    dates = [local(FIRST + timedelta(seconds=seconds * group)) for group, size in enumerate(sizes) for _ in range(size)]
    return dict(enumerate(dates, start=1))


def _skipped(clock: ZoneInfo, start: datetime, end: datetime) -> datetime | None:
    """The first local time that a zone leaves out between two instants; None where it leaves out none."""
    offset = clock.utcoffset(start.astimezone(clock))
    if offset is None or end.astimezone(clock).utcoffset() <= offset:  # type: ignore[operator]  # it is aware
        return None
    while end - start > timedelta(seconds=1):
        middle = start + (end - start) / 2
        if middle.astimezone(clock).utcoffset() == offset:
            start = middle
        else:
            end = middle
    return (end + offset).replace(microsecond=0)


@pytest.mark.parametrize("per_page", [7, 10, 25, 26, 100])
@pytest.mark.parametrize("sizes", [[25] * 8, [90], [250], [1, 90, 3, 90, 1], [1] * 60, [40, 1, 1, 250, 2]], ids=str)
def test_ties_of_any_size_are_walked_whole(sizes: list[int], per_page: int) -> None:
    """Posts at the same second, more than a page holds, are each found."""
    listing = Listing(posts=spread(sizes), per_page=per_page)

    walked = walk(listing.fetch, after=START, seen=(), room=ROOM)

    assert walked.complete
    assert set(listing.posts) == ids(walked.rows)


def test_nothing_new_is_one_request() -> None:
    """What was seen is excluded, and the site's total says that this is all."""
    listing = Listing(posts=spread([1] * 150))

    walked = walk(listing.fetch, after=START, seen=tuple(listing.posts), room=ROOM)

    assert (True, (), 1) == (walked.complete, walked.rows, len(listing.asked))


def test_a_few_new_ones_are_one_request_too() -> None:
    """A page that holds all that match needs no other."""
    listing = Listing(posts=spread([1] * 150))

    walked = walk(listing.fetch, after=START, seen=tuple(range(1, 148)), room=ROOM)

    assert {148, 149, 150} == ids(walked.rows)
    assert len(listing.asked) == 1


def test_without_totals_it_ends_when_nothing_new_comes() -> None:
    """A proxy took the header away: one more request proves the end."""
    listing = Listing(posts=spread([1] * 30), totals=False, per_page=20)

    walked = walk(listing.fetch, after=START, seen=(), room=ROOM)

    assert walked.complete
    assert set(listing.posts) == ids(walked.rows)
    assert len(listing.asked) == 3


def test_a_short_page_is_not_the_last_one() -> None:
    """Posts that a plugin hides are cut from pages; what comes after them is still found."""
    listing = Listing(posts=spread([1] * 60), per_page=10, hidden=frozenset({4, 9, 10, 31, 32, 33}))

    walked = walk(listing.fetch, after=START, seen=(), room=ROOM)

    assert walked.complete
    assert set(listing.posts) - listing.hidden == ids(walked.rows)


def test_hidden_posts_between_seen_ones_do_not_hold_up_the_walk() -> None:
    """Where only the hidden ones are left to list, the walk goes over the seen ones instead and gets past them."""
    listing = Listing(posts=spread([1] * 30), hidden=frozenset({7}))

    walked = walk(listing.fetch, after=START, seen=tuple(set(listing.posts) - {7, 30}), room=ROOM)

    assert walked.complete
    assert 30 in ids(walked.rows)


def test_a_page_full_of_hidden_posts_is_incomplete() -> None:
    """More may be behind them: said, not guessed."""
    listing = Listing(posts=spread([1] * 30), per_page=5, hidden=frozenset(range(6, 20)))

    walked = walk(listing.fetch, after=START, seen=(), room=ROOM)

    assert not walked.complete
    assert "counts more posts than it lists" in walked.note
    assert {1, 2, 3, 4, 5} == ids(walked.rows)


def test_a_cache_that_answers_the_same_to_all_is_incomplete() -> None:
    """The first page again and again under a total that isn't reached."""
    page = Listed(rows=tuple(row(number, local(FIRST)) for number in range(1, 4)), total=9)

    walked = walk(lambda _: page, after=START, seen=(), room=ROOM)

    assert not walked.complete
    assert {1, 2, 3} == ids(walked.rows)


def test_a_total_below_what_came_is_not_believed() -> None:
    """It belongs to another answer; the walk goes on as without one."""
    listing = Listing(posts=spread([1] * 30), per_page=20)
    first = [Listed(rows=listing.fetch(Ask(after=START)).rows, total=3)]

    walked = walk(lambda ask: first.pop() if first else listing.fetch(ask), after=START, seen=(), room=ROOM)

    assert walked.complete
    assert set(listing.posts) == ids(walked.rows)


def test_more_ties_than_a_url_holds_are_incomplete() -> None:
    """The rest can't be asked for, and that is said."""
    listing = Listing(posts=spread([400]), per_page=10)

    walked = walk(listing.fetch, after=START, seen=(), room=200)

    assert not walked.complete
    assert "at the same time" in walked.note


def test_a_walk_has_an_end() -> None:
    """A site that has ever more posts is left after so many pages."""
    numbers = iter(range(1, 10_000))

    def endless(_: Ask) -> Listed:
        number = next(numbers)
        return Listed(rows=(row(number, local(FIRST + timedelta(minutes=number))),), total=10_000)

    walked = walk(endless, after=START, seen=(4_711,), room=ROOM)

    assert (False, PAGES) == (walked.complete, len(walked.rows))
    assert f"more than {PAGES} pages" in walked.note


def test_rows_in_another_order_move_no_key() -> None:
    """A plugin sorts by its own will: then exclusion alone finds the rest."""
    posts = spread([1] * 30)

    def newest_first(ask: Ask) -> Listed:
        left = [number for number in sorted(posts, reverse=True) if number not in ask.exclude]
        return Listed(rows=tuple(row(number, posts[number]) for number in left[:10]), total=len(left))

    walked = walk(newest_first, after=START, seen=(), room=ROOM)

    assert walked.complete
    assert set(posts) == ids(walked.rows)


@pytest.mark.parametrize("odd", ["", "0000-00-00T00:00:00"])
def test_dates_that_are_none_hold_nothing_up(odd: str) -> None:
    """A row whose date can't be a key is found and excluded like the others."""
    posts = dict.fromkeys(range(1, 25), odd)

    def undated(ask: Ask) -> Listed:
        left = [number for number in posts if number not in ask.exclude]
        return Listed(rows=tuple(row(number, odd) for number in left[:10]), total=len(left))

    walked = walk(undated, after=START, seen=(), room=ROOM)

    assert walked.complete
    assert set(posts) == ids(walked.rows)


def test_keys_are_dates_that_the_site_gave() -> None:
    """The window's start or a `date` as it came: never one that was computed."""
    listing = Listing(posts=spread([1] * 400, seconds=600), per_page=25)

    walk(listing.fetch, after=START, seen=(), room=ROOM)

    keys = [ask.after for ask in listing.asked]
    assert START == keys[0]
    assert set(keys[1:]) <= {START, *listing.posts.values()}
    assert len(set(keys)) > 5


def test_a_key_in_the_hour_that_is_left_out_loses_nothing() -> None:
    """Typed dates at 02:30 on the night of the spring change: as a key, PHP reads them as 03:30."""
    dates = ["2026-03-29T01:10:00", "2026-03-29T02:30:00", "2026-03-29T03:05:00", "2026-03-29T03:20:00"]
    posts = dict(enumerate([*dates, "2026-03-29T05:00:00", "2026-03-29T09:00:00"], start=1))
    for per_page in range(1, 5):
        listing = Listing(posts=posts, per_page=per_page)

        walked = walk(listing.fetch, after=START, seen=(), room=ROOM)

        assert set(posts) == ids(walked.rows)


# Casey, with a summer pool, moved its clocks by three hours at 04:00 once.
@pytest.mark.parametrize("zone", sorted(available_timezones() - {"Antarctica/Casey"})[::7])
def test_zones_leave_out_time_only_by_night(zone: str) -> None:
    """What the choice of keys relies on: no clock jumps forward over a time between 04:00 and 22:00."""
    clock = ZoneInfo(zone)
    step = timedelta(days=5)
    for at in (datetime(2024, 1, 1, tzinfo=UTC) + step * number for number in range(220)):
        if (skipped := _skipped(clock, at, at + step)) is not None:
            assert skipped.hour >= 22 or skipped.hour < 4


@given(
    dates=st.lists(DATES, max_size=60),
    per_page=st.integers(1, 12),
    seen=st.sets(st.integers(1, 60)),
    hidden=st.frozensets(st.integers(1, 60), max_size=6),
    totals=st.booleans(),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
    seed=st.integers(0, 10_000),
    trashed=st.lists(st.integers(1, 60), max_size=30),
    inserted=st.lists(DATES, max_size=10),
)
def test_what_stays_public_is_found(  # noqa: PLR0917 - hypothesis names them
    dates: list[str],
    per_page: int,
    seen: set[int],
    hidden: frozenset[int],
    totals: bool,
    zone: str,
    seed: int,
    trashed: list[int],
    inserted: list[str],
) -> None:
    """Whatever authors do between two requests: a complete walk holds every post that was there all the time."""
    posts = dict(enumerate(dates, start=1))
    lasting = set(posts) - set(trashed) - hidden - seen
    fresh = iter(range(1_000, 2_000))

    def meanwhile() -> None:
        if trashed:
            listing.posts.pop(trashed.pop(), None)
        if inserted:
            listing.posts[next(fresh)] = inserted.pop()

    listing = Listing(
        posts=dict(posts),
        zone=ZoneInfo(zone),
        per_page=per_page,
        hidden=hidden if totals else frozenset(),
        totals=totals,
        rng=random.Random(seed),
        between=meanwhile,
    )

    walked = walk(listing.fetch, after=START, seen=seen, room=ROOM)

    assert walked.complete or listing.hidden
    if walked.complete:
        assert lasting <= ids(walked.rows)


@given(
    dates=st.lists(DATES, min_size=1, max_size=40),
    per_page=st.integers(1, 12),
    room=st.integers(0, 60),
    seen=st.sets(st.integers(1, 40)),
    seed=st.integers(0, 1_000),
)
def test_little_room_never_makes_a_wrong_end(  # noqa: PLR0917 - hypothesis names them
    dates: list[str], per_page: int, room: int, seen: set[int], seed: int
) -> None:
    """However short URLs have to be: the walk finds all, or says that it didn't; and no list is too long."""
    listing = Listing(
        posts=dict(enumerate(dates, start=1)),
        zone=ZoneInfo("UTC"),
        per_page=per_page,
        rng=random.Random(seed),
    )

    walked = walk(listing.fetch, after=START, seen=tuple(seen), room=room)

    assert not walked.complete or set(listing.posts) - seen <= ids(walked.rows)
    assert all(len(",".join(map(str, ask.exclude))) <= room for ask in listing.asked)


def test_what_fetch_raises_ends_the_walk() -> None:
    """An answer that can't be read is no page without posts."""

    def broken(_: Ask) -> Listed:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        walk(broken, after=START, seen=(), room=ROOM)


def test_ids_fit_in_order_and_once() -> None:
    """As many as the length allows, without the ones that come again."""
    assert (10, 200, 3) == fitting([10, 200, 10, 3, 4000], len("10,200,3"))
    assert (10, 200) == fitting([10, 200, 3], len("10,200,3") - 1)
    assert () == fitting([1], 0)
    assert () == fitting([], 0)


def test_the_same_rows_are_given_once() -> None:
    """A post that is listed on two pages is one row."""
    repeated: list[tuple[Row, ...]] = [(row(1, local(FIRST)), row(1, local(FIRST)))]

    walked = walk(
        lambda _: Listed(rows=repeated.pop() if repeated else (), total=None), after=START, seen=(), room=ROOM
    )

    assert {1} == ids(walked.rows)
    assert len(walked.rows) == 1


def test_a_record_that_cannot_be_read_is_no_end() -> None:
    """What comes beside it and behind it is found; but the look isn't complete, since nobody knows what it was."""
    posts = {number: local(FIRST + timedelta(minutes=number)) for number in range(1, 31)}
    listing = Listing(posts=posts, per_page=10, hidden=frozenset({5, 20}))

    def fetch(ask: Ask) -> Listed:
        page = listing.fetch(ask)
        return replace(page, unreadable=min(10, page.total or 0) - len(page.rows))

    walked = walk(fetch, after=START, seen=(), room=ROOM)

    assert posts.keys() - {5, 20} == ids(walked.rows)
    assert (False, "the site lists posts that can't be read") == (walked.complete, walked.note)
