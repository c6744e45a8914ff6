"""A WordPress site."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Literal, Protocol

from bot.domain.models import ListedPost, Look, MediaFile, Post, ShareField, SiteInfo


class Site(Protocol):
    """A WordPress site and one of its post types. May be used by several threads at once.

    Methods raise SiteUnavailableError where nothing can be concluded from the answer (network, 5xx, HTML instead of
    JSON, a shape that isn't WordPress's). Where the site's posts are read is the adapter's own business: it remembers
    it, and looks for it anew where it has moved. Only public addresses are connected to, unless the site allows
    private ones. Every call is bounded in time and size.
    """

    @property
    def name(self) -> str:
        """The site's name in the config."""
        ...

    def discover(self) -> str:
        """Find where the site's posts are read, from its address, whatever is remembered; returns that address."""
        ...

    def about(self) -> SiteInfo:
        """What the site says of itself; it has no language where that can't be had."""
        ...

    def list_new(self, *, after: datetime, exclude: Collection[int]) -> Look:
        """Walk the posts dated after an instant, but for the excluded ids; one light request where one is enough.

        Gap-free: by key and ties, never by offset (docs/design.md). An answer that can't be read raises and the walk
        yields nothing; one that is readable but doesn't add up is an incomplete Look.
        """
        ...

    def read(self, post_id: int, *, link: str = "") -> Post:
        """Read one post with its terms, author and featured image. PostGoneError where it surely isn't public.

        link: the post's, where it is known: it tells the post where what can be read of the site now has another id
        for it, or none. The post that is returned has the id that was asked for.
        """
        ...

    def read_without_text(self, post_id: int, *, link: str = "") -> Post:
        """Read one post as read() does, by what a site can say of it without rendering its excerpt and content.

        For a post that can't be had whole however often it is asked for. Post.unread tells what is missing.
        """
        ...

    def read_several(self, post_ids: Collection[int]) -> tuple[Post, ...]:
        """Read several posts in one request, each as read() gives it; those that aren't public are missing."""
        ...

    def list_by_id(self, post_ids: Collection[int]) -> tuple[ListedPost, ...]:
        """The light listing of some posts, 100 in one request, in no order; those that aren't public are missing.

        That one is missing proves nothing: read() tells.
        """
        ...

    def list_by_link(self, links: Collection[str]) -> Mapping[str, ListedPost]:
        """The light listing of the posts that have these links, by link, dozens in one request.

        A link that leads to no public post is missing, and so may be one whose page alone tells which post it is.
        """
        ...

    def find_post(self, link: str) -> int | None:
        """The id of the post that has this link; None where the site knows none."""
        ...

    def namespaces(self) -> frozenset[str]:
        """The REST namespaces that the site announces: which plugins answer there."""
        ...

    def unknown_terms(self, taxonomy: Literal["categories", "tags"], names: Collection[str]) -> tuple[str, ...]:
        """Those of these names, or slugs, that no category or tag of the site has; none where it can't be told."""
        ...

    def server_time(self) -> datetime | None:
        """What the site's clock says now; None where it doesn't say."""
        ...

    def read_field(self, post_id: int) -> ShareField:
        """What the site shows of a post as `share_on_mastodon`, empty where it shows nothing; with the login, if any.

        PostGoneError where the post surely isn't public.
        """
        ...

    def write_field(self, post_id: int, field: ShareField) -> None:
        """Write a post's `share_on_mastodon`, and read it back.

        WriteRefusedError where howdah has no login there, where the login may not write, and where the site shows
        something else afterwards; PostGoneError where there is no such post. Writing the same twice does no harm.
        """
        ...

    def fetch_image(self, url: str, *, max_bytes: int) -> MediaFile:
        """Download an image. ImageError where it is too big, isn't an image by its first bytes, or can't be had."""
        ...
