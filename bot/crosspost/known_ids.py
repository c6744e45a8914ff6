"""Posts by the ids that the store has for them: a site that is read by its feed may tell no id of its own."""

from collections.abc import Sequence
from typing import TypeVar

from msgspec.structs import replace

from bot.crosspost.context import Context
from bot.domain.models import Post
from bot.domain.selecting.plan import SeenPost

PostType = TypeVar("PostType", Post, SeenPost)


def as_known(context: Context, site: str, posts: Sequence[PostType]) -> tuple[PostType, ...]:
    """The posts, those by the store's id whose link it knows, where its id or theirs was made of a feed (below zero).

    The next look at the REST API gives such a post the site's own id, and its shares with it.
    """
    known = context.store.ids_by_link(site, [post.link for post in posts])
    ids = [(post, known.get(post.link, post.id)) for post in posts]
    return tuple(replace(post, id=number) if min(number, post.id) < 0 else post for post, number in ids)
