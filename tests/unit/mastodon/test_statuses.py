"""Listing the account's own statuses, page by page, from servers that page well, badly, or not at all."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.domain.models import Anchor
from bot.mastodon.statuses import MOST_PAGES, PAGE_SIZE, list_since, newest, own_status

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


def record(number: int, **fields: Any) -> dict[str, Any]:
    """A status as the API shows it, a second newer than the number before."""
    return {
        "id": str(number),
        "url": f"https://social.example/@uk/{number}",
        "created_at": (NOON + timedelta(seconds=number)).isoformat().replace("+00:00", "Z"),
        "content": f"<p>{number}</p>",
        "reblog": None,
        "card": None,
    } | fields


def anchor(number: int) -> Anchor:
    """The anchor that such a status makes."""
    return Anchor(id=str(number), created_at=NOON + timedelta(seconds=number))


class _Server:
    """Pages through records, newest first, as Mastodon does."""

    def __init__(self, records: Sequence[Any], *, size: int = PAGE_SIZE) -> None:
        self.records = list(records)
        self.size = size
        self.asked: list[str | None] = []

    def page(self, max_id: str | None) -> list[Any]:
        self.asked.append(max_id)
        older = [one for one in self.records if max_id is None or int(one["id"]) < int(max_id)]
        return older[: self.size]


def many(count: int) -> list[dict[str, Any]]:
    """So many records, newest first."""
    return [record(number) for number in range(count, 0, -1)]


def ids(listing: Any) -> list[str]:
    """The ids of a listing."""
    return [status.id for status in listing.statuses]


def test_back_to_the_anchor() -> None:
    """The walk ends at the anchor, which isn't part of the listing."""
    server = _Server(many(100))

    listing = list_since(anchor(97), server.page)

    assert (["100", "99", "98"], True, [None]) == (ids(listing), listing.complete, server.asked)


def test_pages() -> None:
    """The walk goes on below the last id of each page until it is at the anchor."""
    server = _Server(many(100))

    listing = list_since(anchor(15), server.page)

    assert ([str(number) for number in range(100, 15, -1)], True) == (ids(listing), listing.complete)
    assert [None, "61", "21"] == server.asked


def test_to_the_first_one() -> None:
    """Without an anchor the walk ends with the empty page after the last one."""
    server = _Server(many(41))

    listing = list_since(None, server.page)

    assert (41, True, [None, "2", "1"]) == (len(listing.statuses), listing.complete, server.asked)


def test_anchor_is_gone() -> None:
    """A deleted anchor is known by its time."""
    server = _Server([one for one in many(100) if one["id"] != "97"])

    listing = list_since(anchor(97), server.page)

    assert (["100", "99", "98"], True) == (ids(listing), listing.complete)


def test_everything_is_gone() -> None:
    """A list that ends without the anchor and without anything older proves nothing: it was there once."""
    listing = list_since(anchor(97), lambda _: [])

    assert ([], False) == (ids(listing), listing.complete)


def test_since_an_instant() -> None:
    """Where no status was known, only a time, a list that ends is complete."""
    since = replace(anchor(97), id="")

    assert list_since(since, lambda _: []).complete
    assert ["98", "97"] == ids(list_since(since, _Server(many(98)).page))


def test_whole_seconds() -> None:
    """A server that lists whole seconds hides nothing behind an anchor with milliseconds."""
    precise = replace(anchor(97), created_at=anchor(97).created_at + timedelta(milliseconds=300))
    listing = list_since(precise, _Server([record(98, created_at=record(97)["created_at"]), record(96)]).page)

    assert (["98"], True) == (ids(listing), listing.complete)


def test_an_old_pinned_status_comes_first() -> None:
    """Its age tells nothing of what is behind it: the listing goes on to the anchor."""
    pinned = record(3)
    pages = {None: [pinned, *(record(number) for number in (100, 99, 98))], "98": [record(97), record(96)]}

    listing = list_since(anchor(96), lambda max_id: pages.get(max_id, []))

    assert (["100", "99", "98", "97"], True) == (ids(listing), listing.complete)


