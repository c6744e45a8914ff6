"""From what a look at a site found to the shares that it makes, and why a post isn't shared.

Nothing here decides by a cursor: a post is new when its id was never seen, whatever its dates say. The window and
its margins follow from how WordPress stores dates (docs/design.md, "Collecting without gaps").
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from math import ceil
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from bot.domain.models import THERE_BEFORE, ListedPost, Look, Post, Share, SiteState, State
from bot.domain.policy import FirstRun, Plugin, SitePolicy

# What reads HTML and searches patterns is loaded where it is used: the values here are everybody's, also of commands
# that read no post.

# How long after its own date a post may become visible and still be found: a late cron, a backdated insert.
LATENESS = timedelta(hours=72)
# What a site's local date column may be off by: 26 h between the outermost time zones, 1 h of daylight saving.
LOCAL_TIME_ERROR = timedelta(hours=27)
_EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
# max_burst is for each such time.
_BURST = timedelta(hours=1)


class SeenPost(Struct, frozen=True, kw_only=True):
    """A post to remember as seen; title is plain text."""

    id: int
    link: str
    title: str
    published_at: datetime | None
    modified_at: datetime | None


class Mark(Struct, frozen=True, kw_only=True):
    """A post that another program, or a person, has shared. url, status_id: of its status, '' where unknown."""

    post: SeenPost
    url: str = ""
    status_id: str = ""


class PlannedShare(Struct, frozen=True, kw_only=True):
    """A share to add: pending with the time it comes due, or ended already with its reason (error) or its url."""

    post_id: int
    account: str
    state: State
    error: str = ""
    url: str = ""
    next_attempt_at: datetime | None = None


class Plan(Struct, frozen=True, kw_only=True):
    """All that one look changes, to be recorded in one transaction.

    renamed: (old, new) ids of posts that were known by their links only and whose own ids are known now.
    looked_at: the cursor's new value (unchanged where the look was incomplete); expected_looked_at: what it has to
    be still; next_look_at: when to look again; activated_at: when the first look began.
    """

    site: str
    posts: tuple[SeenPost, ...]
    shares: tuple[PlannedShare, ...]
    expected_looked_at: datetime | None
    looked_at: datetime | None
    next_look_at: datetime
    activated_at: datetime
    renamed: tuple[tuple[int, int], ...] = ()
    error: str = ""


def window_start(policy: SitePolicy, looked_at: datetime | None, *, now: datetime) -> datetime:
    """The instant after which a look has to list posts.

    Anchored to the start of the last complete look, so that downtime of any length is covered. Every post that is
    young enough to be shared lies inside. The first look reaches further back, so that no post of before can drift
    into a later window when the site changes its time zone.
    """
    reach = max(LATENESS, policy.max_age + LOCAL_TIME_ERROR)
    if looked_at is None:
        reach += LOCAL_TIME_ERROR
    start = min(now, looked_at or now)
    return start - reach if start - _EARLIEST > reach else _EARLIEST


def plan(
    policy: SitePolicy,
    look: Look,
    *,
    state: SiteState,
    seen: Collection[int],
    now: datetime,
    known: Mapping[str, int] = MappingProxyType({}),
    before: int = 0,
    shared: Collection[tuple[int, str]] = (),
) -> Plan:
    """Turn a look into shares: one for each new post and each account of the site.

    now is the start of the look. Posts whose id is among seen are left alone, however they were edited or re-dated.
    known: the ids of posts by their links. A feed tells some posts by nothing else; their ids, below zero, are ours.
    Where the same post has an id of the site's own, then or now, that is its id. before: how many posts were let
    through since counted_since() already; with these they may be a crowd. shared: the posts that are shared already, by
    the address that they carry, each with the account.
    """
    posts = [_as_known(post, known) for post in look.posts]
    renamed = {known[post.link]: post.id for post in posts if post.id > 0 > known.get(post.link, 0)}
    same = {new for old, new in renamed.items() if old in seen}
    new = _in_order(post for post in posts if post.id not in seen and post.id not in same)
    verdict = _Verdict(policy, new, state=state, shared=shared, now=now, before=before)
    return Plan(
        site=policy.name,
        posts=tuple(as_seen(post) for post in new),
        shares=tuple(verdict.share(post, account) for post in new for account in policy.accounts),
        expected_looked_at=state.looked_at,
        looked_at=now if look.complete else state.looked_at,
        next_look_at=now + policy.poll_every,
        activated_at=state.activated_at or now,
        renamed=tuple(renamed.items()),
        error="" if look.complete else look.note,
    )


def counted_since(state: SiteState, *, now: datetime) -> datetime | None:
    """Since when the posts that were let through count towards max_burst, with those of this look.

    Since the last complete look, and for an hour at least, so that a crowd that comes in steps is one too. What the
    first look let through is first_run's: None before it.
    """
    if state.activated_at is None:
        return None
    return max(state.activated_at, min(state.looked_at or state.activated_at, now - _BURST))


def look_wait(poll_every: timedelta, *, active: bool, spread: float) -> timedelta:
    """How long until the next look: poll_every at the most, half of it where posts came up just now.

    A little less by chance (spread, in [0, 1)), so that many sites, and many daemons, don't ask at the same moment.
    """
    return poll_every * (0.5 if active else 1) * (1 - spread / 10)


def refusal(policy: SitePolicy, post: Post, *, account: str) -> str:
    """Why this post isn't to be shared on an account by itself, as a person would say it; '' where it may be.

    Raises UndecidedError where a filter can't tell: then a person has to decide.
    """
    from bot.domain.selecting.filters import filtered

    if post.status != "publish":
        return f"not public: its status is {post.status!r}"
    if post.protected:
        return "protected by a password"
    if post.members_only:
        return "for members only, as the site says"
    return filtered(policy, post, account=account)


def left_the_site(share: Share, policy: SitePolicy) -> str:
    """Why a share isn't sent whose account its site no longer goes to; '' where it does, or a person asked for it."""
    if share.by_name or share.account in policy.accounts:
        return ""
    return f"account {share.account} isn't among the accounts of site {share.site} any more"


