"""Reading over real HTTP: limits, the account, its files and its statuses."""

from datetime import UTC, datetime

import pytest

from bot.domain.answers import Published, Uploaded
from bot.domain.models import Anchor, Limits, MediaFile, MediaState, Status
from bot.errors import AccountBarredError, AccountUnavailableError
from bot.mastodon import MastodonAccount
from bot.sandbox.faults import Fault, LoseAnswer
from bot.sandbox.images import png
from bot.sandbox.mastodon import SandboxMastodon
from tests.integration.mastodon.conftest import MakeAccount
from tests.sandbox import faults

LINK = "https://news.example.com/7/?a=1&b=2"


def paths(instance: SandboxMastodon) -> list[str]:
    """What was asked for, in order."""
    return [request.path for request in instance.requests]


def write(account: MastodonAccount, count: int) -> list[str]:
    """Publish so many statuses; their ids, oldest first."""
    replies = [account.publish(Status(text=f"{n} {LINK}"), media_ids=[], key=f"k{n}").reply for n in range(count)]
    return [reply.id for reply in replies if isinstance(reply, Published)]


# --- what the token may do


@pytest.mark.parametrize(
    ("said", "scopes"),
    [
        ({"scopes": ["read", "write:statuses"]}, {"read", "write:statuses"}),
        ({"scopes": "read write:statuses"}, {"read", "write:statuses"}),
        ({"scopes": ["read write:statuses"]}, {"read", "write:statuses"}),
        ({"scopes": [None, 5]}, set()),
        ({"scopes": None}, set()),
        ({"name": "app"}, set()),
    ],
)
def test_scopes_in_every_form(
    instance: SandboxMastodon, account: MastodonAccount, said: object, scopes: set[str]
) -> None:
    """A list of Mastodon's, or one text as OAuth has it; none where the instance doesn't tell."""
    instance.faults.add(match="GET /api/v1/apps/verify_credentials", fault=faults.Replace(said))

    assert scopes == account.scopes()


# --- limits


def test_limits_from_v2(instance: SandboxMastodon, account: MastodonAccount) -> None:
    """Where v2 says it all, v1 isn't asked."""
    limits = account.limits()

    assert (500, 4, 1500, "mastodon", "4.5.0") == (
        limits.max_characters,
        limits.max_media_attachments,
        limits.description_limit,
        limits.software,
        limits.version,
    )
    assert ["/api/v2/instance", "/.well-known/nodeinfo", "/nodeinfo/2.0"] == paths(instance)


@pytest.mark.parametrize("fault", [faults.Status(404), faults.Html(), faults.Replace([]), faults.Replace({})])
def test_limits_from_v1(instance: SandboxMastodon, account: MastodonAccount, fault: Fault) -> None:
    """Where v2 says nothing, v1 is asked."""
    instance.faults.add(match="GET /api/v2/instance", fault=fault)
    instance.max_characters = 700

    assert 700 == account.limits().max_characters


def test_limits_from_nowhere(instance: SandboxMastodon, account: MastodonAccount) -> None:
    """An instance that has neither has Mastodon's own limits, and no name."""
    instance.faults.add(fault=faults.Status(404))

    assert Limits() == account.limits()


@pytest.mark.parametrize(
    "fault", [faults.Status(404), faults.Html(), faults.CutBefore(), faults.Replace({"links": "no"})], ids=repr
)
def test_software_without_nodeinfo(instance: SandboxMastodon, account: MastodonAccount, fault: Fault) -> None:
    """Where nodeinfo fails, the version string tells the software."""
    instance.version = "0.20.0"
    instance.faults.add(match="GET *nodeinfo*", fault=fault)

    assert "gotosocial" == account.limits().software


def test_nodeinfo_elsewhere(instance: SandboxMastodon, account: MastodonAccount) -> None:
    """A nodeinfo on another host isn't asked for."""
    with SandboxMastodon(software="evil") as other:
        elsewhere = {"links": [{"rel": "2.0", "href": f"{other.url}/nodeinfo/2.0"}]}
        instance.faults.add(match="GET /.well-known/nodeinfo", fault=faults.Replace(elsewhere))

        assert "mastodon" == account.limits().software
        assert [] == other.requests


