"""The accounts that have to keep the contract, each with what people and fate do on its instance."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from bot.domain.answers import Barred, Published, Throttled, Unanswered, Uploaded
from bot.domain.models import MediaFile, MediaState, Status
from bot.errors import AccountBarredError, AccountUnavailableError
from bot.mastodon import MastodonAccount
from bot.ports import Account
from bot.sandbox.faults import Fault, LoseAnswer
from bot.sandbox.images import png
from bot.sandbox.mastodon import SandboxMastodon
from tests.fakes.account import FakeAccount
from tests.sandbox import faults

PICTURE = MediaFile(data=png(40, 30), mime_type="image/png")
LINK = "https://news.example.com/7/?a=1&b=2"
POST = Status(text=f"Seven\n\n{LINK}")


class AccountWorld(Protocol):
    """An account, and what people and fate do on its instance."""

    @property
    def account(self) -> Account:
        """The account."""
        ...

    @property
    def texts(self) -> list[str]:
        """The texts of the statuses that stand there, oldest first."""
        ...

    @property
    def publishes(self) -> int:
        """How many publishes have arrived."""
        ...

    def write(self, text: str) -> str:
        """A person writes a status there; its id."""
        ...

    def delete(self, status_id: str) -> None:
        """A person deletes a status."""
        ...

    def lose_answer(self) -> None:
        """The next publish is done, and its answer lost."""
        ...

    def cut_before(self) -> None:
        """The next publish is cut off before it is done."""
        ...

    def throttle(self) -> None:
        """The next publish is one too many."""
        ...

    def lose_answers_to_changes(self) -> None:
        """The next edit, boost and deletion are done, and their answers lost."""
        ...

    def move_edited(self) -> None:
        """Edited statuses get another id and address from now on."""
        ...

    def lose_upload_answer(self) -> None:
        """The next upload is done, and its answer lost."""
        ...

    def take_away_token(self) -> None:
        """The token is revoked."""
        ...

    def freeze(self) -> None:
        """The account is frozen."""
        ...

    def fail(self) -> None:
        """Nothing is answered but 503 from now on."""
        ...

    def process_slowly(self) -> None:
        """New files are in processing when they are asked about first."""
        ...

    def fail_media(self, media_id: str) -> None:
        """A file turns out to be none."""
        ...

    def focus(self, media_id: str) -> tuple[float, float] | None:
        """The point that matters in a file, as it was sent; None for none."""
        ...

    def add_neighbour(self, name: str) -> None:
        """Somebody else joins the instance."""
        ...


class FakeAccountWorld:
    """The fake's world."""

    def __init__(self) -> None:
        self.account = FakeAccount("uk")

    @property
    def texts(self) -> list[str]:
        return self.account.texts

    @property
    def publishes(self) -> int:
        return len(self.account.sent)

    def write(self, text: str) -> str:
        return self.account.write(text).id

    def delete(self, status_id: str) -> None:
        self.account.remove(status_id)

    def lose_answer(self) -> None:
        self.account.answer(Unanswered(message="no answer"), done=True)

    def cut_before(self) -> None:
        self.account.answer(Unanswered(message="no answer"))

    def throttle(self) -> None:
        self.account.answer(Throttled(message="Too many requests"))

    def lose_answers_to_changes(self) -> None:
        for answer in (self.account.answer_edit, self.account.answer_boost, self.account.answer_delete):
            answer(Unanswered(message="no answer"), done=True)

    def move_edited(self) -> None:
        self.account.moves_edited = True

    def lose_upload_answer(self) -> None:
        self.account.answer_upload(Unanswered(message="no answer"), done=True)

    def take_away_token(self) -> None:
        self._bar(401)

    def freeze(self) -> None:
        self._bar(403)

    def fail(self) -> None:
        self.account.error = AccountUnavailableError("the instance social.example answered 503")
        self.account.answer(Unanswered(message="503"))
        self.account.answer_upload(Unanswered(message="503"))

    def process_slowly(self) -> None:
        self.account.polls = 1

    def fail_media(self, media_id: str) -> None:
        self.account.media[media_id].state = MediaState.FAILED

    def focus(self, media_id: str) -> tuple[float, float] | None:
        return self.account.media[media_id].focus

    def add_neighbour(self, name: str) -> None:
        self.account.neighbours.add(name)

    def _bar(self, code: int) -> None:
        self.account.error = AccountBarredError("the instance social.example refuses", code=code)
        self.account.answer(Barred(code=code, message="refused"))
        self.account.answer_upload(Barred(code=code, message="refused"))
        for answer in (self.account.answer_edit, self.account.answer_boost, self.account.answer_delete):
            answer(Barred(code=code, message="refused"))


