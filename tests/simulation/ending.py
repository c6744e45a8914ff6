"""What must be true of the statuses that stand once everything is quiet."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial

from bot.domain.models import Share, ShareField, State
from bot.domain.policy import AccountPolicy
from bot.domain.selecting.share_on_mastodon import share_field
from bot.sandbox.wordpress_posts import Post
from tests.simulation.instance import OLD, Kept
from tests.simulation.invariants import FOLLOWS, OWN, TOLD, WORDS, WRITTEN
from tests.simulation.ledger import Followed
from tests.simulation.processes import Town
from tests.simulation.scenario import Ill


def is_behind(town: Town) -> bool:
    """Whether some site has still to be told something, or some status may still be edited after its post."""
    for site, paper in town.papers.items():
        unwritten = town.ledger.unwritten(site) & paper.posts.keys()
        if any(paper.posts[post_id].status == "publish" for post_id in unwritten):
            return True
    return town.settings.has(Ill.EDITS) and any(map(partial(_may_be_edited, town), _followed(town)))


def check(town: Town) -> None:
    """Compare what stands with what the store says of it and with what the posts say."""
    _check_addresses(town)
    if town.settings.has(Ill.WRITING):
        _check_fields(town)
    followed = {(one.account, one.url) for one in _followed(town)}
    for share, post, kept in _standing(town):
        if not _is_in_doubt(town, share):
            _check_words(town, share, post, kept, followed=(share.account, share.url) in followed)


def _is_in_doubt(town: Town, share: Share) -> bool:
    """Whether nothing is promised of what a status says.

    An edit was given up, or a person's wasn't answered where nothing follows: howdah says so. A restored store knows
    nothing of edits that came after it; where nobody edits there are none.
    """
    edited = town.settings.has(Ill.EDITS) or town.settings.has(Ill.PEOPLE)
    known = town.ledger.store.followed(share.id)
    unanswered = not town.settings.has(Ill.EDITS) and known is not None and known.in_doubt
    return bool(share.error) or unanswered or (edited and town.settings.has(Ill.RESTORE))


def _check_words(town: Town, share: Share, post: Post, kept: Kept, *, followed: bool) -> None:
    """What stands is what the store says: a person's words where they gave some, else those of the post."""
    where = f"{share.name}, number {share.number}: {kept.text[:60]!r} stands"
    # What was made of a feed, which tells of no edits, follows its post from the first look at the REST API on.
    follows = town.settings.has(Ill.EDITS) and followed and share.post_modified_at and not share.text_override
    if share.status is not None and share.status.text != kept.text:
        town.world.fail(TOLD, f"{where}, and not {share.status.text[:60]!r}")
    elif not kept.text.startswith(share.text_override):
        town.world.fail(WORDS, f"{where}, and not {share.text_override!r}")
    elif follows and not kept.text.startswith(post.title):
        town.world.fail(FOLLOWS, f"{where} under {post.title!r}")


def _followed(town: Town) -> list[Followed]:
    """The shares that are followed still, by what an account does that isn't told otherwise."""
    return town.ledger.followed(since=AccountPolicy(name="").followed_since(town.clock()))


def _check_addresses(town: Town) -> None:
    """What is shared stands, or stood, on its account; an address from before the world says so of one post only."""
    # Some tools that one moves in from remember no addresses.
    shared = [share for share in town.ledger.store.shares() if share.state is State.SHARED and share.url]
    for share in shared:
        instance = town.instances[share.account]
        ever = {kept.url for kept in instance.statuses}
        if share.url not in ever and not share.url.startswith(f"{instance.profile}/{OLD}"):
            town.world.fail(OWN, f"{share.name} is shared as {share.url}: it never stood there")
    carried = Counter((share.account, share.url) for share in shared if f"/{OLD}" in share.url)
    for (account, url), times in carried.items():
        # Who gives a copy an older date makes it the original.
        if times > 1 and not town.settings.has(Ill.EDITORS) and not town.instances[account].was_nobody:
            town.world.fail(OWN, f"{times} posts are shared on {account} as {url}")


def _check_fields(town: Town) -> None:
    """Each post whose shares changed shows it, unless it carries an address that howdah knows nothing of.

    What was marked while somebody moved in is told to nobody; nor is what a person lets go again, until it is shared.
    """
    for site, paper in town.papers.items():
        shares: dict[int, list[Share]] = defaultdict(list)
        never = town.ledger.never_written(site)
        for share in town.ledger.store.shares(site=site):
            shares[share.post_id].append(share)
        for post_id, of_post in shares.items():
            post = paper.posts.get(post_id)
            waits = any(share.state is State.PENDING for share in of_post)
            if post is None or post.status != "publish" or post_id in never or waits:
                continue
            field, shown = share_field(of_post, town.settings.accounts), post.share_on_mastodon or {}
            # What was shared after a backup is shown on the site, and a store that was restored doesn't know of it.
            is_lost = town.settings.has(Ill.RESTORE) and shown.get("url") not in {share.url for share in of_post}
            if any(map(partial(_has_changed, town), of_post)) and not (is_lost or _agrees(shown, field, of_post)):
                town.world.fail(WRITTEN, f"{site}/{post_id} shows {shown}, and not {field}")


def _has_changed(town: Town, share: Share) -> bool:
    return any(attempt.outcome != "adopted" for attempt in town.ledger.store.attempts(share))


def _agrees(shown: Mapping[str, str], field: ShareField, shares: Collection[Share]) -> bool:
    if not field.url and shown.get("url") and shown["url"] not in {share.url for share in shares}:
        return True
    return shown.get("url", "") == field.url and bool(shown.get("error")) == bool(field.error)


def _may_be_edited(town: Town, one: Followed) -> bool:
    post = town.papers[one.site].posts.get(one.post_id)
    if post is None or not _is_public(post) or town.instances[one.account].standing_at(one.url) is None:
        return False
    return one.known is not None and one.known != _modified(post) and not one.error


def _standing(town: Town) -> Iterator[tuple[Share, Post, Kept]]:
    """The shares whose statuses howdah made and that stand, and whose posts anybody can read."""
    for share in town.ledger.store.shares():
        post = town.papers[share.site].posts.get(share.post_id)
        kept = town.instances[share.account].standing_at(share.url)
        if share.status is None or kept is None or kept.key != share.idempotency_key:
            continue
        if post is not None and _is_public(post):
            yield share, post, kept


def _is_public(post: Post) -> bool:
    return post.status == "publish" and not post.password


def _modified(post: Post) -> int:
    return int(datetime.fromisoformat(post.modified_gmt).replace(tzinfo=UTC).timestamp() * 1000)
