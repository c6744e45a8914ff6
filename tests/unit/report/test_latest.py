"""A site's newest posts."""

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


def test_a_site_without_posts():
    """Has none."""
    assert [] == latest(FakeSite("uk"), 1, now=NOON)
