"""What must never be, whatever befalls the world. Each invariant has its name, and is checked as soon as it can be."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from bot.domain.answers import Barred, NotSent, Reply, Throttled, Unanswered
from bot.domain.models import Share, Status
from bot.domain.selecting.plan import Plan
from bot.domain.transitions import following
from tests.simulation.ledger import Ledger, Row
from tests.simulation.rhythm import Rests, Rhythm
from tests.simulation.world import World

ONCE = "no (post, account, number) twice on the server"
STANDS = "each visible post is shared or stands with a reason"
LEGAL = "state changes are legal"
PAUSED = "a stopped account loses nothing"
ONE_AT_A_TIME = "one publish in flight per account"
BEGUN = "nothing is sent that was not begun"
CURSOR = "a look that failed moves no cursor"
SEEN = "a complete look has seen every post"
TRUE = "what stands on the server isn't called failed or skipped"
ENDS = "everything comes to an end"
FILTERED = "what the owner excludes is only shared where a person names it"
TOLD = "a status says what the store says of it"
FOLLOWS = "a status says what its post says"
RESTS = "what a person lets rest sends at most the share in hand"
RHYTHM = "an account goes by its owner's rhythm"
MOVED = "what another tool has shared isn't shared again"
WORDS = "a person's words stand, whatever their post says since"
GONE = "a status is deleted only when its post is gone for an hour"
NOBODY = "nobody is mentioned by accident"
# What an instance says that takes no status now, whatever the status.
NOT_TAKEN = "503: no status is taken now"
BOOSTED = "no status is boosted twice"
WRITTEN = "the site shows what became of each post"
OWN = "an address that a post carries silences no other account and no copy"

# state → those that may follow. "" is a share that is new.
CHANGES: Mapping[str, frozenset[str]] = {
    "": frozenset({"pending", "shared", "skipped", "held"}),
    "pending": frozenset({"pending", "sending", "shared", "failed", "skipped", "unknown", "held"}),
    "sending": frozenset({"pending", "shared", "failed", "unknown"}),
    "unknown": frozenset({"unknown", "pending", "shared", "failed", "held", "skipped"}),
    "held": frozenset({"pending", "unknown", "skipped", "held"}),
    "failed": frozenset({"pending", "unknown", "skipped", "failed"}),
    "skipped": frozenset({"pending", "unknown", "skipped"}),
    "shared": frozenset({"skipped"}),
}


_PERSON, _DAEMON = "person", "d"
# What only a person may do.
_BY_HAND = {
    ("pending", "unknown"),
    ("held", "pending"),
    ("held", "unknown"),
    ("failed", "pending"),
    ("skipped", "pending"),
    ("shared", "skipped"),
}
# The share's identity: site, post, account, number, and for later numbers when it was made.
Identity = tuple[str, int, str, int, int]


class Paper(Protocol):
    """What the invariants ask of a site. hides: of a look's faults those that may hide a post until a later look."""

    hides: tuple[str, ...]

    def promised(self) -> dict[int, datetime]:
        """The visible posts that any look must find, with the time since when."""
        ...

    def number(self, post_id: int) -> int:
        """The site's own id of a post that howdah may have another one for."""
        ...

    def gone_since(self, post_id: int) -> datetime | None:
        """When a post that was visible and isn't now was hidden first; None where it is visible."""
        ...