def test_nodeinfo_in_capitals(instance: SandboxMastodon, make_account: MakeAccount) -> None:
    """An instance that writes its own name in another case is still asked, and nobody else."""
    instance.software = "Hometown"
    named = instance.url.replace("127.0.0.1", "LOCALHOST")
    links = {"links": [{"rel": "2.0", "href": f"{named}/nodeinfo/2.0"}]}
    instance.faults.add(match="GET /.well-known/nodeinfo", fault=faults.Replace(links))

    assert "hometown" == make_account(named.lower()).limits().software


def test_nodeinfo_names_the_software(instance: SandboxMastodon, account: MastodonAccount) -> None:
    """Nodeinfo goes before the version string, and isn't given the token."""
    instance.software = "Hometown"

    assert "hometown" == account.limits().software
    assert not any("authorization" in r.headers for r in instance.requests if "nodeinfo" in r.path)


@pytest.mark.parametrize("code", [401, 403, 302])
def test_limits_barred(instance: SandboxMastodon, account: MastodonAccount, code: int) -> None:
    """An instance that shows nothing is a person's matter."""
    instance.faults.add(fault=faults.Status(code))

    with pytest.raises(AccountBarredError) as caught:
        account.limits()

    assert code == caught.value.code


@pytest.mark.parametrize(
    "fault", [faults.Status(503), faults.Status(429), faults.Status(408), faults.CutBefore()], ids=repr
)
def test_limits_unavailable(instance: SandboxMastodon, account: MastodonAccount, fault: Fault) -> None:
    """An instance in trouble is asked later, and not taken for one with default limits."""
    instance.faults.add(match="GET /api/v*", fault=fault)

    with pytest.raises(AccountUnavailableError):
        account.limits()


def test_a_status_that_nobody_can_tell_of(instance: SandboxMastodon, account: MastodonAccount) -> None:
    """No answer isn't taken for a status that isn't there."""
    instance.faults.add(match="GET /api/v1/statuses/*", fault=faults.Status(503))

    with pytest.raises(AccountUnavailableError):
        account.status("7")


# --- the account


def test_own_id_is_asked_for_once(instance: SandboxMastodon, account: MastodonAccount) -> None:
    """The account's id is remembered; verify() asks anew."""
    account.latest()
    account.statuses_since(None)
    account.verify()

    assert 2 == paths(instance).count("/api/v1/accounts/verify_credentials")


def test_error_is_a_sentence(instance: SandboxMastodon, account: MastodonAccount) -> None:
    """An error says which instance did what, and keeps what it comes from."""
    instance.faults.add(fault=faults.CutBefore())
    host = instance.url.removeprefix("http://")

    with pytest.raises(AccountUnavailableError, match=f"^the instance {host} cut the connection before") as caught:
        account.verify()

    assert caught.value.__cause__ is not None


def test_scope_is_missing(instance: SandboxMastodon, make_account: MakeAccount) -> None:
    """A token that may write but not read bars the listing."""
    token = instance.add_account("uk", scopes=["write", "profile"])
    account = make_account(instance.url, token=token)

    with pytest.raises(AccountBarredError) as caught:
        account.statuses_since(None)

    assert 403 == caught.value.code


# --- files


def test_media_states(instance: SandboxMastodon, account: MastodonAccount) -> None:
    """202 and 206 while it is processed, 200 when it is ready, 404 once it is attached."""
    instance.media_processing_polls = 1
    reply = account.upload(MediaFile(data=png(), mime_type="image/png"), description="").reply
    assert isinstance(reply, Uploaded)

    states = [account.media_state(reply.id) for _ in range(2)]
    account.publish(Status(text="x"), media_ids=[reply.id], key="k1")

    assert not reply.ready
    assert [MediaState.PROCESSING, MediaState.READY] == states
    assert MediaState.MISSING is account.media_state(reply.id)


