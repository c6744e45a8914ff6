"""An account on an instance."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.answers import Answer, DeleteReply, UploadAnswer
from bot.domain.models import Anchor, Limits, Listing, MediaFile, MediaState, OwnStatus, Profile, Status, StatusPage

MaySend = Callable[[], bool]


def always() -> bool:
    """Send, whenever it is."""
    return True


class Account(Protocol):
    """One account on one instance. Used by the thread that holds the account's lease; verify() by any.

    Reading methods raise AccountUnavailableError (try later) or AccountBarredError (401, 403). publish, upload, edit,
    delete and boost answer with values and raise nothing for what a server says. The token goes to the instance's own
    host only; redirects are never followed. A POST never travels on a connection that was used before.
    """

    @property
    def name(self) -> str:
        """The account's name in the config."""
        ...

    def limits(self) -> Limits:
        """What the instance allows: v2, then v1, and its software by nodeinfo. Needs no token."""
        ...

    def verify(self) -> Profile:
        """Whose token this is."""
        ...

    def scopes(self) -> frozenset[str]:
        """What the token's app may do, as far as the instance tells (Mastodon from 4.3 on); empty where it doesn't."""
        ...

    def server_time(self) -> datetime | None:
        """What the instance's clock said with its last answer, to the second; None where it said nothing."""
        ...

    def upload(self, file: MediaFile, *, description: str, focus: tuple[float, float] | None = None) -> UploadAnswer:
        """Upload a file with its alternative text and the point that matters in it, as Image has it."""
        ...

    def media_state(self, media_id: str) -> MediaState:
        """What became of an uploaded file."""
        ...

    def publish(self, status: Status, *, media_ids: Sequence[str], key: str, may_send: MaySend = always) -> Answer:
        """Publish a status under an Idempotency-Key; exactly one request, never repeated here.

        Where the instance can be told whom a status may notify, it is told those of status.mentions that were looked up
        (all or none); where it would notify anybody else the reply is Refused, which names them (unexpected).

        may_send is asked at the last moment, when only the bytes are still to leave; where it says no, none leaves
        and the reply is NotSent.
        """
        ...

    def look_up(self, handles: Sequence[str]) -> None:
        """Learn whom these handles name, before a publish that mentions them; what can't be learnt is left.

        Takes the time of two requests at most. Raises nothing for what a server says.
        """
        ...

    def edit(self, status_id: str, status: Status, *, media_ids: Sequence[str]) -> Answer:
        """Replace a status: everything but its visibility, which stays. To repeat it does no harm.

        What isn't given is taken away: the files whose ids are missing, the content warning; only the language stays.
        The status has another id afterwards on some servers (snac): it is Published.id.
        """
        ...

    def delete(self, status_id: str) -> DeleteReply:
        """Delete a status with its files. One that isn't there (any more) is Refused with 404."""
        ...

    def boost(self, status_id: str) -> Answer:
        """Boost a status. Most servers boost it once, however often they are asked. Published is that status."""
        ...

    def boosted(self, status_id: str) -> bool | None:
        """Whether the account has boosted a status; None where there is no such status."""
        ...

    def status(self, status_id: str) -> OwnStatus | None:
        """A status as it stands; None where there is none by this id. Raises AccountError where nobody can tell now."""
        ...

    def latest(self) -> Anchor | None:
        """The account's newest own status; None where it has none."""
        ...

    def own_page(self, *, before: str = "") -> StatusPage:
        """A page of the account's own statuses, newest first: those older than the one with this id, or the newest.

        What can't be read is left out of it.
        """
        ...

    def statuses_since(self, anchor: Anchor | None) -> Listing:
        """The account's own statuses, newest first, back to the anchor (exclusive); to the first one without anchor.

        complete is False where the bound on pages was reached before the anchor.
        """
        ...
