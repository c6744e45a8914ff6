"""The tables about accounts: the instance, how statuses look, and how patient howdah is with it."""

from datetime import timedelta
from typing import Annotated

from msgspec import Meta, field

from bot.config import checks
from bot.config.kinds import (
    FileName,
    Hashtag,
    Instance,
    LanguageOrNone,
    Table,
    Template,
    Terms,
    Text,
    Token,
    Variable,
    Visibility,
    checked,
    within,
)
from bot.config.secret import Secret
from bot.domain.policy import DEFAULT_TEMPLATE, Images, MediaBudget, OnDelete, OnEdit, Order


class HashtagTable(Table, frozen=True, kw_only=True):
    """Which hashtags a status gets."""

    sources: Annotated[
        tuple[Terms, ...],
        Meta(
            description="Where hashtags are made from: the post's tags, its categories, or both, in this order.",
            examples=[["tags", "categories"]],
        ),
    ] = field(name="from", default=("tags", "categories"))
    fixed: Annotated[
        tuple[Hashtag, ...],
        Meta(description="Hashtags that every status gets, with or without the #.", examples=[["news"]]),
    ] = ()
    max: Annotated[
        int,
        Meta(
            ge=0, le=100, description="The most hashtags that a status gets, the fixed ones counted in.", examples=[5]
        ),
    ] = 5
    alias: Annotated[
        dict[str, Annotated[str, checked(checks.hashtag_or_none)]],
        Meta(
            description="The hashtag that a tag or category of this name or slug becomes instead; empty for none.",
            examples=[{"Künstliche Intelligenz": "KI", "Uncategorised": ""}],
        ),
    ] = field(default_factory=dict)
    allow: Annotated[
        tuple[Hashtag, ...],
        Meta(description="Of the post's own hashtags only these; empty for all.", examples=[["climate", "KI"]]),
    ] = ()
    deny: Annotated[
        tuple[Hashtag, ...], Meta(description="Of the post's own hashtags never these.", examples=[["featured"]])
    ] = ()


class RuleTable(Table, frozen=True, kw_only=True):
    """What is different for some posts: every condition that is there has to hold."""

    sites: Annotated[
        tuple[Text, ...], Meta(description="Posts of one of these sites, by its name in the config.", examples=[["uk"]])
    ] = ()
    categories: Annotated[
        tuple[Text, ...],
        Meta(description="Posts in one of these categories, by name or slug.", examples=[["Politics"]]),
    ] = ()
    tags: Annotated[
        tuple[Text, ...], Meta(description="Posts with one of these tags, by name or slug.", examples=[["live"]])
    ] = ()
    authors: Annotated[
        tuple[Text, ...], Meta(description="Posts by one of these authors, by name or slug.", examples=[["jane-doe"]])
    ] = ()
    template: Annotated[
        Template | None,
        Meta(description="The status's text.", examples=["Live: {title}\n\n{link}"]),
    ] = None
    visibility: Annotated[Visibility | None, Meta(description="Who sees the status.", examples=["unlisted"])] = None
    language: Annotated[
        LanguageOrNone | None,
        Meta(
            description="The status's language as an ISO 639 code; empty for the post's, the site's, or the account's "
            "own.",
            examples=["cy"],
        ),
    ] = None
    spoiler_text: Annotated[
        str | None,
        Meta(description="The content warning that the status is behind; empty for none.", examples=["Politics"]),
    ] = None
    sensitive: Annotated[
        bool | None, Meta(description="Whether the status's images are marked as sensitive.", examples=[True])
    ] = None
    images: Annotated[
        Images | None,
        Meta(description="Attach images, or leave the picture to the link's preview card.", examples=["card"]),
    ] = None


