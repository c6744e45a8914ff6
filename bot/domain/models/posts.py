"""What a site says: its posts, with their terms and images."""

from datetime import datetime

from msgspec import Struct

# WordPress's ids have 64 bits.
LARGEST_ID = 2**63 - 1


def post_id_in(text: str) -> int | None:
    """The id that a text is; None where it is none. Python itself refuses to read numbers of thousands of digits."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_ID))):
        return None
    number = int(text)
    return number if 0 < number <= LARGEST_ID else None


class ListedPost(Struct, frozen=True, kw_only=True):
    """A post as the light listing shows it.

    date is the site's local date string exactly as received: it is the walk's key. title is HTML.
    share_url is `share_on_mastodon.url`, '' where it is absent or empty.
    """

    id: int
    date: str
    published_at: datetime | None
    modified_at: datetime | None
    link: str
    title: str = ""
    share_url: str = ""


class Look(Struct, frozen=True, kw_only=True):
    """What one walk over the window found. An incomplete walk is used, but never moves the cursor.

    note: why it is incomplete. remark: what a person should know of how it was made, '' where that was the usual way.
    """

    posts: tuple[ListedPost, ...]
    complete: bool
    note: str = ""
    remark: str = ""


class Term(Struct, frozen=True, kw_only=True):
    """A category or a tag; name is HTML-escaped text as WordPress gives it."""

    name: str
    slug: str = ""


class ImageSize(Struct, frozen=True, kw_only=True):
    """One file of an image. width and height are 0 where the site doesn't say; mime_type may be ''."""

    url: str
    width: int = 0
    height: int = 0
    mime_type: str = ""


class Image(Struct, frozen=True, kw_only=True):
    """An image of a post: its files, the original among them, and what is known of it.

    alt is its alternative text (plain), caption its caption (HTML). focus is the point that matters, as Mastodon has
    it: x to the right and y upwards, each from -1 to 1; None where nobody set one.
    """

    sizes: tuple[ImageSize, ...]
    alt: str = ""
    caption: str = ""
    focus: tuple[float, float] | None = None


class Post(Struct, frozen=True, kw_only=True):
    """A post as read by itself, just before it is shared.

    title, excerpt and content are HTML; author is a display name. language is the post's own, '' where the site says
    nothing of it. share_field: whether the site shows the plugin's field at all, be it empty; share_error: the error in
    it; share_box: the plugin's box, "0" where it is unticked. share_text and share_cw are what its author wrote for the
    status (plain, as the Share on Mastodon plugin keeps it). coauthors are those whom a plugin names, the first of them
    the author. members_only: the site says that not everybody may read it. local_date: when it is published by the
    site's own clock ("2026-11-22T09:00:00"), '' where the site doesn't say. featured_media: the id of the image that it
    has, 0 for none; where image is None all the same, the image can't be read (yet). unread: what the site doesn't give
    of it: "text" (with what else needs a whole post), "terms" (with its author).
    """

    id: int
    link: str
    title: str = ""
    excerpt: str = ""
    content: str = ""
    status: str = "publish"
    protected: bool = False
    members_only: bool = False
    sticky: bool = False
    published_at: datetime | None = None
    local_date: str = ""
    modified_at: datetime | None = None
    author: str = ""
    author_slug: str = ""
    coauthors: tuple[Term, ...] = ()
    categories: tuple[Term, ...] = ()
    tags: tuple[Term, ...] = ()
    image: Image | None = None
    featured_media: int = 0
    language: str = ""
    share_url: str = ""
    share_field: bool = False
    share_error: str = ""
    share_box: str = ""
    share_text: str = ""
    share_cw: str = ""
    unread: frozenset[str] = frozenset()

    @property
    def authors(self) -> tuple[Term, ...]:
        """Everybody who wrote it."""
        return self.coauthors or (Term(name=self.author, slug=self.author_slug),)

    def listed(self) -> ListedPost:
        """The post as a listing would show it; without the walk's key, since no walk came by it."""
        return ListedPost(
            id=self.id,
            date="",
            published_at=self.published_at,
            modified_at=self.modified_at,
            link=self.link,
            title=self.title,
            share_url=self.share_url,
        )


class SiteInfo(Struct, frozen=True, kw_only=True):
    """What a site says of itself: its own name (HTML-escaped) and its language ('en-GB'); '' where it says nothing.

    multilingual: it is there in several languages, so that of a post is told by its own page. complete: False where its
    first page, which tells both, couldn't be read just now.
    """

    title: str = ""
    language: str = ""
    multilingual: bool = False
    complete: bool = True


class MediaFile(Struct, frozen=True, kw_only=True):
    """An image's bytes and what they are, by their first bytes rather than by their name.

    animated: it is known to move; many instances make a video of a GIF that does.
    """

    data: bytes
    mime_type: str
    animated: bool = False
