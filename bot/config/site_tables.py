"""The tables about sites: how each is looked at, and which of its posts are shared where."""

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from bot.config import checks
from bot.config.kinds import (
    Duration,
    FeedUrl,
    FileName,
    FirstRunWord,
    Language,
    PluginWord,
    PostTypes,
    Several,
    SiteUrl,
    SourceWord,
    Table,
    Text,
)
from bot.config.patterns import pattern
from bot.domain.policy import FirstRun, Plugin, Source


class FilterTable(Table):
    """Which posts are shared."""

    categories: Several[Text] = Field(
        default=(),
        description="Share only posts in one of these categories, by name or slug.",
        examples=[["news"]],
    )
    exclude_categories: Several[Text] = Field(
        default=(),
        description="Share no post in any of these categories, by name or slug.",
        examples=[["sponsored"]],
    )
    tags: Several[Text] = Field(
        default=(),
        description="Share only posts with one of these tags, by name or slug.",
        examples=[["science"]],
    )
    exclude_tags: Several[Text] = Field(
        default=(),
        description="Share no post with any of these tags, by name or slug.",
        examples=[["private"]],
    )
    authors: Several[Text] = Field(
        default=(),
        description="Share only posts by one of these authors, by name or slug.",
        examples=[["jane-doe"]],
    )
    title: Annotated[str, AfterValidator(pattern)] = Field(
        default="",
        description="Share only posts whose title this regular expression is found in; empty for any.",
        examples=["^Review:"],
    )
    exclude_title: Annotated[str, AfterValidator(pattern)] = Field(
        default="",
        description="Share no post whose title this regular expression is found in; empty for none.",
        examples=["^(Ad|Sponsored):"],
    )
    exclude_sticky: bool = Field(
        default=False,
        description="Share no post that is pinned to the top of the site.",
    )
    min_length: int = Field(
        default=0,
        ge=0,
        le=1_000_000,
        description="Share no post whose text, without its markup, has fewer characters than this; 0 for any length.",
        examples=[300],
    )
    languages: Several[Language] = Field(
        default=(),
        description="Share only posts in one of these languages: by Polylang, WPML, the post's page or the site's own.",
        examples=[["de"]],
    )


class OnlyTable(FilterTable):
    """What a post has to be, beyond the site's own filters, to be shared on one of its accounts."""


class WatchTable(Table):
    """How a site is looked at."""

    allow_private: bool = Field(
        default=False,
        description="Permit plain http and loopback or private addresses for this site.",
    )
    url: SiteUrl = Field(
        description="The site's address; howdah finds its REST API from there.",
        examples=["https://www.example.org/blog"],
    )
    accounts: Annotated[Several[Text], AfterValidator(checks.distinct)] = Field(
        description="The names of the accounts that the posts are shared on, one or more.",
        examples=[["uk"]],
        json_schema_extra={"minItems": 1},
    )
    poll_every: Annotated[Duration, AfterValidator(checks.within("1ms", "30d"))] = Field(
        default=timedelta(minutes=2),
        description="How often howdah looks for new posts.",
        examples=["2m"],
    )
    settle: Annotated[Duration, AfterValidator(checks.within("0s", "7d"))] = Field(
        default=timedelta(seconds=60),
        description="How long a new post waits after it is first seen, until its image and terms are there.",
        examples=["60s"],
    )
    first_run: FirstRunWord = Field(
        default=FirstRun.SKIP,
        description="What the first look does with the posts that are there already: share none, the latest, or all.",
        examples=["skip"],
    )
    max_age: Annotated[Duration, AfterValidator(checks.within("1ms", "36500d"))] = Field(
        default=timedelta(days=2),
        description="Posts older than this when they are first seen are recorded as skipped, not shared.",
        examples=["2d"],
    )
    max_burst: int = Field(
        default=60,
        ge=0,
        le=1_000_000,
        description="More new posts than this in an hour, for each hour since the last look: "
        "all are held for a person.",
        examples=[60],
    )
    post_type: PostTypes = Field(
        default=("post",),
        description="The slug of the post type that is shared, or a list of several.",
        examples=["post"],
    )
    source: SourceWord = Field(
        default=Source.AUTO,
        description='Where posts are read: "auto" takes the feed where REST is refused or switched off.',
        examples=["auto"],
    )
    feed_url: FeedUrl = Field(
        default="",
        description="The feed's address, only where it isn't found by itself.",
        examples=["https://www.example.org/feed/"],
    )
    link_host: Annotated[str, AfterValidator(checks.host)] = Field(
        default="",
        description="The host that readers see, in the place of the CMS's in links (headless sites).",
        examples=["www.example.org"],
    )


class LoginTable(Table):
    """The user that howdah is on a site, and what it writes there."""

    user: Annotated[Text, AfterValidator(checks.user_name)] = Field(
        default="",
        description="The WordPress user that howdah reads and writes as, with an Application Password of theirs.",
        examples=["editor"],
    )
    password_file: FileName = Field(
        default="",
        description="The file with the user's Application Password, relative to the config file.",
        examples=["uk.wp-password"],
    )
    password_env: Annotated[str, AfterValidator(checks.variable)] = Field(
        default="",
        description="The environment variable with the user's Application Password, in place of password_file.",
        examples=["HOWDAH_UK_WP_PASSWORD"],
    )
    write_back: bool = Field(
        default=False,
        description="Write what became of each post to its share_on_mastodon field (needs the companion plugin).",
    )
    plugin: PluginWord = Field(
        default=Plugin.ADOPT,
        description="Beside the plugin Share on Mastodon: adopt what it shared, defer to it, or ignore it.",
        examples=["defer"],
    )
    defer_for: Annotated[Duration, AfterValidator(checks.within("1s", "7d"))] = Field(
        default=timedelta(minutes=10),
        description='How long the plugin goes first, where plugin is "defer"; longer than its own delay.',
        examples=["10m"],
    )
    hook_secret_file: FileName = Field(
        default="",
        description="The file with the secret (whsec_…) that the companion plugin signs its notices with, relative to "
        "the config file: with it, the site may announce posts at /hooks/wordpress/NAME.",
        examples=["uk.hook"],
    )


# A table's keys come in the order of its bases from the last to the first: how a site is looked at, then its filters.
class SiteTable(FilterTable, LoginTable, WatchTable):
    """A WordPress site, how it is looked at, and which of its posts are shared."""

    only: dict[str, OnlyTable] = Field(
        default={},
        description="What a post has to be, beyond the filters above, to be shared on one of the accounts: "
        "[sites.NAME.only.ACCOUNT].",
        examples=[{"uk": {"authors": ["jane-doe"]}}],
    )
