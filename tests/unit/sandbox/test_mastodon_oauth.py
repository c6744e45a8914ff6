"""Apps, codes and tokens of the sandbox's Mastodon."""

import base64
import hashlib
import re
import urllib.parse
from typing import Any

import pytest

from bot.sandbox.mastodon import SandboxMastodon
from bot.sandbox.mastodon_base import OOB
from tests.sandbox.oauth import approve
from tests.unit.sandbox.client import HandClock, Reply, call

SCOPES = "profile read:statuses write:statuses write:media"


def _register(instance: SandboxMastodon, **fields: str) -> Reply:
    form = {"client_name": "howdah", "redirect_uris": OOB, "scopes": SCOPES, "website": "https://a.example"} | fields
    return call(f"{instance.url}/api/v1/apps", "POST", form=form)


def _ask(app: dict[str, Any], **fields: str) -> dict[str, str]:
    return {
        "response_type": "code",
        "client_id": app["client_id"],
        "redirect_uri": OOB,
        "scope": SCOPES,
    } | fields


def _trade(instance: SandboxMastodon, app: dict[str, Any], code: str, **fields: str) -> Reply:
    form = {
        "grant_type": "authorization_code",
        "client_id": app["client_id"],
        "client_secret": app["client_secret"],
        "redirect_uri": OOB,
        "code": code,
    }
    return call(f"{instance.url}/oauth/token", "POST", form=form | fields)


def _address(instance: SandboxMastodon, asked: dict[str, str]) -> str:
    return f"{instance.url}/oauth/authorize?{urllib.parse.urlencode(asked)}"


def test_the_whole_way_with_a_form(instance: SandboxMastodon) -> None:
    """Register, sign in and agree, read the code, trade it in: the token publishes under the app's name."""
    instance.add_account("uk")
    app = _register(instance).json()
    shown = call(_address(instance, _ask(app))).text()
    form = dict(re.findall(r'name="(\w+)" value="([^"]+)"', shown)) | {"username": "uk", "decision": "allow"}

    agreed = call(f"{instance.url}/oauth/authorize", "POST", form=form)
    code_page = call(instance.url + agreed.headers["Location"]).text()
    code = re.search(r"oauth-code'>([^<]+)<", code_page)
    assert code is not None
    granted = _trade(instance, app, code[1]).json()

    assert "howdah" in shown
    assert (302, "Bearer", set(SCOPES.split())) == (agreed.status, granted["token_type"], set(granted["scope"].split()))
    token = granted["access_token"]
    call(f"{instance.url}/api/v1/statuses", "POST", form={"status": "Hi"}, token=token)
    assert "howdah" == instance.statuses[0].application
    verified = call(f"{instance.url}/api/v1/apps/verify_credentials", token=token).json()
    assert ("howdah", sorted(SCOPES.split())) == (verified["name"], verified["scopes"])


def test_a_redirect_with_a_state(instance: SandboxMastodon) -> None:
    """The person is sent back with the code and the state, or with the refusal."""
    instance.add_account("uk")
    uri = "http://127.0.0.1:1/back?x=1"
    app = _register(instance, redirect_uris=f"{OOB} {uri}").json()
    form = _ask(app, redirect_uri=uri, state="s p") | {"username": "uk"}

    allowed, denied = (
        call(f"{instance.url}/oauth/authorize", "POST", form=form | {"decision": decision}).headers["Location"]
        for decision in ("allow", "deny")
    )

    assert re.fullmatch(r"http://127\.0\.0\.1:1/back\?x=1&code=[\w-]+&state=s\+p", allowed)
    assert f"{uri}&error=access_denied&state=s+p" == denied


def test_a_person_approves(instance: SandboxMastodon, clock: HandClock) -> None:
    """approve() is the person: a code works once, for ten minutes, for its app and address."""
    instance.add_account("uk")
    app, other = _register(instance).json(), _register(instance).json()

    def code() -> str:
        return approve(_address(instance, _ask(app)), username="uk")

    once = code()
    assert [200, 400] == [_trade(instance, app, once).status for _ in range(2)]
    assert 400 == _trade(instance, other, code()).status
    assert 400 == _trade(instance, app, code(), redirect_uri="http://a.example").status
    late = code()
    clock.forward(minutes=11)
    assert (400, "invalid_grant") == _error(_trade(instance, app, late))


