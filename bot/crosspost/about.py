"""What a site says of itself: asked for once a day, and waited for only where the status would have a hole."""

from collections.abc import Iterable
from datetime import timedelta

from bot.crosspost.context import Context
from bot.domain.models import SiteInfo
from bot.domain.policy import AccountPolicy
from bot.errors import SiteError

LASTS = timedelta(days=1)


def about(context: Context, name: str) -> SiteInfo:
    """A site's name and language, as site_info within a day. Raises SiteError where it can't be had."""
    known = context.site_info.get(name)
    if known is not None and context.clock.elapsed() - known[1] < LASTS:
        return known[0]
    said = context.sites[name].site.about()
    context.site_info[name] = (said, context.clock.elapsed())
    return said


def about_for(context: Context, name: str, policy: AccountPolicy) -> SiteInfo:
    """A site's name and language as far as it tells; raises SiteError only where a template shows the name.

    Some sites close this document and no other: for the language alone no post waits.
    """
    try:
        return about(context, name)
    except SiteError:
        if any("{site" in template for template in (policy.template, *_others(policy))):
            raise
        return SiteInfo()


def _others(policy: AccountPolicy) -> Iterable[str]:
    return (rule.template for rule in policy.rules if rule.template is not None)
