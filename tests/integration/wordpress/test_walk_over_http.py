"""Looks at a WordPress whose dates say little about when a post became visible."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.selecting.plan import LATENESS
from bot.wordpress import Http
from tests.integration.wordpress.blog import NOW
from tests.integration.wordpress.conftest import Reader
from tests.sandbox.faults import Headers, Replace
from tests.sandbox.wordpress import EditableWordPress

MINUTE = timedelta(minutes=1)


class Clock:
    """The sandbox's time."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        """The instant that it is."""
        return self.instant


@contextmanager
def site_at(clock: Clock, http: tuple[Http, list[float]], *, zone: str = "Europe/Berlin") -> Iterator[Reader]:
    """A WordPress with a clock that a test sets."""
    with EditableWordPress(now=clock.now, timezone=zone) as wordpress:
        yield Reader(wordpress, http[0], waits=http[1])


def found_at(reader: Reader, clock: Clock, *, last: datetime, exclude: tuple[int, ...] = ()) -> set[int]:
    """What a look finds whose window is anchored to the last one, as planned."""
    look = reader.look(exclude=exclude, after=min(clock.instant, last) - LATENESS)
    assert look.complete
    return {post.id for post in look.posts}


def test_nothing_new_is_exactly_one_light_request(reader: Reader) -> None:
    """Without title nothing is rendered twice, without excerpt and content nothing at all."""
    seen = tuple(reader.wordpress.publish(title=f"Post {n}", date=NOW - n * MINUTE) for n in range(30))

    look = reader.look(exclude=seen)

    assert (True, ()) == (look.complete, look.posts)
    (request,) = reader.requests
    assert request.params["_fields"] == ["id,date,date_gmt,modified_gmt,link,title,status,type,share_on_mastodon"]
    assert request.params["after"] == ["2026-11-19T12:00:00Z"]
    assert request.params["per_page"] == ["100"]
    assert ["date", "asc"] == [request.params["orderby"][0], request.params["order"][0]]
    assert "howdah/" in request.headers["user-agent"]
    assert {"offset", "page"}.isdisjoint(request.params)


def test_a_late_cron_is_no_loss(http: tuple[Http, list[float]]) -> None:
    """A scheduled post that becomes visible hours after its date, unchanged since before the last look."""
    clock = Clock(NOW)
    with site_at(clock, http) as reader:
        late = reader.wordpress.schedule(NOW + timedelta(hours=1), title="Late")
        clock.instant = last = NOW + timedelta(hours=5)
        assert set() == found_at(reader, clock, last=last)
        clock.instant = NOW + timedelta(hours=6)
        assert [late] == reader.wordpress.run_cron()

        assert {late} == found_at(reader, clock, last=last)


def test_a_backdated_post_is_no_loss(http: tuple[Http, list[float]]) -> None:
    """Inserted with a date two days ago, behind everything that was seen."""
    clock = Clock(NOW)
    with site_at(clock, http) as reader:
        seen = reader.wordpress.publish(title="Today")
        assert {seen} == found_at(reader, clock, last=NOW)
        backdated = reader.wordpress.publish(title="Import", date=NOW - timedelta(days=2))

        assert {backdated} == found_at(reader, clock, last=NOW, exclude=(seen,))


def test_a_post_from_the_future_hides_no_other(http: tuple[Http, list[float]]) -> None:
    """WordPress publishes at once what is due in less than a minute: later posts have earlier dates."""
    clock = Clock(NOW)
    with site_at(clock, http) as reader:
        ahead = reader.wordpress.publish(title="Ahead", date=NOW + timedelta(seconds=58))
        assert {ahead} == found_at(reader, clock, last=NOW)
        next_one = reader.wordpress.publish(title="Next")

        assert {next_one} == found_at(reader, clock, last=NOW, exclude=(ahead,))


