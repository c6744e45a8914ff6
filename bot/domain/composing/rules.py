"""Which settings hold for one post: the account's own, or those of the rules that match the post."""

from dataclasses import fields, replace
from typing import Any

from bot.domain.models import Post
from bot.domain.policy import AccountPolicy, Rule
from bot.domain.text.terms import matching

_CONDITIONS = frozenset({"sites", "categories", "tags", "authors"})
_SETTINGS = tuple(field.name for field in fields(Rule) if field.name not in _CONDITIONS)


def policy_for(policy: AccountPolicy, post: Post, *, site: str) -> AccountPolicy:
    """The account's policy for a post of this site (its name in the config): the first rule that sets a key wins."""
    settings: dict[str, Any] = {}
    for rule in policy.rules:
        if _holds(rule, post, site=site):
            settings = _set_by(rule) | settings
    return replace(policy, **settings) if settings else policy


def _set_by(rule: Rule) -> dict[str, Any]:
    return {name: value for name in _SETTINGS if (value := getattr(rule, name)) is not None}


def _holds(rule: Rule, post: Post, *, site: str) -> bool:
    if rule.sites and site not in rule.sites:
        return False
    conditions = ((post.categories, rule.categories), (post.tags, rule.tags), (post.authors, rule.authors))
    return all(not wanted or matching(terms, wanted) for terms, wanted in conditions)
