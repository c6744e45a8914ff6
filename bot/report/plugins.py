"""What it means for howdah which plugins a site announces in its REST index."""

from collections.abc import Collection

from bot.domain.policy import Plugin, SitePolicy

COMPANION = "howdah/v1"
SHARE_ON_MASTODON = "share-on-mastodon/v1"


def lacks_companion(policy: SitePolicy, namespaces: Collection[str]) -> bool:
    """Whether a site is to be written to that nothing can be written to."""
    return policy.write_back and COMPANION not in namespaces


def shares_beside(policy: SitePolicy, namespaces: Collection[str]) -> bool:
    """Whether Share on Mastodon runs there, and nobody has decided yet how to live beside it."""
    return SHARE_ON_MASTODON in namespaces and policy.plugin is Plugin.ADOPT