def _as_known(post: ListedPost, known: Mapping[str, int]) -> ListedPost:
    """The post by the id that the site itself has for it, where that is known."""
    number = known.get(post.link, 0)
    return replace(post, id=number) if post.id < 0 < number else post


def _in_order(posts: Iterable[ListedPost]) -> list[ListedPost]:
    unique = {post.id: post for post in posts}
    return sorted(unique.values(), key=lambda post: (post.published_at or _EARLIEST, post.id))


class _Verdict:
    """What becomes of the new posts of one look."""

    def __init__(
        self,
        policy: SitePolicy,
        new: Sequence[ListedPost],
        *,
        state: SiteState,
        shared: Collection[tuple[int, str]],
        now: datetime,
        before: int,
    ) -> None:
        self._policy = policy
        self._shared = frozenset(shared)
        self._now = now
        self._activated_at = state.activated_at
        self._whole = state.looked_at is not None
        self._latest = next((post.id for post in reversed(new) if self._unshared(post)), None)
        self._excluded: dict[tuple[int, str], str] = {}
        since = state.looked_at or state.activated_at
        most = _most_at_once(policy, since, now=now) if since is not None else before + len(new)
        if before + len(new) > most:
            self._excluded = _excluded(policy, new)
        self._crowd = _crowd(policy, before + self._may_be_shared(new), most=most)

    def share(self, post: ListedPost, account: str) -> PlannedShare:
        """The share of a post on an account, with the reason where it isn't to be made."""
        if (post.id, account) in self._shared:
            return PlannedShare(post_id=post.id, account=account, state=State.SHARED, url=post.share_url)
        reason = self._skipped(post)
        if reason:
            return PlannedShare(post_id=post.id, account=account, state=State.SKIPPED, error=reason)
        if self._crowd:
            reason = self._excluded.get((post.id, account), "")
            if reason:
                return PlannedShare(post_id=post.id, account=account, state=State.SKIPPED, error=reason)
            return PlannedShare(post_id=post.id, account=account, state=State.HELD, error=self._crowd)
        policy = self._policy
        wait = max(policy.settle, policy.defer_for) if policy.plugin is Plugin.DEFER else policy.settle
        due = self._now + wait
        return PlannedShare(post_id=post.id, account=account, state=State.PENDING, next_attempt_at=due)

    def _may_be_shared(self, new: Iterable[ListedPost]) -> int:
        """How many posts there are that nothing in the listing keeps from being shared on some account."""
        wanted = [post for post in new if not self._skipped(post)]
        return sum(any((post.id, account) not in self._excluded for account in self._unshared(post)) for post in wanted)

    def _unshared(self, post: ListedPost) -> list[str]:
        """The accounts on which a post isn't shared already."""
        return [account for account in self._policy.accounts if (post.id, account) not in self._shared]

    def _skipped(self, post: ListedPost) -> str:
        """Why a post isn't shared on any account, by its date; '' where it is."""
        return self._there_before(post) or _too_old(self._policy, post, now=self._now)

    def _there_before(self, post: ListedPost) -> str:
        """Why a post that was there before howdah isn't shared; '' where it wasn't, or where first_run wants it.

        The first look sees what was there. Where that look was incomplete, the date tells it of what comes up later.
        """
        first_run = self._policy.first_run
        if self._activated_at is None:
            wanted = first_run is FirstRun.LATEST and post.id == self._latest
        else:
            wanted = post.published_at is None or post.published_at > self._activated_at or self._whole
        return "" if wanted or first_run is FirstRun.ALL else f'{THERE_BEFORE} (first_run = "{first_run}")'


def _most_at_once(policy: SitePolicy, since: datetime, *, now: datetime) -> int:
    """How many new posts are no crowd yet. A day of downtime makes none."""
    return policy.max_burst * max(1, ceil((now - since) / _BURST))


def _crowd(policy: SitePolicy, count: int, *, most: int) -> str:
    """Why so many posts must wait for a person; '' where they are no crowd."""
    if count <= most:
        return ""
    return (
        f"{count} new posts in a short time, more than max_burst = {policy.max_burst} for each hour: "
        f"`howdah retry --held` shares them, `howdah skip --held` drops them"
    )


def _excluded(policy: SitePolicy, new: Iterable[ListedPost]) -> dict[tuple[int, str], str]:
    """The posts that a filter keeps from an account by their titles alone, with the reason.

    None where a pattern takes too long: each post is looked at again before it is shared.
    """
    from bot.domain.selecting.filters import UndecidedError, filtered_by_title

    pairs = [(post, account) for post in new for account in policy.accounts]
    try:
        reasons = {
            (post.id, account): filtered_by_title(policy, post.title, account=account) for post, account in pairs
        }
    except UndecidedError:
        return {}
    return {pair: reason for pair, reason in reasons.items() if reason}


def _too_old(policy: SitePolicy, post: ListedPost, *, now: datetime) -> str:
    if post.published_at is None or now - post.published_at <= policy.max_age:
        return ""
    return f"dated {post.published_at:%Y-%m-%d %H:%M} UTC, older than max_age when it was first seen"


def as_seen(post: ListedPost | Post) -> SeenPost:
    """A post as it is remembered."""
    from bot.domain.text.html import plain

    return SeenPost(
        id=post.id,
        link=post.link,
        title=plain(post.title),
        published_at=post.published_at,
        modified_at=post.modified_at,
    )