# --- statuses


def test_pages(instance: SandboxMastodon, account: MastodonAccount) -> None:
    """A listing goes from page to page, below the last id of each."""
    ids = write(account, 90)

    listing = account.statuses_since(Anchor(id=ids[0], created_at=instance.statuses[0].created_at))

    assert (ids[:0:-1], True) == ([status.id for status in listing.statuses], listing.complete)
    asked = [request.params for request in instance.requests if request.path.endswith("/statuses") and request.query]
    assert [None, [ids[50]], [ids[10]]] == [params.get("max_id") for params in asked]
    assert {("40", "1")} == {(params["limit"][0], params["exclude_reblogs"][0]) for params in asked}


def test_links_are_unescaped(account: MastodonAccount) -> None:
    """A link is found as it was sent."""
    write(account, 1)

    assert [(LINK,)] == [status.links for status in account.statuses_since(None).statuses]


def test_private_statuses_are_listed(account: MastodonAccount) -> None:
    """Statuses for followers only are the account's too."""
    account.publish(Status(text="x", visibility="private"), media_ids=[], key="k1")

    assert 1 == len(account.statuses_since(None).statuses)


def test_cut_on_the_second_page(instance: SandboxMastodon, account: MastodonAccount) -> None:
    """A listing that breaks off is none."""
    write(account, 41)
    instance.faults.add(match="GET */statuses", fault=faults.CutBefore(), skip=1)

    with pytest.raises(AccountUnavailableError):
        account.statuses_since(None)


@pytest.mark.parametrize("value", [{}, None, "x", {"error": "x"}], ids=repr)
def test_listing_that_is_none(instance: SandboxMastodon, account: MastodonAccount, value: object) -> None:
    """An answer that is no list says nothing, neither of the newest nor of the rest."""
    instance.faults.add(match="GET */statuses", fault=faults.Replace(value))

    with pytest.raises(AccountUnavailableError):
        account.statuses_since(None)
    with pytest.raises(AccountUnavailableError):
        account.latest()


def test_max_id_is_passed_over(instance: SandboxMastodon, account: MastodonAccount) -> None:
    """A server that gives the same full page again has said nothing of what is older."""
    write(account, 41)
    page: list[object] = []

    def same_page(records: list[object]) -> list[object]:
        page[:] = page or records
        return page

    instance.faults.add(match="GET */statuses", fault=faults.Change(same_page))

    listing = account.statuses_since(None)

    assert (40, False) == (len(listing.statuses), listing.complete)


@pytest.mark.parametrize("fault", [faults.CutBefore(), LoseAnswer(), faults.Truncate(10)])
def test_a_broken_connection(instance: SandboxMastodon, account: MastodonAccount, fault: Fault) -> None:
    """What only reads is asked once more, at once; it needn't mean anything."""
    write(account, 1)
    instance.faults.add(match="GET /api/v1/accounts/*/statuses", fault=fault, times=1)

    assert 1 == len(account.statuses_since(None).statuses)


def test_a_connection_that_breaks_again(instance: SandboxMastodon, account: MastodonAccount) -> None:
    """Twice is the end of it, and a publish is never repeated."""
    instance.faults.add(fault=faults.CutBefore())

    with pytest.raises(AccountUnavailableError):
        account.verify()
    account.publish(Status(text=LINK), media_ids=[], key="k")

    assert ["GET", "GET", "POST"] == [request.method for request in instance.requests]


def test_the_instances_clock(instance: SandboxMastodon, account: MastodonAccount) -> None:
    """It is what the last answer's header says; an answer without one says nothing, and none before the first."""
    assert account.server_time() is None
    account.verify()
    assert account.server_time() is None

    date = {"Date": "Sun, 22 Nov 2026 12:00:00 GMT"}
    instance.faults.add(match="GET /api/v1/accounts/verify_credentials", fault=faults.Status(200, {"id": "1"}, date))
    account.verify()

    assert datetime(2026, 11, 22, 12, tzinfo=UTC) == account.server_time()
