"""The contract of the Account port, held by the fake and by the real adapter on a loopback Mastodon."""

from datetime import timedelta

import pytest

from bot.domain.answers import (
    Barred,
    DeleteReply,
    NotSent,
    Published,
    Refused,
    Reply,
    Throttled,
    Unanswered,
    Uploaded,
    UploadReply,
)
from bot.domain.models import MediaState, Status
from bot.errors import AccountBarredError, AccountUnavailableError
from bot.mastodon import MastodonAccount
from bot.sandbox.mastodon import SandboxMastodon
from tests.contract.accounts import LINK, PICTURE, POST, AccountWorld, published
from tests.fakes.account import FakeAccount


def test_name(world: AccountWorld) -> None:
    """An account has its name of the config."""
    assert "uk" == world.account.name


def test_limits(world: AccountWorld) -> None:
    """Limits tell lengths, numbers and the software."""
    limits = world.account.limits()

    assert (500, 4, 1500, "mastodon") == (
        limits.max_characters,
        limits.max_media_attachments,
        limits.description_limit,
        limits.software,
    )


def test_verify(world: AccountWorld) -> None:
    """Verifying tells whose token it is."""
    assert "uk" == world.account.verify().acct


def test_scopes(world: AccountWorld) -> None:
    """What the token's app may do."""
    assert {"read", "write"} <= world.account.scopes()


@pytest.mark.parametrize("mentions", [(), ("cara",)])
def test_nobody_is_notified_who_is_not_meant(world: AccountWorld, mentions: tuple[str, ...]) -> None:
    """The instance itself refuses what would notify others, and says whom; nothing is published."""
    for name in ("bob", "cara"):
        world.add_neighbour(name)
    status = Status(text="Thanks to @bob and @cara", mentions=mentions)
    world.account.look_up(mentions)
    reply = world.account.publish(status, media_ids=[], key="k1").reply

    assert isinstance(reply, Refused)
    assert (422, sorted({"bob", "cara"} - {*mentions})) == (reply.code, sorted(reply.unexpected))
    assert all(f"@{name}" in reply.message for name in reply.unexpected)
    assert [] == world.texts


def test_who_is_meant_may_be_notified(world: AccountWorld) -> None:
    """Those whom the status mentions on purpose; also where the instance doesn't know one of them."""
    world.add_neighbour("bob")
    for text, mentions in (("Thanks @bob", ("bob",)), ("Thanks @bob and @eve@far.example", ("bob", "eve@far.example"))):
        world.account.look_up(mentions)
        reply = world.account.publish(Status(text=text, mentions=mentions), media_ids=[], key=text).reply

        assert isinstance(reply, Published)


def test_published(world: AccountWorld) -> None:
    """A publish that worked is answered with the status' id, url and time, and it stands on the account."""
    reply = world.account.publish(POST, media_ids=[], key="k1").reply

    assert isinstance(reply, Published)
    assert reply.id in reply.url
    assert reply.created_at.utcoffset() == timedelta(0)
    assert [POST.text] == world.texts


def test_same_key(world: AccountWorld) -> None:
    """The same key is the same status; another key is another."""
    first = world.account.publish(POST, media_ids=[], key="k1").reply
    again = world.account.publish(POST, media_ids=[], key="k1").reply
    other = world.account.publish(POST, media_ids=[], key="k2").reply

    assert isinstance(first, Published)
    assert isinstance(other, Published)
    assert first == again
    assert first.id != other.id
    assert 2 == len(world.texts)


def test_one_request(world: AccountWorld) -> None:
    """A publish that goes unanswered is not repeated by the account."""
    world.cut_before()

    reply = world.account.publish(POST, media_ids=[], key="k1").reply

    assert isinstance(reply, Unanswered)
    assert (1, []) == (world.publishes, world.texts)


def test_done_but_unanswered(world: AccountWorld) -> None:
    """An answer may be lost although the status exists; the listing shows it."""
    world.write("before")
    anchor = world.account.latest()
    world.lose_answer()

    reply = world.account.publish(POST, media_ids=[], key="k1").reply
    listing = world.account.statuses_since(anchor)

    assert isinstance(reply, Unanswered)
    assert listing.complete
    assert [(LINK,)] == [status.links for status in listing.statuses]


