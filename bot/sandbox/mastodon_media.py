"""Media of the sandbox's Mastodon: upload, processing, description, the files themselves."""

from typing import Unpack

from bot.sandbox.images import mime_type, moves, png_size
from bot.sandbox.mastodon_base import MastodonBase, Options, refuse
from bot.sandbox.mastodon_entities import Account, Media
from bot.sandbox.messages import Answer, Request, json_answer

IMAGE_SIZE_LIMIT = 16 * 1024 * 1024
IMAGE_MATRIX_LIMIT = 33_177_600
MIME_TYPES = ("image/jpeg", "image/png", "image/gif", "image/heic", "image/heif", "image/webp", "image/avif")


class MediaRoutes(MastodonBase):
    """`/api/v2/media`, `/api/v1/media/:id` and the files."""

    def __init__(self, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.route("POST", r"/api/v[12]/media/?", self._upload)
        self.route("GET", r"/api/v1/media/(\d+)", self._read_media)
        self.route("PUT", r"/api/v1/media/(\d+)", self._describe_media)
        self.route("GET", r"/system/media_attachments/(\d+)", self._file)

    @property
    def description_limit(self) -> int:
        """How many characters an alternative text may have."""
        return 10_000 if self.release >= (4, 6) else 1500

    def attachable(self, account: Account, media_ids: list[str]) -> list[Media]:
        """The account's files with these ids, ready and attached nowhere; else refused with 422.

        A GIF that moves becomes a video, and nothing goes along with a video.
        """
        if len(media_ids) > self.max_media_attachments:
            message = f"Cannot attach more than {self.max_media_attachments} files"
            raise refuse(422, f"Validation failed: {message}")
        found = [media for media_id in media_ids if (media := self._own(account, media_id)) and not media.status_id]
        missing = [media_id for media_id in media_ids if media_id not in {media.id for media in found}]
        if missing:
            raise refuse(422, f"Media {', '.join(missing)} not found or already attached to another post")
        if len(found) > 1 and any(moves(media.data) for media in found):
            raise refuse(422, "Cannot attach a video to a post that already contains images")
        if not all(media.ready for media in found):
            raise refuse(422, "Cannot attach files that have not finished processing. Try again in a moment!")
        return found

    def _own(self, account: Account, media_id: str) -> Media | None:
        return next((media for media in self.media if (media.id, media.account_id) == (media_id, account.id)), None)

    def _unattached(self, account: Account, media_id: str) -> Media:
        """A file that still waits for its status; Mastodon knows an attached one no longer."""
        media = self._own(account, media_id)
        if media is None or media.status_id:
            raise refuse(404, "Record not found")
        return media

    def _upload(self, request: Request) -> Answer:
        account = self.authorize(request, "write:media")
        self.check("media", account.id)
        headers = self.spend("media", account.id)
        data = next((file.data for file in request.files if file.name == "file"), None)
        if data is None:
            raise refuse(422, "Validation failed: File can't be blank")
        media = self._stored(account, data, request)
        status = 200 if media.ready else 202
        return json_answer(self.entities.media(media), status=status, headers=headers)

    def _stored(self, account: Account, data: bytes, request: Request) -> Media:
        kind = mime_type(data)
        if not kind:
            raise refuse(422, "File type of uploaded media could not be verified")
        if len(data) >= IMAGE_SIZE_LIMIT:
            raise refuse(422, "Validation failed: File size must be less than 16 MB")
        width, height = png_size(data)
        media = Media(
            id=self.next_id(),
            account_id=account.id,
            data=data,
            mime_type=kind,
            description=self._description(request),
            focus=request.value("focus") or "",
            width=width,
            height=height,
            polls_left=self.media_processing_polls,
            created_at=self.now(),
        )
        self.media.append(media)
        return media

    def _description(self, request: Request) -> str:
        description = request.value("description") or ""
        if len(description) > self.description_limit:
            message = f"Description is too long (maximum is {self.description_limit} characters)"
            raise refuse(422, f"Validation failed: {message}")
        return description

    def _read_media(self, request: Request, media_id: str) -> Answer:
        media = self._unattached(self.authorize(request, "write:media"), media_id)
        if media.failed:
            raise refuse(422, "Error processing thumbnail for uploaded media")
        status = 200 if media.ready else 206
        answer = json_answer(self.entities.media(media), status=status)
        media.polls_left = max(0, media.polls_left - 1)
        return answer

    def _describe_media(self, request: Request, media_id: str) -> Answer:
        media = self._unattached(self.authorize(request, "write:media"), media_id)
        if request.value("description") is not None:
            media.description = self._description(request)
        media.focus = request.value("focus") or media.focus
        return json_answer(self.entities.media(media), status=200 if media.ready else 206)

    def _file(self, request: Request, media_id: str) -> Answer:
        media = next((media for media in self.media if media.id == media_id), None)
        if media is None:
            return self.not_found(request)
        return Answer(body=media.data, headers=(("Content-Type", media.mime_type),))
