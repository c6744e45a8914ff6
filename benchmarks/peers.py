"""Other tools that post to Mastodon, from PyPI, each in a virtual environment of its own in the user's cache folder.

They read the stage's feed, with the same texts and as little else switched on as howdah has.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import PYTHON
from benchmarks.stage import POST_TEXT, Stage


class MissingPeerError(Exception):
    """A peer can't be had on this machine; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A tool: what pip installs, and how it is called once its config is written into the stage's folder."""

    name: str
    version: str
    configure: Callable[[Stage], list[str]]

    @property
    def title(self) -> str:
        """Its name and version."""
        return f"{self.name} {self.version}"

    def command(self, here: Stage) -> list[str]:
        """Write its config for this stage; the command of one pass. MissingPeerError where it can't be installed."""
        program, *arguments = self.configure(here)
        return [str(self._installed() / "bin" / program), *arguments]

    def _installed(self) -> Path:
        folder = _cache() / f"{self.name}-{self.version}"
        if not (folder / "done").exists():
            shutil.rmtree(folder, ignore_errors=True)
            pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", f"{self.name}=={self.version}"]
            for command in ([PYTHON, "-m", "venv", str(folder)], pip):
                done = subprocess.run(command, check=False, capture_output=True, text=True)
                if done.returncode:
                    raise MissingPeerError(f"can't be installed here: {done.stderr.strip().splitlines()[-1]}")
            (folder / "done").touch()
        return folder


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "howdah-benchmarks"


def _feed2toot(here: Stage) -> list[str]:
    text = POST_TEXT.format(title="{title}", excerpt="{summary}", link="{link}").replace("\n", "\\n")
    (here.folder / "feed2toot.client").write_text("id\nsecret\n")
    (here.folder / "feed2toot.ini").write_text(
        f"[mastodon]\ninstance_url={here.instance}\nuser_credentials={here.token}\n"
        f"client_credentials={here.folder}/feed2toot.client\n"
        f"[cache]\ncachefile={here.folder}/feed2toot.db\ncache_limit=10000\n"
        f"[lock]\nlock_file={here.folder}/feed2toot.lock\n"
        f"[rss]\nuri={here.feed}\ntoot={text}\n"
    )
    return ["feed2toot", "--config", str(here.folder / "feed2toot.ini"), "--limit", "10000"]


def _feediverse(here: Stage) -> list[str]:
    config = {
        "name": "bench",
        "url": here.instance,
        "client_id": "bench",
        "client_secret": "bench",
        "access_token": here.token,
        "feeds": [
            {
                "url": here.feed,
                "template": POST_TEXT.format(title="{title}", excerpt="{summary}", link="{link}") + "\n\n{hashtags}",
                "include_images": False,
            }
        ],
    }
    (here.folder / "feediverse.yaml").write_text(json.dumps(config))  # JSON is YAML
    return ["feediverse", "--config", str(here.folder / "feediverse.yaml")]


def _feed2fedi(here: Stage) -> list[str]:
    config = {
        "feeds": [{"url": here.feed, "max_attachments": 0, "post_videos": False}],
        "fedi_instance": here.instance,
        "fedi_access_token": here.token,
        "cache_max_age": 30,
        "cache_db_path": f"{here.folder}/feed2fedi.sqlite",
        "bot_post_media": False,
        "bot_post_visibility": "public",
        "bot_post_template": POST_TEXT.format(title="{title}", excerpt="{content_plaintext}", link="{link}"),
    }
    (here.folder / "feed2fedi.json").write_text(json.dumps(config))
    return ["feed2fedi", "--config-file", str(here.folder / "feed2fedi.json")]


PEERS = (
    Peer(name="feed2toot", version="0.17", configure=_feed2toot),
    Peer(name="feediverse", version="0.4.1", configure=_feediverse),
    Peer(name="feed2fedi", version="3.5.0", configure=_feed2fedi),
)
