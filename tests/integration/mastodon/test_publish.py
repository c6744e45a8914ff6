"""Publishing and uploading over real HTTP: what is sent, how often, and what each answer means."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from msgspec.structs import replace

from bot.domain.answers import Barred, NotSent, Published, Refused, Reply, Throttled, Unanswered, Uploaded
from bot.domain.models import MediaFile, Status
from bot.mastodon import MastodonAccount
from bot.sandbox.faults import Fault, LoseAnswer
from bot.sandbox.images import png
from bot.sandbox.mastodon import SandboxMastodon
from bot.sandbox.messages import Recorded
from tests.integration.mastodon.conftest import MakeAccount
from tests.sandbox import faults

POST = Status(text="Seven https://news.example.com/7/")
PICTURE = MediaFile(data=png(40, 30), mime_type="image/png")
UNREADABLE = "gave an answer (200) that can't be read"
# Later than the whole suite takes.
SOON = (datetime.now(UTC) + timedelta(hours=5)).replace(microsecond=0)

# What the instance does, and what has come of the publish; HOST stands for the instance.
ROWS: dict[str, tuple[Fault, Reply]] = {
    "list": (faults.Replace([]), Unanswered(message=f"the instance HOST {UNREADABLE}", code=200)),
    "empty object": (faults.Replace({}), Unanswered(message=f"the instance HOST {UNREADABLE}", code=200)),
    "no id": (faults.Replace({"id": None}), Unanswered(message=f"the instance HOST {UNREADABLE}", code=200)),
    "page": (faults.Html(), Unanswered(message=f"the instance HOST {UNREADABLE}", code=200)),
    "nothing": (faults.Status(200, b""), Unanswered(message=f"the instance HOST {UNREADABLE}", code=200)),
    "truncated": (faults.Truncate(20), Unanswered(message=f"the instance HOST {UNREADABLE}: it breaks off", code=200)),
    "shortened": (faults.Shorten(20), Unanswered(message=f"the instance HOST {UNREADABLE}", code=200)),
    "nested": (faults.Status(200, b"[" * 100_000), Unanswered(message=f"the instance HOST {UNREADABLE}", code=200)),
    "huge": (
        faults.Status(200, b" " * 5_000_000),
        Unanswered(message=f"the instance HOST {UNREADABLE}: it is longer than 4 MB", code=200),
    ),
    "cut before": (faults.CutBefore(), Unanswered(message="the instance HOST cut the connection before it answered")),
    "cut after": (LoseAnswer(), Unanswered(message="the instance HOST cut the connection before it answered")),
    "301": (
        faults.Redirect(301, "https://new.example/api/v1/statuses"),
        Barred(code=301, message="the instance HOST redirects to https://new.example: set `instance` to that"),
    ),
    "307": (
        faults.Redirect(307, "/elsewhere"),
        Barred(
            code=307,
            message="the instance HOST redirects the request: set `instance` to the address where its API is",
        ),
    ),
    "400": (faults.Status(400), Refused(code=400, message="the instance HOST says: Fault 400")),
    "401": (faults.Status(401), Barred(code=401, message="the instance HOST says: Fault 401")),
    "403": (faults.Status(403), Barred(code=403, message="the instance HOST says: Fault 403")),
    "404": (faults.Status(404), Refused(code=404, message="the instance HOST says: Fault 404")),
    "406": (faults.Status(406), Refused(code=406, message="the instance HOST says: Fault 406")),
    "408": (faults.Status(408), Unanswered(message="the instance HOST answered 408: Fault 408", code=408)),
    "410": (faults.Status(410), Refused(code=410, message="the instance HOST says: Fault 410")),
    "413": (
        faults.Status(413, "<h1>Too large</h1>"),
        Refused(code=413, message="the instance HOST answered 413 without a reason"),
    ),
    "422": (faults.Status(422), Refused(code=422, message="the instance HOST says: Fault 422")),
    "422 nested": (
        faults.Status(422, b"[" * 100_000),
        Refused(code=422, message="the instance HOST answered 422 without a reason"),
    ),
    "429": (faults.Status(429), Throttled(message="the instance HOST says: Fault 429")),
    "429 reset": (
        faults.Status(429, headers={"X-RateLimit-Reset": SOON.isoformat(), "Retry-After": "30"}),
        Throttled(message="the instance HOST says: Fault 429", until=SOON),
    ),
    "429 huge": (
        faults.Status(429, b" " * 5_000_000),
        Throttled(message="the instance HOST answered 429 without a reason"),
    ),
    "500": (faults.Status(500), Unanswered(message="the instance HOST answered 500: Fault 500", code=500)),
    "502": (faults.Status(502, "<h1>Bad gateway</h1>"), Unanswered(message="the instance HOST answered 502", code=502)),
    "503": (faults.Status(503), Unanswered(message="the instance HOST answered 503: Fault 503", code=503)),
    "504": (faults.Status(504), Unanswered(message="the instance HOST answered 504: Fault 504", code=504)),
    "520": (faults.Status(520), Unanswered(message="the instance HOST answered 520: Fault 520", code=520)),
}


def posts(instance: SandboxMastodon) -> list[Recorded]:
    """The publishes that arrived."""
    asked = [request for request in instance.requests if request.path == "/api/v1/statuses"]
    return [request for request in asked if request.method == "POST"]


@pytest.mark.parametrize("row", ROWS)
def test_each_answer(instance: SandboxMastodon, account: MastodonAccount, row: str) -> None:
    """Each thing that an instance may do has its meaning, and the publish is sent exactly once."""
    fault, reply = ROWS[row]
    instance.faults.add(fault=fault)
    expected = _with_host(reply, urlsplit(instance.url).netloc)

    assert expected == account.publish(POST, media_ids=[], key="k1").reply
    assert 1 == len(instance.requests)


@pytest.mark.parametrize(
    "headers",
    [{"X-RateLimit-Reset": "garbage"}, {"X-RateLimit-Remaining": "many"}, {"Deprecation": "@1"}, {"Link": "<<>>;;"}],
    ids=repr,
)
def test_headers_that_mastodon_py_stumbles_on(
    instance: SandboxMastodon, account: MastodonAccount, headers: dict[str, str]
) -> None:
    """A status that exists is published, whatever odd headers come with it."""
    instance.faults.add(fault=faults.Headers(headers))

    answer = account.publish(POST, media_ids=[], key="k1")

    assert isinstance(answer.reply, Published)
    assert (answer.rate is None) is any(name.startswith("X-") for name in headers)


def test_rate(account: MastodonAccount, instance: SandboxMastodon) -> None:
    """What is left comes from the answer's own headers, and only from them."""
    first = account.publish(POST, media_ids=[], key="k1").rate
    upload = account.upload(PICTURE, description="").rate
    instance.faults.add(fault=faults.Headers(drop=("X-RateLimit-Remaining",)))
    none = account.publish(POST, media_ids=[], key="k2").rate

    assert first is not None
    assert upload is not None
    assert (299, 29, None) == (first.remaining, upload.remaining, none)


