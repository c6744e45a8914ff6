"""Howdah with one of its guards taken out: what the simulator must notice.

Where two guards stand behind each other, the variant takes out both; its text says so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from bot.crosspost.context import Context
from bot.domain.policy import FirstRun, Source
from tests.simulation.invariants import (
    BEGUN,
    BOOSTED,
    CURSOR,
    ENDS,
    FILTERED,
    FOLLOWS,
    GONE,
    MOVED,
    NOBODY,
    ONCE,
    OWN,
    PAUSED,
    RESTS,
    RHYTHM,
    SEEN,
    TOLD,
    WORDS,
    WRITTEN,
)
from tests.simulation.scenario import Ill, Keys, Scenario, scenario
from tests.simulation.without import (
    CommitsLate,
    ForgetsDoubt,
    GivesEveryLease,
    GoneAtOnce,
    KnowsNoBoost,
    KnowsNoLink,
    KnowsNoNotice,
    KnowsNoRest,
    ListsEverything,
    MovesOn,
    NeverTooLate,
    RemembersNoPost,
    SendsAgain,
    WritesAreDone,
    filters_nothing,
    forgets_words,
    holds_what_rests,
    key_never_arrives,
    marks_nothing,
    names_it,
    never_catches_up,
    waits_for_no_answer,
    without_exclude,
)
from tests.simulation.world import MINUTE


def _same(thing: Any) -> Any:
    return thing


def _nothing(_thing: Any) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """How howdah differs from the real one: what stands between a context and its ports, what is replaced within.

    instead: functions in the place of howdah's own, by dotted name. world: the seed's world, made such that the guard
    is needed in it. first: a seed from which on it is soon seen that the guard is missing; breaks: the invariants that
    show it.
    """

    name: str
    store: Callable[[Any], Any] = _same
    account: Callable[[Any], Any] = _same
    context: Callable[[Context], Context] = _same
    instead: Mapping[str, Any] = field(default_factory=dict)
    url: Callable[[str], str] = _same
    instance: Callable[[Any], None] = _nothing
    world: Callable[[int], Scenario] = scenario
    first: int = 0
    breaks: tuple[str, ...] = ()


SOUND = Variant(name="as it is")


def _worlds(*ills: Ill, keys: Keys | None = Keys.NONE, **fields: Any) -> Callable[[int], Scenario]:
    return lambda seed: replace(scenario(seed, ills=frozenset(ills), keys=keys), **fields)


GUARDS = (
    Variant(
        name="the key: it never arrives, and the account's listing is late",
        instance=key_never_arrives,
        world=_worlds(Ill.KEY_ALONE, Ill.PUBLISH, Ill.KILLS, keys=Keys.HOUR),
        first=3,
        breaks=(ONCE,),
    ),
    Variant(
        name="the order of commits: a publish is recorded when it is over",
        store=CommitsLate,
        world=_worlds(Ill.KILLS, Ill.PUBLISH),
        first=0,
        breaks=(BEGUN,),
    ),
    Variant(
        name="reconciling: what is unknown is sent again, nor is it looked for right before",
        store=SendsAgain,
        instead={"bot.crosspost.prepare.existing_status": lambda _lane, _share, _link: None},
        world=_worlds(Ill.KILLS, Ill.PUBLISH, Ill.LATE),
        first=1,
        breaks=(ONCE,),
    ),
    Variant(
        name="the lease: everybody has it, and nobody asks again before sending",
        store=GivesEveryLease,
        account=NeverTooLate,
        world=_worlds(Ill.PAUSES, Ill.LATE, daemons=3, harshness=3),
        first=2,
        breaks=(ONCE, BEGUN),
    ),
    Variant(
        name="asking again before sending",
        account=NeverTooLate,
        world=_worlds(Ill.PAUSES, daemons=2, harshness=5),
        first=9,
        breaks=(ONCE, BEGUN),
    ),
    Variant(
        name="the wait for an answer: the account is read at once",
        context=waits_for_no_answer,
        world=_worlds(Ill.LATE, Ill.KILLS, daemons=2, harshness=3),
        first=17,
        breaks=(ONCE,),
    ),
    Variant(
        name="the memory of seen posts, and of their shares' numbers",
        store=RemembersNoPost,
        world=_worlds(Ill.EDITORS),
        first=1,
        breaks=(ONCE,),
    ),
    Variant(
        name="the tie rule: what was found is not left out",
        url=without_exclude,
        world=_worlds(Ill.CROWDS, page_size=2, totals=False),
        first=0,
        breaks=(SEEN,),
    ),
    Variant(
        name="the smaller forms: every question is as long as the longest",
        url=lambda url: url if "?" not in url else f"{url}&pad={'x' * 300}",
        world=_worlds(page_size=100, longest_url=255),
        first=0,
        breaks=(ENDS,),
    ),
    Variant(
        name="the rest where no status is taken: each share uses up its attempts",
        instead={"bot.domain.transitions.reconciling._takes_none": lambda *_, **__: None},
        world=_worlds(Ill.TAKES_NONE, attempts=2),
        first=0,
        breaks=(PAUSED,),
    ),
    Variant(
        name="the smaller form of a post that isn't rendered in time: nobody asks for it",
        instead={"bot.crosspost.prepare._WHOLE_READS": 1_000_000},
        world=_worlds(Ill.HEAVY),
        first=0,
        breaks=(ENDS,),
    ),
    Variant(
        name="the cursor: it moves after every look",
        store=MovesOn,
        world=_worlds(Ill.SITE, page_size=2, harshness=3),
        first=30,
        breaks=(CURSOR,),
    ),
    Variant(
        name="what a listing can't show: private statuses are taken for absent",
        store=ListsEverything,
        world=_worlds(Ill.HIDDEN, Ill.PUBLISH, Ill.KILLS, harshness=3),
        first=1,
        breaks=(ONCE,),
    ),
    Variant(
        name="what a restored store can't know: private statuses are taken for absent",
        store=ListsEverything,
        world=_worlds(Ill.RESTORE, Ill.HIDDEN),
        first=9,
        breaks=(ONCE,),
    ),
    Variant(
        name="the filters: nobody asks them",
        context=filters_nothing,
        world=_worlds(Ill.FILTERS, Ill.CROWDS, Ill.PEOPLE),
        first=0,
        breaks=(FILTERED,),
    ),
    Variant(
        name="what a release is: it counts as a post that a person names",
        instead={"bot.domain.transitions.outcome.retried": names_it},
        world=_worlds(Ill.FILTERS, Ill.CROWDS, Ill.PEOPLE),
        first=2,
        breaks=(FILTERED,),
    ),
    Variant(
        name="the doubt about an edit: an unanswered one is forgotten",
        store=ForgetsDoubt,
        world=_worlds(
            *(Ill.EDITS, Ill.PUBLISH, Ill.KILLS),
            duration=40 * MINUTE,
            poll=timedelta(minutes=5),
            posts=6,
            harshness=3,
            fickle=True,
            first_run=FirstRun.ALL,
        ),
        first=5,
        breaks=(FOLLOWS, TOLD),
    ),
    Variant(
        name="the hour before a status is deleted after its post",
        store=GoneAtOnce,
        world=_worlds(Ill.DELETIONS, duration=100 * MINUTE, poll=timedelta(minutes=15)),
        first=0,
        breaks=(GONE,),
    ),
    Variant(
        name="whose address it is: every one proves that the post was shared",
        instead={"bot.domain.selecting.share_on_mastodon.is_own": lambda _url, _account: True},
        world=_worlds(Ill.CARRIED, posts=9),
        first=0,
        breaks=(OWN,),
    ),
    Variant(
        name="the oldest of those with an address: a copy proves it too",
        instead={"bot.domain.selecting.share_on_mastodon._is_older": lambda _other, _claim: False},
        world=_worlds(Ill.CARRIED, posts=9),
        first=0,
        breaks=(OWN,),
    ),
    Variant(
        name="the mark on what is to be written: it goes when the write begins",
        store=WritesAreDone,
        world=_worlds(Ill.WRITING, Ill.KILLS, Ill.SITE, harshness=2),
        first=0,
        breaks=(WRITTEN,),
    ),
    Variant(
        name="the ids of notices: each one is new",
        store=KnowsNoNotice,
        world=_worlds(Ill.NOTICES, posts=6),
        first=0,
        breaks=(ONCE,),
    ),
    Variant(
        name="the signature of a notice: every one is right",
        instead={"bot.domain.notices.hmac.compare_digest": lambda _expected, _given: True},
        world=_worlds(Ill.NOTICES, posts=6),
        first=0,
        breaks=(ONCE,),
    ),
    Variant(
        name="reading the account beside the plugin: nobody does",
        instead={"bot.crosspost.prepare.account_read_within": lambda _context, _site, _post: None},
        world=_worlds(Ill.PLUGIN, posts=6),
        first=0,
        breaks=(ONCE,),
    ),
    Variant(
        name="the time that the plugin is given: none",
        instead={"bot.crosspost.prepare.plugin_verdict": lambda _lane, _share, _post: None},
        world=_worlds(Ill.PLUGIN, posts=6),
        first=0,
        breaks=(ONCE,),
    ),
    Variant(
        name="asking whether a status is boosted: it never is",
        account=KnowsNoBoost,
        world=_worlds(Ill.PEOPLE, Ill.PUBLISH, acts=30, posts=2),
        first=0,
        breaks=(BOOSTED,),
    ),
    Variant(
        name="the mark behind an @: whoever is named is mentioned",
        instead={"bot.domain.composing.compose.defuse_mentions": lambda text, *_: text},
        world=_worlds(Ill.MENTIONS),
        first=0,
        breaks=(NOBODY,),
    ),
    Variant(
        # Mostly the post that was read ahead is fresh still by its turn; so that the guard is needed it never is.
        name="the post that was made ahead: it is taken whatever the post says by then",
        instead={
            "bot.crosspost.ahead.Made.is_of": lambda _made, _post, _limits: True,
            "bot.crosspost.ahead.FRESH": timedelta(0),
        },
        world=_worlds(
            *(Ill.EDITS, Ill.CROWDS, Ill.LATE, Ill.PUBLISH),
            daemons=1,
            sites=("site1",),
            accounts=("acc1",),
            duration=3 * MINUTE,
            images=False,
            poll=timedelta(seconds=10),
            posts=30,
            makes_ahead=True,
            min_interval=timedelta(0),
            max_burst=60,
            harshness=3,
        ),
        first=69,
        breaks=(FOLLOWS,),
    ),
    Variant(
        name="the link of a post that a feed has no id for: nobody knows it",
        store=KnowsNoLink,
        world=_worlds(Ill.CLOSED, source=Source.AUTO, numbered=False, posts=6, first_run=FirstRun.ALL),
        first=0,
        breaks=(ONCE,),
    ),
    Variant(
        name="a person's words: an edit forgets them",
        instead={"bot.crosspost.edit.draft": forgets_words},
        world=_worlds(Ill.EDITS, Ill.PEOPLE, duration=45 * MINUTE, poll=timedelta(minutes=5), acts=30),
        first=0,
        breaks=(WORDS,),
    ),
    Variant(
        name="the owner's rhythm: nobody goes by it",
        instead={"bot.domain.transitions.budget.rhythm": lambda *_, **__: None},
        world=_worlds(Ill.CROWDS, Ill.KILLS, posts=9, max_per_day=2, first_run=FirstRun.ALL),
        first=0,
        breaks=(RHYTHM,),
    ),
    Variant(
        name="asking before each share whether a person lets it rest: nobody asks",
        store=KnowsNoRest,
        instead={"bot.store.shares._holding_awake": holds_what_rests},
        world=_worlds(*(Ill.CROWDS, Ill.PEOPLE, Ill.MENTIONS), duration=3 * MINUTE, posts=9, acts=60, max_burst=60),
        first=2,
        breaks=(RESTS,),
    ),
    Variant(
        name="moving in from another tool: nothing is marked",
        instead={"bot.crosspost.adopt.mark": marks_nothing, "bot.crosspost.move_in.mark": marks_nothing},
        world=_worlds(Ill.MOVED, first_run=FirstRun.ALL),
        first=3,
        breaks=(MOVED,),
    ),
    Variant(
        name="catching up after a restored backup",
        context=never_catches_up,
        world=_worlds(Ill.RESTORE, keys=None),
        first=5,
        breaks=(ONCE,),
    ),
)
