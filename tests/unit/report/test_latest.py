"""A site's newest posts."""

from msgspec.structs import replace

from bot.report.preview import latest
from tests.fakes.site import FakeSite
from tests.makers import DAY, HOUR, NOON


def test_the_newest_come_first():
    """At most so many, from as far back as it takes."""
    site = FakeSite("uk")
    old, new, newest = (site.publish(at=NOON - age) for age in (100 * DAY, 2 * HOUR, HOUR))

    assert [newest] == [post.id for post in latest(site, 1, now=NOON)]
    assert [newest, new, old] == [post.id for post in latest(site, 3, now=NOON)]
    assert 2 < len([call for call in site.calls if call[0] == "list_new"])


def test_a_feeds_posts_have_no_local_date(monkeypatch):
    """Nor ids that grow: those are ours, made of their links."""
    site = FakeSite("uk")
    old, new = (site.publish(at=NOON - age) for age in (2 * HOUR, HOUR))
    look = site.list_new(after=NOON - DAY, exclude=())
    shown = tuple(replace(post, id=-post.id, date="") for post in look.posts)
    monkeypatch.setattr(site, "list_new", lambda **_: replace(look, posts=shown))

    assert [-new, -old] == [post.id for post in latest(site, 2, now=NOON)]


def test_a_site_without_posts():
    """Has none."""
    assert [] == latest(FakeSite("uk"), 1, now=NOON)
