"""A WordPress site in memory that speaks the Site port. It passes the same contract suite as the adapter."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import parse_qs, urlsplit

from msgspec.structs import replace

from bot.domain.models import Image, ImageSize, ListedPost, Look, MediaFile, Post, ShareField, SiteInfo, Term
from bot.domain.text.terms import matching
from bot.errors import ImageError, PostGoneError, SiteError, WriteRefusedError

EPOCH = datetime(2026, 11, 1, tzinfo=UTC)


class FakeSite:
    """A Site whose posts a test publishes, edits and trashes.

    error, where set, is raised by every call; errors holds one by the method's name ("read"). incomplete, where
    set, is the note under which looks are incomplete. calls holds what was asked, in order: (method, argument).
    images are the files by their URL. announced are its REST namespaces, fields what was written to its posts.
    """

    def __init__(self, name: str = "site", *, url: str = "https://site.example") -> None:
        self._name = name
        self.url = url.rstrip("/")
        self.root = f"{self.url}/wp-json/"
        self.posts: dict[int, Post] = {}
        self.trashed: set[int] = set()
        self.images: dict[str, MediaFile] = {}
        self.error: SiteError | None = None
        self.errors: dict[str, SiteError] = {}
        self.incomplete = ""
        self.info = SiteInfo(title="The Site")
        self.announced: frozenset[str] = frozenset({"wp/v2"})
        self.fields: dict[int, ShareField] = {}
        self.may_write = True
        self.clock_says: datetime | None = None
        self.calls: list[tuple[str, object]] = []

    # --- what an author does

    def publish(
        self,
        title: str = "A post",
        *,
        at: datetime | None = None,
        post_id: int | None = None,
        excerpt: str = "",
        content: str = "",
        sticky: bool = False,
        language: str = "",
        share_text: str = "",
        share_cw: str = "",
        tags: Collection[str] = (),
        categories: Collection[str] = (),
        author: str = "admin",
        image: tuple[bytes, str] | None = None,
        featured_media: int = 0,
        caption: str = "",
        share_url: str = "",
        share_field: bool = False,
        share_error: str = "",
        share_box: str = "",
        protected: bool = False,
    ) -> int:
        """Publish a post and return its id. at: its date, a minute after the post before unless told.

        image is a PNG's bytes and its alternative text; caption is HTML. featured_media without an image: one that
        can't be read.
        """
        number = post_id or max(self.posts, default=0) + 1
        date = at or EPOCH + timedelta(minutes=number)
        self.posts[number] = Post(
            id=number,
            link=f"{self.url}/{number}/",
            title=title,
            excerpt=excerpt,
            content="" if protected else content,
            protected=protected,
            sticky=sticky,
            language=language,
            published_at=date,
            modified_at=date,
            author=author,
            author_slug=_slug(author),
            categories=_terms(categories),
            tags=_terms(tags),
            image=self._image(number, image, caption=caption) if image else None,
            featured_media=featured_media or (number if image else 0),
            share_url=share_url,
            share_field=share_field or bool(share_url),
            share_error=share_error,
            share_box=share_box,
            share_text=share_text,
            share_cw=share_cw,
        )
        return number

    def edit(self, post_id: int, post: Post) -> None:
        """Put another state of a post in the place of what is there."""
        self.posts[post_id] = replace(post, id=post_id)

    def trash(self, post_id: int) -> None:
        """Take a post away from readers."""
        self.trashed.add(post_id)

    # --- the port

    @property
    def name(self) -> str:
        """The site's name in the config."""
        return self._name

    def discover(self) -> str:
        """The root, or the error that was set."""
        self._called("discover", self.url)
        return self.root

    def about(self) -> SiteInfo:
        """What was set."""
        self._called("about", self.url)
        return self.info

    def list_new(self, *, after: datetime, exclude: Collection[int]) -> Look:
        """The public posts dated after an instant, by date and id."""
        self._called("list_new", after)
        posts = [
            _listed(post)
            for post in sorted(self._public(), key=lambda post: (post.published_at or EPOCH, post.id))
            if (post.published_at or EPOCH) > after and post.id not in exclude
        ]
        return Look(posts=tuple(posts), complete=not self.incomplete, note=self.incomplete)

    def read(self, post_id: int, *, link: str = "") -> Post:
        """One public post: by its link where its id is none that WordPress gives."""
        self._called("read", post_id)
        if post_id < 0:
            post = next((replace(post, id=post_id) for post in self._public() if _bare(post.link) == _bare(link)), None)
        else:
            post = next((post for post in self._public() if post.id == post_id), None)
        if post is None:
            raise PostGoneError(f"site {self.name}: post {post_id} is not public")
        return post

    def read_without_text(self, post_id: int, *, link: str = "") -> Post:
        """The same without excerpt and content, also while read() fails."""
        self._called("read_without_text", post_id)
        number = post_id if post_id > 0 else self.find_post(link)
        if number not in {post.id for post in self._public()}:
            raise PostGoneError(f"site {self.name}: post {post_id} is not public")
        return replace(self.posts[number], id=post_id, excerpt="", content="", unread=frozenset({"text"}))

    def read_several(self, post_ids: Collection[int]) -> tuple[Post, ...]:
        """The public ones among these posts."""
        self._called("read_several", tuple(post_ids))
        public = {post.id: post for post in self._public()}
        return tuple(public[number] for number in dict.fromkeys(post_ids) if number in public)

    def list_by_id(self, post_ids: Collection[int]) -> tuple[ListedPost, ...]:
        """The public ones among these posts, as listed."""
        self._called("list_by_id", tuple(post_ids))
        return tuple(_listed(post) for post in self._public() if post.id in post_ids)

    def list_by_link(self, links: Collection[str]) -> dict[str, ListedPost]:
        """Those that find_post finds."""
        self._called("list_by_link", tuple(links))
        found = {link: _listed(post) for link in links for post in self._public() if _bare(post.link) == _bare(link)}
        return found | {
            link: _listed(post) for link in links for post in self._public() if link.endswith(f"?p={post.id}")
        }

    def find_post(self, link: str) -> int | None:
        """The id by link, the trailing slash and the scheme aside, or by `?p=`."""
        self._called("find_post", link)
        asked = parse_qs(urlsplit(link).query).get("p", [""])[0]
        found = (post.id for post in self._public() if _bare(post.link) == _bare(link) or str(post.id) == asked)
        return next(found, None)

    def unknown_terms(self, taxonomy: Literal["categories", "tags"], names: Collection[str]) -> tuple[str, ...]:
        """Those that no post has."""
        self._called("unknown_terms", tuple(names))
        terms = [term for post in self.posts.values() for term in getattr(post, taxonomy)]
        return tuple(name for name in names if not matching(terms, [name]))

    def server_time(self) -> datetime | None:
        """As the test says."""
        self._called("server_time", self.url)
        return self.clock_says

    def namespaces(self) -> frozenset[str]:
        """What was set."""
        self._called("namespaces", self.url)
        return self.announced

    def read_field(self, post_id: int) -> ShareField:
        """What was written last, or the url that the post came with."""
        self._called("read_field", post_id)
        if post_id not in self.posts or post_id in self.trashed:
            raise PostGoneError(f"site {self.name}: there is no post {post_id}")
        return self.fields.get(post_id, ShareField(url=self.posts[post_id].share_url))

    def write_field(self, post_id: int, field: ShareField) -> None:
        """Keep it; what reads the post sees it."""
        self._called("write_field", (post_id, field))
        if not self.may_write:
            raise WriteRefusedError(f"site {self.name}: the login may not edit post {post_id}")
        if post_id not in self.posts or post_id in self.trashed:
            raise PostGoneError(f"site {self.name}: there is no post {post_id}")
        self.fields[post_id] = field
        self.posts[post_id] = replace(self.posts[post_id], share_url=field.url)

    def fetch_image(self, url: str, *, max_bytes: int) -> MediaFile:
        """An image's bytes."""
        self._called("fetch_image", url)
        file = self.images.get(url)
        if file is None or not file.mime_type or len(file.data) > max_bytes:
            raise ImageError(f"site {self.name}: {url} is no image that can be used")
        return file

    def _called(self, method: str, argument: object) -> None:
        self.calls.append((method, argument))
        error = self.error or self.errors.get(method)
        if error is not None:
            raise error

    def _public(self) -> list[Post]:
        return [post for post in self.posts.values() if post.id not in self.trashed and post.status == "publish"]

    def _image(self, number: int, image: tuple[bytes, str], *, caption: str) -> Image:
        data, alt = image
        url = f"{self.url}/wp-content/uploads/{number}.png"
        self.images[url] = MediaFile(data=data, mime_type="image/png")
        return Image(sizes=(ImageSize(url=url, mime_type="image/png"),), alt=alt, caption=caption)


def _listed(post: Post) -> ListedPost:
    published = post.published_at or EPOCH
    return ListedPost(
        id=post.id,
        date=published.replace(tzinfo=None, microsecond=0).isoformat(),
        published_at=post.published_at,
        modified_at=post.modified_at,
        link=post.link,
        title=post.title,
        share_url=post.share_url,
    )


def _terms(names: Collection[str]) -> tuple[Term, ...]:
    return tuple(Term(name=name, slug=_slug(name)) for name in names)


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")


def _bare(link: str) -> str:
    return link.partition("://")[2].rstrip("/")