def test_same_instant() -> None:
    """A status of the anchor's own second may be newer than it, and is listed."""
    same = record(98, created_at=record(97)["created_at"])

    listing = list_since(anchor(97), _Server([same, record(97), record(96)]).page)

    assert (["98"], True) == (ids(listing), listing.complete)


def test_bound_on_pages() -> None:
    """After the bound on pages the listing is given up, and incomplete."""
    server = _Server(many(PAGE_SIZE * (MOST_PAGES + 1)))

    listing = list_since(anchor(1), server.page)

    assert (PAGE_SIZE * MOST_PAGES, False) == (len(listing.statuses), listing.complete)
    assert MOST_PAGES == len(server.asked)


@pytest.mark.parametrize(("count", "complete"), [(19, True), (20, False), (PAGE_SIZE, False)])
def test_server_passes_over_max_id(count: int, complete: bool) -> None:
    """Where every page is the same, it is all there is only if no server would have cut it there."""
    asked = []

    def page(max_id: str | None) -> list[Any]:
        asked.append(max_id)
        return many(count)

    listing = list_since(None, page)

    assert (count, complete, 2) == (len(listing.statuses), listing.complete, len(asked))


def test_server_passes_over_max_id_but_shows_the_anchor() -> None:
    """A full page that shows the anchor needs no other."""
    listing = list_since(anchor(5), lambda _: many(PAGE_SIZE))

    assert (PAGE_SIZE - 5, True) == (len(listing.statuses), listing.complete)


def test_overlapping_pages() -> None:
    """A status that comes twice is listed once."""
    pages = iter([many(3), [record(1), record(0)], []])

    listing = list_since(None, lambda _: next(pages))

    assert (["3", "2", "1", "0"], True) == (ids(listing), listing.complete)


def test_reblogs_are_dropped() -> None:
    """A server that shows reblogs although told not to is put up with."""
    reblog = record(4, reblog={"id": "1"}, content="<p>https://news.example/</p>")

    listing = list_since(anchor(1), _Server([reblog, record(3), record(1)]).page)

    assert (["3"], True) == (ids(listing), listing.complete)


def test_newest_first_whatever_the_order() -> None:
    """The listing is newest first, and an older status among newer ones doesn't end it early."""
    listing = list_since(anchor(2), _Server([record(1), record(3), record(4), record(2)]).page)

    assert (["4", "3"], True) == (ids(listing), listing.complete)


@pytest.mark.parametrize(
    "broken",
    [
        None,
        7,
        "text",
        [],
        {},
        {"id": "9"},
        {"id": None, "created_at": "2026-03-14T12:00:00Z"},
        {"id": True, "created_at": "2026-03-14T12:00:00Z"},
        {"id": "9", "created_at": None},
        {"id": "9", "created_at": "yesterday"},
        {"id": "9", "created_at": 1_700_000_000},
        {"id": "9", "created_at": "0001-01-01T00:00:00+14:00"},
        {"id": "9", "created_at": "2026-03-14T12:00:00Z", "content": "<![bogus[x]]>"},
    ],
)
def test_unreadable_record(broken: Any) -> None:
    """A record that can't be read leaves the others readable, and the listing incomplete."""
    listing = list_since(anchor(1), lambda _: [record(3), broken, record(1)])

    assert (["3"], False) == (ids(listing), listing.complete)


def test_nothing_but_unreadable_records() -> None:
    """A page without a single id ends the walk, incomplete."""
    listing = list_since(anchor(1), lambda _: [{}])

    assert ([], False) == (ids(listing), listing.complete)


JUNK = st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.lists(st.none(), max_size=2)
RECORDS = st.lists(
    st.dictionaries(st.sampled_from(["id", "created_at", "content", "url", "card", "reblog"]), JUNK) | JUNK, max_size=5
)


@given(st.lists(RECORDS, min_size=1, max_size=4))
def test_any_pages(pages: list[list[Any]]) -> None:
    """Whatever the pages hold, the walk ends; junk never makes a complete listing of something."""
    left = iter(pages)

    listing = list_since(anchor(1), lambda _: next(left, []))

    assert not (listing.complete and pages[0])


