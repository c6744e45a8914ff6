"""What is to be written to the sites."""

from collections.abc import Collection
from datetime import datetime

from msgspec.structs import replace

from bot.domain.models import LONGEST_PUT_OFF, DueWrite
from tests.fakes.store.memory import Memory, one_at_a_time


class WriteBacks(Memory):
    """What is to be written to the sites."""

    @one_at_a_time
    def note_write_back(self, names: Collection[str], *, now: datetime) -> None:
        """Note which sites are written to, and since when."""
        for name in self._write_back_since.keys() - set(names):
            self._sites[name] = replace(self.site(name), write_failures=0, write_error="")
        self._write_back_since = {name: self._write_back_since.get(name, now) for name in names}

    @one_at_a_time
    def sites_to_write(self, names: Collection[str], *, now: datetime) -> frozenset[str]:
        """Those that have something due."""
        return frozenset(name for name in names if self.due_writes(name, now=now, limit=1))

    @one_at_a_time
    def due_writes(self, site: str, *, now: datetime, limit: int) -> tuple[DueWrite, ...]:
        """Posts whose field is to be written, those that wait longest first."""
        since = self._write_back_since.get(site)
        due = {
            number: (at, failures)
            for number, (at, failures) in sorted(self._writes.items())
            if since is not None and since <= at and not now < at <= now + LONGEST_PUT_OFF
            if self._shares[number].site == site
        }
        posts: dict[int, list[int]] = {}
        for number in due:
            posts.setdefault(self._shares[number].post_id, []).append(number)
        writes = [
            DueWrite(
                site=site,
                post_id=post,
                failures=max(due[number][1] for number in numbers),
                marks=tuple((number, due[number][0]) for number in numbers),
            )
            for post, numbers in posts.items()
        ]
        return tuple(sorted(writes, key=lambda write: (min(at for _, at in write.marks), write.post_id))[:limit])

    @one_at_a_time
    def end_write(self, write: DueWrite) -> None:
        """Nothing more is to be written of this."""
        for number, at in write.marks:
            if self._writes.get(number, (None, 0))[0] == at:
                del self._writes[number]

    @one_at_a_time
    def put_off_write(self, write: DueWrite, *, until: datetime) -> None:
        """A write that came to nothing is due again then."""
        for number, at in write.marks:
            if self._writes.get(number, (None, 0))[0] == at:
                self._writes[number] = (until, write.failures + 1)

    @one_at_a_time
    def note_writing(self, site: str, *, error: str) -> None:
        """Count."""
        state = self.site(site)
        self._sites[site] = replace(state, write_failures=state.write_failures + 1 if error else 0, write_error=error)
