"""The author's side of the sandbox's WordPress: writing, editing, scheduling, binning."""

import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Unpack
from zoneinfo import ZoneInfo

from bot.sandbox.images import mime_type, png_size
from bot.sandbox.wordpress_posts import Author, Media, Named, Post, PostFields, Term, slug_of

# WordPress publishes at once, under its future date, what is due in less than a minute.
_SOON = timedelta(seconds=60)
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
_PLAIN = (
    *("title", "excerpt", "content", "slug", "path", "featured_media", "password", "sticky", "lang"),
    *("share_text", "share_cw", "share_on_mastodon"),
)


class Newsroom:
    """What an author does. Every change is made as WordPress makes it in its columns; each is one step to readers.

    now gives the present instant, lock guards the posts, zone is the site's time zone.
    """

    def __init__(self, *, now: Callable[[], datetime], lock: threading.RLock, timezone: str) -> None:
        self.now = now
        self.lock = lock
        self.zone = ZoneInfo(timezone)
        self.posts: dict[int, Post] = {}
        self.terms: dict[int, Term] = {1: Term(id=1, name="Uncategorized", slug="uncategorized", taxonomy="category")}
        self.authors: dict[int, Author] = {1: Author(id=1, name="admin", slug="admin")}
        self.media: dict[int, Media] = {}
        self._next_id = 1

    def publish(self, **fields: Unpack[PostFields]) -> int:
        """Add a post and return its id; see PostFields.

        As WordPress does it: an explicit date is the modified date too; a date more than a minute ahead makes the
        post a scheduled one; status "draft" or "pending" without a date leaves the date open until publication.
        """
        with self.lock:
            post = self._new(fields)
            if post.status == "publish" and post.date_gmt >= _text(self.now() + _SOON):
                post.status = "future"
            post.floating = post.status in ("draft", "pending") and fields.get("date") is None
            self._attach_image(post, fields)
            self.posts[post.id] = post
            return post.id

    def schedule(self, at: datetime, **fields: Unpack[PostFields]) -> int:
        """Add a post that becomes visible at the first run_cron() after that instant. Its modified date is now."""
        with self.lock:
            fields["date"] = at
            fields["status"] = "future"
            post_id = self.publish(**fields)
            self._touch(self.posts[post_id])
            return post_id

    def run_cron(self) -> list[int]:
        """Publish what is due, as a visitor's request would; neither date changes. Returns the ids, oldest first."""
        with self.lock:
            now = _text(self.now())
            due = [post for post in self.posts.values() if post.status == "future" and post.date_gmt <= now]
            for post in due:
                post.status = "publish"
            return [post.id for post in sorted(due, key=lambda post: post.date_gmt)]

    def edit(self, post_id: int, /, **fields: Unpack[PostFields]) -> None:
        """Change fields of a post; modified becomes now. Everything but the id may change; raw is added to."""
        with self.lock:
            post = self.posts[post_id]
            for name in _PLAIN:
                if name in fields:
                    setattr(post, name, fields[name])  # type: ignore[literal-required]  # the names are PostFields' own
            self._relate(post, fields)
            post.raw.update(fields.get("raw", {}))
            if fields.get("date") is not None:
                self._date(post, fields["date"])
            if "status" in fields:
                self._change_status(post, fields["status"])
            self._attach_image(post, fields)
            self._touch(post)

    def trash(self, post_id: int) -> None:
        """Bin a post: it is gone from listings, and 401 by itself."""
        with self.lock:
            post = self.posts[post_id]
            post.status = "trash"
            post.slug += "__trashed"
            self._touch(post)

    def untrash(self, post_id: int) -> None:
        """Take a post out of the bin; as a draft, since WordPress 5.6."""
        with self.lock:
            post = self.posts[post_id]
            post.status = "draft"
            post.slug = post.slug.removesuffix("__trashed")
            self._touch(post)

    def publish_now(self, post_id: int) -> None:
        """Publish a draft, a private or a scheduled post: the first date is kept, an open one becomes now."""
        with self.lock:
            post = self.posts[post_id]
            self._change_status(post, "publish")
            self._touch(post)

    def delete(self, post_id: int) -> None:
        """Delete a post for good: 404 from now on."""
        with self.lock:
            del self.posts[post_id]

    def delete_media(self, media_id: int) -> None:
        """Delete an attachment behind the back of the posts that show it."""
        with self.lock:
            del self.media[media_id]

    def hide_media(self, media_id: int) -> None:
        """Make an attachment unreadable, as one that hangs on a draft is."""
        with self.lock:
            kept = self.media[media_id]
            self.media[media_id] = Media(
                **{name: getattr(kept, name) for name in Media.__slots__ if name != "public"}, public=False
            )

    def set_timezone(self, timezone: str) -> None:
        """Change the site's time zone. The posts' columns are not rewritten: WordPress doesn't either."""
        with self.lock:
            self.zone = ZoneInfo(timezone)

    def _new(self, fields: PostFields) -> Post:
        post_id = fields.get("id", self._next_id)
        self._next_id = max(self._next_id, post_id + 1)
        post = Post(id=post_id, status=fields.get("status", "publish"), raw=dict(fields.get("raw", {})))
        for name in _PLAIN:
            if name in fields:
                setattr(post, name, fields[name])  # type: ignore[literal-required]  # the names are PostFields' own
        self._date(post, fields.get("date") or self.now())
        post.modified, post.modified_gmt = post.date, post.date_gmt
        self._relate(post, {"categories": ["Uncategorized"], **fields})
        post.slug = self._free_slug(post)
        post.path = post.path or f"/{post.date[:4]}/{post.date[5:7]}/{post.slug}/"
        return post

    def _free_slug(self, post: Post) -> str:
        wanted = post.slug or slug_of(post.title) or str(post.id)
        taken = {other.slug for other in self.posts.values() if other.slug.startswith(wanted)}
        number = 2
        slug = wanted
        while slug in taken:
            slug, number = f"{wanted}-{number}", number + 1
        return slug

    def _relate(self, post: Post, fields: PostFields) -> None:
        """Set what a post points to, and make the terms and the author where they are new."""
        if "categories" in fields:
            post.categories = self._terms(fields["categories"], "category")
        if "tags" in fields:
            post.tags = self._terms(fields["tags"], "post_tag")
        if "author" in fields:
            number, name = _numbered(fields["author"], self.authors.values(), free=max(self.authors) + 1)
            self.authors.setdefault(number, Author(id=number, name=name, slug=slug_of(name)))
            post.author = number

    def _terms(self, names: Sequence[Named], taxonomy: str) -> list[int]:
        ids = []
        for named in names:
            own = [term for term in self.terms.values() if term.taxonomy == taxonomy]
            number, name = _numbered(named, own, free=max(self.terms) + 1)
            self.terms.setdefault(number, Term(id=number, name=name, slug=slug_of(name), taxonomy=taxonomy))
            ids.append(number)
        return ids

    def _attach_image(self, post: Post, fields: PostFields) -> None:
        """Store the featured image under the id after the post's, where that is free."""
        image = fields.get("image")
        if image is None:
            if "image" in fields:
                post.featured_media = 0
            return
        data, alt_text = image
        kind = mime_type(data) or "image/png"
        width, height = png_size(data)
        media_id = self._next_id
        self._next_id += 1
        self.media[media_id] = Media(
            id=media_id,
            file=f"{post.date[:4]}/{post.date[5:7]}/image-{media_id}.{_ENDINGS[kind]}",
            data=data,
            mime_type=kind,
            alt_text=alt_text,
            width=width,
            height=height,
            date=post.date,
            parent=post.id,
            caption=fields.get("caption", ""),
            focal_point=fields.get("focal_point"),
        )
        post.featured_media = media_id

    def _change_status(self, post: Post, status: str) -> None:
        if status == "publish" and post.floating:
            self._date(post, self.now())
            post.floating = False
        post.status = status

    def _date(self, post: Post, at: datetime | None) -> None:
        instant = at or self.now()
        post.date, post.date_gmt = _text(instant.astimezone(self.zone)), _text(instant)

    def _touch(self, post: Post) -> None:
        now = self.now()
        post.modified, post.modified_gmt = _text(now.astimezone(self.zone)), _text(now)


def _text(instant: datetime) -> str:
    """A column's text: to the second, and without a zone. An instant in another zone than UTC keeps its clock."""
    return instant.replace(tzinfo=None, microsecond=0).isoformat()


def _numbered(named: Named, known: Iterable[Any], *, free: int) -> tuple[int, str]:
    """The id and name of a term or an author: as given, as known by that name, or a free id."""
    if not isinstance(named, str):
        return named
    return next(((one.id, one.name) for one in known if one.name == named), (free, named))
