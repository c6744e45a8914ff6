"""The sites that have to keep the contract, each with what an author and fate do to it."""

from datetime import UTC, datetime
from typing import Protocol

from bot.domain.models import MediaFile, SiteInfo
from bot.errors import SiteUnavailableError
from bot.ports import Site
from bot.sandbox.images import png
from bot.wordpress.client import Client
from bot.wordpress.http import Http
from bot.wordpress.login import Login
from bot.wordpress.rest_site import RestSite
from tests.fakes.site import FakeSite
from tests.sandbox.faults import Status
from tests.sandbox.wordpress import EditableWordPress

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PICTURE = png(400, 300)


class SiteWorld(Protocol):
    """A site, and what an author and fate do to it."""

    @property
    def site(self) -> Site:
        """The site."""
        ...

    @property
    def root(self) -> str:
        """Its REST root."""
        ...

    @property
    def url(self) -> str:
        """Its address."""
        ...

    def publish(self, title: str, *, at: datetime = NOW) -> int:
        """Publish a post; its id."""
        ...

    def publish_rich(self) -> int:
        """Publish a post that has everything; its id."""
        ...

    def publish_shared(self, url: str) -> int:
        """Publish a post that the plugin has shared at this url; its id."""
        ...

    def publish_protected(self) -> int:
        """Publish a post with a password; its id."""
        ...

    def trash(self, post_id: int) -> None:
        """Take a post away from readers."""
        ...

    def fail(self) -> None:
        """Nothing is answered but 503 from now on."""
        ...

    def move(self) -> None:
        """The REST root moves."""
        ...

    def close(self) -> None:
        """There is no REST API any more."""
        ...

    def page_url(self) -> str:
        """The address of something that is no image."""
        ...

    def add_companion(self) -> None:
        """Activate howdah's companion plugin."""
        ...

    def forbid_writing(self) -> None:
        """The user may not write any more."""
        ...


class FakeSiteWorld:
    """The fake's world."""

    def __init__(self) -> None:
        self.site = FakeSite("uk")
        self.site.info = SiteInfo(title="The Site", language="en-GB")
        self.root, self.url = self.site.root, self.site.url

    def publish(self, title: str, *, at: datetime = NOW) -> int:
        return self.site.publish(title, at=at)

    def publish_rich(self) -> int:
        return self.site.publish(
            "Rich",
            at=NOW,
            excerpt="<p>Short</p>\n",
            content="<p>Long</p>\n",
            sticky=True,
            language="de-AT",
            share_text="Mine: %permalink%",
            share_cw="Heights",
            categories=["World News"],
            tags=["kite"],
            author="Ann Other",
            image=(PICTURE, "A kite"),
            caption="<p>In the wind</p>\n",
        )

    def publish_shared(self, url: str) -> int:
        return self.site.publish("Shared", at=NOW, share_url=url)

    def publish_protected(self) -> int:
        return self.site.publish("Secret", at=NOW, content="<p>Long</p>\n", protected=True)

    def trash(self, post_id: int) -> None:
        self.site.trash(post_id)

    def fail(self) -> None:
        self.site.error = SiteUnavailableError("site uk: answered 503", retry_after=600)

    def move(self) -> None:
        self.site.root = self.site.root.replace("wp-json", "moved/wp-json")

    def close(self) -> None:
        self.site.error = SiteUnavailableError("site uk: answered 404")

    def page_url(self) -> str:
        self.site.images["https://site.example/page"] = MediaFile(data=b"<html>", mime_type="")
        return "https://site.example/page"

    def add_companion(self) -> None:
        self.site.announced |= {"howdah/v1"}

    def forbid_writing(self) -> None:
        self.site.may_write = False


class RestSiteWorld:
    """The world of the adapter: the sandbox's WordPress."""

    def __init__(self, wordpress: EditableWordPress, http: Http) -> None:
        self.wordpress = wordpress
        login = Login(user="editor", password="abcd efgh")
        self.site = RestSite(Client(site="uk", home=wordpress.url, http=http, allow_private=True, login=login))
        wordpress.logins["editor"] = "abcd efgh"
        self.root, self.url = wordpress.api_root, wordpress.url

    def publish(self, title: str, *, at: datetime = NOW) -> int:
        return self.wordpress.publish(title=title, date=at)

    def publish_rich(self) -> int:
        return self.wordpress.publish(
            title="Rich",
            date=NOW,
            excerpt="Short",
            content="Long",
            sticky=True,
            lang="de_AT",
            share_text="Mine: %permalink%",
            share_cw="Heights",
            categories=["World News"],
            tags=["kite"],
            author="Ann Other",
            image=(PICTURE, "A kite"),
            caption="In the wind",
        )

    def publish_shared(self, url: str) -> int:
        return self.wordpress.publish(title="Shared", date=NOW, share_on_mastodon={"url": url, "error": ""})

    def publish_protected(self) -> int:
        return self.wordpress.publish(title="Secret", date=NOW, content="Long", password="hush")

    def trash(self, post_id: int) -> None:
        self.wordpress.trash(post_id)

    def fail(self) -> None:
        self.wordpress.faults.add(fault=Status(503, "<title>Maintenance</title>", {"Retry-After": "600"}))

    def move(self) -> None:
        # Once: what is remembered leads nowhere, and what is found leads to the posts.
        self.wordpress.faults.add(match="GET /wp-json/wp/*", fault=Status(404, "<title>Not found</title>"), times=1)

    def close(self) -> None:
        self.wordpress.faults.add(fault=Status(404, "<title>Not found</title>"))

    def page_url(self) -> str:
        return self.wordpress.url

    def add_companion(self) -> None:
        self.wordpress.companion = True

    def forbid_writing(self) -> None:
        self.wordpress.logins.clear()
