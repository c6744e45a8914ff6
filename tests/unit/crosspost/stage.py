"""A context of fakes: one site, one account, a store and a clock that all stand still until a test moves them."""

from datetime import datetime, timedelta
from typing import Any

from bot.crosspost.collect import collect
from bot.crosspost.context import Context, Posting, Watched
from bot.crosspost.deliver import attend
from bot.domain.models import Attempt, MediaFile, Share, State
from bot.domain.policy import AccountPolicy, SitePolicy
from tests.fakes.account import FakeAccount
from tests.fakes.clock import FakeClock
from tests.fakes.fitter import FakeFitter
from tests.fakes.site import FakeSite
from tests.fakes.store import FakeStore
from tests.makers import NOON

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 16


class Stage:
    """Site "uk" feeds account "uk"; settle is 0 unless told."""

    def __init__(self, *, site: dict[str, Any] | None = None, account: dict[str, Any] | None = None) -> None:
        self.clock = FakeClock()
        self.site = FakeSite("uk", url="https://news.example")
        self.account = FakeAccount("uk", now=self.clock.now)
        self.fitter = FakeFitter()
        self.store = FakeStore()
        site_fields = {"settle": timedelta(0)} | (site or {})
        self.site_policy = SitePolicy(name="uk", accounts=("uk",), **site_fields)
        self.account_policy = AccountPolicy(name="uk", **(account or {}))
        self.context = self.context_of("this")
        instances = {name: posting.instance for name, posting in self.context.accounts.items()}
        self.store.note_addresses(sites={}, accounts=instances, now=self.clock.now())

    def context_of(self, owner: str) -> Context:
        """The context as a process of this name has it: same store, same world."""
        return Context(
            store=self.store,
            clock=self.clock,
            sites={"uk": Watched(site=self.site, policy=self.site_policy)},
            accounts={
                "uk": Posting(account=self.account, policy=self.account_policy, instance="https://social.example")
            },
            fitter=self.fitter,
            owner=owner,
            jitter=lambda: 0.0,
        )

    def first_look(self) -> None:
        """Look at the empty site, so that what comes is new; the account has one status of before."""
        self.account.write("Hello", at=NOON - timedelta(days=1))
        collect(self.context, "uk")
        self.pass_time(timedelta(minutes=2))

    def publish(self, title: str = "A post", *, at: datetime | None = None, **fields: Any) -> int:
        """Publish a post, now unless told."""
        return self.site.publish(title, at=at or self.clock.now(), **fields)

    def collect(self) -> tuple[Share, ...]:
        """Look at the site."""
        return collect(self.context, "uk")

    def attend(self) -> tuple[Share, ...]:
        """Attend to the account."""
        return attend(self.context, "uk")

    def shared(self, title: str = "A post", **fields: Any) -> Share:
        """Publish a post, collect and deliver it; its share as it is then."""
        post_id = self.publish(title, **fields)
        self.collect()
        self.attend()
        return self.share(post_id)

    def pass_time(self, duration: timedelta) -> None:
        """Let time pass."""
        self.clock.forward(duration)

    def share(self, post_id: int) -> Share:
        """The newest share of a post."""
        return self.store.shares(post_id=post_id)[0]

    def history(self, post_id: int) -> list[tuple[str, str]]:
        """What happened to a post's newest share: (step, outcome)."""
        return [(attempt.step, attempt.outcome) for attempt in self.attempts(post_id)]

    def attempts(self, post_id: int) -> tuple[Attempt, ...]:
        """The history of a post's newest share."""
        return self.store.attempts(self.share(post_id))

    def states(self) -> dict[int, State]:
        """The state of every post's newest share."""
        return {share.post_id: share.state for share in reversed(self.store.shares())}

    def links(self) -> list[str]:
        """The link in each status that was published by howdah, oldest first."""
        return [word for text in self.account.texts for word in text.split() if "://" in word]

    def picture(self) -> MediaFile:
        """A picture."""
        return MediaFile(data=PNG, mime_type="image/png")