@given(st.integers(0, 130), st.integers(0, 130), st.integers(1, PAGE_SIZE))
def test_exactly_what_is_newer(count: int, last: int, size: int) -> None:
    """From a server that pages well, the listing is exactly what is newer than the anchor."""
    listing = list_since(anchor(last), _Server(many(count), size=size).page)

    assert [str(number) for number in range(count, last, -1)][: size * MOST_PAGES] == ids(listing)
    assert listing.complete is (last > 0 and count > 0 and count - last < size * MOST_PAGES)


def test_own_status() -> None:
    """Links are unescaped hrefs and the card's, each once; the text is plain; a missing url is the uri."""
    content = (
        '<p>Fish &amp; chips<br>here: <a href="https://a.example/?x=1&amp;y=2">a</a></p>'
        '<p><a href="https://social.example/tags/news">#news</a> <a name="x">no link</a></p>'
    )
    status = own_status(
        record(1, id=1, url=None, uri="https://social.example/1", content=content, card={"url": "https://a.example/"})
    )

    assert status is not None
    assert ("1", "https://social.example/1", NOON + timedelta(seconds=1)) == (status.id, status.url, status.created_at)
    assert ("https://a.example/?x=1&y=2", "https://social.example/tags/news", "https://a.example/") == status.links
    assert "Fish & chips\nhere: a\n\n#news no link" == status.text


@pytest.mark.parametrize("content", ["https://a.example/", "page.html", "<" * 50_000, "<b>" * 20_000])
def test_odd_content(content: str) -> None:
    """A text that looks like an address or a file's name is a text; deep nesting is no trouble."""
    assert own_status(record(1, content=content)) is not None


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-03-14T12:00:00.123Z", NOON + timedelta(milliseconds=123)),
        ("2026-03-14T12:00:00", NOON),
        ("2026-03-14T14:00:00+02:00", NOON),
    ],
)
def test_instants(written: str, instant: datetime) -> None:
    """Times are aware and in UTC; one without a zone is UTC."""
    status = own_status(record(1, created_at=written))

    assert status is not None
    assert (instant, timedelta(0)) == (status.created_at, status.created_at.utcoffset())


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ([], None),
        ([record(3), record(2)], anchor(3)),
        ([record(2), record(3)], anchor(3)),
        ([record(4, reblog={"id": "1"}), None, record(3)], anchor(3)),
        ([record(4, reblog={"id": "1"})], None),
    ],
)
def test_newest(page: list[Any], expected: Anchor | None) -> None:
    """The newest own status is the newest by time that can be read and is no reblog."""
    assert expected == newest(page)


@pytest.mark.parametrize("content", ["<b>" * 40_000, "<a href='https://news.example/7/", "<!-- " + "<p>Seven</p>"])
def test_content_that_no_server_writes_cannot_be_read(content: str) -> None:
    """Too long, cut off, commented out: a link may be in it that nobody sees."""
    assert own_status(record(1, id=1, content=content)) is None


def boost(number: int, *, of: dict[str, Any], by: str = "7") -> dict[str, Any]:
    """The record of a boost: with an id of its own, and nothing in it."""
    return record(number, content="", account={"id": by}, reblog=of)


def test_an_own_status_that_is_listed_as_its_boost() -> None:
    """It is the account's own status all the same, and may be the anchor."""
    own = record(3, account={"id": "7"})
    server = _Server([record(5), boost(4, of=own), record(2)])

    assert ids(list_since(anchor(2), server.page)) == ["5", "3"]
    assert list_since(anchor(3), server.page).complete
    assert ids(list_since(anchor(3), server.page)) == ["5"]
    assert newest([boost(4, of=own)]) == anchor(3)


def test_a_boost_beside_its_status() -> None:
    """The status counts once."""
    own = record(3, account={"id": "7"})

    assert ids(list_since(anchor(1), _Server([boost(4, of=own), own, record(1)]).page)) == ["3"]


def test_a_boost_of_somebody_elses() -> None:
    """It is none of the account's own statuses."""
    other = record(3, account={"id": "8"})

    assert ids(list_since(anchor(1), _Server([boost(4, of=other), record(2), record(1)]).page)) == ["2"]
