"""The store's file: made from a template, looked into beside the store's own methods, backed up and restored."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp

from msgspec.json import decode

from bot.domain.models import Status
from bot.store import SqlStore, open_store
from bot.store.database import Database

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# What is older when it is shared may not be followed to the end of a run.
_FOLLOWED_FOR = timedelta(days=26) // timedelta(milliseconds=1)
_MEMORY = Path("/dev/shm")  # where there is one, a database there costs no disk


@dataclass(frozen=True, slots=True)
class Row:
    """A share as it stands in the file. made: by the store's clock, in milliseconds since 1970."""

    id: int
    site: str
    post_id: int
    account: str
    number: int
    state: str
    made: int
    attempts: int
    error: str
    url: str


@dataclass(frozen=True, slots=True)
class Followed:
    """A share that is followed. known: the modification of its post that it follows, in milliseconds since 1970."""

    site: str
    post_id: int
    account: str
    url: str
    error: str
    known: int | None


class Ledger:
    """A store's file and the real store on it."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "howdah.db"
        self._backup = folder / "backup.db"
        shutil.copy(_template(), self._file)
        self.store = SqlStore(Database(f"sqlite:///{self._file}"))
        self._peek = sqlite3.connect(self._file, check_same_thread=False)

    def close(self) -> None:
        """Close every connection."""
        self._peek.close()
        self.store.close()

    def back_up(self) -> None:
        """Copy the file as it is now."""
        shutil.copy(self._file, self._backup)

    def restore(self) -> None:
        """Put the copy in the file's place."""
        self._peek.close()
        self._backup.replace(self._file)
        self._peek = sqlite3.connect(self._file, check_same_thread=False)

    def rows(self) -> list[Row]:
        """Every share."""
        query = "SELECT id, site, post_id, account, number, state, created_at, attempts, error, url FROM shares"
        return [Row(*row) for row in self._peek.execute(query)]

    def sent(self, account: str, key: str) -> list[tuple[str, Status | None, list[str], int]]:
        """The shares with this key: state, status, media ids, attempts."""
        query = "SELECT state, status, media_ids, attempts FROM shares WHERE account = ? AND idempotency_key = ?"
        return [
            (state, decode(status, type=Status) if status else None, json.loads(media_ids), attempts)
            for state, status, media_ids, attempts in self._peek.execute(query, (account, key))
        ]

    def listed(self, site: str) -> set[int]:
        """The posts that looks have found."""
        return {row[0] for row in self._peek.execute("SELECT post_id FROM posts WHERE site = ? AND listed", (site,))}

    def look_due(self, site: str) -> datetime:
        """When a look at a site comes due: no earlier than its lease runs out."""
        row = self._peek.execute(
            "SELECT next_look_at, lease_until, rests_until FROM sites WHERE name = ?", (site,)
        ).fetchone()
        return _instant(max(at or 0 for at in row) if row else 0)

    def work_due(self, account: str) -> datetime | None:
        """When an account may have something to do; None where it has nothing."""
        query = (
            "SELECT state, min(max(coalesce(next_attempt_at, 0), CASE state WHEN 'pending' THEN coalesce("
            "(SELECT rests_until FROM sites WHERE name = site), 0) ELSE 0 END)) FROM shares "
            "WHERE account = ? AND state IN ('pending', 'sending', 'unknown') GROUP BY state"
        )
        due = dict(self._peek.execute(query, (account,)))
        if not due:
            return None
        flying = [at for state, at in due.items() if state != "pending"]
        return _instant(max(min(flying) if flying else due["pending"], self._free_at(account)))

    def follow_due(self, account: str) -> datetime | None:
        """When a shared post of an account comes due for a look, if one does: no earlier than the account is free."""
        query = (
            "SELECT min(max(coalesce(next_check_at, 0), coalesce(rests_until, 0))) FROM shares "
            "JOIN posts USING (site, post_id) JOIN sites ON sites.name = site "
            "LEFT JOIN followed ON share_id = shares.id "
            "WHERE account = ? AND state = 'shared' AND status_id != '' AND status IS NOT NULL "
            "AND (share_id IS NULL OR next_check_at IS NOT NULL) "
            "AND coalesce(published_at, shares.created_at) > shares.created_at - ?"
        )
        due = self._peek.execute(query, (account, _FOLLOWED_FOR)).fetchone()[0]
        return None if due is None else _instant(max(due, self._free_at(account)))

    def followed(self, *, since: datetime) -> list[Followed]:
        """The shares that are followed still: of posts that were published after an instant."""
        query = (
            "SELECT shares.site, shares.post_id, account, url, shares.error, "
            "coalesce(followed.modified_at, post_modified_at) "
            "FROM shares JOIN posts USING (site, post_id) LEFT JOIN followed ON share_id = shares.id "
            "WHERE state = 'shared' AND status_id != '' AND status IS NOT NULL "
            "AND (share_id IS NULL OR next_check_at IS NOT NULL) AND coalesce(published_at, created_at) > ?"
        )
        return [Followed(*row) for row in self._peek.execute(query, (int(since.timestamp() * 1000),))]

    def write_due(self, site: str) -> datetime | None:
        """When something is to be written to a site; None where nothing is."""
        query = (
            "SELECT min(write_due_at) FROM shares JOIN sites ON name = site "
            "WHERE site = ? AND write_due_at >= write_back_since"
        )
        due = self._peek.execute(query, (site,)).fetchone()[0]
        return None if due is None else _instant(due)

    def open_notices(self) -> bool:
        """Whether a notice has still to be looked at."""
        return self._peek.execute("SELECT 1 FROM notices WHERE done_at IS NULL").fetchone() is not None

    def unwritten(self, site: str) -> set[int]:
        """The posts of which something is to be written to a site."""
        query = (
            "SELECT post_id FROM shares JOIN sites ON name = site WHERE site = ? AND write_due_at >= write_back_since"
        )
        return {row[0] for row in self._peek.execute(query, (site,))}

    def resting(self, site: str, account: str, *, now: datetime) -> list[str]:
        """Those of the two that a person lets rest now."""
        query = (
            "SELECT name FROM sites WHERE name = :site AND rests_until > :now "
            "UNION SELECT name FROM accounts WHERE name = :account AND rests_until > :now"
        )
        values = {"site": site, "account": account, "now": int(now.timestamp() * 1000)}
        return [row[0] for row in self._peek.execute(query, values)]

    def never_written(self, site: str) -> set[int]:
        """The posts with outcomes from before their owner wanted them written, by a clock that was set back."""
        query = (
            "SELECT post_id FROM shares JOIN sites ON name = site WHERE site = ? AND write_due_at < write_back_since"
        )
        return {row[0] for row in self._peek.execute(query, (site,))}

    def _free_at(self, account: str) -> int:
        columns = "paused_until, lease_until, rests_until"
        rest = self._peek.execute(f"SELECT {columns} FROM accounts WHERE name = ?", (account,)).fetchone() or ()  # noqa: S608 - our own columns
        return max((at or 0 for at in rest), default=0)

    def open_shares(self, *, before: datetime | None = None) -> list[tuple[str, int]]:
        """Site and post of what is pending, sending or unknown; of what waits, what is due before then, if told."""
        query = (
            "SELECT site, post_id FROM shares WHERE state IN ('sending', 'unknown') "
            "OR (state = 'pending' AND coalesce(next_attempt_at, 0) < coalesce(?, 1e15))"
        )
        ms = None if before is None else int(before.timestamp() * 1000)
        return [(str(site), int(post_id)) for site, post_id in self._peek.execute(query, (ms,))]


@contextmanager
def fresh_ledger() -> Iterator[Ledger]:
    """An empty store for one run."""
    folder = Path(mkdtemp(prefix="howdah-simulation-", dir=_MEMORY if _MEMORY.is_dir() else None))
    try:
        ledger = Ledger(folder)
        try:
            yield ledger
        finally:
            ledger.close()
    finally:
        shutil.rmtree(folder)


@lru_cache(maxsize=1)
def _template() -> Path:
    """A migrated, empty database; making one costs as much as several runs."""
    path = Path(mkdtemp(prefix="howdah-template-")) / "howdah.db"
    open_store(f"sqlite:///{path}").close()
    return path


def _instant(ms: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=ms)
