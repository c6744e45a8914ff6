"""Which plugins a site announces, and what that means."""

from bot.domain.policy import Plugin
from bot.domain.selecting.share_on_mastodon import lacks_companion, shares_beside
from tests.makers import site_policy

CORE = frozenset({"oembed/1.0", "wp/v2"})


def test_a_site_that_is_written_to_needs_the_companion() -> None:
    """Others don't."""
    assert lacks_companion(site_policy(write_back=True), CORE)
    assert not lacks_companion(site_policy(write_back=True), CORE | {"howdah/v1"})
    assert not lacks_companion(site_policy(), CORE)


def test_share_on_mastodon() -> None:
    """Told where nothing was decided about it."""
    there = CORE | {"share-on-mastodon/v1"}

    assert shares_beside(site_policy(), there)
    assert not shares_beside(site_policy(plugin=Plugin.DEFER), there)
    assert not shares_beside(site_policy(), CORE)
