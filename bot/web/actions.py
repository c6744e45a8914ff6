"""What a person or a program asks for from here: the same as `howdah share`, `retry`, `skip` and `boost`."""

import secrets
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from bot.crosspost.mend import boost as boost_status
from bot.crosspost.share import Wish, request, request_again
from bot.crosspost.share import retry as try_anew
from bot.crosspost.share import skip as drop
from bot.domain.models import PageKey, Share, State
from bot.errors import HowdahError, RefusedError
from bot.web.errors import not_found
from bot.web.live import Live

# So many at a time, of those in a state: an answer must not take minutes.
MOST_AT_ONCE = 500
# How long a request waits for a lane that the daemon holds.
_PATIENCE = timedelta(seconds=10)


class Decided(Struct, frozen=True, kw_only=True):
    """What was done, share by share, and why the others were left as they are."""

    shares: tuple[Share, ...]
    refused: tuple[str, ...] = ()


def of_post(live: Live, site: str, post_id: int, *, account: str = "") -> tuple[Share, ...]:
    """The shares of a post, on one account where it is named. WebError where there is none."""
    found = live.context.store.shares(site=site, post_id=post_id, account=account or None)
    if not found:
        raise not_found(f"share of this post on {account}" if account else "share of this post")
    return tuple(found)


def in_state(
    live: Live, state: State, *, site: str = "", account: str = "", before: PageKey | None = None
) -> tuple[Share, ...]:
    """The shares in a state, made before that key, the newest of them where there are too many, oldest first."""
    page = live.context.store.page(
        state=state, site=site or None, account=account or None, after=before, limit=MOST_AT_ONCE
    )
    return page.shares[::-1]


def share(
    live: Live, site: str, post_id: int, *, accounts: Iterable[str], again: bool, text: str, after: int | None
) -> Decided:
    """Ask for a post to be shared on these accounts now. after: the newest share that is known of, as Wish has it."""
    ask = request_again if again else request
    wish = Wish(text=text, after=after)
    return each(live, [partial(ask, live.context, site, post_id, account=name, wish=wish) for name in accounts])


def retry(live: Live, shares: Iterable[Share]) -> Decided:
    """Let these go, the ordinary way; the pauses of their accounts end, since a person asks."""
    context = live.context
    decided = each(live, [partial(try_anew, context, share) for share in shares])
    for name in {share.account for share in decided.shares}:
        context.store.resume(name)
    return decided


def skip(live: Live, shares: Iterable[Share]) -> Decided:
    """Decide that these are not to be."""
    return each(live, [partial(drop, live.context, share) for share in shares])


def boost(live: Live, site: str, post_id: int, *, accounts: Iterable[str]) -> Decided:
    """Boost the newest status of a post on each of these accounts.

    RefusedError, as each() raises it, where it is boosted already, or can't be.
    """
    # A name of its own on the lease: the daemon's threads and other requests are kept from the account meanwhile.
    mine = replace(live.context, owner=f"{live.context.owner}w{secrets.token_hex(4)}")

    def on(account: str) -> Share:
        boosted = boost_status(mine, site, post_id, account=account, patience=_PATIENCE)
        if boosted is None:
            raise RefusedError(f"{site}/{post_id} on {account} was boosted already")
        return boosted

    return each(live, [partial(on, account) for account in accounts])


def each(live: Live, acts: Iterable[Callable[[], Share]]) -> Decided:
    """Do each. The first error is raised where none of them is done; else it is told of beside what is done."""
    done, errors = list[Share](), list[HowdahError]()
    try:
        for act in acts:
            try:
                done.append(act())
            except HowdahError as error:
                errors.append(error)
    finally:
        live.changed()
    if errors and not done:
        raise errors[0]
    return Decided(shares=tuple(done), refused=tuple(map(str, errors)))