def test_what_is_sent(instance: SandboxMastodon, account: MastodonAccount, token: str) -> None:
    """Every field, the key and the token are sent as the API has them."""
    uploaded = account.upload(PICTURE, description="A kite").reply
    assert isinstance(uploaded, Uploaded)
    status = Status(text="Hé 🪁", visibility="unlisted", spoiler_text="Wind", sensitive=True, language="fr")

    account.publish(status, media_ids=[uploaded.id], key="k1")

    request = posts(instance)[0]
    assert ("k1", f"Bearer {token}") == (request.headers["idempotency-key"], request.headers["authorization"])
    assert request.headers["user-agent"].startswith("howdah/")
    assert {
        "status": ["Hé 🪁"],
        "visibility": ["unlisted"],
        "spoiler_text": ["Wind"],
        "sensitive": ["1"],
        "language": ["fr"],
        "media_ids[]": [uploaded.id],
        "allowed_mentions[]": ["0"],
    } == request.form
    assert ["A kite"] == [media.description for media in instance.media]


def test_what_is_left_out(instance: SandboxMastodon, account: MastodonAccount) -> None:
    """What isn't set isn't sent, so that the account's own defaults hold."""
    account.publish(Status(text="Hello", visibility=""), media_ids=[], key="k1")

    assert {"status": ["Hello"], "sensitive": ["0"], "allowed_mentions[]": ["0"]} == posts(instance)[0].form


