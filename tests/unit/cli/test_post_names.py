"""Which post a person means."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from bot.cli.post_names import PostName, find_post, known_post
from bot.config import Config, load
from bot.crosspost.context import Context, Watched
from bot.domain.models import Share, SiteState
from bot.errors import HowdahError, RefusedError, UserError
from bot.ports import Site, Store
from tests.makers import share, site_policy

SITES = {
    "uk": "https://www.news.example/uk",
    "news": "https://www.news.example",
    "fr": "https://www.news.example/?lang=fr",
}


@dataclass
class KnownLinks:
    """As much of a store as naming a post needs."""

    links: dict[str, tuple[str, int]] = field(default_factory=dict)

    def find_post(self, _site: str | None, link: str) -> tuple[str, int] | None:
        """The post that has this link."""
        return self.links.get(link)

    def find_status(self, url: str) -> tuple[str, int] | None:
        """The post whose status this is."""
        return ("uk", 9) if url == "https://social.example/@uk/9" else None

    def shares(self, *, site: str, post_id: int) -> tuple[Share, ...]:
        """One of a site that the config had before."""
        return (share(site=site, post_id=post_id),) if (site, post_id) == ("old", 7) else ()

    def site(self, name: str) -> SiteState:
        """Nothing is remembered."""
        return SiteState(name=name)


@dataclass
class Links:
    """As much of a site as naming a post needs."""

    links: dict[str, int] = field(default_factory=dict)

    def find_post(self, link: str) -> int | None:
        """The post that has this link."""
        return self.links.get(link)


def config(folder: Path, *names: str) -> Config:
    """A config with these sites."""
    path = folder / "config.toml"
    sites = "".join(f'[sites.{name}]\nurl = "{SITES[name]}"\naccounts = ["uk"]\n' for name in names)
    path.write_text(f'{sites}[accounts.uk]\ninstance = "https://social.example"\ntoken_file = "uk.token"\n')
    return load(path)


def context(*, known: dict[str, tuple[str, int]] | None = None, **links: dict[str, int]) -> Context:
    """A context whose store knows some links, and whose sites know others."""
    sites = {name: Watched(site=cast("Site", Links(links.get(name, {}))), policy=site_policy()) for name in SITES}
    return cast("Context", _Context(store=cast("Store", KnownLinks(known or {})), sites=sites))


@dataclass
class _Context:
    store: Store
    sites: dict[str, Watched]


class TestSiteAndId:
    """The short forms ask nobody."""

    @pytest.mark.parametrize(("text", "post_id"), [("uk/393174", 393174), ("uk/1", 1), ("news/9", 9)])
    def test_site_and_id(self, text: str, post_id: int, tmp_path: Path) -> None:
        """SITE/ID."""
        site = text.partition("/")[0]

        assert PostName(site, post_id) == find_post(text, config=config(tmp_path, "uk", "news"), context=context())

    def test_of_a_site_that_the_config_has_no_more(self, tmp_path: Path) -> None:
        """What the store has of it can be named, so that it can be shown and dropped; nothing else."""
        store = context().store

        assert PostName("old", 7) == known_post("old/7", config=config(tmp_path, "uk"), store=store)
        with pytest.raises(UserError, match="no site 'old'"):
            known_post("old/8", config=config(tmp_path, "uk"), store=store)

    def test_an_id_where_there_is_one_site(self, tmp_path: Path) -> None:
        """No site needs to be named."""
        assert PostName("uk", 7) == find_post("7", config=config(tmp_path, "uk"), context=context())

    def test_an_id_where_there_are_several_is_unclear(self, tmp_path: Path) -> None:
        """The sites are named, and how to say it."""
        with pytest.raises(UserError, match=r"news and uk.*news/7"):
            find_post("7", config=config(tmp_path, "uk", "news"), context=context())

    def test_an_unknown_site_is_asked_back(self, tmp_path: Path) -> None:
        """Did you mean?"""
        with pytest.raises(UserError, match=r"no site 'nwes'.*Did you mean 'news'"):
            find_post("nwes/7", config=config(tmp_path, "uk", "news"), context=context())

    @pytest.mark.parametrize(
        "text", ["", "uk/", "uk/x", "uk/0", "-1", "7.5", "²", "uk/9999999999999999999", "9" * 5_000, "x y"]
    )
    def test_what_is_no_post_is_refused(self, text: str, tmp_path: Path) -> None:
        """With the forms that a post can have."""
        with pytest.raises(UserError, match="Give its URL, SITE/ID, or its ID"):
            find_post(text, config=config(tmp_path, "uk"), context=context())


class TestUrl:
    """A post's own address."""

    @pytest.mark.parametrize(("parameters", "site"), [("", "news"), ("?lang=fr", "fr"), ("?x=1&lang=fr", "fr")])
    def test_the_parameters_of_a_site_tell_which_it_is(self, parameters: str, site: str, tmp_path: Path) -> None:
        """Its languages have one host; without parameters it is the one that has none."""
        link = f"https://www.news.example/title/{parameters}"

        found = find_post(link, config=config(tmp_path, "news", "fr"), context=context(news={link: 7}, fr={link: 7}))

        assert PostName(site, 7) == found

    def test_that_the_store_has_seen_asks_nobody(self, tmp_path: Path) -> None:
        """It was seen by a look."""
        link = "https://www.news.example/uk/7/"
        known = context(known={link: ("uk", 7)})

        assert PostName("uk", 7) == find_post(link, config=config(tmp_path, "uk", "news"), context=known)

    def test_of_its_status(self, tmp_path: Path) -> None:
        """The post that it is about."""
        status = "https://social.example/@uk/9"

        assert PostName("uk", 9) == find_post(status, config=config(tmp_path, "uk"), context=context())
        assert PostName("uk", 9) == known_post(status, config=config(tmp_path, "uk"), store=context().store)

    def test_of_its_page_in_the_editor(self, tmp_path: Path) -> None:
        """Where its author copied it from; nobody is asked."""
        asked = "https://www.news.example/uk/wp-admin/post.php?post=123&action=edit"

        assert PostName("uk", 123) == find_post(asked, config=config(tmp_path, "uk", "news"), context=context())
        with pytest.raises(RefusedError, match="never seen"):
            known_post(
                "https://www.news.example/wp-admin/post.php", config=config(tmp_path, "uk"), store=context().store
            )

    def test_that_is_short(self, tmp_path: Path) -> None:
        """Its id stands in it; nobody is asked. Elsewhere such a number means nothing."""
        asked, other = "https://www.news.example/uk/?p=123", "https://other.example/?p=123"

        assert PostName("uk", 123) == known_post(asked, config=config(tmp_path, "uk", "news"), store=context().store)
        with pytest.raises(RefusedError, match="never seen"):
            known_post(other, config=config(tmp_path, "uk"), store=context().store)

    def test_of_a_site_that_is_not_configured_any_more(self, tmp_path: Path) -> None:
        """What the store remembers of another site doesn't count."""
        link = "https://www.news.example/uk/7/"
        asked = context(known={link: ("gone", 7)}, uk={link: 8})

        assert PostName("uk", 8) == find_post(link, config=config(tmp_path, "uk"), context=asked)

    @pytest.mark.parametrize(
        ("link", "name"),
        [
            ("https://www.news.example/uk/7/", "uk"),
            ("http://news.example/uk/7/", "uk"),
            ("https://www.news.example/uk/?p=7", "uk"),
            ("https://www.news.example/ukraine/7/", "news"),
            ("https://WWW.NEWS.example/7/?utm_source=x", "news"),
            ("https://www.news.example/?p=7", "news"),
        ],
    )
    def test_belongs_to_the_site_with_the_longest_address(self, link: str, name: str, tmp_path: Path) -> None:
        """Whatever its scheme; and only at a folder's end."""
        asked = context(uk={link: 7}, news={link: 7})

        assert PostName(name, 7) == find_post(link, config=config(tmp_path, "uk", "news"), context=asked)

    def test_without_its_scheme(self, tmp_path: Path) -> None:
        """As browsers show it."""
        asked = context(uk={"https://www.news.example/uk/7/": 7})

        assert PostName("uk", 7) == find_post("www.news.example/uk/7/", config=config(tmp_path, "uk"), context=asked)

    def test_of_no_site(self, tmp_path: Path) -> None:
        """The sites that there are are named."""
        with pytest.raises(UserError, match=r"no site of the config, which has uk \(https://www.news.example/uk\)"):
            find_post("https://other.example/7/", config=config(tmp_path, "uk"), context=context())

    def test_that_the_site_does_not_know(self, tmp_path: Path) -> None:
        """It is named."""
        with pytest.raises(RefusedError, match=r"^https://www.news.example/uk/no/: site uk knows no public post"):
            find_post("https://www.news.example/uk/no/", config=config(tmp_path, "uk"), context=context())


class TestKnownPost:
    """Commands that only read the store ask no site."""

    def test_a_seen_link(self, tmp_path: Path) -> None:
        """Is found."""
        store = cast("Store", KnownLinks({"https://www.news.example/uk/7/": ("uk", 7)}))

        assert PostName("uk", 7) == known_post(
            "https://www.news.example/uk/7/", config=config(tmp_path, "uk"), store=store
        )

    @pytest.mark.parametrize(
        ("text", "said"), [("https://www.news.example/uk/8/", "never seen"), ("www.news.example", "is no post")]
    )
    def test_anything_else(self, text: str, said: str, tmp_path: Path) -> None:
        """Is refused."""
        with pytest.raises(HowdahError, match=said):
            known_post(
                text, config=config(tmp_path, "news" if "uk" in text else "uk"), store=cast("Store", KnownLinks())
            )

    def test_an_id(self, tmp_path: Path) -> None:
        """Needs nothing but the config."""
        assert PostName("uk", 9) == known_post("9", config=config(tmp_path, "uk"), store=cast("Store", KnownLinks()))