class MastodonAccountWorld:
    """The world of the adapter: the sandbox's Mastodon."""

    def __init__(self, instance: SandboxMastodon) -> None:
        self.instance = instance
        self.token = instance.add_account("uk")
        self.account = self._account(self.token)
        self._person = self._account(instance.add_account("uk", application="Web"))

    def close(self) -> None:
        self.account.close()
        self._person.close()

    @property
    def texts(self) -> list[str]:
        return [status.text for status in self.instance.statuses]

    @property
    def publishes(self) -> int:
        asked = [request for request in self.instance.requests if request.path == "/api/v1/statuses"]
        return len([request for request in asked if request.method == "POST"])

    def write(self, text: str) -> str:
        reply = self._person.publish(Status(text=text), media_ids=[], key="").reply
        assert isinstance(reply, Published)
        return reply.id

    def delete(self, status_id: str) -> None:
        self.instance.statuses = [status for status in self.instance.statuses if status.id != status_id]

    def lose_answer(self) -> None:
        self._befall("POST /api/v1/statuses", LoseAnswer())

    def cut_before(self) -> None:
        self._befall("POST /api/v1/statuses", faults.CutBefore())

    def throttle(self) -> None:
        self._befall("POST /api/v1/statuses", faults.Status(429))

    def lose_answers_to_changes(self) -> None:
        for request in ("PUT", "POST", "DELETE"):
            self._befall(f"{request} /api/v1/statuses/*", LoseAnswer())

    def move_edited(self) -> None:
        self.instance.moves_edited = True

    def lose_upload_answer(self) -> None:
        self._befall("POST /api/v2/media", LoseAnswer())

    def take_away_token(self) -> None:
        self.instance.revoke(self.token)

    def freeze(self) -> None:
        self.instance.disable("uk")

    def fail(self) -> None:
        self.instance.faults.add(fault=faults.Status(503))

    def process_slowly(self) -> None:
        self.instance.media_processing_polls = 1

    def fail_media(self, media_id: str) -> None:
        next(media for media in self.instance.media if media.id == media_id).failed = True

    def focus(self, media_id: str) -> tuple[float, float] | None:
        focus = next(media for media in self.instance.media if media.id == media_id).focus
        x, _, y = focus.partition(",")
        return (float(x), float(y)) if focus else None

    def add_neighbour(self, name: str) -> None:
        self.instance.add_account(name)

    def _befall(self, match: str, fault: Fault) -> None:
        self.instance.faults.add(match=match, fault=fault, times=1)

    def _account(self, token: str) -> MastodonAccount:
        return MastodonAccount(
            "uk", self.instance.url, read_token=lambda: token, timeout=timedelta(seconds=5), allow_private=True
        )


def published(world: AccountWorld, status: Status = POST, *, media_ids: Sequence[str] = ()) -> Published:
    """A status that stands on the account."""
    reply = world.account.publish(status, media_ids=media_ids, key="").reply
    assert isinstance(reply, Published)
    return reply


def uploaded(world: AccountWorld) -> str:
    """The id of a file."""
    reply = world.account.upload(PICTURE, description="A kite").reply
    assert isinstance(reply, Uploaded)
    return reply.id