def test_only_a_publish_says_whom_it_may_notify(instance: SandboxMastodon, account: MastodonAccount) -> None:
    """What is sent after it is as it was."""
    published = account.publish(POST, media_ids=[], key="k1").reply
    assert isinstance(published, Published)

    account.boost(published.id)

    assert "allowed_mentions[]" not in instance.requests[-1].form


def test_who_is_mentioned_is_looked_up_once(instance: SandboxMastodon, account: MastodonAccount) -> None:
    """And then known; who isn't found is looked up anew each time, and nobody is named then."""
    instance.add_account("bob")
    for number, mentions in enumerate([("bob",), ("bob",), ("bob", "eve@far.example"), ("eve@far.example", "bob")]):
        account.look_up(mentions)
        account.publish(Status(text="Hello", mentions=mentions), media_ids=[], key=str(number))

    bob = instance.accounts["bob"].id
    lookups = [request.params["acct"] for request in instance.requests if request.path.endswith("/lookup")]
    assert [["bob"], ["eve@far.example"], ["eve@far.example"]] == lookups
    assert [[bob], [bob], None, None] == [request.form.get("allowed_mentions[]") for request in posts(instance)]


@pytest.mark.parametrize("fault", [faults.Status(500), faults.CutBefore(), faults.Html(), faults.Replace({"id": None})])
def test_a_lookup_that_comes_to_nothing_stops_no_publish(
    instance: SandboxMastodon, account: MastodonAccount, fault: Fault
) -> None:
    """The status goes out; whom it may notify isn't said."""
    instance.faults.add(fault=fault, match="GET /api/v1/accounts/lookup*")

    reply = account.publish(Status(text="Hello @bob", mentions=("bob",)), media_ids=[], key="k1").reply

    assert isinstance(reply, Published)
    assert "allowed_mentions[]" not in posts(instance)[0].form


def test_a_crowd_is_not_looked_up(instance: SandboxMastodon, account: MastodonAccount) -> None:
    """That would take longer than a publish may."""
    crowd = tuple(f"guest{number}" for number in range(11))

    account.publish(Status(text="Hello", mentions=crowd), media_ids=[], key="k1")

    assert ["/api/v1/statuses"] == [request.path for request in instance.requests]


@pytest.mark.parametrize("named", [None, [], {}, "bob", [None], [{"acct": 7}], [{"acct": ""}]])
def test_a_refusal_that_names_nobody_is_one_like_any_other(
    instance: SandboxMastodon, account: MastodonAccount, named: object
) -> None:
    """What the server says is said."""
    instance.faults.add(fault=faults.Status(422, {"error": "No.", "unexpected_accounts": named}))

    reply = account.publish(POST, media_ids=[], key="k1").reply

    host = urlsplit(instance.url).netloc
    assert Refused(code=422, message=f"the instance {host} says: No.") == reply


def test_upload_goes_to_v2(instance: SandboxMastodon, account: MastodonAccount) -> None:
    """An upload is one request, and none asks for the instance's version first."""
    account.upload(PICTURE, description="")

    assert [("POST", "/api/v2/media")] == [(request.method, request.path) for request in instance.requests]
    assert [(PICTURE.data, "image/png", "")] == [
        (media.data, media.mime_type, media.description) for media in instance.media
    ]


@pytest.mark.parametrize(
    ("code", "expected"), [(422, Refused), (413, Refused), (500, Unanswered), (401, Barred), (429, Throttled)]
)
def test_upload_answers(instance: SandboxMastodon, account: MastodonAccount, code: int, expected: type[object]) -> None:
    """An upload's answer means what a publish's means."""
    instance.faults.add(fault=faults.Status(code))

    assert expected is type(account.upload(PICTURE, description="").reply)
    assert 1 == len(instance.requests)


