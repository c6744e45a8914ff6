"""From a seed to a world: who is there, how patient they are, and which ills befall them.

Each seed has its own few ills (rather than all of them a little): that finds more, and a failing run is shorter.

NOT_PROMISED says which combinations no world has, since there nothing can hold the promise.
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.domain.policy import FirstRun, Source
from tests.simulation.world import MINUTE, SECOND

NOT_PROMISED = """
An instance that works longer on a publish than answer_deadline less timeout, and that keeps no key or no lock: nobody
can know when it is too late for the status to appear.

The rhythm of an account where the clock is set, or where a restored store knows nothing of what was sent since: its
next status may come too soon.

The clock set forward by minutes while a publish is unanswered on an instance that is late: the wait for the answer is
over by the new clock, and not by the instance's.

A backup restored while a publish was under way, or while the account's own statuses can't be read (403, or down for
longer than three pauses), or without some of those that were published since the backup.

A person who lets go, without looking at the account, what is held because it may be there unseen.

A backup restored that has somebody's wish for one more status open, or knows nothing of it yet: the status that came
of it may be taken for an earlier one of the same post, which was unanswered then.

A status that the instance's own listing doesn't show until long after it was published; unless the instance keeps
keys, and no refusal of the status (422) comes meanwhile: that ends the key, and the listing lies.

The site's own plugin, where it takes longer than 90 seconds, where the instance's listing doesn't show what it made,
where the clock is set forward meanwhile, or where a person names the post while it is about to share it.

Which of two posts with one address is the copy, where the account could not say who it is when the original was found,
and its status is gone.

The site's own plugin, and addresses that posts carry, where the site is read by its feed, which shows neither.

What a feed can't tell: where it has no ids of WordPress, that a post which has another link since is the same one, and
that one which waits is gone; where the site is never read by its REST API, the same, posts with an older date, and
edits; of a status that was made of the feed, edits from before the REST API is read again.

That moving in from another tool marks what its account doesn't list, or doesn't list any more, and no file of the
tool's tells; and that a backup from before knows of it.

A proxy before the instance that repeats a POST by itself.

An edit that the instance works on for longer than its client waits, so that it overtakes the next one.

What a backup says of a status that was edited since, where the post has the backup's words again.

That a status follows a post which the site never renders in time, or tells more of it than its title and link.

