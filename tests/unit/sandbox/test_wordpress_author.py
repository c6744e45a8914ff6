"""What the author does on the sandbox's WordPress, and what becomes of the columns."""

from datetime import timedelta

import pytest

from bot.sandbox.images import png
from bot.sandbox.wordpress_posts import excerpt_of, slug_of, texturize
from tests.sandbox.wordpress import EditableWordPress
from tests.unit.sandbox.client import START, HandClock, call

NOON = "2026-06-01T12:00:00"


def _visible(site: EditableWordPress) -> list[int]:
    return sorted(post["id"] for post in call(site.api_root + "wp/v2/posts?_fields=id").json())


def test_an_explicit_date_is_the_modified_date_too(site: EditableWordPress) -> None:
    """An importer's post looks as old in both columns."""
    post = site.posts[site.publish(title="Old", date=START - timedelta(days=9))]

    assert ("2026-05-23T12:00:00", "2026-05-23T12:00:00") == (post.date, post.modified)


@pytest.mark.parametrize(("ahead", "status"), [(58, "publish"), (62, "future")])
def test_a_date_ahead(site: EditableWordPress, ahead: int, status: str) -> None:
    """Under a minute ahead it is published at once under its future date; else it is scheduled."""
    post = site.posts[site.publish(title="Soon", date=START + timedelta(seconds=ahead))]

    assert status == post.status


def test_a_scheduled_post_comes_late_under_its_old_dates(site: EditableWordPress, clock: HandClock) -> None:
    """Cron publishes it hours later; date is when it was due, modified when it was last edited."""
    post_id = site.schedule(START + timedelta(hours=1), title="Later")
    assert [] == site.run_cron()
    clock.forward(hours=5)
    assert [] == _visible(site)

    assert [post_id] == site.run_cron()

    assert [post_id] == _visible(site)
    assert ("2026-06-01T13:00:00", NOON) == (site.posts[post_id].date, site.posts[post_id].modified)


def test_a_draft_without_a_date_gets_one_when_it_is_published(site: EditableWordPress, clock: HandClock) -> None:
    """An open date becomes now; a date that was set stays."""
    floating = site.publish(title="Draft", status="draft")
    dated = site.publish(title="Draft", status="draft", date=START - timedelta(days=1))
    clock.forward(hours=1)

    site.publish_now(floating)
    site.edit(dated, status="publish")

    assert ["2026-06-01T13:00:00", "2026-05-31T12:00:00"] == [site.posts[one].date for one in (floating, dated)]
    assert ["2026-06-01T13:00:00"] * 2 == [site.posts[one].modified for one in (floating, dated)]


def test_the_bin_and_back(site: EditableWordPress, clock: HandClock) -> None:
    """A binned post is gone, comes back as a draft, and keeps its first date when it is published again."""
    post_id = site.publish(title="One")
    site.trash(post_id)
    assert ([], "one__trashed") == (_visible(site), site.posts[post_id].slug)
    clock.forward(days=1)
    site.untrash(post_id)
    assert ([], "one") == (_visible(site), site.posts[post_id].slug)

    site.publish_now(post_id)

    assert ([post_id], NOON) == (_visible(site), site.posts[post_id].date)
    site.delete(post_id)
    assert 404 == call(f"{site.api_root}wp/v2/posts/{post_id}").status


def test_an_edit(site: EditableWordPress, clock: HandClock) -> None:
    """Every field can change; modified becomes now, the id stays."""
    post_id = site.publish(title="One", tags=["a"], image=(png(), ""))
    clock.forward(hours=1)

    site.edit(
        post_id,
        title="Two",
        tags=["a", "b"],
        author=(7, "Ada"),
        date=START - timedelta(hours=1),
        raw={"format": "aside"},
        image=None,
    )

    record = site.record(post_id)
    assert ("Two", 7, 2, "aside", 0) == (
        record["title"]["rendered"],
        record["author"],
        len(record["tags"]),
        record["format"],
        record["featured_media"],
    )
    assert ("2026-06-01T11:00:00", "2026-06-01T13:00:00") == (record["date"], record["modified"])


def test_ids_terms_and_slugs(site: EditableWordPress) -> None:
    """An id can be asked for, and those after it follow; names are found again; slugs are made unique."""
    first = site.publish(id=100, title="Same", tags=[(55, "Sea")], image=(png(), ""))
    second = site.publish(title="Same", tags=["Sea", "Land"])

    assert (100, 101, 102) == (first, site.posts[first].featured_media, second)
    assert ([55], [55, 56]) == (site.posts[first].tags, site.posts[second].tags)
    assert ("same", "same-2") == (site.posts[first].slug, site.posts[second].slug)
    assert "103" == site.posts[site.publish(title="")].slug


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("It's C++ & more…", "its-c-more"),
        ("Ünïcödé ß Ø Ł", "unicode-s-o-l"),
        ("東京", "%e6%9d%b1%e4%ba%ac"),
        ("---", ""),
        ("word " * 60, ("word-" * 40)[:-1]),
    ],
)
def test_slugs(name: str, slug: str) -> None:
    """No accents, lower case, hyphens, other scripts percent-encoded, 200 characters at most."""
    assert slug == slug_of(name)


def test_entities_stay_as_they_are() -> None:
    """What is an entity already, or a tag, is not touched; a bare "<" stays bare."""
    assert 'a &amp; b &#8217; <em class="x">c</em> &#038; 5 < 6' == texturize(
        'a &amp; b &#8217; <em class="x">c</em> & 5 < 6'
    )


def test_excerpts(site: EditableWordPress) -> None:
    """A manual excerpt, the first 55 words, or nothing."""
    long = site.publish(content=" ".join(str(n) for n in range(60)))
    short = site.publish(content="<p>Only this.</p>")
    empty = site.publish(title="Nothing")
    html = site.publish(excerpt="Bare&hellip;\n")

    assert excerpt_of(site.posts[long]).endswith(" 54 [&hellip;]</p>\n")
    assert ["<p>Only this.</p>\n", "", "Bare&hellip;\n"] == [
        excerpt_of(site.posts[one]) for one in (short, empty, html)
    ]