class AccountTable(Table, frozen=True, kw_only=True):
    """An account on a Mastodon-compatible instance, and how statuses for it look."""

    instance: Annotated[
        Instance,
        Meta(description="The address of the instance that the account is on.", examples=["https://mastodon.example"]),
    ]
    allow_private: Annotated[
        bool, Meta(description="Permit plain http and loopback or private addresses for this instance.")
    ] = False
    token_file: Annotated[
        FileName,
        Meta(
            description="The file with the access token, relative to the config file and readable by its owner alone; "
            "a systemd credential of that name comes first.",
            examples=["uk.token"],
        ),
    ] = ""
    token_env: Annotated[
        Variable,
        Meta(
            description="The environment variable with the access token, instead of token_file.",
            examples=["HOWDAH_UK_TOKEN"],
        ),
    ] = ""
    token: Annotated[
        Token, Meta(description="The access token itself; better kept out of the config, in token_file.")
    ] = field(default_factory=lambda: Secret(""))
    visibility: Annotated[Visibility, Meta(description="Who sees the statuses.", examples=["public"])] = "public"
    template: Annotated[
        Template,
        Meta(
            description="The status's text, with placeholders for what comes from the post.",
            examples=[DEFAULT_TEMPLATE],
        ),
    ] = DEFAULT_TEMPLATE
    language: Annotated[
        LanguageOrNone,
        Meta(
            description="The statuses' language, an ISO 639 code; empty for the post's, the site's, or the account's "
            "own.",
            examples=["en"],
        ),
    ] = ""
    spoiler_text: Annotated[
        str, Meta(description="The content warning that statuses are behind; empty for none.", examples=["News"])
    ] = ""
    sensitive: Annotated[bool, Meta(description="Mark the statuses' images as sensitive.")] = False
    images: Annotated[
        Images,
        Meta(
            description="Attach the featured image, or leave the picture to the link's preview card.",
            examples=["attach"],
        ),
    ] = Images.ATTACH
    max_images: Annotated[
        int,
        Meta(
            ge=0,
            le=20,
            description="How many of the post's images are attached, the featured one first; never more than the "
            "instance takes.",
            examples=[4],
        ),
    ] = 1
    media_budget: Annotated[
        MediaBudget,
        Meta(
            description="Where the instance takes no more images for now: wait until it does, or go with the link's "
            "card.",
            examples=["wait"],
        ),
    ] = MediaBudget.WAIT
    hashtags: Annotated[
        HashtagTable,
        Meta(
            description="Its statuses' hashtags: where they come from, what they become, which are always there, how "
            "many.",
            examples=[{"from": ["tags"], "fixed": ["news"], "max": 5}],
        ),
    ] = HashtagTable()
    mentions: Annotated[
        tuple[Annotated[str, checked(checks.handle)], ...],
        Meta(
            description="The accounts that a site's text may mention; all other mentions notify nobody.",
            examples=[["alice@example.org"]],
        ),
    ] = ()
    author_words: Annotated[
        bool,
        Meta(
            description="Use the text and the content warning that an author wrote for the status in the plugin Share "
            "on Mastodon, where the site publishes them.",
        ),
    ] = True
    rules: Annotated[
        tuple[RuleTable, ...],
        Meta(
            description="What is different for some posts: [[accounts.NAME.rules]]. Of the rules that hold for a post, "
            "the first that has a setting decides it.",
            examples=[[{"categories": ["Politics"], "visibility": "unlisted"}]],
        ),
    ] = ()
    on_edit: Annotated[
        OnEdit,
        Meta(
            description="What happens to the status when its post is edited: nothing, or it is edited too.",
            examples=["ignore"],
        ),
    ] = OnEdit.IGNORE
    on_delete: Annotated[
        OnDelete,
        Meta(
            description="What happens to the status when its post is deleted: nothing, or it is deleted too.",
            examples=["ignore"],
        ),
    ] = OnDelete.IGNORE
    follow_for: Annotated[
        timedelta,
        within("0s", "36500d"),
        Meta(
            description="How long after its post was published a status follows edits and deletions.", examples=["30d"]
        ),
    ] = timedelta(days=30)
    order: Annotated[Order, Meta(description="Which of several waiting posts goes first.", examples=["oldest"])] = (
        Order.OLDEST
    )
    min_interval: Annotated[
        timedelta, within("0s", "30d"), Meta(description="The least time between two statuses.", examples=["5m"])
    ] = timedelta(0)
    max_per_day: Annotated[
        int,
        Meta(
            ge=0,
            le=10_000,
            description="The most statuses in any 24 hours; what is over waits. 0 for no bound of howdah's own.",
            examples=[50],
        ),
    ] = 0
    quiet_hours: Annotated[
        str,
        checked(checks.quiet_text),
        Meta(
            description="A time of day in which nothing is published, with its time zone; empty for none.",
            examples=["23:00-07:00 Europe/London"],
        ),
    ] = ""
    timeout: Annotated[
        timedelta,
        within("1ms", "1h"),
        Meta(description="How long one call to the instance may take.", examples=["30s"]),
    ] = timedelta(seconds=30)
    answer_deadline: Annotated[
        timedelta,
        within("1ms", "1d"),
        Meta(
            description="How long after an unanswered publish the account's own statuses are read to find out.",
            examples=["150s"],
        ),
    ] = timedelta(seconds=150)
    backoff: Annotated[
        timedelta,
        within("1ms", "1h"),
        Meta(
            description="The wait after the first failure; it doubles with each further one, up to an hour.",
            examples=["30s"],
        ),
    ] = timedelta(seconds=30)
    attempts: Annotated[
        int, Meta(ge=1, le=1000, description="After so many failures a share is given up as failed.", examples=[8])
    ] = 8


CONDITIONS = ("sites", "categories", "tags", "authors")
"""The keys of a rule that say which posts it holds for; all others are settings."""

SETTINGS = tuple(name for name in RuleTable.__struct_fields__ if name not in CONDITIONS)
"""The keys of a rule that say what is different."""
