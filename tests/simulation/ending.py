"""What must be true of the statuses that stand once everything is quiet."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

from bot.domain.models import Share
from bot.sandbox.wordpress_posts import Post
from tests.simulation.instance import Kept
from tests.simulation.invariants import FOLLOWS, TOLD
from tests.simulation.ledger import Followed
from tests.simulation.processes import Town
from tests.simulation.scenario import Ill


def is_behind(town: Town) -> bool:
    """Whether some status may still be edited after its post."""
    if not town.settings.has(Ill.EDITS):
        return False
    return any(map(partial(_may_be_edited, town), town.ledger.followed()))


def check(town: Town) -> None:
    """Compare what stands with what the store says of it and with what the posts say."""
    edits = town.settings.has(Ill.EDITS)
    for share, post, kept in _standing(town):
        where = f"{share.post_name} on {share.account}, number {share.number}"
        if share.status is not None and share.status.text != kept.text:
            town.world.fail(TOLD, f"{where}: {kept.text[:60]!r} stands, and not {share.status.text[:60]!r}")
        elif edits and not share.text_override and not share.error and not kept.text.startswith(post.title):
            town.world.fail(FOLLOWS, f"{where}: {kept.text[:60]!r} stands under {post.title!r}")


def _may_be_edited(town: Town, one: Followed) -> bool:
    post = town.papers[one.site].posts.get(one.post_id)
    if post is None or not _is_public(post) or town.instances[one.account].standing_at(one.url) is None:
        return False
    return bool(one.in_doubt) or (one.known is not None and one.known != _modified(post) and not one.error)


def _standing(town: Town) -> Iterator[tuple[Share, Post, Kept]]:
    """The shares whose statuses howdah made and that stand, and whose posts anybody can read."""
    for share in town.ledger.store.shares():
        post = town.papers[share.site].posts.get(share.post_id)
        kept = town.instances[share.account].standing_at(share.url)
        if share.status is None or kept is None or not kept.key:
            continue
        if post is not None and _is_public(post):
            yield share, post, kept


def _is_public(post: Post) -> bool:
    return post.status == "publish" and not post.password


def _modified(post: Post) -> int:
    return int(datetime.fromisoformat(post.modified_gmt).replace(tzinfo=UTC).timestamp() * 1000)
