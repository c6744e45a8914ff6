"""`howdah login` with a person at a small Mastodon."""

import http.client
import re
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.integration.cli.conftest import ACCOUNT, PATIENCE, Howdah
from tests.sandbox.oauth import approve


@contextmanager
def signing_in(howdah: Howdah, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A `howdah login` that has printed where to agree: its process, and that address."""
    process = subprocess.Popen(
        howdah.command("login", ACCOUNT, *options),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        address = next(line.strip() for line in process.stdout if line.startswith("http"))
        yield process, address
    finally:
        process.kill()
        process.communicate()


def test_a_pasted_code(howdah, mastodon):
    """Makes a token with the least scopes, in a file that its owner alone can read; the old one is gone."""
    before = howdah.token_file.read_text()
    with signing_in(howdah, "--paste") as (process, address):
        out, err = process.communicate(f"{approve(address, username=ACCOUNT)}\n", PATIENCE)

    token = howdah.token_file.read_text().strip()
    assert 0 == process.returncode, err
    assert f"signed in as @{ACCOUNT}" in out
    assert token not in out + err
    assert token != before
    assert 0o600 == stat.S_IMODE(howdah.token_file.stat().st_mode)
    assert "profile" in mastodon.tokens[token].scopes
    assert howdah.run("check").code == 0


def test_somebody_elses_account(howdah, mastodon, wordpress):
    """The token is kept; that posts go elsewhere from now on is said, and only where they do."""
    howdah.run("share", str(wordpress.publish(title="Before")))
    mastodon.add_account("stranger")
    said = []
    for username in (ACCOUNT, "stranger"):
        with signing_in(howdah, "--paste") as (process, address):
            said.append(process.communicate(f"{approve(address, username=username)}\n", PATIENCE)[1])

    assert "warning" not in said[0]
    assert f"isn't @stranger's: from now on its posts go to @stranger. `howdah login {ACCOUNT}` signs in" in said[1]


def test_a_browser_that_comes_back(howdah, mastodon):
    """Only with the state that it was sent away with."""
    with signing_in(howdah) as (process, address):
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = approve(address, username=ACCOUNT)
        answers = [come_back(asked["redirect_uri"], code=code, state=state) for state in ("x", asked["state"])]
        out, err = process.communicate(timeout=PATIENCE)

    assert [400, 200] == answers
    assert 0 == process.returncode, err
    assert howdah.token_file.read_text().strip() in mastodon.tokens
    assert re.search("signed in as @", out)


def come_back(redirect_uri: str, **query: str) -> int:
    """What the browser is answered."""
    connection = http.client.HTTPConnection(urlsplit(redirect_uri).netloc, timeout=PATIENCE)
    connection.request("GET", f"/?{urlencode(query)}")
    status = connection.getresponse().status
    connection.close()
    return status


def test_a_wrong_code(howdah):
    """Exit code 1, and the old token stays."""
    before = howdah.token_file.read_text()
    with signing_in(howdah, "--paste") as (process, _):
        _, err = process.communicate("n0code\n", PATIENCE)

    assert (1, before) == (process.returncode, howdah.token_file.read_text())
    assert "the code doesn't work" in err


def test_a_token_that_is_kept_elsewhere(howdah):
    """Exit code 2, with the line of the config and what to do, before anything is asked."""
    howdah.set(f"accounts.{ACCOUNT}", {"token_file": "x", "token_env": "HOWDAH_TOKEN"})
    howdah.config.write_text(howdah.config.read_text().replace('token_file = "x"\n', ""))
    done = howdah.run("login", ACCOUNT)

    assert (2, "") == (done.code, done.out)
    assert f'token_file = "{ACCOUNT}.token"' in done.err
