"""The tables of the config and their keys: types, defaults, bounds, and the words that describe them to editors.

A table checks one key at a time, so that all problems come out at once; what concerns several is in relations.py.
allow_private stands first in its tables because the address after it is checked by it.
"""

from datetime import timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from bot.config import rules
from bot.config.kinds import (
    Duration,
    FirstRunWord,
    ImagesWord,
    Instance,
    Name,
    OnDelete,
    OnEdit,
    Several,
    SiteUrl,
    Source,
    StateUrl,
    Text,
    Token,
    Visibility,
)
from bot.config.secret import Secret
from bot.config.toml_text import Key
from bot.domain.policy import DEFAULT_TEMPLATE


class Table(BaseModel):
    """What all tables have in common. Messages of pydantic's own never hold a value: it might be a secret."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        arbitrary_types_allowed=True,
        hide_input_in_errors=True,
        model_title_generator=lambda table: table.__name__.removesuffix("Table"),
    )


class StateTable(Table):
    """Where howdah remembers what it has seen and shared."""

    url: StateUrl = Field(
        default=Secret("sqlite:///howdah.db"),
        description="The state store: an SQLite file (relative to the config file) or a PostgreSQL database.",
        examples=["sqlite:///howdah.db", "postgresql://howdah@db.example.org/howdah"],
    )


class SiteTable(Table):
    """A WordPress site, how it is looked at, and which of its posts are shared."""

    allow_private: bool = Field(
        default=False,
        description="Permit plain http and loopback or private addresses for this site.",
    )
    url: SiteUrl = Field(
        description="The site's address; howdah finds its REST API from there.",
        examples=["https://www.example.org/blog"],
    )
    accounts: Annotated[Several[Text], AfterValidator(rules.distinct)] = Field(
        description="The names of the accounts that the posts are shared on, one or more.",
        examples=[["uk"]],
        json_schema_extra={"minItems": 1},
    )
    poll_every: Annotated[Duration, AfterValidator(rules.within("1ms", "30d"))] = Field(
        default=timedelta(minutes=2),
        description="How often howdah looks for new posts.",
        examples=["2m"],
    )
    settle: Annotated[Duration, AfterValidator(rules.within("0s", "7d"))] = Field(
        default=timedelta(seconds=60),
        description="How long a new post waits after it is first seen, until its image and terms are there.",
        examples=["60s"],
    )
    first_run: FirstRunWord = Field(
        default="skip",
        description="What the first look does with the posts that are there already: share none, the latest, or all.",
        examples=["skip"],
    )
    max_age: Annotated[Duration, AfterValidator(rules.within("1ms", "36500d"))] = Field(
        default=timedelta(days=2),
        description="Posts older than this when they are first seen are recorded as skipped, not shared.",
        examples=["2d"],
    )
    max_burst: int = Field(
        default=60,
        ge=0,
        le=1_000_000,
        description="More new posts than this for each hour since the last look: all are held for a person.",
        examples=[60],
    )
    post_type: Annotated[Text, AfterValidator(rules.post_type)] = Field(
        default="post",
        description="The slug of the post type that is shared.",
        examples=["post"],
    )
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
    exclude_title: Annotated[str, AfterValidator(rules.pattern)] = Field(
        default="",
        description="Share no post whose title this regular expression is found in; empty for none.",
        examples=["^(Ad|Sponsored):"],
    )
    write_back: Annotated[bool, BeforeValidator(rules.not_yet(True, instead="false"))] = Field(
        default=False,
        description="Write the status's url back to WordPress. Not in this version yet.",
    )


class HashtagTable(Table):
    """Which hashtags a status gets."""

    sources: Several[Source] = Field(
        default=("tags", "categories"),
        alias="from",
        description="Where hashtags are made from: the post's tags, its categories, or both, in this order.",
        examples=[["tags", "categories"]],
    )
    fixed: Several[Annotated[str, AfterValidator(rules.hashtag)]] = Field(
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
    token_file: Text = Field(
        default="",
        description="The file with the access token, relative to the config file and readable by its owner alone; "
        "a systemd credential of that name comes first.",
        examples=["uk.token"],
    )
    token_env: Annotated[str, AfterValidator(rules.variable)] = Field(
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
    template: Annotated[Text, AfterValidator(rules.template)] = Field(
        default=DEFAULT_TEMPLATE,
        description="The status's text, with placeholders for what comes from the post.",
        examples=[DEFAULT_TEMPLATE],
    )
    language: Annotated[str, AfterValidator(rules.language)] = Field(
        default="",
        description="The statuses' language as an ISO 639 code; empty for the account's own default.",
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
        default="attach",
        description="Attach the featured image, or leave the picture to the link's preview card.",
        examples=["attach"],
    )
    hashtags: HashtagTable = Field(
        default=HashtagTable(),
        description="Its statuses' hashtags: where they come from, which are always there, how many at most.",
        examples=[{"from": ["tags"], "fixed": ["news"], "max": 5}],
    )
    on_edit: OnEdit = Field(
        default="ignore",
        description="What happens to the status when its post is edited. Only ignore in this version.",
        examples=["ignore"],
    )
    on_delete: OnDelete = Field(
        default="ignore",
        description="What happens to the status when its post is deleted. Only ignore in this version.",
        examples=["ignore"],
    )
    min_interval: Annotated[Duration, AfterValidator(rules.within("0s", "30d"))] = Field(
        default=timedelta(0),
        description="The least time between two statuses.",
        examples=["5m"],
    )
    quiet_hours: Annotated[str, AfterValidator(rules.quiet_text)] = Field(
        default="",
        description="A time of day in which nothing is published, with its time zone; empty for none.",
        examples=["23:00-07:00 Europe/London"],
    )
    timeout: Annotated[Duration, AfterValidator(rules.within("1ms", "1h"))] = Field(
        default=timedelta(seconds=30),
        description="How long one call to the instance may take.",
        examples=["30s"],
    )
    answer_deadline: Annotated[Duration, AfterValidator(rules.within("1ms", "1d"))] = Field(
        default=timedelta(seconds=150),
        description="How long after an unanswered publish the account's own statuses are read to find out.",
        examples=["150s"],
    )
    backoff: Annotated[Duration, AfterValidator(rules.within("1ms", "1h"))] = Field(
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


class WebTable(Table):
    """The status page. Not in this version yet: the table is read and checked, and then does nothing."""

    listen: Annotated[str, AfterValidator(rules.listen)] = Field(
        default="127.0.0.1:8642",
        description="The address and port that the status page listens on.",
        examples=["127.0.0.1:8642"],
    )
    password_file: Text = Field(
        default="",
        description="The file with the status page's password, relative to the config file.",
        examples=["web.password"],
    )


class Settings(Table):
    """The whole config of howdah."""

    state: StateTable = Field(
        default=StateTable(),
        description="The state store.",
    )
    sites: dict[Name, SiteTable] = Field(
        min_length=1,
        description="The WordPress sites, each under a name of its own: [sites.NAME].",
    )
    accounts: dict[Name, AccountTable] = Field(
        min_length=1,
        description="The accounts that are shared on, each under a name of its own: [accounts.NAME].",
    )
    web: WebTable | None = Field(
        default=None,
        description="The status page; absent: off.",
    )


def table_at(key: Key) -> type[Table]:
    """The kind of table that stands at a key. KeyError where the config has no table there."""
    match key:
        case ():
            return Settings
        case ("accounts", _, "hashtags"):
            return HashtagTable
        case _:
            return _TABLES[key[0], len(key)]


def keys_of(table: type[Table]) -> dict[str, Any]:
    """A table's keys as they are written in the config, each with its field."""
    return {field.alias or name: field for name, field in table.model_fields.items()}


_TABLES: dict[tuple[str, int], type[Table]] = {
    ("state", 1): StateTable,
    ("sites", 2): SiteTable,
    ("accounts", 2): AccountTable,
    ("web", 1): WebTable,
}
