"""Which posts an owner wants shared: the filters of a site, and those of one of its accounts."""

from collections.abc import Iterable, Iterator

import regex
from msgspec.structs import replace

from bot.domain.models import Post
from bot.domain.policy import Filters, SitePolicy
from bot.domain.text.html import plain
from bot.domain.text.terms import matching

# Titles are other people's, and an owner's pattern may take time that doubles with each letter of one.
_LONGEST_TITLE = 2_000
# In seconds, many times what an honest pattern takes for the longest title.
_LONGEST_SEARCH = 0.5

_NONE = Filters()
# The filters that need a part of a post, by its name in Post.unread.
_ASKED_OF = {
    "text": ("min_length", "exclude_sticky"),
    "terms": ("categories", "exclude_categories", "tags", "exclude_tags", "authors"),
}


class UndecidedError(ValueError):
    """A filter can't tell whether this post is wanted; the text says which one and why, and what to do."""


def filtered(policy: SitePolicy, post: Post, *, account: str) -> str:
    """Why a post isn't shared on an account by the site's filters; '' where nothing speaks against it.

    The sentence names the key that decided, as it stands in the site's table: `tags`, or `only.ACCOUNT.tags`. Raises
    UndecidedError where nothing else speaks against it and a filter can't tell: in time, or by what the site gives.
    """
    untold = [key for part in post.unread for key in _ASKED_OF[part]]
    chosen = _filters(policy, account)
    told = [(replace(filters, **{key: getattr(_NONE, key) for key in untold}), where) for filters, where in chosen]
    reasons = (reason for filters, where in told for reason in _reasons(filters, post, where=where))
    if reason := next(reasons, ""):
        return f"excluded: {reason}"
    if asked := next((where + key for filters, where in chosen for key in untold if getattr(filters, key)), ""):
        raise UndecidedError(
            f"the site gives its title and link only, which don't tell {asked}. `howdah retry` tries again, "
            f"`howdah share` shares it all the same, `howdah skip` drops it"
        )
    return ""


def filtered_by_title(policy: SitePolicy, title: str, *, account: str) -> str:
    """The same by what a listing tells already: the title (HTML). '' where that doesn't speak against the post."""
    reasons = (reason for chosen, where in _filters(policy, account) for reason in _title(chosen, title, where=where))
    return next((f"excluded: {reason}" for reason in reasons), "")


def _filters(policy: SitePolicy, account: str) -> tuple[tuple[Filters, str], ...]:
    """The site's filters and those for an account, each with what stands before its keys' names."""
    return (policy.filters, ""), (policy.only.get(account, Filters()), f"only.{account}.")


def _reasons(filters: Filters, post: Post, *, where: str) -> Iterator[str]:
    """All that speaks against a post. where: what stands before a key's name."""
    yield from _missing(filters, post, where=where)
    if category := matching(post.categories, filters.exclude_categories):
        yield f"in category {category!r} ({where}exclude_categories)"
    if tag := matching(post.tags, filters.exclude_tags):
        yield f"has tag {tag!r} ({where}exclude_tags)"
    yield from _title(filters, post.title, where=where)
    if filters.exclude_sticky and post.sticky:
        yield f"pinned to the top of the site ({where}exclude_sticky)"
    if filters.min_length and (length := _length(post)) < filters.min_length:
        yield f"its text has {length} characters, fewer than {where}min_length = {filters.min_length}"


def _missing(filters: Filters, post: Post, *, where: str) -> Iterator[str]:
    if filters.categories and not matching(post.categories, filters.categories):
        yield f"in none of the wanted categories ({where}categories)"
    if filters.tags and not matching(post.tags, filters.tags):
        yield f"has none of the wanted tags ({where}tags)"
    if filters.languages and not _is_in(post.language, filters.languages):
        language = f"in {post.language!r}" if post.language else "in a language that the site doesn't tell"
        yield f"{language}, none of those wanted ({where}languages)"
    if filters.authors and not matching(post.authors, filters.authors):
        yield f"its author {post.author!r} is none of those wanted ({where}authors)"


def _is_in(language: str, wanted: Iterable[str]) -> bool:
    """Whether a language is one of those wanted, or a regional form of one."""
    spoken = f"{language.lower()}-"
    return any(spoken.startswith(f"{tag.lower()}-") for tag in wanted)


def _title(filters: Filters, html: str, *, where: str) -> Iterator[str]:
    if not (filters.title or filters.exclude_title):
        return
    title = plain(html)[:_LONGEST_TITLE]
    if filters.title and not _found(filters.title, title, key=f"{where}title"):
        yield f"the title doesn't match {where}title = {filters.title!r}"
    if filters.exclude_title and _found(filters.exclude_title, title, key=f"{where}exclude_title"):
        yield f"the title matches {where}exclude_title = {filters.exclude_title!r}"


def _found(pattern: str, title: str, *, key: str) -> bool:
    """Whether the pattern is found in the title. Other threads go on meanwhile."""
    try:
        return regex.search(pattern, title, timeout=_LONGEST_SEARCH, concurrent=True) is not None
    except TimeoutError as error:
        raise UndecidedError(
            f"pattern too slow: {key} = {pattern!r} can't tell of this title in {_LONGEST_SEARCH:g} s whether it "
            f"matches. Write the pattern more simply; then `howdah retry` shares the post, `howdah skip` drops it"
        ) from error


def _length(post: Post) -> int:
    """The characters of plain text; those of the excerpt where the content wasn't read."""
    return len(plain(post.content or post.excerpt))
