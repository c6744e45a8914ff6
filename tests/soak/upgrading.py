"""Upgrading a store of the first version while the process that does it is killed again and again.

`python -m tests.soak.upgrading` does it with a million shares and fifty kills; exit code 1 where anything was lost.
"""

import argparse
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing, suppress
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

import bot.store

MIGRATIONS = Path(bot.store.__file__).parent / "migrations"
FIRST = "0001"
_OPEN = "import sys; from bot.store import open_store; open_store(sys.argv[1]).close()"
_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
_POSTS = """
    INSERT INTO posts SELECT 'uk', i, 'https://news.example/' || i || '/', 'news.example/' || i, 'Post ' || i,
        i * 60000, i * 60000, i * 60000, 1 FROM n
"""
_SHARES = """
    INSERT INTO shares (id, site, post_id, account, number, state, by_hand, text_override, sent_link, url, error,
        status_id, attempts, failures, unanswered, absences, media_failures, unread, idempotency_key, media_ids,
        created_at, updated_at)
    SELECT i, 'uk', i, 'uk', 1, CASE WHEN i % 100 = 0 THEN 'failed' ELSE 'shared' END, 0, '', '',
        'https://social.example/@uk/' || i, '', '' || i, 1, 0, 0, 0, 0, 0, 'key-' || i, '[]',
        i * 60000, i * 60000 FROM n
"""
_ATTEMPTS = """
    INSERT INTO attempts (share_id, account, at, step, outcome, detail)
    SELECT i, 'uk', i * 60000, 'publish', 'shared', '' FROM n
"""


def make_first(file: Path, *, shares: int) -> None:
    """A store as the first version left it, with so many shares; every hundredth failed."""
    engine = create_engine(f"sqlite:///{file}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, FIRST)
    engine.dispose()
    with closing(sqlite3.connect(file)) as connection:
        for statement in (_POSTS, _SHARES, _ATTEMPTS):
            table, rows = statement.split("SELECT", 1)
            connection.execute(f"{table} {_NUMBERS.format(count=shares)} SELECT {rows}")
        connection.commit()
    file.chmod(0o600)


def upgrade(file: Path, *, kills: int, chance: random.Random) -> float:
    """Upgrade a store of the first version, killed so often before it was done; how long one takes that isn't, in s.

    Where an upgrade was done before its kill came, the next begins with the first version again: each kill hits one.
    """
    first = file.with_suffix(".first")
    shutil.copyfile(file, first)
    seconds = _seconds_of_an_upgrade(file)
    for _ in range(kills):
        while not _is_killed(file, after=chance.uniform(0.2, 1.0) * seconds):
            shutil.copyfile(first, file)
    first.unlink()
    subprocess.run([sys.executable, "-c", _OPEN, f"sqlite:///{file}"], check=True)
    return seconds


def _is_killed(file: Path, *, after: float) -> bool:
    """Begin an upgrade and kill it after so many seconds; False where it was done before."""
    process = subprocess.Popen([sys.executable, "-c", _OPEN, f"sqlite:///{file}"])
    with suppress(subprocess.TimeoutExpired):
        process.wait(after)
    unfinished = process.poll() is None
    process.kill()
    process.wait()
    return unfinished


def faults(file: Path, *, shares: int) -> list[str]:
    """What isn't as it has to be in an upgraded store."""
    with closing(sqlite3.connect(file)) as connection:
        found = {
            "integrity": connection.execute("PRAGMA integrity_check").fetchone()[0],
            "posts": connection.execute("SELECT count(*) FROM posts").fetchone()[0],
            "shares": connection.execute("SELECT count(*) FROM shares").fetchone()[0],
            "attempts": connection.execute("SELECT count(*) FROM attempts").fetchone()[0],
            "counted": dict(connection.execute("SELECT state, number FROM share_counts")),
            "strangers": connection.execute("PRAGMA foreign_key_check").fetchall(),
        }
    failed = shares // 100
    wanted = {
        "integrity": "ok",
        "posts": shares,
        "shares": shares,
        "attempts": shares,
        "counted": {"failed": failed, "shared": shares - failed},
        "strangers": [],
    }
    return [f"{name}: {found[name]} instead of {wanted[name]}" for name in wanted if found[name] != wanted[name]]


def _seconds_of_an_upgrade(file: Path) -> float:
    """How long one takes that nobody kills, on a copy."""
    copy = file.with_suffix(".copy")
    shutil.copyfile(file, copy)
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", _OPEN, f"sqlite:///{copy}"], check=True)
    copy.unlink()
    return time.monotonic() - started


def main() -> int:
    """Do it, and tell what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak.upgrading", description=__doc__)
    parser.add_argument("--shares", type=int, default=1_000_000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="howdah-upgrade-") as folder:
        file = Path(folder) / "howdah.db"
        make_first(file, shares=asked.shares)
        seconds = upgrade(file, kills=asked.kills, chance=random.Random(asked.seed))
        wrong = faults(file, shares=asked.shares)
    sys.stdout.write(
        f"{asked.shares} shares, {seconds:.1f} s unharmed, {asked.kills} kills within the upgrade: {wrong or 'whole'}\n"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