def test_a_republished_draft_keeps_its_first_date(http: tuple[Http, list[float]]) -> None:
    """Back from the bin it is listed again, under the old date."""
    clock = Clock(NOW)
    with site_at(clock, http) as reader:
        number = reader.wordpress.publish(title="Back")
        reader.wordpress.trash(number)
        reader.wordpress.untrash(number)
        assert set() == found_at(reader, clock, last=NOW)
        clock.instant = NOW + timedelta(hours=30)
        reader.wordpress.publish_now(number)

        assert {number} == found_at(reader, clock, last=clock.instant)


@pytest.mark.parametrize("per_look", [1, 2])
def test_the_hour_that_comes_twice_is_no_loss(http: tuple[Http, list[float]], per_look: int) -> None:
    """In autumn the local clock goes back: a later post has an earlier local date."""
    first = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)
    clock = Clock(first)
    with site_at(clock, http) as reader:
        seen = [reader.wordpress.publish(title="02:45 summer time")]
        if per_look == 1:
            assert set(seen) == found_at(reader, clock, last=first)
        clock.instant = first + timedelta(minutes=25)
        second = reader.wordpress.publish(title="02:10 winter time")

        found = found_at(reader, clock, last=first, exclude=tuple(seen) if per_look == 1 else ())
        assert ({second} if per_look == 1 else {*seen, second}) == found


def test_the_hour_that_is_left_out_is_no_loss(http: tuple[Http, list[float]]) -> None:
    """In spring: a window that begins inside the missing hour, and 150 posts around it."""
    change = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    clock = Clock(change + timedelta(days=1))
    with site_at(clock, http) as reader:
        numbers = {reader.wordpress.publish(title=f"Post {n}", date=change + (n - 40) * MINUTE) for n in range(150)}

        look = reader.look(after=change - timedelta(minutes=41))

        assert look.complete
        assert numbers == {post.id for post in look.posts}


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_a_moved_site_is_no_loss(http: tuple[Http, list[float]], zone: str) -> None:
    """The time zone is changed: old columns stay, new posts are dated by another clock."""
    clock = Clock(NOW)
    with site_at(clock, http) as reader:
        seen = reader.wordpress.publish(title="Before")
        reader.wordpress.set_timezone(zone)
        clock.instant = NOW + MINUTE
        new = reader.wordpress.publish(title="After")

        assert new in found_at(reader, clock, last=NOW, exclude=(seen,))


@pytest.mark.parametrize("ties", [25, 90, 250])
def test_ties_come_in_no_order_and_are_all_found(reader: Reader, ties: int) -> None:
    """So many posts at one second, between others."""
    before = {reader.wordpress.publish(title=f"Before {n}", date=NOW - (300 + n) * MINUTE) for n in range(60)}
    equal = {reader.wordpress.publish(title=f"Equal {n}", date=NOW - 200 * MINUTE) for n in range(ties)}
    after = {reader.wordpress.publish(title=f"After {n}", date=NOW - n * MINUTE) for n in range(60)}

    look = reader.look()

    assert look.complete
    assert sorted(before | equal | after) == sorted(post.id for post in look.posts)
    assert all(len(request.query) < 7_500 for request in reader.requests)


