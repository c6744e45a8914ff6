"""`howdah demo`: from a post to its status on this machine alone, with the real daemon in the middle.

A small WordPress publishes, a small Mastodon takes what comes, and what happens is told line by line. One post was
shared already, one is protected, and one status's answer gets lost on its way back.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.terminal.output import say

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator

    from bot.cli.commands.demo_story import Story
    from bot.config import Config
    from bot.daemon import Daemon
    from bot.sandbox.mastodon import SandboxMastodon
    from bot.sandbox.wordpress import SandboxWordPress

SITE = "gazette"
ACCOUNT = "gazette"
# So many statuses are answered before one answer gets lost.
_ANSWERED = 1
# What a browser may call this machine; a page of another site can't have its own name mean the demo's servers.
_NAMES = ("127.0.0.1", "localhost")

_CONFIG = """\
[state]
url = "sqlite:///howdah.db"

[sites.{site}]
url = "{wordpress}"
accounts = ["{account}"]
poll_every = "1s"
settle = "300ms"
allow_private = true

[accounts.{account}]
instance = "{mastodon}"
token_file = "gazette.token"
allow_private = true
timeout = "5s"
answer_deadline = "2s"
backoff = "1s"
"""

_GO_ON = """\
To go on with your own site and account:
  1. howdah init     asks for the site and the instance, and makes the config
  2. howdah check    says what works and what doesn't
  3. howdah run      watches the site and shares what is new"""


@click.command()
@click.option("--once", is_flag=True, help="End when all is shared, instead of running until Ctrl-C.")
def demo(*, once: bool) -> None:
    """Show how it works, on this machine alone.

    A small WordPress and a small Mastodon run on loopback, the real daemon between them, all in a temporary folder.
    Every status is printed with its url, which opens in a browser while the demo runs.

    \b
    howdah demo
    howdah demo --once
    """
    import tempfile
    from concurrent.futures import ThreadPoolExecutor

    from bot.cli.commands.demo_story import Story
    from bot.sandbox.faults import LoseAnswer
    from bot.wiring import open_store

    with (
        tempfile.TemporaryDirectory(prefix="howdah-demo-") as folder,
        _servers() as (site, instance),
        ThreadPoolExecutor(1, "story") as pool,
    ):
        token = instance.add_account(ACCOUNT, display_name="The Demo Gazette")
        shared_before = _by_the_plugin(instance, token)
        instance.faults.add(match="POST /api/v1/statuses", fault=LoseAnswer(), skip=_ANSWERED, times=1)
        config = _config(Path(folder), site, instance, token=token)
        say(_opening(site, instance))
        click.echo(f"  {_command()} list --config {config.path}\n")  # in one piece, to be copied
        with open_store(config) as store:
            daemon, stop = _daemon(config)
            story = Story(site=site, store=store, stop=stop, name=SITE, shared_before=shared_before)
            told = pool.submit(_tell, story, daemon, once=once)
            try:
                daemon.run()
            finally:
                stop.set()
            told.result()
    say("Stopped; the temporary folder is gone.")


@contextmanager
def _servers() -> Iterator[tuple[SandboxWordPress, SandboxMastodon]]:
    from bot.sandbox.mastodon import SandboxMastodon
    from bot.sandbox.wordpress import SandboxWordPress

    with (
        SandboxWordPress(title="The Demo Gazette", timezone="Europe/London", plugin=True) as site,
        SandboxMastodon(linked="all") as instance,
    ):
        for server in (site, instance):
            port = server.origin.rpartition(":")[2]
            server.hosts = frozenset(f"{name}:{port}" for name in _NAMES)
        yield site, instance


def _by_the_plugin(instance: SandboxMastodon, token: str) -> str:
    """Publish a status as WordPress' own plugin did it before howdah came; its url."""
    import httpx

    status = {"status": "Night boats come in more quietly now: pilots dim their lamps."}
    with httpx.Client(trust_env=False, headers={"Authorization": f"Bearer {token}"}) as client:
        return str(client.post(f"{instance.url}/api/v1/statuses", data=status).json()["url"])


def _config(folder: Path, site: SandboxWordPress, instance: SandboxMastodon, *, token: str) -> Config:
    """A config as anyone would write it, with its token file, loaded."""
    from bot.cli import redaction
    from bot.config import load

    redaction.remember(token)
    token_file = folder / "gazette.token"
    token_file.touch(mode=0o600)
    token_file.write_text(token)
    path = folder / "config.toml"
    path.write_text(_CONFIG.format(site=SITE, account=ACCOUNT, wordpress=site.url, mastodon=instance.url))
    return load(path)


def _opening(site: SandboxWordPress, instance: SandboxMastodon) -> str:
    return f"""\
This is howdah's demo: a small WordPress and a small Mastodon on this machine,
and the real daemon that shares the one's posts on the other. Nothing leaves it.
  WordPress  {site.url}/
  Mastodon   {instance.url}/@{ACCOUNT}
Open the addresses in a browser while it runs; Ctrl-C ends it. To ask howdah
what it knows, from a second terminal:"""


def _command() -> str:
    """How howdah is called from anywhere: by its file, or by Python's where it has none."""
    import shlex
    import sys

    file = Path(sys.argv[0]).absolute()
    return shlex.quote(str(file)) if file.name == "howdah" else f"{shlex.quote(sys.executable)} -m bot"


def _daemon(config: Config) -> tuple[Daemon, threading.Event]:
    import threading

    from bot.cli.session import tokens
    from bot.daemon import Daemon
    from bot.wiring import open_context

    stop = threading.Event()
    return Daemon(lambda: open_context(config, stop=stop, token_of=tokens(config)), stop=stop), stop


def _tell(story: Story, daemon: Daemon, *, once: bool) -> None:
    """Tell the story to its end; then end the demo, or leave it to be looked at."""
    ended = False
    try:
        ended = story.tell()
        if ended:
            say(f"\n{_GO_ON}\n")
    finally:
        if once or not ended:
            daemon.stop()
    if ended and not once:
        say("All is shared. The pages stay until Ctrl-C ends the demo.")