That an outcome is written to the site, where the clock was set back to before its owner turned that on.
"""


# Whom the owner lets texts mention, and who is named in them besides.
FRIEND, STRANGER = "friend@far.example", "nobody@far.example"
# What an owner who excludes titles excludes.
EXCLUDED = r"^Story \d*[02468]$"


class Keys(StrEnum):
    """What an instance does about an Idempotency-Key."""

    NONE = "none (GoToSocial, snac)"
    HOUR = "1 h, no lock (Mastodon to 4.5)"
    LOCKED = "1 h, locked (Mastodon 4.7)"
    BROKEN = "500 on a replay (Mastodon 4.6.0)"
    ERRORS = "6 h, errors replayed (Pleroma)"
    REFUSING = "400 on any replay (Pixelfed)"
    PLACEHOLDER = "24 h, 408 while unfinished (Iceshrimp)"


class Ill(StrEnum):
    """What may befall a world."""

    KILLS = "kills"
    PAUSES = "pauses"
    STORE = "store errors"
    SITE = "site errors"
    STALE = "stale listings"
    PUBLISH = "publish faults"
    LATE = "late publishes"
    OUTAGES = "outages of an instance"
    READS = "listings that fail"
    INCOMPLETE = "listings that are incomplete"
    FORBIDDEN = "listings that are forbidden"
    LAG = "listings that lag a little"
    KEY_ALONE = "listings that lag for long, on instances that keep keys"
    MEDIA = "media trouble"
    LIMITS = "limits that change, statuses refused"
    RATES = "rate windows"
    STEPS = "clock steps"
    RESTORE = "a restored backup"
    PEOPLE = "people at the command line"
    EDITORS = "posts trashed, re-dated, unpublished"
    ZONES = "time zones changed"
    CROWDS = "crowds and equal seconds"
    STRANGERS = "other statuses on the account, deletions"
    HIDDEN = "private statuses, which the instance's listing hides"
    FILTERS = "titles that the owner excludes"
    EDITS = "posts rewritten and taken back, whose statuses follow"
    DELETIONS = "posts gone, whose statuses follow"
    WRITING = "outcomes written to the site"
    CARRIED = "posts that carry the address of a status"
    NOTICES = "notices of the site: lost, twice, late, forged, again"
    PLUGIN = "a plugin of the site that shares too, and loses answers"
    MENTIONS = "names in texts, and lookups of them that are slow"
    CLOSED = "a REST API that is closed for a while, so that the feed is read"
    MOVED = "another tool that has shared before, and somebody who moves in from it"
    HEAVY = "posts that the site never renders in time"
    TAKES_NONE = "an instance that takes no status for a while, though it lists them"


# How likely each ill is in a world.
_LIKELY = {
    Ill.KEY_ALONE: 0.05,
    Ill.STEPS: 0.12,
    Ill.RESTORE: 0.12,
    Ill.INCOMPLETE: 0.08,
    Ill.FORBIDDEN: 0.06,
    Ill.KILLS: 0.6,
    Ill.LATE: 0.5,
    Ill.PUBLISH: 0.6,
    Ill.HIDDEN: 0.1,
    Ill.FILTERS: 0.3,
    Ill.EDITS: 0.15,
    Ill.DELETIONS: 0.06,
    Ill.WRITING: 0.25,
    Ill.CARRIED: 0.15,
    Ill.NOTICES: 0.25,
    Ill.PLUGIN: 0.2,
    Ill.MENTIONS: 0.15,
    Ill.CLOSED: 0.06,
    Ill.MOVED: 0.1,
    Ill.TAKES_NONE: 0.15,
    Ill.HEAVY: 0.1,
}
_LATER = (
    *(Ill.HIDDEN, Ill.FILTERS, Ill.EDITS, Ill.DELETIONS, Ill.WRITING, Ill.CARRIED, Ill.NOTICES, Ill.PLUGIN),
    *(Ill.MENTIONS, Ill.CLOSED, Ill.MOVED, Ill.TAKES_NONE, Ill.HEAVY),
)
# What follows a post is slow: so long these worlds last at least, with looks no more often than that.
_LASTS = {Ill.EDITS: 45 * MINUTE, Ill.DELETIONS: 150 * MINUTE, Ill.CLOSED: 100 * MINUTE}
_SLOW_POLL = timedelta(minutes=5)
_ELSE = 0.3
_MAKES_AHEAD = 0.5
_ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago")
_STARTS = (
    datetime(2026, 3, 14, 12, 0, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 40, tzinfo=UTC),  # Berlin's spring change at 01:00
    datetime(2026, 10, 25, 0, 40, tzinfo=UTC),  # Berlin's autumn change at 01:00
    datetime(2026, 11, 1, 5, 40, tzinfo=UTC),  # New York's at 06:00
    datetime(2026, 4, 4, 14, 40, tzinfo=UTC),  # Lord Howe's half hour at 15:00
    datetime(2026, 12, 31, 23, 40, tzinfo=UTC),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A world's parameters. duration is in milliseconds. harshness: how many times as often the ills strike.

    longest_url: sites answer 414 to what is longer. one_host: all accounts are on one instance.
    acts: what a person does; 0 for a few things. makes_ahead: whether daemons make the next status while one is on
    its way. fickle: whether authors take every new title back as soon as a status says it. source: where sites are
    read. numbered: whether their feeds tell the posts' ids.
    """

    seed: int
    start: datetime
    ills: frozenset[Ill]
    daemons: int
    one_machine: bool
    sites: tuple[str, ...]
    accounts: tuple[str, ...]
    keys: dict[str, Keys] = field(default_factory=dict)
    zones: dict[str, str] = field(default_factory=dict)
    page_size: int = 100
    totals: bool = True
    longest_url: int = 8_000
    one_host: bool = False
    acts: int = 0
    poll: timedelta = timedelta(seconds=60)
    settle: timedelta = timedelta(0)
    max_burst: int = 60
    timeout: timedelta = timedelta(seconds=3)
    answer_deadline: timedelta = timedelta(seconds=10)
    attempts: int = 8
    min_interval: timedelta = timedelta(0)
    max_per_day: int = 0
    duration: int = 10 * MINUTE
    posts: int = 8
    images: bool = False
    harshness: int = 1
    first_run: FirstRun = FirstRun.SKIP
    makes_ahead: bool = False
    fickle: bool = False
    source: Source = Source.REST
    numbered: bool = True

    def instance_of(self, account: str) -> str:
        """The address of an account's instance."""
        return "https://social.example" if self.one_host else f"https://{account}.example"

    def has(self, ill: Ill) -> bool:
        """Whether this world has that ill."""
        return ill in self.ills


