"""The tables about accounts: the instance, how statuses look, and how patient howdah is with it."""

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from bot.config import checks
from bot.config.kinds import (
    Duration,
    FileName,
    Hashtag,
    ImagesWord,
    Instance,
    MediaBudgetWord,
    OnDeleteWord,
    OnEditWord,
    OrderWord,
    Several,
    Source,
    Table,
    Text,
    Token,
    Visibility,
)
from bot.config.secret import Secret
from bot.domain.policy import DEFAULT_TEMPLATE, Images, MediaBudget, OnDelete, OnEdit, Order


class HashtagTable(Table):
    """Which hashtags a status gets."""

    sources: Several[Source] = Field(
        default=("tags", "categories"),
        alias="from",
        description="Where hashtags are made from: the post's tags, its categories, or both, in this order.",
        examples=[["tags", "categories"]],
    )
    fixed: Several[Hashtag] = Field(
        default=(),
        description="Hashtags that every status gets, with or without the #.",
        examples=[["news"]],
    )
    max: int = Field(
        default=5,
        ge=0,
        le=100,
        description="The most hashtags that a status gets, the fixed ones counted in.",
        examples=[5],
    )
    alias: dict[str, Annotated[str, AfterValidator(checks.hashtag_or_none)]] = Field(
        default={},
        description="The hashtag that a tag or category of this name or slug becomes instead; empty for none.",
        examples=[{"Künstliche Intelligenz": "KI", "Uncategorised": ""}],
    )
    allow: Several[Hashtag] = Field(
        default=(),
        description="Of the post's own hashtags only these; empty for all.",
        examples=[["climate", "KI"]],
    )
    deny: Several[Hashtag] = Field(
        default=(),
        description="Of the post's own hashtags never these.",
        examples=[["featured"]],
    )


class RuleTable(Table):
    """What is different for some posts: every condition that is there has to hold."""

    sites: Several[Text] = Field(
        default=(),
        description="Posts of one of these sites, by its name in the config.",
        examples=[["uk"]],
    )
    categories: Several[Text] = Field(
        default=(),
        description="Posts in one of these categories, by name or slug.",
        examples=[["Politics"]],
    )
    tags: Several[Text] = Field(
        default=(),
        description="Posts with one of these tags, by name or slug.",
        examples=[["live"]],
    )
    authors: Several[Text] = Field(
        default=(),
        description="Posts by one of these authors, by name or slug.",
        examples=[["jane-doe"]],
    )
    template: Annotated[Text, AfterValidator(checks.template)] | None = Field(
        default=None,
        description="The status's text.",
        examples=["Live: {title}\n\n{link}"],
    )
    visibility: Visibility | None = Field(
        default=None,
        description="Who sees the status.",
        examples=["unlisted"],
    )
    language: Annotated[str, AfterValidator(checks.language)] | None = Field(
        default=None,
        description="The status's language as an ISO 639 code; empty for the post's, the site's, or the account's own.",
        examples=["cy"],
    )
    spoiler_text: str | None = Field(
        default=None,
        description="The content warning that the status is behind; empty for none.",
        examples=["Politics"],
    )
    sensitive: bool | None = Field(
        default=None,
        description="Whether the status's images are marked as sensitive.",
        examples=[True],
    )
    images: ImagesWord | None = Field(
        default=None,
        description="Attach images, or leave the picture to the link's preview card.",
        examples=["card"],
    )


