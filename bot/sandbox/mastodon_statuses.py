"""Statuses of the sandbox's Mastodon: publishing with its idempotency key, editing, deleting, boosting, listing."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Unpack

from bot.sandbox.mastodon_base import Options, instant_or_none, refuse
from bot.sandbox.mastodon_entities import Account, Status, hashtags
from bot.sandbox.mastodon_media import MediaRoutes
from bot.sandbox.mastodon_text import count, mentioned
from bot.sandbox.messages import Answer, Request, json_answer

_VISIBILITIES = ("public", "unlisted", "private", "direct")
_KEY_LIVES = {"1h": timedelta(hours=1), "replay-cached": timedelta(hours=6)}
_MOST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What is remembered under an idempotency key."""

    at: datetime
    status_id: str = ""
    answer: Answer | None = field(default=None, repr=False)


class StatusRoutes(MediaRoutes):
    """`/api/v1/statuses` and `/api/v1/accounts/:id/statuses`."""

    def __init__(self, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self._keys: dict[tuple[str, str], _Kept] = {}
        self._looked_up: set[int] = set()
        self.route("POST", r"/api/v1/statuses/?", self._publish)
        self.route("GET", r"/api/v1/statuses/(\d+)", self._read_status)
        self.route("PUT", r"/api/v1/statuses/(\d+)", self._edit_status)
        self.route("DELETE", r"/api/v1/statuses/(\d+)", self._delete_status)
        self.route("GET", r"/api/v1/statuses/(\d+)/source", self._source)
        self.route("GET", r"/api/v1/statuses/(\d+)/history", self._history)
        self.route("POST", r"/api/v1/statuses/(\d+)/reblog", self._reblog)
        self.route("POST", r"/api/v1/statuses/(\d+)/unreblog", self._unreblog)
        self.route("GET", r"/api/v1/accounts/(\d+)/statuses", self._list_statuses)

    def respond(self, request: Request) -> Answer | None:
        """Answer a request. Mastodon up to 4.5 looks a key up as a request comes in, and not again afterwards."""
        if self.idempotency != "1h-unlocked":
            return super().respond(request)
        with self.lock:
            token = self.token_of(request)
            key = request.header("idempotency-key")
            if token is not None and token.account is not None and self._kept(token.account, key) is None:
                self._looked_up.add(id(request))
        try:
            return super().respond(request)
        finally:
            self._looked_up.discard(id(request))

    def find(self, status_id: str) -> Status | None:
        """A status by its id; None where there is none or it was deleted."""
        return next((status for status in self.statuses if status.id == status_id), None)

    # --- publishing

    def _publish(self, request: Request) -> Answer:
        account = self.authorize(request, "write:statuses")
        key = request.header("idempotency-key")
        kept = None if id(request) in self._looked_up else self._kept(account, key)
        if kept is not None:
            return self._replay(kept)
        if self.idempotency == "replay-400" and key:
            # Pixelfed keeps the key before it makes the post, and so also when it then makes none.
            self._keys[account.id, key] = _Kept(at=self.now())
        answer = self._create(account, request)
        if self.idempotency == "replay-cached" and key:
            self._keys["", key] = _Kept(at=self.now(), answer=answer)
        return answer

    def _kept(self, account: Account, key: str) -> _Kept | None:
        """What is remembered under a key, for as long as such a server remembers."""
        if not key or self.idempotency == "none":
            return None
        # Pleroma's cache knows the key alone, whoever sent it.
        kept = self._keys.get(("" if self.idempotency == "replay-cached" else account.id, key))
        life = _KEY_LIVES.get(self.idempotency, timedelta(hours=1))
        return kept if kept and self.now() - kept.at < life else None

    def _replay(self, kept: _Kept) -> Answer:
        if kept.answer is not None:
            return kept.answer
        if self.idempotency == "replay-400":
            raise refuse(400, "Duplicate idempotency key.")
        if self.idempotency == "replay-500":
            raise refuse(500, "We're sorry, but something went wrong on our end.")
        return json_answer(self.entities.status(self._existing(kept.status_id)))

    def _create(self, account: Account, request: Request) -> Answer:
        status = self._read(account, request)
        self.check("statuses", account.id)
        headers = self.spend("statuses", account.id)
        if any(word in status.text for word in self.drops):
            # Antispam: a plausible answer, and nothing was stored.
            return json_answer(self.entities.status(status), headers=headers)
        self.statuses.append(status)
        for media in status.media:
            media.status_id = status.id
        if status.idempotency_key and self.idempotency in ("1h", "1h-unlocked", "replay-500"):
            self._keys[account.id, status.idempotency_key] = _Kept(at=self.now(), status_id=status.id)
        return json_answer(self.entities.status(status), headers=headers)

    def _read(self, account: Account, request: Request) -> Status:
        """The status that a request describes, checked but not stored."""
        self._refuse_schedule(request)
        media = self.attachable(account, request.values("media_ids"))
        text, spoiler_text = self._texts(request, has_media=bool(media))
        visibility = request.value("visibility") or "public"
        if visibility not in _VISIBILITIES:
            raise refuse(422, "Validation failed: Visibility is not included in the list")
        reply_to = request.value("in_reply_to_id") or ""
        if reply_to:
            self._existing(reply_to)
        return Status(
            id=self.next_id(),
            account=account,
            text=text,
            spoiler_text=spoiler_text,
            visibility=visibility,
            language=_language(request.value("language")),
            sensitive=bool(spoiler_text) or _truthy(request.value("sensitive")),
            media=media,
            in_reply_to_id=reply_to,
            idempotency_key=request.header("idempotency-key"),
            application=self.authorize_token(request).app.name,
            mentions=self._mentions(account, text, request),
            created_at=self.now(),
        )

    def _refuse_schedule(self, request: Request) -> None:
        """The sandbox knows no scheduled statuses; a past instant publishes at once, as on Mastodon."""
        at = instant_or_none(request.value("scheduled_at") or "")
        if at is not None and at > self.now():
            raise refuse(422, "Validation failed: Scheduled at is not something this sandbox does")

    def _texts(self, request: Request, *, has_media: bool) -> tuple[str, str]:
        """Text and content warning, stripped; refused where both are empty or they are too long together."""
        text, spoiler_text = ((request.value(name) or "").strip() for name in ("status", "spoiler_text"))
        if not text and not has_media:
            text, spoiler_text = spoiler_text, ""
        if not text and not has_media:
            raise refuse(422, "Validation failed: Text can't be blank")
        if count(text, spoiler_text) > self.max_characters:
            raise refuse(422, f"Validation failed: Text character limit of {self.max_characters} exceeded")
        forbidden = [name.lower() for name in hashtags(text) if name.lower() in self.forbidden_hashtags]
        if forbidden:
            raise refuse(422, f"Validation failed: Text contained a disallowed hashtag: {', '.join(forbidden)}")
        return text, spoiler_text

    def _mentions(self, account: Account, text: str, request: Request) -> tuple[str, ...]:
        """The local accounts that the text mentions; refused where only others may be."""
        names = mentioned(text, domain=self.entities.domain)
        found = [self.accounts[name] for name in names if name in self.accounts]
        allowed = request.values("allowed_mentions")
        unexpected = [other for other in found if other.id not in (*allowed, account.id)]
        if allowed and unexpected:
            accounts = [self.entities.account(other) for other in unexpected]
            raise refuse(422, "Post would be sent to unexpected accounts", unexpected_accounts=accounts)
        return tuple(other.username for other in found)

    # --- one status

    def _existing(self, status_id: str) -> Status:
        status = self.find(status_id)
        if status is None:
            raise refuse(404, "Record not found")
        return status

    def _own_status(self, account: Account, status_id: str) -> Status:
        status = self._existing(status_id)
        if status.account is not account:
            raise refuse(404, "Record not found")
        return status

    def _read_status(self, request: Request, status_id: str) -> Answer:
        reader = self.authorize(request, "read:statuses") if request.header("authorization") else None
        status = self._existing(status_id)
        if status.visibility in ("private", "direct") and reader is not status.account:
            raise refuse(404, "Record not found")
        boosted = reader is not None and self._boost_of(reader, status) is not None
        return json_answer(self.entities.status(status) | {"reblogged": boosted})

    def _source(self, request: Request, status_id: str) -> Answer:
        account = self.authorize(request, "read:statuses")
        status = self._own_status(account, status_id)
        return json_answer({"id": status.id, "text": status.text, "spoiler_text": status.spoiler_text})

    def _history(self, _request: Request, status_id: str) -> Answer:
        """Every edition of a status, the first one first."""
        status = self._existing(status_id)
        return json_answer([self.entities.edition(edition, status.account) for edition in status.editions()])

    def _edit_status(self, request: Request, status_id: str) -> Answer:
        """Replace a status in full: what isn't sent is removed, but for the language."""
        account = self.authorize(request, "write:statuses")
        status = self._own_status(account, status_id)
        kept = [media for media in status.media if media.id in request.values("media_ids")]
        added = [media_id for media_id in request.values("media_ids") if media_id not in {one.id for one in kept}]
        media = kept + self.attachable(account, added)
        text, spoiler_text = self._texts(request, has_media=bool(media))
        self.check("statuses", account.id)
        headers = self.spend("statuses", account.id)
        self._describe(request)
        status.earlier.append(status.edition())
        status.mentions = self._mentions(account, text, request)
        status.text, status.spoiler_text, status.media = text, spoiler_text, media
        status.sensitive = bool(spoiler_text) or _truthy(request.value("sensitive"))
        status.language = _language(request.value("language"), default=status.language)
        status.edited_at = self.now()
        if self.moves_edited:
            status.id = self.next_id()
        for one in media:
            one.status_id = status.id
        return json_answer(self.entities.status(status), headers=headers)

    def _describe(self, request: Request) -> None:
        """Apply `media_attributes[][id]`, `[][description]`: each id begins another file."""
        known = {media.id: media for media in self.media}
        media = None
        for name, value in request.fields:
            if name == "media_attributes[][id]":
                media = known.get(value)
            elif name == "media_attributes[][description]" and media:
                media.description = value

    def _delete_status(self, request: Request, status_id: str) -> Answer:
        """Remove a status, and the boosts of it; its files may be used again unless they are to go too."""
        account = self.authorize(request, "write:statuses")
        status = self._own_status(account, status_id)
        self.check("deletes", account.id)
        self.spend("deletes", account.id)
        entity = self.entities.status(status) | {"text": status.text}
        self._remove(status)
        for boost in [boost for boost in self.statuses if boost.reblog is status]:
            self._remove(boost)
        for media in status.media:
            media.status_id = ""
        if _truthy(request.value("delete_media")):
            self.media = [media for media in self.media if media not in status.media]
        return json_answer(entity)

    def _remove(self, status: Status) -> None:
        self.statuses.remove(status)
        self.deleted.append(status)

    def _reblog(self, request: Request, status_id: str) -> Answer:
        """Boost a status; boosting it again gives the same boost."""
        account = self.authorize(request, "write:statuses")
        status = self._existing(status_id)
        boost = self._boost_of(account, status)
        if boost is not None:
            return json_answer(self.entities.status(boost))
        self.check("statuses", account.id)
        headers = self.spend("statuses", account.id)
        boost = Status(
            id=self.next_id(),
            account=account,
            text="",
            visibility=request.value("visibility") or "public",
            application=self.authorize_token(request).app.name,
            reblog=status.reblog or status,
            created_at=self.now(),
        )
        self.statuses.append(boost)
        return json_answer(self.entities.status(boost), headers=headers)

    def _unreblog(self, request: Request, status_id: str) -> Answer:
        account = self.authorize(request, "write:statuses")
        status = self._existing(status_id)
        boost = self._boost_of(account, status)
        if boost is not None:
            self._remove(boost)
        return json_answer(self.entities.status(status))

    def _boost_of(self, account: Account, status: Status) -> Status | None:
        original = status.reblog or status
        return next((one for one in self.statuses if one.account is account and one.reblog is original), None)

    # --- an account's statuses

    def _list_statuses(self, request: Request, account_id: str) -> Answer:
        """The account's statuses, newest first; all of them only to itself and with read:statuses."""
        seen = self._seen_by(request, account_id)
        found = [status for status in seen if _wanted(status, request)]
        limit = max(1, min(int(request.param("limit", "20")), _MOST))
        newest_first = sorted(found, key=lambda status: int(status.id), reverse=True)
        rows = newest_first[-limit:] if "min_id" in request.params else newest_first[:limit]
        headers = self._links(request, rows) if rows else []
        return json_answer([self.entities.status(status) for status in rows], headers=headers)

    def _seen_by(self, request: Request, account_id: str) -> list[Status]:
        own = [status for status in self.statuses if status.account.id == account_id]
        if not any(account.id == account_id for account in self.accounts.values()):
            raise refuse(404, "Record not found")
        if not request.header("authorization"):
            return [status for status in own if status.visibility in ("public", "unlisted")]
        reader = self.authorize(request, "read:statuses")
        if reader.id == account_id:
            return own
        return [status for status in own if status.visibility in ("public", "unlisted")]

    def _links(self, request: Request, rows: list[Status]) -> list[tuple[str, str]]:
        base = f"{self.origin}{request.path}?limit={request.param('limit', '20')}"
        older = f'<{base}&max_id={rows[-1].id}>; rel="next"'
        newer = f'<{base}&min_id={rows[0].id}>; rel="prev"'
        return [("Link", f"{older}, {newer}")]


def _wanted(status: Status, request: Request) -> bool:
    """Whether a listing's parameters let a status through."""
    number = int(status.id)
    bounds = (
        number < int(request.param("max_id", str(number + 1))),
        number > int(request.param("min_id", "0")),
        number > int(request.param("since_id", "0")),
    )
    left_out = (
        _truthy(request.value("exclude_reblogs")) and status.reblog is not None,
        _truthy(request.value("exclude_replies")) and bool(status.in_reply_to_id),
        _truthy(request.value("only_media")) and not status.media,
        _truthy(request.value("pinned")),
    )
    tag = request.param("tagged").lower()
    tagged = not tag or tag in (name.lower() for name in hashtags(status.text))
    return all(bounds) and not any(left_out) and tagged


def _language(asked: str | None, *, default: str = "en") -> str:
    """A language code; one that makes no sense is passed over without a word, as Mastodon does."""
    return asked if asked and 2 <= len(asked.partition("-")[0]) <= 3 and asked[:2].isalpha() else default


def _truthy(value: str | None) -> bool:
    """Rails' idea of true."""
    return (value or "").lower() not in ("", "0", "f", "false", "off")
