"""`howdah db`: the state store as a whole: backed up into one file, and restored from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.cli.session import Session, pass_session
from bot.cli.terminal.output import say, say_json
from bot.report.json_lines import Json, instant
from bot.report.wording import counted

if TYPE_CHECKING:
    from bot.store.backup import Contents


@click.group()
def db() -> None:
    """Back up the state store, or restore a backup.

    A backup is one SQLite file, whatever the database. That is how a store
    moves from SQLite to PostgreSQL, too: back it up, change state.url, restore.

    \b
    howdah db backup howdah-2026-11-22.db
    howdah db restore howdah-2026-11-22.db
    """


@db.command()
@click.argument("file", metavar="FILE")
@click.option("--force", is_flag=True, help="Replace FILE where it exists.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object that says what is in the backup.")
@pass_session
def backup(session: Session, file: str, *, force: bool, as_json: bool) -> None:
    """Copy the state store into FILE, while howdah runs.

    The copy is the store as it was at one moment, and only its owner can read
    it. FILE appears once it is whole, checked and on the disk. Tokens and the
    config aren't in it.

    \b
    howdah db backup howdah-2026-11-22.db
    """
    from pathlib import Path

    from bot.store.backup import back_up

    config = session.config()
    path = Path(file)
    contents = back_up(config.state.url, path, replace=force)
    if as_json:
        say_json({"file": str(path)} | _object(contents))
    elif not session.quiet:
        say(f"{path}: {_words(contents)}")


@db.command()
@click.argument("file", metavar="FILE")
@click.option("--force", is_flag=True, help="Drop what the state store knows, where it knows any post.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object that says what was in the backup.")
@pass_session
def restore(session: Session, file: str, *, force: bool, as_json: bool) -> None:
    """Let the state store be as it was when FILE was made.

    What was shared since isn't shared again: howdah reads each account's own
    statuses before it sends anything. A daemon may run meanwhile, and goes on
    with the restored store. All of it is restored, or nothing.

    \b
    howdah db restore howdah-2026-11-22.db
    """
    from pathlib import Path

    from bot.store.restore import restore as put_back

    config = session.config()
    path = Path(file)
    contents = put_back(config.state.url, path, replace=force)
    if as_json:
        say_json({"file": str(path)} | _object(contents))
    elif not session.quiet:
        say(f"restored {path}: {_words(contents)}. The accounts are read before anything is sent")


def _object(contents: Contents) -> Json:
    return {
        "posts": contents.posts,
        "shares": contents.shares,
        "newest_share_at": instant(contents.newest_share_at),
        "bytes": contents.size,
    }


def _words(contents: Contents) -> str:
    newest = contents.newest_share_at
    share = f", the newest of {newest:%Y-%m-%d %H:%M:%S} UTC" if newest else ""
    return f"{counted(contents.posts, 'post')}, {counted(contents.shares, 'share')}{share}"
