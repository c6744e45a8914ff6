"""Signing in over real HTTP: the app, the page, the code, the token, and what instances do instead."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.errors import AccountBarredError, AccountUnavailableError, RefusedError
from bot.mastodon.sign_in import OUT_OF_BAND, SignIn
from bot.sandbox.mastodon import SandboxMastodon
from tests.sandbox.faults import Status
from tests.sandbox.oauth import approve

VERIFIER = "v" * 43
REDIRECT = "http://127.0.0.1:9/"


@pytest.fixture
def instance() -> Iterator[SandboxMastodon]:
    """A Mastodon of today with one account."""
    with SandboxMastodon() as mastodon:
        mastodon.add_account("uk")
        yield mastodon


@pytest.fixture
def sign_in(instance: SandboxMastodon) -> Iterator[SignIn]:
    """A sign-in there."""
    opened = SignIn(instance.url, timeout=timedelta(seconds=5), allow_private=True)
    yield opened
    opened.close()


def asked(address: str) -> dict[str, str]:
    """What the page is asked with."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_a_code_becomes_a_token(instance, sign_in):
    """With the least scopes, a proof, and the state that comes back."""
    app = sign_in.register(REDIRECT)
    address = sign_in.address(app, state="s1", verifier=VERIFIER)
    token = sign_in.trade(app, approve(address, username="uk"), verifier=VERIFIER)

    assert {"profile", "read:statuses", "write:media", "write:statuses"} == instance.tokens[token].scopes
    assert ("s1", "S256", REDIRECT) == tuple(
        asked(address)[name] for name in ("state", "code_challenge_method", "redirect_uri")
    )
    assert "howdah" == instance.apps[-1].name


def test_the_proof_is_checked(instance, sign_in):
    """A code that somebody else asked for is worth nothing."""
    app = sign_in.register(OUT_OF_BAND)
    code = approve(sign_in.address(app, state="s", verifier=VERIFIER), username="uk")

    with pytest.raises(RefusedError, match=r"^the code doesn't work, or doesn't any more \(.+\)$"):
        sign_in.trade(app, code, verifier="w" * 43)


def test_an_older_mastodon():
    """It has no metadata, no `profile` and no PKCE: read:accounts, and no proof that it would stumble over."""
    with SandboxMastodon(version="4.2.0") as instance:
        instance.add_account("uk")
        sign_in = SignIn(instance.url, timeout=timedelta(seconds=5), allow_private=True)
        app = sign_in.register(OUT_OF_BAND)
        address = sign_in.address(app, state="s", verifier=VERIFIER)
        token = sign_in.trade(app, approve(address, username="uk"), verifier=VERIFIER)
        sign_in.close()

    assert "read:accounts" in instance.tokens[token].scopes
    assert "code_challenge" not in asked(address)
    assert "code_verifier" not in instance.requests[-1].form


def test_scopes_that_are_refused_give_way(instance, sign_in):
    """Fine ones first, then the coarse."""
    instance.faults.add(match="POST /api/v1/apps", fault=Status(422), times=2)

    assert "read write" == sign_in.register(OUT_OF_BAND).scopes


def test_scopes_of_ones_own(instance, sign_in):
    """Who asks for exactly these gets these, or a no."""
    assert "write" == sign_in.register(OUT_OF_BAND, scopes="write").scopes
    with pytest.raises(RefusedError, match="Scopes doesn't match"):
        sign_in.register(OUT_OF_BAND, scopes="everything")


def test_no_redirect_is_followed(instance, sign_in):
    """Not with a code, not with a secret."""
    app = sign_in.register(OUT_OF_BAND)
    instance.faults.add(match="POST /oauth/token", fault=Status(307, headers={"Location": "http://127.0.0.1:9/token"}))

    with pytest.raises(AccountBarredError, match="redirects to"):
        sign_in.trade(app, "c0de", verifier=VERIFIER)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Status(503), AccountUnavailableError),
        (Status(404), RefusedError),
        (Status(200, body="<p>no API here</p>"), AccountUnavailableError),
        (Status(200, body=["what?"]), AccountUnavailableError),
    ],
    ids=["503", "404", "page", "nonsense"],
)
def test_no_app_without_an_answer(instance, sign_in, fault, error):
    """What an instance says instead comes out as a sentence with its name."""
    instance.faults.add(match="POST /api/v1/apps", fault=fault)

    with pytest.raises(error, match=r"127\.0\.0\.1"):
        sign_in.register(OUT_OF_BAND)


def test_a_client_that_is_not_known_any_more(instance, sign_in):
    """401 is said of the code, not of an account that isn't there yet."""
    app = sign_in.register(OUT_OF_BAND)
    instance.apps.clear()

    with pytest.raises(RefusedError, match="the code doesn't work"):
        sign_in.trade(app, "c0de", verifier=VERIFIER)