def scenario(seed: int, *, ills: frozenset[Ill] | None = None, keys: Keys | None = None) -> Scenario:
    """The world of a seed. ills, keys: these instead of the seed's own."""
    jitter = random.Random(f"{seed} scenario")
    chosen = frozenset(ill for ill in Ill if ill not in _LATER and jitter.random() < _LIKELY.get(ill, _ELSE))
    # Drawn apart, so that a seed's other ills stay what they are.
    later = random.Random(f"{seed} later ills")
    chosen = _possible(chosen | {ill for ill in _LATER if later.random() < _LIKELY[ill]}) if ills is None else ills
    # A site that takes no longer addresses than that has pages that need none: what lies at one second fits on one.
    longest_url = random.Random(f"{seed} addresses").choice((8_000, 8_000, 8_000, 255))
    sites = tuple(f"site{number}" for number in range(1, jitter.choice((1, 1, 1, 1, 2)) + 1))
    accounts = tuple(f"acc{number}" for number in range(1, jitter.choice((1, 1, 1, 1, 2, 3)) + 1))
    poll = timedelta(seconds=jitter.choice((30, 60, 120, 300, 900)))
    lasts = max((lasts for ill, lasts in _LASTS.items() if ill in chosen), default=0)
    poll = max(poll, _SLOW_POLL) if lasts else poll
    timeout = timedelta(seconds=jitter.randint(1, 5))
    flavours = _GIVE_AGAIN if Ill.KEY_ALONE in chosen else tuple(Keys)
    return Scenario(
        seed=seed,
        start=jitter.choice(_STARTS) if jitter.random() < 0.5 else _STARTS[0],
        ills=chosen,
        daemons=jitter.choice((1, 1, 1, 2, 2, 3)),
        one_machine=jitter.random() < 0.5 or Ill.STEPS in chosen,
        sites=sites,
        accounts=accounts,
        keys={name: keys or jitter.choice(flavours) for name in accounts},
        zones={name: jitter.choice(_ZONES) for name in sites},
        page_size=max(jitter.choice((2, 3, 5, 100)), 100 if longest_url < 1_000 else 2),
        totals=jitter.random() < 0.8,
        longest_url=longest_url,
        one_host=random.Random(f"{seed} hosts").random() < 0.3,
        poll=poll,
        settle=timedelta(seconds=jitter.choice((0, 0, 1, 5))),
        max_burst=jitter.choice((3, 60, 60)) if Ill.CROWDS in chosen else 60,
        timeout=timeout,
        answer_deadline=timeout + timedelta(seconds=jitter.randint(4, 8)),
        attempts=8 if Ill.KEY_ALONE in chosen else jitter.choice((2, 3, 8)),
        min_interval=timedelta(seconds=jitter.choice((0, 0, 0, 20))),
        max_per_day=random.Random(f"{seed} rhythm").choice((2, 3, *[0] * 30)),
        duration=max(lasts, int(poll.total_seconds()) * SECOND * jitter.randint(2, 6) + 2 * MINUTE),
        posts=jitter.randint(1, 3) if len(sites) * len(accounts) > 1 else jitter.randint(2, 6),
        images=Ill.MEDIA in chosen,
        first_run=jitter.choice(tuple(FirstRun)),
        makes_ahead=random.Random(f"{seed} making").random() < _MAKES_AHEAD,
        source=_source(seed, chosen),
        # Where a feed has no ids, a post is known by its link, and one that has another link is another post.
        numbered=bool(chosen & {Ill.EDITORS, Ill.DELETIONS}) or random.Random(f"{seed} guids").random() < 0.5,
    )


def _source(seed: int, ills: frozenset[Ill]) -> Source:
    """Where a world's sites are read; not by the feed alone where something follows: that tells of no edits."""
    if Ill.CLOSED not in ills:
        return Source.REST
    choices = (Source.AUTO,) if ills & {Ill.EDITS, Ill.DELETIONS} else (Source.AUTO, Source.AUTO, Source.FEED)
    return random.Random(f"{seed} source").choice(choices)


# Instances that give the first status again when a key comes back.
_GIVE_AGAIN = (Keys.HOUR, Keys.LOCKED, Keys.ERRORS, Keys.PLACEHOLDER)


def _possible(ills: frozenset[Ill]) -> frozenset[Ill]:
    """These ills but for those that NOT_PROMISED speaks of."""
    if Ill.KEY_ALONE in ills:
        return ills & {Ill.KEY_ALONE, Ill.KILLS, Ill.PAUSES, Ill.STORE, Ill.PUBLISH, Ill.SITE, Ill.STALE, Ill.CROWDS}
    if Ill.RESTORE in ills:
        ills -= {Ill.FORBIDDEN, Ill.INCOMPLETE, Ill.READS, Ill.OUTAGES, Ill.STEPS, Ill.STRANGERS, Ill.LAG, Ill.NOTICES}
        ills -= {Ill.PEOPLE} if Ill.HIDDEN in ills else set()
    if Ill.PLUGIN in ills:
        ills -= {Ill.FORBIDDEN, Ill.INCOMPLETE, Ill.HIDDEN, Ill.PEOPLE, Ill.STEPS}
    if Ill.MOVED in ills:
        ills -= {Ill.FORBIDDEN, Ill.RESTORE}
    if Ill.CLOSED in ills:
        ills -= {Ill.PLUGIN, Ill.CARRIED, Ill.MOVED, Ill.HEAVY}
    if Ill.EDITS in ills:
        ills -= {Ill.HEAVY}
    if Ill.STEPS in ills:
        ills -= {Ill.LATE, Ill.PAUSES, Ill.DELETIONS}
    return ills
