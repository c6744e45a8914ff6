"""Telling people: once, in one notice, durable."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec.structs import replace

from bot.domain.models import Cause, State
from bot.domain.transitions.change import Pause
from bot.domain.transitions.pauses import REFUSES, WALLED
from bot.ports.notifier import NoticeKind
from bot.report.alerts import causes_of, stuck_words, tell
from bot.report.health import health_of
from tests.contract.stores import changed, pause
from tests.fakes.store import FakeStore
from tests.makers import DAY, HOUR, MINUTE, NOON, share
from tests.unit.crosspost.stage import Stage
from tests.unit.report.configured import Configured

KINDS = ("account", "failed", "held", "site", "queue", "disk", "config")


class FakeNotifier:
    """Keeps what is sent. deaf: how many of its two receivers don't take it."""

    receivers = 2

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, NoticeKind]] = []
        self.deaf = 0

    def send(self, title: str, body: str, kind: NoticeKind) -> tuple[str, ...]:
        """Take it, or don't."""
        if self.deaf < self.receivers:
            self.sent.append((title, body, kind))
        return tuple(f"receiver {number} is deaf" for number in range(self.deaf))


def cause(key: str, text: str = "site uk is down. `howdah check` says more") -> Cause:
    """A cause since noon."""
    return Cause(key=key, kind=key.partition(":")[0], text=text, since=NOON)


def stuck(post: str, error: str, state: State = State.HELD) -> str:
    """What is told of a share that stands still."""
    site, _, post_id = post.partition("/")
    return stuck_words(share(site=site, post_id=int(post_id), account="fedi", state=state, error=error))


class World:
    """A store, somebody who is told, and a clock."""

    def __init__(self) -> None:
        self.store = FakeStore()
        self.notifier = FakeNotifier()

    def at(self, now: datetime, present: Iterable[Cause] = ()) -> tuple[str, ...]:
        """Note what is there at an instant, and tell what is due."""
        self.store.note_causes(list(present), now=now)
        return tell(self.store, self.notifier, kinds=KINDS, remind_every=DAY, now=now) or ()

    @property
    def titles(self) -> list[str]:
        """What was told."""
        return [title for title, _, _ in self.notifier.sent]


def test_one_notice_for_all_that_is_new() -> None:
    """What, where, since when, and the command that helps; a line each."""
    world = World()
    world.at(NOON, [cause("site:uk"), cause("disk", "the disk is full. Make room")])

    assert [
        (
            "howdah: 2 things need you",
            (
                "- The disk is full. Make room (since 2026-03-14 12:00 UTC)\n"
                "- Site uk is down. `howdah check` says more (since 2026-03-14 12:00 UTC)"
            ),
            "warning",
        )
    ] == world.notifier.sent


def test_once_and_then_solved_with_how_long_it_took() -> None:
    """Nothing in between, and nothing at a restart: what was told is in the store."""
    world = World()
    world.at(NOON, [cause("site:uk")])
    world.at(NOON + MINUTE, [cause("site:uk")])
    world.notifier, earlier = FakeNotifier(), world.notifier
    world.at(NOON + 2 * HOUR, [cause("site:uk")])
    world.at(NOON + 3 * HOUR)
    world.at(NOON + 3 * HOUR + MINUTE)
    world.at(NOON + 4 * HOUR)

    assert 1 == len(earlier.sent)
    assert [("howdah: solved", "- solved after 3 h: site uk is down", "success")] == world.notifier.sent
    assert () == world.store.causes()


def test_a_reminder_a_day() -> None:
    """Of what is still so."""
    world = World()
    for days in range(3):
        world.at(NOON + days * DAY, [cause("site:uk")])
        world.at(NOON + days * DAY + HOUR, [cause("site:uk")])

    assert ["howdah: 1 thing needs you", "howdah: 1 thing still open", "howdah: 1 thing still open"] == world.titles
    assert "still: site uk is down" in world.notifier.sent[1][1]
    assert "(for 1 d, since" in world.notifier.sent[1][1]


def test_it_is_sent_until_somebody_takes_it() -> None:
    """Nobody did: again a minute later. One of two did: that is enough, and the other is named."""
    world = World()
    world.notifier.deaf = 2
    assert 2 == len(world.at(NOON, [cause("site:uk")]))
    assert () == world.at(NOON + MINUTE / 2, [cause("site:uk")])

    world.notifier.deaf = 1
    assert ("receiver 0 is deaf",) == world.at(NOON + MINUTE, [cause("site:uk")])
    assert () == world.at(NOON + HOUR, [cause("site:uk")])
    assert 1 == len(world.notifier.sent)