def _error(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.json()["error"]


def test_proof_of_possession(instance: SandboxMastodon) -> None:
    """A code asked for with a challenge needs its verifier."""
    instance.add_account("uk")
    app = _register(instance).json()
    challenge = base64.urlsafe_b64encode(hashlib.sha256(b"verifier").digest()).decode().rstrip("=")
    asked = _ask(app, code_challenge=challenge, code_challenge_method="S256")

    codes = [approve(_address(instance, asked), username="uk") for _ in range(2)]

    assert 400 == _trade(instance, app, codes[0]).status
    assert 200 == _trade(instance, app, codes[1], code_verifier="verifier").status


def test_an_apps_own_token(instance: SandboxMastodon) -> None:
    """Client credentials, in the form or as HTTP Basic, give a token without an account."""
    app = _register(instance).json()
    basic = base64.b64encode(f"{app['client_id']}:{app['client_secret']}".encode()).decode()
    url = f"{instance.url}/oauth/token"

    reply = call(
        url,
        "POST",
        form={"grant_type": "client_credentials", "scope": SCOPES},
        headers={"Authorization": f"Basic {basic}"},
    )

    token = reply.json()["access_token"]
    assert 422 == call(f"{instance.url}/api/v1/accounts/verify_credentials", token=token).status
    assert (401, "invalid_client") == _error(_trade(instance, app | {"client_secret": "x"}, "c"))
    assert (400, "unsupported_grant_type") == _error(_trade(instance, app, "c", grant_type="password"))


def test_revoking(instance: SandboxMastodon, token: str) -> None:
    """An app revokes its own tokens, and only those."""
    app = _register(instance).json()
    code = approve(_address(instance, _ask(app)), username="uk")
    own = _trade(instance, app, code).json()["access_token"]
    client = {"client_id": app["client_id"], "client_secret": app["client_secret"]}

    replies = [
        call(f"{instance.url}/oauth/revoke", "POST", form=client | {"token": one}).status for one in (own, token, "x")
    ]

    assert [200, 403, 200] == replies
    assert 401 == call(f"{instance.url}/api/v1/accounts/verify_credentials", token=own).status


@pytest.mark.parametrize("fields", [{"client_name": ""}, {"redirect_uris": ""}, {"scopes": "read everything"}])
def test_apps_that_are_refused(instance: SandboxMastodon, fields: dict[str, str]) -> None:
    """No name, no address to come back to, an unknown scope."""
    assert 422 == _register(instance, **fields).status


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"client_id": "x"}, 401), ({"redirect_uri": "http://evil.example"}, 400), ({"scope": "follow"}, 400)],
)
def test_authorizations_that_are_refused(instance: SandboxMastodon, fields: dict[str, str], status: int) -> None:
    """An unknown app, another address, a scope that it wasn't registered with."""
    app = _register(instance).json()

    assert status == call(_address(instance, _ask(app) | fields)).status


def test_a_stranger_cannot_sign_in(instance: SandboxMastodon) -> None:
    """Without an account there is no code."""
    app = _register(instance).json()

    assert 401 == call(f"{instance.url}/oauth/authorize", "POST", form=_ask(app) | {"username": "eve"}).status


def test_before_4_3() -> None:
    """There was no metadata and no profile scope."""
    with SandboxMastodon(version="4.2.0") as old:
        assert 404 == call(f"{old.url}/.well-known/oauth-authorization-server").status
        assert 422 == _register(old).status


def test_metadata(instance: SandboxMastodon) -> None:
    """The metadata names every address."""
    found = call(f"{instance.url}/.well-known/oauth-authorization-server").json()

    assert f"{instance.url}/oauth/token" == found["token_endpoint"]
    assert set(SCOPES.split()) < set(found["scopes_supported"])


def test_whose_token_it_is(instance: SandboxMastodon, token: str) -> None:
    """The account behind the token, by itself, by its id and by its name."""
    base = f"{instance.url}/api/v1/accounts"

    account = call(f"{base}/verify_credentials", token=token).json()

    assert ("uk", f"{instance.url}/@uk", "public") == (account["acct"], account["url"], account["source"]["privacy"])
    assert account["id"] == call(f"{base}/{account['id']}").json()["id"]
    assert account["id"] == call(f"{base}/lookup?acct=uk@here").json()["id"]
    assert [404, 404] == [call(f"{base}/{path}").status for path in ("9", "lookup?acct=eve")]
    assert 403 == call(f"{base}/verify_credentials", token=instance.add_account("uk", scopes=["write"])).status


def test_a_token_can_be_chosen(instance: SandboxMastodon) -> None:
    """A test may want a certain token and another program's name."""
    assert "a-token" == instance.add_account("uk", token="a-token", application="Other", display_name="The UK")
    assert ("Other", "The UK") == (instance.tokens["a-token"].app.name, instance.accounts["uk"].display_name)