class Watch:
    """Sees every call of the store and every publish, and compares.

    rhythm: None where it isn't looked at. whole_looks: when the last complete look at each site began, in true time.
    """

    def __init__(self, world: World, ledger: Ledger) -> None:
        self.world = world
        self.ledger = ledger
        self.papers: dict[str, Paper] = {}
        self.lenient_flight = False
        self.excluded = ""
        self.rhythm: Rhythm | None = None
        self.rests = Rests()
        self.whole_looks: dict[str, datetime] = {}
        self._rows: dict[int, Row] = {}
        self._identity: dict[tuple[str, str], Identity] = {}
        self._live: dict[Identity, int] = defaultdict(int)
        self._ever: set[Identity] = set()
        self._begun: dict[Identity, int] = defaultdict(int)
        self._begun_as: dict[tuple[str, str], int] = {}
        self._replies: dict[Identity, list[Reply | None]] = defaultdict(list)
        self._wishes: Counter[tuple[str, int]] = Counter()
        self._named: set[tuple[str, int]] = set()
        self._obeyed: Counter[tuple[str, int, str]] = Counter()
        self._flying: dict[str, dict[str, int]] = defaultdict(dict)
        self._given_up: set[Identity] = set()
        self._looks: dict[tuple[str, str], datetime] = {}
        self._moved: set[Identity] = set()
        self._is_restored = False

    # --- the store

    def called(
        self, process: str, name: str, arguments: tuple[Any, ...], result: Any, *, faults: Mapping[str, list[str]]
    ) -> None:
        """A process called the store."""
        if name == "begin":
            identity = self._share_identity(result)
            self._identity[result.account, result.idempotency_key] = identity
            self._begun[identity] += 1
            self._begun_as[process, result.account] = result.attempts
            self._check_pace(result, identity)
        if name in ("rest_site", "rest_account"):
            self.rests.begin(arguments[0])
        if name == "lease_site" and result:
            faults[arguments[0]].clear()
            self._looks[process, arguments[0]] = self.world.now()
        if name == "add":
            self._added(process, arguments[0], faults[arguments[0].site])
        if name in _WRITES:
            self._compare(process)

    def _check_pace(self, share: Share, identity: Identity) -> None:
        """A share is about to be sent. Nothing is looked at where the clock is set."""
        if self.lenient_flight:
            return
        against = self.rhythm.begun(share, identity) if self.rhythm is not None else ""
        if against:
            self.world.fail(RHYTHM, f"{share.name}: {against}")
        rests = self.rests.begun(share, self.ledger.resting(share.site, share.account, now=self.world.now()))
        if rests:
            self.world.fail(RESTS, f"{share.name} is sent while {rests} rests")

    def restored(self) -> None:
        """The store is an older one now: of what it has forgotten it may say anything but "shared" twice."""
        # What is under way may appear yet, which is not promised (scenario.NOT_PROMISED).
        under_way = (row for row in self._rows.values() if row.state in ("sending", "unknown"))
        self._given_up.update(self._ever, map(self._identity_of, under_way))
        self._rows = {row.id: row for row in self.ledger.rows()}
        self._is_restored = True

    def _compare(self, process: str) -> None:
        rows = {row.id: row for row in self.ledger.rows()}
        for row in rows.values():
            before = self._rows.get(row.id)
            if before != row:
                self._check_change(process, before, row)
        self._rows = rows

    def _check_change(self, process: str, before: Row | None, row: Row) -> None:
        was = before.state if before else ""
        by_hand = (was, row.state) in _BY_HAND and not process.startswith(_PERSON)
        same = was == row.state and before is not None and before.attempts == row.attempts
        renamed = before is not None and before.post_id != row.post_id  # its own id is known now: nothing else is new
        gone = row.error == following.GONE
        if (row.state not in CHANGES[was] and not (same and (was == "shared" or renamed))) or (by_hand and not gone):
            self.world.fail(LEGAL, f"{_where(row)}: {was or 'new'} → {row.state} by {process}")
        if before is None and row.number > 1 and not process.startswith(_PERSON):
            self._check_wish(process, row)
        if row.state in ("failed", "skipped", "held") and not row.error:
            self.world.fail(STANDS, f"{_where(row)} is {row.state} without a reason")
        identity = self._identity_of(row)
        is_unheard = was == "sending" and row.state == "unknown" and NOT_TAKEN not in row.error
        if is_unheard and self._replies[identity]:
            self._replies[identity][-1] = None  # whatever it was, nobody lived to hear it
        if row.state == "skipped" and process.startswith(_PERSON):
            self._given_up.add(identity)

    def _check_wish(self, process: str, row: Row) -> None:
        """Each further status that a daemon adds was wished for by an editor, once for each wish."""
        site, number, account, *_ = self._identity_of(row)
        self._obeyed[site, number, account] += 1
        if self._obeyed[site, number, account] > self._wishes[site, number]:
            self.world.fail(ONCE, f"{_where(row)} was added by {process}: nobody asked for it")

    def wished(self, site: str, post_id: int) -> None:
        """An editor wishes for one more status of a post, on each account."""
        self._wishes[site, post_id] += 1
        self.named(site, post_id)

    def named(self, site: str, post_id: int) -> None:
        """A person asks for a post by its name. To let go what is held is less: it still passes the filters."""
        self._named.add((site, post_id))

    def _added(self, process: str, plan: Plan, faults: list[str]) -> None:
        """A look was recorded."""
        if plan.error and plan.looked_at != plan.expected_looked_at:
            self.world.fail(CURSOR, f"{plan.site}: {plan.error}")
        paper = self.papers[plan.site]
        if plan.error or set(paper.hides) & set(faults):
            return  # what the site itself hides is found by a later look: whatever is left at the end is lost
        since = self.whole_looks[plan.site] = self._looks[process, plan.site]
        missing = {post for post, at in paper.promised().items() if at < since}
        missing -= set(map(paper.number, self.ledger.listed(plan.site)))
        if missing:
            self.world.fail(SEEN, f"{plan.site}: a complete look has not found {sorted(missing)}")

    # --- the server

    def sent(self, process: str, account: str, key: str, what: tuple[Status, tuple[str, ...]]) -> None:
        """The bytes of a publish leave.

        A share that somebody else takes for abandoned meanwhile is unknown by now; it isn't sent again before its
        answer's deadline.
        """
        status, media_ids = what
        begun = (status, list(media_ids), self._begun_as.get((process, account)))
        states = [state for state, *rest in self.ledger.sent(account, key) if tuple(rest) == begun]
        identity = self._identity.get((account, key))
        is_begun = len(states) == 1 and states[0] in ("sending", "unknown")
        if identity is None or not (is_begun or self.lenient_flight):
            self.world.fail(BEGUN, f"key {key[:6]} on {account}: {states or 'no share'}")
            return
        title = status.text.partition("\n")[0]
        if self.excluded and re.search(self.excluded, title) and identity[:2] not in self._named:
            self.world.fail(FILTERED, f"key {key[:6]} on {account}: {title}")
        others = {other for other in self._flying[account] if other != key}
        doubtful = others - {other for other in others if self._identity[account, other] in self._given_up}
        if doubtful and not self.lenient_flight:
            self.world.fail(ONE_AT_A_TIME, f"{account}: {identity} is sent while {doubtful} is under way")

    def arrived(self, account: str, key: str) -> None:
        """The server begins to work."""
        self._flying[account][key] = self._flying[account].get(key, 0) + 1

    def done(self, account: str, key: str) -> None:
        """The server has done its work."""
        self._flying[account][key] -= 1
        if not self._flying[account][key]:
            del self._flying[account][key]

    def answered(self, account: str, key: str, reply: Reply | None) -> None:
        """The client has heard this; None where it was killed."""
        if (account, key) in self._identity:
            self._replies[self._identity[account, key]].append(reply)

    def published(self, account: str, key: str) -> None:
        """A status stands."""
        identity = self._identity[account, key]
        if identity in self._moved:
            self.world.fail(MOVED, f"{identity[0]}/{identity[1]} on {account}")
        self._live[identity] += 1
        self._ever.add(identity)
        if self.rhythm is not None:
            self.rhythm.stands(account, identity)
        site, post_id, _, number, _ = identity
        is_wish = number > 1 and self._is_restored
        if self._live[identity] > 1 and not is_wish:
            self.world.fail(ONCE, f"{site}/{post_id} on {account}, number {number}: {self._live[identity]} statuses")

    def published_elsewhere(self, account: str, key: str, post: tuple[str, int]) -> None:
        """Another program has published a post's status; what howdah says of it may be anything but "sent"."""
        identity = (*post, account, 1, 0)
        self._identity[account, key] = identity
        self._given_up.add(identity)
        self.published(account, key)

    def moved_in(self, site: str, post_id: int, account: str) -> None:
        """Somebody has moved in from another tool, which has shared this post."""
        self._moved.add((site, post_id, account, 1, 0))

    def boosted(self, account: str, status_id: str, times: int) -> None:
        """A status is boosted."""
        if times > 1:
            self.world.fail(BOOSTED, f"status {status_id} on {account}: {times} times")

    def deleted(self, account: str, key: str, *, by: str) -> None:
        """A status is deleted, by a process or by the account's owner."""
        if not key:
            return
        identity = self._identity[account, key]
        self._live[identity] -= 1
        self._moved.discard(identity)  # shared anew where a person wants it
        gone_since = self.papers[identity[0]].gone_since(identity[1])
        lasted = gone_since is not None and self.world.now() - gone_since >= following.GONE_FOR
        if by.startswith(_DAEMON) and not lasted:
            self.world.fail(GONE, f"{identity} was deleted by {by}, and its post gone since {gone_since}")

    def _share_identity(self, share: Share) -> Identity:
        made = 0 if share.number == 1 else int(share.created_at.timestamp() * 1000)
        return share.site, self.papers[share.site].number(share.post_id), share.account, share.number, made

    def _identity_of(self, row: Row) -> Identity:
        number = self.papers[row.site].number(row.post_id)
        return row.site, number, row.account, row.number, 0 if row.number == 1 else row.made

    # --- the end

    def at_the_end(self, accounts: tuple[str, ...]) -> None:
        """Everything is quiet: what must be true now."""
        rows = self.ledger.rows()
        known = {self._identity_of(row)[:3] for row in rows}
        for site, paper in self.papers.items():
            for post_id, since in paper.promised().items():
                for account in accounts if since < self.whole_looks[site] else ():
                    if (site, post_id, account) not in known:
                        self.world.fail(STANDS, f"{site}/{post_id} on {account}: no share at all")
        for row in rows:
            self._check_end(row)

    def _check_end(self, row: Row) -> None:
        identity = self._identity_of(row)
        lied = row.state in ("failed", "skipped") and self._live[identity] > 0
        if lied and identity not in self._given_up:
            self.world.fail(TRUE, f"{_where(row)} is {row.state} ({row.error}) and stands on the server")
        innocent = sum(map(_is_innocent, self._replies[identity]))
        if row.state == "failed" and innocent >= self._begun[identity]:
            self.world.fail(PAUSED, f"{_where(row)} failed, though nothing was refused: {row.error}")


def _is_innocent(reply: Reply | None) -> bool:
    """Whether an answer says nothing against the share. A 403 or a redirect does where the account works otherwise."""
    if isinstance(reply, Unanswered) and reply.message == NOT_TAKEN:
        return True
    alone = isinstance(reply, Barred) and (reply.code == 403 or 300 <= reply.code < 400) and reply.message == "once"
    return isinstance(reply, Barred | Throttled | NotSent) and not alone


_WRITES = frozenset("add add_backfill add_by_hand add_found add_shared apply begin put_off share_again".split())  # noqa: SIM905


def _where(row: Row) -> str:
    return f"{row.site}/{row.post_id} on {row.account}, number {row.number}"