def test_a_kill_loses_none_and_doubles_only_the_last() -> None:
    """Killed before the notice: the next process sends it. Killed after it: that one is sent once more."""
    world = World()
    world.store.note_causes([cause("site:uk")], now=NOON)
    world.at(NOON + MINUTE, [cause("site:uk")])
    assert 1 == len(world.notifier.sent)

    world = World()
    world.store.note_causes([cause("site:uk")], now=NOON)
    world.store.claim_causes(["site:uk"], now=NOON, unclaimed_since=NOON - MINUTE)  # and sent, and killed
    assert () == world.at(NOON + MINUTE / 2, [cause("site:uk")])
    assert [] == world.notifier.sent
    world.at(NOON + MINUTE, [cause("site:uk")])
    world.at(NOON + HOUR, [cause("site:uk")])
    assert 1 == len(world.notifier.sent)


def test_two_processes_tell_once() -> None:
    """Whoever claims it first."""
    world = World()
    world.store.note_causes([cause("site:uk")], now=NOON)
    other = FakeNotifier()
    tell(world.store, other, kinds=KINDS, remind_every=DAY, now=NOON)
    world.at(NOON, [cause("site:uk")])

    assert (1, 0) == (len(other.sent), len(world.notifier.sent))


def test_a_crowd_is_cut() -> None:
    """Twenty lines, and how many more there are."""
    world = World()
    world.at(NOON, [cause(f"failed:{number}") for number in range(50)])
    _, body, _ = world.notifier.sent[0]

    assert 21 == len(body.splitlines())
    assert body.endswith("… and 30 more: `howdah status`")


def test_a_crowd_with_one_reason_is_one_line() -> None:
    """Shares of one account that are held for the same reason: one thing, and the commands for all of them."""
    world = World()
    held = [cause(f"held:{number}", stuck(f"uk/{number}", "6 new posts, more than max_burst")) for number in (4, 5, 6)]
    other = cause("held:7", stuck("uk/7", "nobody knows whether it was sent"))
    world.at(NOON, [*held, other])
    world.at(NOON + HOUR, [other])
    world.at(NOON + HOUR + MINUTE, [other])

    assert [
        (
            "howdah: 2 things need you",
            (
                "- 3 shares on fedi are held: 6 new posts, more than max_burst. `howdah list --state held --account "
                "fedi` shows them, `howdah retry --held --account fedi` tries them anew (since 2026-03-14 12:00 UTC)\n"
                "- uk/7 on fedi is held: nobody knows whether it was sent. `howdah retry uk/7` or `howdah skip uk/7` "
                "(since 2026-03-14 12:00 UTC)"
            ),
            "warning",
        ),
        (
            "howdah: solved",
            "- solved after 1 h: 3 shares on fedi are held: 6 new posts, more than max_burst",
            "success",
        ),
    ] == world.notifier.sent


def test_of_a_huge_crowd_only_some_are_counted() -> None:
    """There may be more than those that are told of."""
    world = World()
    world.at(NOON, [cause(f"failed:{number}", stuck(f"uk/{number}", "no", State.FAILED)) for number in range(1, 51)])

    assert world.notifier.sent[0][1].startswith("- 50 shares or more on fedi failed: no. `howdah list --state failed ")


def test_what_is_solved_is_told_again_where_nobody_took_it() -> None:
    """A minute later; a process that is killed in between loses it as little."""
    world = World()
    world.at(NOON, [cause("site:uk")])
    world.at(NOON + HOUR)
    world.notifier.deaf = 2
    assert 2 == len(world.at(NOON + HOUR + MINUTE))

    world.notifier.deaf = 0
    world.at(NOON + HOUR + 2 * MINUTE)
    assert ["howdah: 1 thing needs you", "howdah: solved"] == world.titles
    assert () == world.store.causes()


def keys(stage: Stage, *, free: int | None = None, rejected: str = "") -> set[str]:
    """What needs a person on a stage."""
    stage.store.room = free
    return {one.key for one in causes(stage, rejected=rejected)}


def causes(stage: Stage, *, rejected: str = "") -> tuple[Cause, ...]:
    """The same, with the words."""
    health = health_of(Configured(stage), stage.store, now=stage.clock.now())
    return causes_of(health, stage.store, rejected=rejected)


