"""Write back: tell a site what became of its posts, where editors look.

    what is due in the store ─▶ the field that its shares make ─▶ write, read back ─▶ still the same field? ─▶ done

The store marks each outcome in the transaction that records it, so that none is lost; no share ever waits for this.
Two processes may write at once: each looks afterwards whether what it wrote is still right, and else writes anew.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from bot.crosspost.context import Context, Watched
from bot.crosspost.events import tell
from bot.crosspost.events.sites import NotWritten, StandsStill, Written
from bot.crosspost.other_plugin import namespaces
from bot.domain.models import TOLD_AFTER, DueWrite, ShareField
from bot.domain.selecting.share_on_mastodon import COMPANION, share_field
from bot.domain.transitions.change import backoff
from bot.errors import PostGoneError, SiteError, WriteRefusedError

BATCH = 20
_FIRST_WAIT = timedelta(minutes=1)
# With the wait doubling up to an hour, two days and a half.
MOST_TRIES = 64


def write_is_due(context: Context, name: str) -> bool:
    """Whether there is something to write to a site now."""
    watched = context.sites[name]
    return watched.policy.write_back and bool(context.store.due_writes(name, now=context.clock.now(), limit=1))


def sites_to_write(context: Context) -> frozenset[str]:
    """The sites to which there is something to write now."""
    names = [name for name, watched in context.sites.items() if watched.policy.write_back]
    return context.store.sites_to_write(names, now=context.clock.now()) if names else frozenset()


def write_back(context: Context, name: str) -> int:
    """Write what is due to one site, as long as it answers; returns how many posts were written.

    What goes wrong at the site is logged, and tried again later and later, not raised; StoreError is.
    """
    written = 0
    while write_is_due(context, name):
        batch = context.store.due_writes(name, now=context.clock.now(), limit=BATCH)
        done = _write_batch(context, name, batch)
        written += done
        if done < len(batch):
            break
    return written


def _write_batch(context: Context, name: str, batch: Sequence[DueWrite]) -> int:
    """Write these, as long as the site answers and howdah isn't asked to stop; returns how many were written."""
    written, failed = 0, None
    try:
        while written < len(batch) and not context.clock.stopping():
            _write_one(context, batch[written])
            written += 1
    except SiteError as error:
        failed = error
    if written:
        _note_success(context, name)
    if failed is not None:
        # What is wrong with the one is likely wrong with the others: they are left for later together.
        _put_off(context, batch[written:], failed)
    return written


def _note_success(context: Context, name: str) -> None:
    """The site can be written to: what failed before was no row without an end."""
    if context.store.site(name).write_failures:
        context.store.note_writing(name, error="")


def _write_one(context: Context, due: DueWrite) -> None:
    """Write one post's field. Raises SiteError where it has to be tried again."""
    watched = context.sites[due.site]
    if COMPANION not in namespaces(context, due.site):
        raise WriteRefusedError(f"site {due.site}: its companion plugin isn't active ({COMPANION} is missing)")
    with suppress(PostGoneError):  # nobody looks there any more
        _write(context, watched, due)
    context.store.end_write(due)


def _write(context: Context, watched: Watched, due: DueWrite) -> None:
    field = _field(context, watched, due)
    while not _is_others(context, watched, due, field):
        watched.site.write_field(due.post_id, field)
        tell(Written(site=due.site, post_id=due.post_id, url=field.url, error=field.error))
        now = _field(context, watched, due)
        if now == field:
            return
        field = now


def _field(context: Context, watched: Watched, due: DueWrite) -> ShareField:
    shares = context.store.shares(site=due.site, post_id=due.post_id)
    return share_field(shares, watched.policy.accounts)


def _is_others(context: Context, watched: Watched, due: DueWrite, field: ShareField) -> bool:
    """Whether the site shows a url that howdah knows nothing of, and howdah has none to put in its place."""
    if field.url:
        return False
    there = watched.site.read_field(due.post_id).url
    return bool(there) and there not in {
        share.url for share in context.store.shares(site=due.site, post_id=due.post_id)
    }


def _put_off(context: Context, batch: Sequence[DueWrite], error: SiteError) -> None:
    first = batch[0]
    given_up = first.failures + 1 >= MOST_TRIES
    tell(NotWritten(site=first.site, post_id=first.post_id, error=str(error), given_up=given_up))
    # What is given up is no try that goes on; the next write that fails counts from the beginning.
    context.store.note_writing(first.site, error="" if given_up else str(error))
    if context.store.site(first.site).write_failures == TOLD_AFTER:
        tell(StandsStill(site=first.site, what=f"it can't be told what became of its posts: {error}"))
    spread = context.jitter()
    for due in batch:
        if due.failures + 1 >= MOST_TRIES:
            context.store.end_write(due)
        else:
            # Each by its own tries: one that fails for ever must not have the newer ones wait behind it.
            wait = backoff(_FIRST_WAIT, due.failures + 1, spread=spread)
            context.store.put_off_write(due, until=context.clock.now() + wait)
