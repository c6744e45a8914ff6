"""Sites and their posts."""

from collections.abc import Collection, Mapping
from datetime import datetime

from msgspec.structs import replace

from bot.domain.models import FARTHEST, Share, SiteState, State
from bot.domain.selecting.plan import Plan
from bot.domain.text.links import normalise
from bot.errors import LeaseLostError
from tests.fakes.store.leases import release, runs, take
from tests.fakes.store.memory import Memory, one_at_a_time


class Sites(Memory):
    """Sites and their posts."""

    @one_at_a_time
    def sites(self, names: Collection[str]) -> tuple[SiteState, ...]:
        """Each of them."""
        return tuple(map(self.site, names))

    @one_at_a_time
    def remember_root(self, name: str, root: str) -> None:
        """Keep the root."""
        self._sites[name] = replace(self.site(name), root=root)

    @one_at_a_time
    def rest_site(self, site: str, *, until: datetime | None) -> None:
        """Keep it."""
        self._sites[site] = replace(self.site(site), rests_until=until)

    @one_at_a_time
    def seen(self, site: str, ids: Collection[int]) -> frozenset[int]:
        """Those that a look found."""
        return frozenset(number for number in ids if (site, number) in self._listed)

    @one_at_a_time
    def ids_by_link(self, site: str, links: Collection[str]) -> Mapping[str, int]:
        """By the normalised link."""
        known = {normalise(post.link): number for (name, number), post in sorted(self._posts.items()) if name == site}
        return {link: known[normalise(link)] for link in links if link and normalise(link) in known}

    @one_at_a_time
    def newest_seen(self, site: str, *, since: datetime, limit: int) -> tuple[int, ...]:
        """Sorted by date, newest first."""
        dated = [
            (post.published_at, post.id)
            for key, post in self._posts.items()
            if key in self._listed and key[0] == site and post.published_at is not None and post.published_at > since
        ]
        return tuple(number for _, number in sorted(dated, reverse=True)[:limit])

    @one_at_a_time
    def add(self, plan: Plan, *, now: datetime) -> tuple[Share, ...]:
        """Keep what isn't kept yet."""
        state = self.site(plan.site)
        if state.looked_at != plan.expected_looked_at:
            raise LeaseLostError("somebody else looked")
        self._sites[plan.site] = replace(
            state,
            looked_at=plan.looked_at,
            activated_at=state.activated_at or plan.activated_at,
            next_look_at=plan.next_look_at,
            failures=state.failures + 1 if plan.error else 0,
            error=plan.error,
        )
        return self._insert(plan, now=now)

    @one_at_a_time
    def look_failed(self, site: str, *, error: str, next_look_at: datetime) -> None:
        """Count the failure."""
        state = self.site(site)
        self._sites[site] = replace(state, failures=state.failures + 1, error=error, next_look_at=next_look_at)

    @one_at_a_time
    def end_wait(self, site: str, *, now: datetime) -> None:
        """Due now."""
        if self.site(site).failures:
            self._sites[site] = replace(self.site(site), next_look_at=now)
        for one in list(self._followed.values()):
            if one.error and one.next_check_at is not None and self._shares[one.share_id].site == site:
                self._followed[one.share_id] = replace(one, next_check_at=now)

    @one_at_a_time
    def due_sites(self, names: Collection[str], *, now: datetime) -> tuple[str, ...]:
        """Those never looked at first."""
        due_at = {name: self.site(name).next_look_at for name in names}
        due = [
            name
            for name, at in due_at.items()
            if (at is None or at <= now or at > now + FARTHEST)
            and self._is_free(name, now=now)
            and not self._site_rests(name, now=now)
        ]
        return tuple(sorted(due, key=lambda name: (due_at[name] is not None, due_at[name] or now, name)))

    @one_at_a_time
    def lease_site(self, site: str, *, owner: str, now: datetime, until: datetime) -> bool:
        """Take it, unless another's runs."""
        return take(self._site_leases, site, owner=owner, now=now, until=until)

    @one_at_a_time
    def release_site(self, site: str, *, owner: str) -> None:
        """Give it back."""
        release(self._site_leases, site, owner=owner)

    def _is_free(self, site: str, *, now: datetime) -> bool:
        return not runs(self._site_leases, site, now=now)

    @one_at_a_time
    def found_since(self, site: str, *, since: datetime) -> int:
        """How many posts were let through since then."""
        found = [one for one in self._shares.values() if one.site == site and one.created_at > since]
        looked_for = [one for one in found if one.number == 1 and not one.asked]
        let_through = [one for one in looked_for if one.state not in (State.HELD, State.SKIPPED)]
        return len({one.post_id for one in let_through if one.state is not State.SHARED or one.sent_at is not None})
