"""What the sandbox's WordPress holds, and how an author adds to it."""

import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Unpack
from zoneinfo import ZoneInfo

from bot.sandbox.images import mime_type, png_size
from bot.sandbox.wordpress_posts import Author, Media, Named, Post, PostFields, Term, slug_of

# WordPress publishes at once, under its future date, what is due in less than a minute.
_AT_ONCE = timedelta(seconds=60)
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
_PLAIN = (
    *("title", "excerpt", "content", "slug", "path", "featured_media", "password", "sticky", "lang"),
    *("share_text", "share_cw", "share_on_mastodon"),
)


class Content:
    """Posts, terms, authors and media, changed as WordPress changes its columns; each change is one step to readers.

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
            if post.status == "publish" and post.date_gmt >= column(self.now() + _AT_ONCE):
                post.status = "future"
            post.floating = post.status in ("draft", "pending") and fields.get("date") is None
            self.attach_image(post, fields)
            self.posts[post.id] = post
            return post.id

    def _new(self, fields: PostFields) -> Post:
        post_id = fields.get("id", self._next_id)
        self._next_id = max(self._next_id, post_id + 1)
        post = Post(id=post_id, status=fields.get("status", "publish"), raw=dict(fields.get("raw", {})))
        assign(post, fields)
        self.set_date(post, fields.get("date") or self.now())
        post.modified, post.modified_gmt = post.date, post.date_gmt
        self.relate(post, {"categories": ["Uncategorized"], **fields})
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

    def relate(self, post: Post, fields: PostFields) -> None:
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

    def attach_image(self, post: Post, fields: PostFields) -> None:
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

    def set_date(self, post: Post, at: datetime) -> None:
        """Give a post this date, in both columns."""
        post.date, post.date_gmt = self.columns(at)

    def columns(self, at: datetime) -> tuple[str, str]:
        """An instant as a local column and as a _gmt one have it."""
        return column(at.astimezone(self.zone)), column(at)


def assign(post: Post, fields: PostFields) -> None:
    """Set the columns that a post has by the field's name."""
    for name in _PLAIN:
        if name in fields:
            setattr(post, name, fields[name])  # type: ignore[literal-required]  # the names are PostFields' own


def column(instant: datetime) -> str:
    """A column's text: to the second, and without a zone. An instant in another zone than UTC keeps its clock."""
    return instant.replace(tzinfo=None, microsecond=0).isoformat()


def _numbered(named: Named, known: Iterable[Any], *, free: int) -> tuple[int, str]:
    """The id and name of a term or an author: as given, as known by that name, or a free id."""
    if not isinstance(named, str):
        return named
    return next(((one.id, one.name) for one in known if one.name == named), (free, named))
