"""What a soak does: how many daemons and posts, which instance, which store, and what befalls the daemons."""

from dataclasses import dataclass

from bot.sandbox.mastodon_base import Idempotency


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One soak.

    Args:
        name: what it is called on the command line.
        sites: how many sites there are; posts appear on all of them.
        accounts: how many accounts each site has of its own; each post of the site is shared on all of these.
        posts: how many are written on all sites together.
        posts_a_kill: the author writes on as the daemons are killed, and they are killed at least once for so many.
        idempotency: what the instance does with a repeated key (bot/sandbox/mastodon.py). Without keys ("none")
            nothing but howdah itself keeps a status from being published twice.
        hands: how many people run `howdah share` meanwhile, one post after the other.
        freezes: which part of the interruptions are a SIGSTOP that outlasts the lease, instead of a SIGKILL.
        state: the store's URL; '' for an SQLite file of the run's own.
    """

    name: str
    daemons: int = 1
    sites: int = 4
    accounts: int = 1
    posts: int = 1000
    posts_a_kill: int = 5
    idempotency: Idempotency = "1h"
    hands: int = 0
    freezes: float = 0.0
    state: str = ""


SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario(name="one"),
        Scenario(name="keyless", idempotency="none"),
        Scenario(name="two", daemons=2, idempotency="none"),
        Scenario(name="by-hand", daemons=2, hands=1, idempotency="none"),
        Scenario(name="frozen", daemons=2, freezes=0.2, posts=300, idempotency="none"),
        # Several machines: give it a PostgreSQL with --state.
        Scenario(name="cluster", daemons=3, sites=20, posts=500, posts_a_kill=10, freezes=0.2, idempotency="none"),
    )
}
