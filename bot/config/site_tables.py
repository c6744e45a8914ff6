"""The tables about sites: how each is looked at, and which of its posts are shared where."""

from datetime import timedelta
from typing import Annotated

from msgspec import Meta, field

from bot.config import checks
from bot.config.kinds import (
    FeedUrl,
    FileName,
    Language,
    PostTypes,
    SiteUrl,
    Table,
    Text,
    UserName,
    Variable,
    checked,
    within,
)
from bot.config.patterns import pattern
from bot.domain.policy import FirstRun, Plugin, Source


class FilterTable(Table, frozen=True, kw_only=True):
    """Which posts are shared."""

    categories: Annotated[
        tuple[Text, ...],
        Meta(description="Share only posts in one of these categories, by name or slug.", examples=[["news"]]),
    ] = ()
    exclude_categories: Annotated[
        tuple[Text, ...],
        Meta(description="Share no post in any of these categories, by name or slug.", examples=[["sponsored"]]),
    ] = ()
    tags: Annotated[
        tuple[Text, ...],
        Meta(description="Share only posts with one of these tags, by name or slug.", examples=[["science"]]),
    ] = ()
    exclude_tags: Annotated[
        tuple[Text, ...],
        Meta(description="Share no post with any of these tags, by name or slug.", examples=[["private"]]),
    ] = ()
    authors: Annotated[
        tuple[Text, ...],
        Meta(description="Share only posts by one of these authors, by name or slug.", examples=[["jane-doe"]]),
    ] = ()
    title: Annotated[
        str,
        checked(pattern),
        Meta(
            description="Share only posts whose title this regular expression is found in; empty for any.",
            examples=["^Review:"],
        ),
    ] = ""
    exclude_title: Annotated[
        str,
        checked(pattern),
        Meta(
            description="Share no post whose title this regular expression is found in; empty for none.",
            examples=["^(Ad|Sponsored):"],
        ),
    ] = ""
    exclude_sticky: Annotated[bool, Meta(description="Share no post that is pinned to the top of the site.")] = False
    min_length: Annotated[
        int,
        Meta(
            ge=0,
            le=1_000_000,
            description="Share no post whose text, without its markup, has fewer characters than this; 0 for any "
            "length.",
            examples=[300],
        ),
    ] = 0
    languages: Annotated[
        tuple[Language, ...],
        Meta(
            description="Share only posts in one of these languages: by Polylang, WPML, the post's page or the site's "
            "own.",
            examples=[["de"]],
        ),
    ] = ()


class OnlyTable(FilterTable, frozen=True, kw_only=True):
    """What a post has to be, beyond the site's own filters, to be shared on one of its accounts."""


class SiteTable(FilterTable, frozen=True, kw_only=True):
    """A WordPress site, how it is looked at, and which of its posts are shared."""

    url: Annotated[
        SiteUrl,
        Meta(
            description="The site's address; howdah finds its REST API from there.",
            examples=["https://www.example.org/blog"],
        ),
    ]
    allow_private: Annotated[
        bool, Meta(description="Permit plain http and loopback or private addresses for this site.")
    ] = False
    accounts: Annotated[
        tuple[Text, ...],
        checked(checks.distinct),
        Meta(
            description="The names of the accounts that the posts are shared on, one or more.",
            examples=[["uk"]],
            extra_json_schema={"minItems": 1},
        ),
    ]
    poll_every: Annotated[
        timedelta, within("1ms", "30d"), Meta(description="How often howdah looks for new posts.", examples=["2m"])
    ] = timedelta(minutes=2)
    settle: Annotated[
        timedelta,
        within("0s", "7d"),
        Meta(
            description="How long a new post waits after it is first seen, until its image and terms are there.",
            examples=["60s"],
        ),
    ] = timedelta(seconds=60)
    first_run: Annotated[
        FirstRun,
        Meta(
            description="What the first look does with the posts that are there already: share none, the latest, or "
            "all.",
            examples=["skip"],
        ),
    ] = FirstRun.SKIP
    max_age: Annotated[
        timedelta,
        within("1ms", "36500d"),
        Meta(
            description="Posts older than this when they are first seen are recorded as skipped, not shared.",
            examples=["2d"],
        ),
    ] = timedelta(days=2)
    max_burst: Annotated[
        int,
        Meta(
            ge=0,
            le=1_000_000,
            description="More new posts than this in an hour, for each hour since the last look: all are held for a "
            "person.",
            examples=[60],
        ),
    ] = 60
    post_type: Annotated[
        PostTypes,
        Meta(description="The slug of the post type that is shared, or a list of several.", examples=["post"]),
    ] = ("post",)
    source: Annotated[
        Source,
        Meta(
            description='Where posts are read: "auto" takes the feed where REST is refused or switched off.',
            examples=["auto"],
        ),
    ] = Source.AUTO
    feed_url: Annotated[
        FeedUrl,
        Meta(
            description="The feed's address, only where it isn't found by itself.",
            examples=["https://www.example.org/feed/"],
        ),
    ] = ""
    link_host: Annotated[
        str,
        checked(checks.host),
        Meta(
            description="The host that readers see, in the place of the CMS's in links (headless sites).",
            examples=["www.example.org"],
        ),
    ] = ""
    user: Annotated[
        UserName,
        Meta(
            description="The WordPress user that howdah reads and writes as, with an Application Password of theirs.",
            examples=["editor"],
        ),
    ] = ""
    password_file: Annotated[
        FileName,
        Meta(
            description="The file with the user's Application Password, relative to the config file.",
            examples=["uk.wp-password"],
        ),
    ] = ""
    password_env: Annotated[
        Variable,
        Meta(
            description="The environment variable with the user's Application Password, in place of password_file.",
            examples=["HOWDAH_UK_WP_PASSWORD"],
        ),
    ] = ""
    write_back: Annotated[
        bool,
        Meta(description="Write what became of each post to its share_on_mastodon field (needs the companion plugin)."),
    ] = False
    plugin: Annotated[
        Plugin,
        Meta(
            description="Beside the plugin Share on Mastodon: adopt what it shared, defer to it, or ignore it.",
            examples=["defer"],
        ),
    ] = Plugin.ADOPT
    defer_for: Annotated[
        timedelta,
        within("1s", "7d"),
        Meta(
            description='How long the plugin goes first, where plugin is "defer"; longer than its own delay.',
            examples=["10m"],
        ),
    ] = timedelta(minutes=10)
    hook_secret_file: Annotated[
        FileName,
        Meta(
            description="The file with the secret (whsec_…) that the companion plugin signs its notices with, relative "
            "to the config file: with it, the site may announce posts at /hooks/wordpress/NAME.",
            examples=["uk.hook"],
        ),
    ] = ""
    only: Annotated[
        dict[str, OnlyTable],
        Meta(
            description="What a post has to be, beyond the site's own filters, to be shared on one of the accounts: "
            "[sites.NAME.only.ACCOUNT].",
            examples=[{"uk": {"authors": ["jane-doe"]}}],
        ),
    ] = field(default_factory=dict)