def test_too_long(world: AccountWorld) -> None:
    """A text over the limit is refused, and nothing is published."""
    reply = world.account.publish(Status(text="x" * 501), media_ids=[], key="k1").reply

    assert isinstance(reply, Refused)
    assert (422, []) == (reply.code, world.texts)


def test_throttled(world: AccountWorld) -> None:
    """Too many requests: nothing is published."""
    world.throttle()

    assert isinstance(world.account.publish(POST, media_ids=[], key="k1").reply, Throttled)
    assert [] == world.texts


def test_a_token_without_the_scope() -> None:
    """Known from what the instance says, and from nothing else: the token is good for all the rest."""
    with SandboxMastodon() as instance:
        token = instance.add_account("uk", scopes=["read", "profile"])
        account = MastodonAccount(
            "uk", instance.url, read_token=lambda: token, timeout=timedelta(seconds=5), allow_private=True
        )
        account.verify()
        replies = [
            account.publish(POST, media_ids=[], key="k1").reply,
            account.upload(PICTURE, description="").reply,
        ]
        account.close()

    assert [True, True] == [isinstance(reply, Barred) and reply.lacks_scope for reply in replies]


@pytest.mark.parametrize(("bar", "code"), [("take_away_token", 401), ("freeze", 403)])
def test_barred(world: AccountWorld, bar: str, code: int) -> None:
    """A refused token or account is Barred where something is sent, and an AccountBarredError where it is read."""
    world.account.verify()
    getattr(world, bar)()

    replies: list[Reply | UploadReply | DeleteReply] = [
        world.account.publish(POST, media_ids=[], key="k1").reply,
        world.account.upload(PICTURE, description="").reply,
        world.account.edit("1", POST, media_ids=[]).reply,
        world.account.boost("1").reply,
        world.account.delete("1"),
    ]

    for reply in replies:
        assert isinstance(reply, Barred)
        assert code == reply.code
    for read in (world.account.verify, world.account.latest):
        with pytest.raises(AccountBarredError) as caught:
            read()
        assert code == caught.value.code
    with pytest.raises(AccountBarredError):
        world.account.statuses_since(None)
    with pytest.raises(AccountBarredError):
        world.account.media_state("7")
    with pytest.raises(AccountBarredError):
        world.account.boosted("7")


def test_unavailable(world: AccountWorld) -> None:
    """An instance in trouble leaves publishes and uploads unanswered, and reading unavailable."""
    world.fail()

    assert isinstance(world.account.publish(POST, media_ids=[], key="k1").reply, Unanswered)
    assert isinstance(world.account.upload(PICTURE, description="").reply, Unanswered)
    for read in (world.account.limits, world.account.verify, world.account.latest):
        with pytest.raises(AccountUnavailableError):
            read()
    with pytest.raises(AccountUnavailableError):
        world.account.statuses_since(None)
    with pytest.raises(AccountUnavailableError):
        world.account.media_state("7")
    with pytest.raises(AccountUnavailableError):
        world.account.boosted("7")


def test_media(world: AccountWorld) -> None:
    """An uploaded file is ready, can be attached once, and is missing from then on."""
    reply = world.account.upload(PICTURE, description="A kite").reply
    assert isinstance(reply, Uploaded)
    assert reply.ready

    before = world.account.media_state(reply.id)
    published = world.account.publish(POST, media_ids=[reply.id], key="k1").reply
    again = world.account.publish(POST, media_ids=[reply.id], key="k2").reply

    assert MediaState.READY is before
    assert isinstance(published, Published)
    assert isinstance(again, Refused)
    assert MediaState.MISSING is world.account.media_state(reply.id)