class AccountTable(Table):
    """An account on a Mastodon-compatible instance, and how statuses for it look."""

    allow_private: bool = Field(
        default=False,
        description="Permit plain http and loopback or private addresses for this instance.",
    )
    instance: Instance = Field(
        description="The address of the instance that the account is on.",
        examples=["https://mastodon.example"],
    )
    token_file: FileName = Field(
        default="",
        description="The file with the access token, relative to the config file and readable by its owner alone; "
        "a systemd credential of that name comes first.",
        examples=["uk.token"],
    )
    token_env: Annotated[str, AfterValidator(checks.variable)] = Field(
        default="",
        description="The environment variable with the access token, instead of token_file.",
        examples=["HOWDAH_UK_TOKEN"],
    )
    token: Token = Field(
        default_factory=lambda: Secret(""),
        description="The access token itself; better kept out of the config, in token_file.",
    )
    visibility: Visibility = Field(
        default="public",
        description="Who sees the statuses.",
        examples=["public"],
    )
    template: Annotated[Text, AfterValidator(checks.template)] = Field(
        default=DEFAULT_TEMPLATE,
        description="The status's text, with placeholders for what comes from the post.",
        examples=[DEFAULT_TEMPLATE],
    )
    language: Annotated[str, AfterValidator(checks.language)] = Field(
        default="",
        description="The statuses' language, an ISO 639 code; empty for the post's, the site's, or the account's own.",
        examples=["en"],
    )
    spoiler_text: str = Field(
        default="",
        description="The content warning that statuses are behind; empty for none.",
        examples=["News"],
    )
    sensitive: bool = Field(
        default=False,
        description="Mark the statuses' images as sensitive.",
    )
    images: ImagesWord = Field(
        default=Images.ATTACH,
        description="Attach the featured image, or leave the picture to the link's preview card.",
        examples=["attach"],
    )
    max_images: int = Field(
        default=1,
        ge=0,
        le=20,
        description="How many of the post's images are attached, the featured one first; never more than the instance "
        "takes.",
        examples=[4],
    )
    media_budget: MediaBudgetWord = Field(
        default=MediaBudget.WAIT,
        description="Where the instance takes no more images for now: wait until it does, or go with the link's card.",
        examples=["wait"],
    )
    hashtags: HashtagTable = Field(
        default=HashtagTable.model_construct(),
        description="Its statuses' hashtags: where they come from, what they become, which are always there, how many.",
        examples=[{"from": ["tags"], "fixed": ["news"], "max": 5}],
    )
    mentions: Several[Annotated[str, AfterValidator(checks.handle)]] = Field(
        default=(),
        description="The accounts that a site's text may mention; all other mentions notify nobody.",
        examples=[["alice@example.org"]],
    )
    author_words: bool = Field(
        default=True,
        description="Use the text and the content warning that an author wrote for the status in the plugin Share on "
        "Mastodon, where the site publishes them.",
    )
    rules: Several[RuleTable] = Field(
        default=(),
        description="What is different for some posts: [[accounts.NAME.rules]]. Of the rules that hold for a post, the "
        "first that has a setting decides it.",
        examples=[[{"categories": ["Politics"], "visibility": "unlisted"}]],
    )
    on_edit: OnEditWord = Field(
        default=OnEdit.IGNORE,
        description="What happens to the status when its post is edited: nothing, or it is edited too.",
        examples=["ignore"],
    )
    on_delete: OnDeleteWord = Field(
        default=OnDelete.IGNORE,
        description="What happens to the status when its post is deleted: nothing, or it is deleted too.",
        examples=["ignore"],
    )
    follow_for: Annotated[Duration, AfterValidator(checks.within("0s", "36500d"))] = Field(
        default=timedelta(days=30),
        description="How long after its post was published a status follows edits and deletions.",
        examples=["30d"],
    )
    order: OrderWord = Field(
        default=Order.OLDEST,
        description="Which of several waiting posts goes first.",
        examples=["oldest"],
    )
    min_interval: Annotated[Duration, AfterValidator(checks.within("0s", "30d"))] = Field(
        default=timedelta(0),
        description="The least time between two statuses.",
        examples=["5m"],
    )
    max_per_day: int = Field(
        default=0,
        ge=0,
        le=10_000,
        description="The most statuses in any 24 hours; what is over waits. 0 for no bound of howdah's own.",
        examples=[50],
    )
    quiet_hours: Annotated[str, AfterValidator(checks.quiet_text)] = Field(
        default="",
        description="A time of day in which nothing is published, with its time zone; empty for none.",
        examples=["23:00-07:00 Europe/London"],
    )
    timeout: Annotated[Duration, AfterValidator(checks.within("1ms", "1h"))] = Field(
        default=timedelta(seconds=30),
        description="How long one call to the instance may take.",
        examples=["30s"],
    )
    answer_deadline: Annotated[Duration, AfterValidator(checks.within("1ms", "1d"))] = Field(
        default=timedelta(seconds=150),
        description="How long after an unanswered publish the account's own statuses are read to find out.",
        examples=["150s"],
    )
    backoff: Annotated[Duration, AfterValidator(checks.within("1ms", "1h"))] = Field(
        default=timedelta(seconds=30),
        description="The wait after the first failure; it doubles with each further one, up to an hour.",
        examples=["30s"],
    )
    attempts: int = Field(
        default=8,
        ge=1,
        le=1000,
        description="After so many failures a share is given up as failed.",
        examples=[8],
    )


CONDITIONS = ("sites", "categories", "tags", "authors")
"""The keys of a rule that say which posts it holds for; all others are settings."""

SETTINGS = tuple(name for name in RuleTable.model_fields if name not in CONDITIONS)
"""The keys of a rule that say what is different."""
