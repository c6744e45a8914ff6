"""Signing in at a real snac: the token that comes of it publishes."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.e2e.howdah import ACCOUNT, PATIENCE, Howdah
from tests.e2e.servers.snac import Snac

pytestmark = pytest.mark.e2e


@contextmanager
def signing_in(howdah: Howdah, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A `howdah login` that has printed where to agree: its process, and that address."""
    pipe = subprocess.PIPE
    command = howdah.command("login", ACCOUNT, *options)
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        yield process, next(line.strip() for line in process.stdout if line.startswith("http"))
        process.kill()


def test_the_browser_comes_back(howdah: Howdah, snac: Snac) -> None:
    """The server sends the person to the page on this machine, and the new token works."""
    with signing_in(howdah) as (process, address):
        httpx.get(snac.approve(address).headers["location"]).raise_for_status()
        out, err = process.communicate(timeout=PATIENCE)

    assert 0 == process.returncode, err
    assert "signed in as @howdah" in out
    assert 0 == howdah.run("check").code


def test_the_code_is_pasted(howdah: Howdah, snac: Snac) -> None:
    """The server shows it on a page."""
    with signing_in(howdah, "--paste") as (process, address):
        shown = snac.approve(address).text
        code = max(re.findall(r"[0-9a-f]{16,}", shown), key=len)
        out, err = process.communicate(f"{code}\n", timeout=PATIENCE)

    assert 0 == process.returncode, err + shown
    assert "signed in as @howdah" in out