@pytest.mark.parametrize("focus", [None, (0.0, 0.0), (-1.0, 0.25)])
def test_focus(world: AccountWorld, focus: tuple[float, float] | None) -> None:
    """The point that matters in a picture goes along with it, where there is one."""
    reply = world.account.upload(PICTURE, description="A kite", focus=focus).reply

    assert isinstance(reply, Uploaded)
    assert focus == world.focus(reply.id)


def test_media_in_processing(world: AccountWorld) -> None:
    """A file in processing isn't ready, and a status with it is refused; later it is ready."""
    world.process_slowly()
    reply = world.account.upload(PICTURE, description="").reply
    assert isinstance(reply, Uploaded)

    refused = world.account.publish(POST, media_ids=[reply.id], key="k1").reply
    states = [world.account.media_state(reply.id) for _ in range(2)]

    assert not reply.ready
    assert isinstance(refused, Refused)
    assert [MediaState.PROCESSING, MediaState.READY] == states


def test_media_failed(world: AccountWorld) -> None:
    """A file that can't be processed has failed."""
    reply = world.account.upload(PICTURE, description="").reply
    assert isinstance(reply, Uploaded)
    world.fail_media(reply.id)

    assert MediaState.FAILED is world.account.media_state(reply.id)


def test_media_missing(world: AccountWorld) -> None:
    """A file that was never there is missing."""
    assert MediaState.MISSING is world.account.media_state("7")


def test_a_status_by_its_id(world: AccountWorld) -> None:
    """With what it links to; None where there is none."""
    before = published(world)
    status = world.account.status(before.id)

    assert status is not None
    assert (before.id, before.url) == (status.id, status.url)
    assert any("https://" in link for link in status.links)
    assert world.account.status("7") is None


def test_upload_unanswered(world: AccountWorld) -> None:
    """The answer to an upload may be lost."""
    world.lose_upload_answer()

    assert isinstance(world.account.upload(PICTURE, description="").reply, Unanswered)


def test_empty_account(world: AccountWorld) -> None:
    """An account without statuses has no newest one, and its listing is complete and empty."""
    listing = world.account.statuses_since(None)

    assert world.account.latest() is None
    assert ((), True) == (listing.statuses, listing.complete)


def test_latest(world: AccountWorld) -> None:
    """The newest own status is the anchor for what comes after."""
    world.write("one")
    newest = world.write("two")
    anchor = world.account.latest()

    assert anchor is not None
    assert newest == anchor.id


def test_statuses_since(world: AccountWorld) -> None:
    """The listing holds what is newer than the anchor, newest first, and not the anchor itself."""
    world.write("one")
    anchor = world.account.latest()
    ids = [world.write(text) for text in ("two", "three")]

    listing = world.account.statuses_since(anchor)

    assert (ids[::-1], ["three", "two"], True) == (
        [status.id for status in listing.statuses],
        [status.text for status in listing.statuses],
        listing.complete,
    )


def test_own_pages(world: AccountWorld) -> None:
    """Page by page, newest first, to the first one; then an empty one, from which nothing follows."""
    ids = [world.write(f"number {number}") for number in range(5)]

    found: list[str] = []
    page = world.account.own_page()
    while page.statuses:
        found += [status.id for status in page.statuses]
        page = world.account.own_page(before=page.next)

    assert ids[::-1] == found
    assert "" == page.next


def test_statuses_since_a_deleted_anchor(world: AccountWorld) -> None:
    """Deleting the anchor takes nothing from the listing and adds nothing older."""
    world.write("one")
    anchor_id = world.write("two")
    anchor = world.account.latest()
    newer = world.write("three")
    world.delete(anchor_id)

    listing = world.account.statuses_since(anchor)

    assert newer in [status.id for status in listing.statuses]
    assert "one" not in [status.text for status in listing.statuses]
    assert listing.complete


def test_reply_kinds_are_told_apart() -> None:
    """A script may give every kind of answer, once each and in order."""
    account = FakeAccount()
    account.answer(NotSent(message="refused"))
    account.answer(Throttled(message="slow"))

    replies = [account.publish(POST, media_ids=[], key=key).reply for key in ("a", "b", "c")]

    assert [NotSent, Throttled, Published] == [type(reply) for reply in replies]
