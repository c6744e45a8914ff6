"""What an account changes of a status that stands: edits, deletions, boosts."""

from msgspec.structs import replace

from bot.domain.answers import Deleted, Published, Refused, Unanswered
from bot.domain.models import MediaState
from tests.contract.accounts import POST, AccountWorld, published, uploaded


def test_edited(world: AccountWorld) -> None:
    """An edit replaces the text; the status is the same one, and its files stay where they are named."""
    media_id = uploaded(world)
    before = published(world, media_ids=[media_id])
    after = world.account.edit(before.id, replace(POST, text="Eight"), media_ids=[media_id]).reply

    assert isinstance(after, Published)
    assert (before.id, before.url) == (after.id, after.url)
    assert ["Eight"] == world.texts
    assert MediaState.MISSING is world.account.media_state(media_id)


def test_edited_twice_alike(world: AccountWorld) -> None:
    """To repeat an edit does no harm."""
    before = published(world)
    replies = [world.account.edit(before.id, replace(POST, text="Eight"), media_ids=[]).reply for _ in range(2)]

    assert replies[0] == replies[1]
    assert ["Eight"] == world.texts


def test_an_edit_with_another_file(world: AccountWorld) -> None:
    """Another file takes the place of the first."""
    first, second = uploaded(world), uploaded(world)
    before = published(world, media_ids=[first])

    assert isinstance(world.account.edit(before.id, POST, media_ids=[second]).reply, Published)
    assert MediaState.MISSING is world.account.media_state(second)


def test_an_edited_status_may_move(world: AccountWorld) -> None:
    """Where it does, its new id and url are in the answer, and there is still one status."""
    before = published(world)
    world.move_edited()
    after = world.account.edit(before.id, replace(POST, text="Eight"), media_ids=[]).reply

    assert isinstance(after, Published)
    assert before.id != after.id
    assert after.id in after.url
    assert ["Eight"] == world.texts
    assert isinstance(world.account.edit(before.id, POST, media_ids=[]).reply, Refused)


def test_an_edit_that_is_refused(world: AccountWorld) -> None:
    """A file that isn't there: the status stays as it is."""
    before = published(world)
    reply = world.account.edit(before.id, replace(POST, text="Eight"), media_ids=["7"]).reply

    assert isinstance(reply, Refused)
    assert (422, [POST.text]) == (reply.code, world.texts)


def test_deleted(world: AccountWorld) -> None:
    """It is gone, and a second time it isn't there."""
    before = published(world)
    first, second = world.account.delete(before.id), world.account.delete(before.id)

    assert (Deleted(), []) == (first, world.texts)
    assert isinstance(second, Refused)
    assert 404 == second.code


def test_what_is_not_there(world: AccountWorld) -> None:
    """Can't be edited, deleted or boosted: all three say 404; nor is it boosted."""
    replies = [
        world.account.edit("7", POST, media_ids=[]).reply,
        world.account.boost("7").reply,
        world.account.delete("7"),
    ]

    for reply in replies:
        assert isinstance(reply, Refused)
        assert 404 == reply.code
    assert world.account.boosted("7") is None


def test_boosted(world: AccountWorld) -> None:
    """The answer is the status itself, whatever id the boost has; a second one changes nothing."""
    before = published(world)
    assert world.account.boosted(before.id) is False

    replies = [world.account.boost(before.id).reply for _ in range(2)]

    assert [before, before] == replies
    assert world.account.boosted(before.id) is True


def test_changes_without_an_answer(world: AccountWorld) -> None:
    """Each is done or not: nobody knows."""
    before = published(world)
    world.lose_answers_to_changes()
    replies = [
        world.account.edit(before.id, replace(POST, text="Eight"), media_ids=[]).reply,
        world.account.boost(before.id).reply,
        world.account.delete(before.id),
    ]

    assert [Unanswered] * 3 == [type(reply) for reply in replies]
    assert [] == world.texts