@pytest.mark.parametrize("seed", range(6))
def test_posts_that_come_and_go_meanwhile_shift_no_other(reader: Reader, seed: int) -> None:
    """Two are trashed and one is inserted between every two requests."""
    rng = random.Random(seed)
    newsroom = reader.wordpress
    numbers = [
        newsroom.publish(title="Post", date=NOW - rng.choice([20, 20, 20, 200]) * n // 20 * MINUTE) for n in range(320)
    ]
    lasting = set(numbers)

    def meanwhile(_: object) -> None:
        for number in rng.sample(sorted(lasting), 2):
            newsroom.trash(number)
            lasting.discard(number)
        newsroom.publish(title="New", date=NOW - rng.randrange(400) * MINUTE)

    newsroom.on_request = meanwhile
    look = reader.look()

    assert look.complete
    assert lasting <= {post.id for post in look.posts}
    assert len(reader.requests) >= 4


def test_a_proxy_may_take_the_totals_away(reader: Reader) -> None:
    """Then one more request shows that nothing is left."""
    numbers = {reader.wordpress.publish(title="Post", date=NOW - n * MINUTE) for n in range(130)}
    reader.wordpress.faults.add(fault=Headers(drop=("X-WP-Total", "X-WP-TotalPages")))

    look = reader.look()

    assert look.complete
    assert numbers == {post.id for post in look.posts}
    assert len(reader.requests) == 3


@pytest.mark.parametrize("total", ["many", "-1", "9" * 30, "²"])
def test_a_total_that_is_no_number_says_nothing(reader: Reader, total: str) -> None:
    """As if it weren't there."""
    number = reader.wordpress.publish(title="Post", date=NOW)
    reader.wordpress.faults.add(fault=Headers(set={"X-WP-Total": total.encode().decode("latin-1")}))

    look = reader.look()

    assert (True, [number]) == (look.complete, [post.id for post in look.posts])


def test_a_total_that_is_never_reached_makes_the_look_incomplete(reader: Reader) -> None:
    """What was found is used; the note names the site."""
    number = reader.wordpress.publish(title="Post", date=NOW)
    reader.wordpress.faults.add(fault=Headers(set={"X-WP-Total": "150", "X-WP-TotalPages": "2"}))

    look = reader.look()

    assert (False, [number]) == (look.complete, [post.id for post in look.posts])
    assert look.note == "site uk: the site counts more posts than it lists"


def test_a_look_of_one_page_is_complete_by_what_came(reader: Reader) -> None:
    """Posts that a plugin hides from its lists are counted in the total; nobody is to see them."""
    number = reader.wordpress.publish(title="Post", date=NOW)
    reader.wordpress.faults.add(fault=Headers(set={"X-WP-Total": "45", "X-WP-TotalPages": "1"}))

    look = reader.look()

    assert (True, "", [number]) == (look.complete, look.note, [post.id for post in look.posts])
    assert 1 == len(reader.requests)


def test_thousands_of_seen_posts_make_no_long_url(reader: Reader) -> None:
    """As many are left out as fit; the others are walked over, and not given."""
    numbers = [reader.wordpress.publish(id=400_000 + n, title="Post", date=NOW - n * MINUTE) for n in range(1_300)]
    new = reader.wordpress.publish(title="New", date=NOW)

    look = reader.look(exclude=tuple(numbers))

    assert (True, [new]) == (look.complete, [post.id for post in look.posts])
    assert all(len(f"GET {r.path}?{r.query} HTTP/1.1") < 8_000 for r in reader.requests)


def test_rows_that_were_not_asked_for_are_dropped(reader: Reader) -> None:
    """Another status, another type: a plugin's doing."""
    number = reader.wordpress.publish(title="Post", date=NOW)
    reader.wordpress.publish(title="Draft", date=NOW, raw={"status": "draft"})
    reader.wordpress.publish(title="Page", date=NOW, raw={"type": "page"})

    assert [number] == [post.id for post in reader.look().posts]


def test_a_custom_type_says_where_it_is(reader: Reader) -> None:
    """Its base is asked for once; its posts are read below it."""
    kind = {"rest_base": "episodes", "rest_namespace": "radio/v1"}
    reader.wordpress.faults.add(match="GET */wp/v2/types/episode", fault=Replace(kind))
    reader.wordpress.faults.add(match="GET */radio/v1/episodes", fault=Replace([{"id": 5, "type": "episode"}]))
    site = reader.made(post_type="episode")

    for _ in range(2):
        look = site.list_new(after=NOW, exclude=())
        assert [5] == [post.id for post in look.posts]
    assert 1 == sum("types" in request.path for request in reader.requests)