class TestCauses:
    """What needs a person."""

    def test_nothing(self) -> None:
        """Where all is well, and the disk has room."""
        stage = Stage()
        stage.first_look()

        assert set() == keys(stage, free=10**12)

    def test_what_helps_an_account(self) -> None:
        """A new token, unless the instance refuses one status after another though the token works."""
        stage = Stage()
        stage.first_look()
        share = stage.shared()
        told: list[Cause] = []
        for reason in (f"{REFUSES} (403): no", f"{WALLED} (403): no; the account itself works"):
            change = replace(changed(share), pause=Pause(until=stage.clock.now() + HOUR, reason=reason))
            share = stage.store.apply(share, change, now=stage.clock.now())
            told += causes(stage)
        refused, walled = told

        assert refused.text.endswith(". `howdah check` says more, `howdah login uk` gets a new token")
        assert walled.text.endswith("the account itself works. `howdah check` says more")

    def test_a_share_that_failed_or_is_held(self) -> None:
        """Each by itself, as long as it is so."""
        stage = Stage()
        stage.first_look()
        stage.publish()
        stage.collect()
        share = stage.share(1)
        failed = stage.store.apply(share, changed(share, state=State.FAILED, error="no"), now=NOON)

        assert {f"failed:{share.id}"} == keys(stage)

        stage.store.apply(failed, changed(failed, state=State.HELD), now=NOON)
        assert {f"held:{share.id}"} == keys(stage)

    def test_a_status_that_does_not_follow_its_post(self) -> None:
        """Until it does, or a person leaves it so."""
        stage = Stage()
        stage.first_look()
        share = stage.shared()
        share = stage.store.apply(share, changed(share, error="edit: refused (422)"), now=NOON)
        stage.store.note_causes([cause(f"edit:{share.id}")], now=NOON)

        assert {f"edit:{share.id}"} == keys(stage)
        stage.store.apply(share, changed(share, error=""), now=NOON)
        assert set() == keys(stage)

    def test_one_that_is_no_more_among_the_newest_is_still_one(self) -> None:
        """What was told of is asked for by itself."""
        stage = Stage()
        stage.first_look()
        stage.publish()
        stage.collect()
        share = stage.share(1)
        stage.store.apply(share, changed(share, state=State.FAILED), now=NOON)
        stage.store.note_causes([cause(f"failed:{share.id}")], now=NOON)

        assert {f"failed:{share.id}"} == keys(stage)

    def test_a_site_that_fails_or_is_silent(self) -> None:
        """Three failures in a row; or no look for an hour though one was due, unless it rests."""
        stage = Stage()
        stage.first_look()
        stage.clock.forward(HOUR + timedelta(minutes=5))
        assert {"queue:"} == keys(stage)

        stage.store.rest_site("uk", until=stage.clock.now() + DAY)
        assert set() == keys(stage)

        for _ in range(3):
            stage.store.look_failed("uk", error="down", next_look_at=stage.clock.now())
        assert set() == keys(stage)
        stage.store.rest_site("uk", until=None)
        assert {"site:uk"} == keys(stage)

    def test_an_account_that_a_person_has_to_mend(self) -> None:
        """Three pauses in a row."""
        stage = Stage()
        stage.first_look()
        stage.publish()
        stage.collect()
        share = stage.share(1)
        for _ in range(3):
            share = stage.store.apply(share, pause(share, length=DAY), now=stage.clock.now())

        assert "account:uk" in keys(stage)

    def test_a_queue_that_does_not_drain(self) -> None:
        """Due for an hour and not sent, though nothing is known that holds it up."""
        stage = Stage()
        stage.first_look()
        stage.publish()
        stage.collect()
        stage.clock.forward(timedelta(minutes=59))
        assert "oldest" not in keys(stage)

        stage.clock.forward(timedelta(minutes=2))
        assert "oldest" in keys(stage)

        stage.store.rest_account("uk", until=stage.clock.now() + DAY)
        assert "oldest" not in keys(stage)

    def test_a_queue_that_takes_long_because_its_owner_wants_it_so(self) -> None:
        """Is none, however many days it takes."""
        stage = Stage(account={"min_interval": timedelta(hours=20)})
        stage.first_look()
        for number in range(3):
            stage.publish(f"Post {number}")
        stage.collect()

        assert set() == keys(stage)

    def test_a_disk_that_is_nearly_full_and_a_config_that_was_rejected(self) -> None:
        """Both are said."""
        stage = Stage()
        stage.first_look()

        assert {"disk", "config"} == keys(stage, free=10**8, rejected="config.toml:3: url: is missing")

    def test_a_rejected_config_is_among_what_needs_a_person(self) -> None:
        """For `status` and the page, from the store: until it is mended."""
        stage = Stage()
        stage.first_look()
        rejected = replace(cause("config"), text="the config file was rejected: line 3")
        stage.store.note_causes([rejected], now=NOON)
        health = health_of(Configured(stage), stage.store, now=stage.clock.now())
        assert "the config file was rejected: line 3" == health.rejected

        stage.store.note_causes([], now=NOON)
        assert "" == health_of(Configured(stage), stage.store, now=stage.clock.now()).rejected
