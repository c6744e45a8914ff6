"""The page on this machine that the browser comes back to."""

import http.client
from urllib.parse import urlsplit

import pytest

from bot.cli.commands.login_steps import Loopback, listening
from bot.errors import RefusedError


def get(page: Loopback, target: str) -> tuple[int, str]:
    """What a browser is answered."""
    connection = http.client.HTTPConnection(urlsplit(page.redirect_uri).netloc, timeout=5)
    connection.request("GET", target)
    answer = connection.getresponse()
    said = answer.status, answer.read().decode()
    connection.close()
    return said


def test_the_code_comes_with_the_state():
    """Once it is there, it is had at once."""
    with listening(state="s1") as page:
        code, said = get(page, "/?code=c0de&state=s1")

        assert (200, "c0de") == (code, page.code(within=5))
        assert "close this window" in said
        assert "c0de" not in said


@pytest.mark.parametrize("target", ["/?code=c0de", "/?code=c0de&state=s2", "/favicon.ico", "/x?code=c0de&state=s1"])
def test_what_anybody_else_brings_is_no_answer(target):
    """Another state, or none, or another page: it is waited on."""
    with listening(state="s1") as page:
        code, _ = get(page, target)

        assert code in (400, 404)
        with pytest.raises(RefusedError, match="nobody came back"):
            page.code(within=0.01)


@pytest.mark.parametrize(
    ("brought", "said"),
    [
        ("error=access_denied", "wasn't agreed to"),
        ("", "wasn't agreed to"),
        ("error=invalid_scope&error_description=Unknown%20scope", "the instance refused it: Unknown scope"),
        ("error=server_error", "the instance refused it: server_error"),
    ],
)
def test_no_code(brought, said):
    """A person said no, or the instance did: that is told apart, in the terminal."""
    with listening(state="s1") as page:
        code, shown = get(page, f"/?{brought}&state=s1")

        assert (200, True) == (code, "go back to the terminal" in shown)
        with pytest.raises(RefusedError, match=said):
            page.code(within=5)
