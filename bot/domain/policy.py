"""What a person decided in the config, as frozen values that the domain understands.

Durations are timedeltas. The defaults are those of the config (interface.md of the design).
"""

from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum

DEFAULT_TEMPLATE = "{title}\n\n{excerpt}\n\n{link}\n\n{hashtags}"


class FirstRun(StrEnum):
    """What the first look at a site does with the posts that are already there."""

    SKIP = "skip"
    LATEST = "latest"
    ALL = "all"


class Images(StrEnum):
    """Attach the featured image, or leave the picture to the link's preview card."""

    ATTACH = "attach"
    CARD = "card"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which posts are shared. Categories, tags and authors are matched by name or slug, whatever their case.

    An empty tuple sets no condition; exclude_title is a regular expression, '' for none, searched in the plain title.
    """

    categories: tuple[str, ...] = ()
    exclude_categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    exclude_tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    exclude_title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePolicy:
    """How one site is looked at, and which of its posts are shared where."""

    name: str
    accounts: tuple[str, ...]
    poll_every: timedelta = timedelta(minutes=2)
    settle: timedelta = timedelta(seconds=60)
    first_run: FirstRun = FirstRun.SKIP
    max_age: timedelta = timedelta(days=2)
    max_burst: int = 60
    filters: Filters = field(default_factory=Filters)


@dataclass(frozen=True, slots=True, kw_only=True)
class HashtagPolicy:
    """Where hashtags come from ("tags", "categories"), which are always there, and how many there are at most."""

    sources: tuple[str, ...] = ("tags", "categories")
    fixed: tuple[str, ...] = ()
    max: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """A time of day in which nothing is published; start may be later than end (over midnight). zone: IANA name."""

    start: time
    end: time
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPolicy:
    """How statuses for one account look, and how patient howdah is with its instance."""

    name: str
    visibility: str = "public"
    template: str = DEFAULT_TEMPLATE
    language: str = ""
    spoiler_text: str = ""
    sensitive: bool = False
    images: Images = Images.ATTACH
    hashtags: HashtagPolicy = field(default_factory=HashtagPolicy)
    min_interval: timedelta = timedelta(0)
    quiet_hours: QuietHours | None = None
    timeout: timedelta = timedelta(seconds=30)
    answer_deadline: timedelta = timedelta(seconds=150)
    backoff: timedelta = timedelta(seconds=30)
    attempts: int = 8
