"""From an empty folder to the first status, as the README has it, and moving in from another tool: real servers."""

import subprocess
import time
from pathlib import Path

import pytest

from tests.e2e.howdah import ACCOUNT, COMMAND, PATIENCE, SITE, Howdah
from tests.e2e.instance import Instance
from tests.e2e.servers.snac import Snac
from tests.e2e.servers.wordpress import Draft, WordPress

pytestmark = pytest.mark.e2e

TWO_MINUTES = 120.0


def test_two_minutes_to_the_first_status(tmp_path: Path, wordpress: WordPress, snac: Snac, on_snac: Instance) -> None:
    """`init`, then `share` with the newest post, as `init` says at its end."""
    [made] = wordpress.publish(Draft(title="The first one"))
    (tmp_path / "my.token").touch(mode=0o600)
    (tmp_path / "my.token").write_text(snac.token)
    begun = time.monotonic()

    options = ["--site", wordpress.url, "--instance", snac.url, "--token-file", "my.token", "--allow-private"]
    said = _howdah(tmp_path, "init", "--yes", "--name", "blog", *options)
    command = next(line for line in said.splitlines() if "howdah share" in line).rpartition("howdah ")[2]
    _howdah(tmp_path, *command.split())

    assert time.monotonic() - begun < TWO_MINUTES
    assert "The first one" in said
    assert 1 == len(on_snac.about(made.link))
    assert "✓" in _howdah(tmp_path, "check")


def test_what_stands_on_the_account_is_adopted(wordpress: WordPress, howdah: Howdah, on_snac: Instance) -> None:
    """Another howdah, which knows nothing, adopts it from snac's own listing, and refuses to share it again."""
    made = wordpress.publish(Draft(title="Adopted", date_gmt="2020-03-01 12:00:00"), Draft(title="Also adopted"))
    for one in made:
        howdah.run("share", one.link)
    (howdah.folder / "howdah.db").rename(howdah.folder / "before.db")
    adopted = howdah.run("adopt", SITE, "--json")

    assert (0, True) == (adopted.code, adopted.lines[0]["done"]), adopted.err
    assert 2 <= adopted.lines[0]["marked"]
    for one in made:
        again = howdah.run("share", one.link)
        [posted] = on_snac.about(one.link)
        assert (1, True) == (again.code, posted.url in again.err)
    assert ACCOUNT in adopted.out


def _howdah(folder: Path, *arguments: str) -> str:
    """What a command that must go well says."""
    done = subprocess.run(
        [COMMAND, *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert 0 == done.returncode, done.stdout + done.stderr
    return done.stdout
