"""OAuth of the sandbox's Mastodon: apps, the page that asks a person, codes, tokens."""

import base64
import hashlib
import html
import secrets
import urllib.parse
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Unpack

from bot.sandbox.mastodon_base import OOB, MastodonBase, Options, refuse
from bot.sandbox.mastodon_entities import Account, App, Entity
from bot.sandbox.mastodon_pages import page
from bot.sandbox.messages import Answer, Request, html_answer, json_answer

_CODE_LIFE = timedelta(minutes=10)
_ASKED = ("client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Code:
    """An authorization code and what it was given for."""

    value: str = field(repr=False)
    app: App
    account: Account
    scopes: frozenset[str]
    redirect_uri: str
    challenge: str
    at: datetime


class OAuthRoutes(MastodonBase):
    """`/api/v1/apps`, `/oauth/…` and the metadata."""

    def __init__(self, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self._codes: dict[str, _Code] = {}
        self.route("POST", r"/api/v1/apps/?", self._register)
        self.route("GET", r"/api/v1/apps/verify_credentials", self._verify_app)
        self.route("GET", r"/oauth/authorize", self._ask)
        self.route("POST", r"/oauth/authorize", self._decide)
        self.route("GET", r"/oauth/authorize/native", self._show_code)
        self.route("POST", r"/oauth/token", self._token)
        self.route("POST", r"/oauth/revoke", self._revoke_token)
        self.route("GET", r"/\.well-known/oauth-authorization-server", self._metadata)

    # --- apps

    def _register(self, request: Request) -> Answer:
        name = request.value("client_name") or ""
        uris = tuple(uri for value in request.values("redirect_uris") for uri in value.split())
        if not name or not uris:
            missing = "Name can't be blank" if not name else "Redirect URI can't be blank"
            raise refuse(422, f"Validation failed: {missing}")
        scopes = frozenset((request.value("scopes") or "read").split())
        if scopes - self.known_scopes():
            raise refuse(422, "Validation failed: Scopes doesn't match configured on the server.")
        app = App(
            id=self.next_id(),
            name=name,
            website=request.value("website") or "",
            redirect_uris=uris,
            scopes=scopes,
            client_id=secrets.token_urlsafe(32),
            client_secret=secrets.token_urlsafe(32),
        )
        self.apps.append(app)
        return json_answer(_app_entity(app) | {"client_id": app.client_id, "client_secret": app.client_secret})

    def _verify_app(self, request: Request) -> Answer:
        return json_answer(_app_entity(self.authorize_token(request).app))

    # --- the person's part

    def _asked(self, asked: dict[str, str]) -> tuple[App, frozenset[str]]:
        """The app and the scopes of an authorization request; refused where they don't fit together."""
        app = next((app for app in self.apps if app.client_id == asked.get("client_id")), None)
        if app is None:
            raise refuse(401, "Client authentication failed due to unknown client.", code="invalid_client")
        if asked.get("redirect_uri") not in app.redirect_uris:
            raise refuse(400, "The requested redirect uri is malformed or doesn't match client redirect URI.")
        scopes = frozenset(asked.get("scope", "read").split())
        if not all(scope in app.scopes or scope.partition(":")[0] in app.scopes for scope in scopes):
            raise refuse(400, "The requested scope is invalid, unknown, or malformed.")
        return app, scopes

    def _ask(self, request: Request) -> Answer:
        """The page that asks a person to sign in and to agree."""
        asked = {name: request.param(name) for name in _ASKED}
        app, scopes = self._asked(asked)
        hidden = "".join(
            f'<input type="hidden" name="{name}" value="{html.escape(value)}">'
            for name, value in asked.items()
            if value
        )
        choices = "".join(f"<option>{html.escape(name)}</option>" for name in self.accounts)
        body = (
            f"<h1>Authorization required</h1><p><b>{html.escape(app.name)}</b> would like to use your account: "
            f"{html.escape(', '.join(sorted(scopes)))}.</p><form method='post' action='/oauth/authorize'>{hidden}"
            f"<label>Sign in as <select name='username'>{choices}</select></label> "
            "<button name='decision' value='allow'>Authorize</button> "
            "<button name='decision' value='deny'>Deny</button></form>"
        )
        return html_answer(page("Authorization required", body))

    def _decide(self, request: Request) -> Answer:
        """The person's answer: back to the app, or to the page that shows the code."""
        asked = {name: request.value(name) or "" for name in _ASKED}
        app, scopes = self._asked(asked)
        account = self.accounts.get(request.value("username") or "")
        if account is None:
            raise refuse(401, "Invalid e-mail address or password.")
        if request.value("decision") == "deny":
            return _back(asked, {"error": "access_denied"})
        return _back(asked, {"code": self._issue_code(app, account, scopes, asked)})

    def _issue_code(self, app: App, account: Account, scopes: frozenset[str], asked: dict[str, str]) -> str:
        code = _Code(
            value=secrets.token_urlsafe(32),
            app=app,
            account=account,
            scopes=scopes,
            redirect_uri=asked["redirect_uri"],
            challenge=asked.get("code_challenge", ""),
            at=self.now(),
        )
        self._codes[code.value] = code
        return code.value

    def _show_code(self, request: Request) -> Answer:
        code = html.escape(request.param("code"))
        body = f"<h1>Copy this code</h1><p><code class='oauth-code'>{code}</code></p>"
        return html_answer(page("Authorization code", body))

    # --- tokens

    def _token(self, request: Request) -> Answer:
        app = self._client(request)
        match request.value("grant_type"):
            case "client_credentials":
                scopes = frozenset((request.value("scope") or "read").split())
                return self._granted(app, scopes, account=None)
            case "authorization_code":
                code = self._redeemed(app, request)
                return self._granted(app, code.scopes, account=code.account)
            case _:
                raise refuse(400, "unsupported_grant_type")

    def _client(self, request: Request) -> App:
        """The app by its id and secret, from the form or as HTTP Basic."""
        sent = (request.value("client_id"), request.value("client_secret"))
        kind, _, encoded = request.header("authorization").partition(" ")
        if kind.lower() == "basic":
            client_id, _, secret = base64.b64decode(encoded).decode().partition(":")
            sent = (client_id, secret)
        app = next((app for app in self.apps if (app.client_id, app.client_secret) == sent), None)
        if app is None:
            raise refuse(401, "invalid_client", error_description="Client authentication failed.")
        return app

    def _redeemed(self, app: App, request: Request) -> _Code:
        """The code that is traded in: once, within ten minutes, by its own app, with the verifier where one is due."""
        code = self._codes.pop(request.value("code") or "", None)
        verifier = (request.value("code_verifier") or "").encode()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier).digest()).decode().rstrip("=")
        good = (
            code is not None
            and code.app is app
            and code.redirect_uri == request.value("redirect_uri")
            and self.now() - code.at <= _CODE_LIFE
            and code.challenge in ("", challenge)
        )
        if code is None or not good:
            message = "The provided authorization grant is invalid, expired, revoked, or was issued to another client."
            raise refuse(400, "invalid_grant", error_description=message)
        return code

    def _granted(self, app: App, scopes: frozenset[str], *, account: Account | None) -> Answer:
        token = self.issue(app, scopes, account=account)
        return json_answer(
            {
                "access_token": token,
                "token_type": "Bearer",
                "scope": " ".join(sorted(scopes)),
                "created_at": int(self.now().timestamp()),
            }
        )

    def _revoke_token(self, request: Request) -> Answer:
        app = self._client(request)
        token = self.tokens.get(request.value("token") or "")
        if token is not None and token.app is not app:
            raise refuse(403, "unauthorized_client", error_description="You are not authorized to revoke this token")
        self.revoke(request.value("token") or "")
        return json_answer({})

    def _metadata(self, request: Request) -> Answer:
        """What 4.3 and later say of their OAuth; before there was no such page."""
        if self.release < (4, 3):
            return self.not_found(request)
        return json_answer(
            {
                "issuer": f"{self.origin}/",
                "service_documentation": "https://docs.joinmastodon.org/",
                "authorization_endpoint": f"{self.origin}/oauth/authorize",
                "token_endpoint": f"{self.origin}/oauth/token",
                "app_registration_endpoint": f"{self.origin}/api/v1/apps",
                "revocation_endpoint": f"{self.origin}/oauth/revoke",
                "scopes_supported": sorted(self.known_scopes()),
                "response_types_supported": ["code"],
                "response_modes_supported": ["query", "fragment", "form_post"],
                "grant_types_supported": ["authorization_code", "client_credentials"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
                "code_challenge_methods_supported": ["S256"],
            }
        )


def _app_entity(app: App) -> Entity:
    return {
        "id": app.id,
        "name": app.name,
        "website": app.website or None,
        "scopes": sorted(app.scopes),
        "redirect_uri": "\n".join(app.redirect_uris),
        "redirect_uris": list(app.redirect_uris),
        "vapid_key": "",
    }


def _back(asked: dict[str, str], outcome: dict[str, str]) -> Answer:
    """Send the person back with the outcome; out of band, to the page that shows the code."""
    uri = "/oauth/authorize/native" if asked["redirect_uri"] == OOB else asked["redirect_uri"]
    query = outcome | ({"state": asked["state"]} if asked["state"] else {})
    joint = "&" if "?" in uri else "?"
    return Answer(status=302, headers=(("Location", f"{uri}{joint}{urllib.parse.urlencode(query)}"),))