def test_upload_of_junk(account: MastodonAccount) -> None:
    """A file that isn't an image is refused."""
    reply = account.upload(MediaFile(data=b"junk", mime_type="image/png"), description="").reply

    assert isinstance(reply, Refused)


def test_surrogates(instance: SandboxMastodon, account: MastodonAccount) -> None:
    """Half a surrogate pair can't be sent as UTF-8: pairs are joined, single halves replaced."""
    account.publish(Status(text="a\ud83e\ude81b\ud83ec"), media_ids=[], key="k1")

    assert ["a🪁b\ufffdc"] == [status.text for status in instance.statuses]


def test_every_request_has_its_own_connection(instance: SandboxMastodon, account: MastodonAccount) -> None:
    """No request travels on a connection that was used before."""
    account.limits()
    account.statuses_since(None)
    for key in ("k1", "k2", "k3"):
        account.publish(POST, media_ids=[], key=key)
    account.upload(PICTURE, description="")

    connections = [request.connection for request in instance.requests]
    assert len(connections) == len(set(connections))


def test_server_that_closes_without_a_word(instance: SandboxMastodon, account: MastodonAccount) -> None:
    """A server that closes each connection unannounced, as snac does, loses nothing."""
    instance.faults.add(fault=faults.CloseAfter())

    replies = [account.publish(POST, media_ids=[], key=str(number)).reply for number in range(20)]

    assert {Published} == {type(reply) for reply in replies}


def test_redirect_to_another_host(
    instance: SandboxMastodon, account: MastodonAccount, make_account: MakeAccount
) -> None:
    """A redirect isn't followed, and the other host hears nothing."""
    with SandboxMastodon() as other:
        instance.faults.add(fault=faults.Redirect(307, f"{other.url}/api/v1/statuses"))

        reply = account.publish(POST, media_ids=[], key="k1").reply

        assert isinstance(reply, Barred)
        assert f"redirects to {other.url}" in reply.message
        assert (1, []) == (len(instance.requests), other.requests)


def test_no_token(instance: SandboxMastodon, make_account: MakeAccount) -> None:
    """Without a token the instance refuses; limits are shown all the same."""
    account = make_account(instance.url, token=None)

    reply = account.publish(POST, media_ids=[], key="k1").reply

    assert isinstance(reply, Barred)
    assert (401, 500) == (reply.code, account.limits().max_characters)
    assert not any("authorization" in request.headers for request in instance.requests)


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "t\x00ken", "tökén"], ids=repr)
def test_token_that_cannot_be_one(make_account: MakeAccount, token: str) -> None:
    """A token that no header can carry is told, without showing it, and nothing is asked."""
    reply = make_account("https://social.example", token=token).publish(POST, media_ids=[], key="k1").reply

    assert isinstance(reply, NotSent)
    assert "was not asked, without a token: the token of account uk has" in reply.message
    assert not token or token not in reply.message


def test_repr(make_account: MakeAccount) -> None:
    """The token isn't shown."""
    account = make_account("https://social.example/", token="s3cret")

    assert "MastodonAccount('uk', 'https://social.example')" == repr(account)


def test_echoed_token(instance: SandboxMastodon, account: MastodonAccount, token: str) -> None:
    """A server that repeats the token in its error doesn't get it into ours."""
    instance.faults.add(fault=faults.Status(422, {"error": f"{token} was sent"}))

    reply = account.publish(POST, media_ids=[], key="k1").reply

    assert isinstance(reply, Refused)
    assert token not in reply.message


def test_address_that_is_none(make_account: MakeAccount) -> None:
    """Where no request can be made, nothing was sent."""
    reply = make_account("https://no such host").publish(POST, media_ids=[], key="k1").reply

    message = "the instance no such host was not asked: no request could be made of this"
    assert NotSent(message=message) == reply


def _with_host(reply: Reply, host: str) -> Reply:
    assert not isinstance(reply, Published)
    return replace(reply, message=reply.message.replace("HOST", host))
