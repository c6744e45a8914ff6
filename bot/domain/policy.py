"""What a person decided in the config, as frozen values that the domain understands.

Durations are timedeltas. The defaults are those of the config (docs/configuration.md).
"""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from msgspec import Struct, field

DEFAULT_TEMPLATE = "{title}\n\n{excerpt}\n\n{link}\n\n{hashtags}"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class FirstRun(StrEnum):
    """What the first look at a site does with the posts that are already there."""

    SKIP = "skip"
    LATEST = "latest"
    ALL = "all"


class Source(StrEnum):
    """Where a site's posts are read: by its REST API, by its feed, or by the feed where the REST API is closed."""

    AUTO = "auto"
    REST = "rest"
    FEED = "feed"


class Images(StrEnum):
    """Attach the featured image, or leave the picture to the link's preview card."""

    ATTACH = "attach"
    CARD = "card"


class MediaBudget(StrEnum):
    """What happens to an image when the instance takes no more for now: the share waits, or goes with its card."""

    WAIT = "wait"
    CARD = "card"


class OnEdit(StrEnum):
    """What happens to the status of a post that was edited."""

    IGNORE = "ignore"
    EDIT = "edit"


class OnDelete(StrEnum):
    """What happens to the status of a post that is gone."""

    IGNORE = "ignore"
    DELETE = "delete"


class Plugin(StrEnum):
    """Beside the plugin Share on Mastodon: take over what that shared, let it go first as well, or ignore it."""

    ADOPT = "adopt"
    DEFER = "defer"
    IGNORE = "ignore"


class Order(StrEnum):
    """Which of several waiting posts goes first."""

    OLDEST = "oldest"
    NEWEST = "newest"


class Filters(Struct, frozen=True, kw_only=True):
    """Which posts are shared. Categories, tags and authors are matched by name or slug, whatever their case.

    An empty tuple sets no condition; title and exclude_title are regular expressions, '' for none, searched in the
    plain title. min_length: the least characters of plain text that the content has. languages: tags such as "de",
    which means every German, or "pt-BR".
    """

    categories: tuple[str, ...] = ()
    exclude_categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    exclude_tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    title: str = ""
    exclude_title: str = ""
    exclude_sticky: bool = False
    min_length: int = 0
    languages: tuple[str, ...] = ()


class SitePolicy(Struct, frozen=True, kw_only=True):
    """How one site is looked at, and which of its posts are shared where.

    settle: how long a new post waits before it is shared; 0 for not at all. max_age: a post that is exactly so old when
    it is first seen is shared still. max_burst: how many new posts in an hour are no crowd yet; with one more all of
    them are held, and with 0 each post is. only: what a post has to be beyond filters to be shared on an account, for
    those accounts that don't get all. write_back: whether what became of a post is written to the site. defer_for: how
    long the plugin goes first.
    """

    name: str
    accounts: tuple[str, ...]
    poll_every: timedelta = timedelta(minutes=2)
    settle: timedelta = timedelta(seconds=60)
    first_run: FirstRun = FirstRun.SKIP
    max_age: timedelta = timedelta(days=2)
    max_burst: int = 60
    filters: Filters = field(default_factory=Filters)
    only: Mapping[str, Filters] = field(default_factory=dict)
    write_back: bool = False
    plugin: Plugin = Plugin.ADOPT
    defer_for: timedelta = timedelta(minutes=10)


class HashtagPolicy(Struct, frozen=True, kw_only=True):
    """Where hashtags come from ("tags", "categories"), which are always there, and how many there are at most.

    alias: what a tag or category of this name or slug becomes instead ('' for nothing). allow: where there are any,
    only these of the post's own; deny: these never. All are compared as hashtags, whatever their case.
    """

    sources: tuple[str, ...] = ("tags", "categories")
    fixed: tuple[str, ...] = ()
    max: int = 5
    alias: Mapping[str, str] = field(default_factory=dict)
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()


class QuietHours(Struct, frozen=True, kw_only=True):
    """A time of day in which nothing is published; start may be later than end (over midnight). zone: IANA name."""

    start: time
    end: time
    zone: str


class Rule(Struct, frozen=True, kw_only=True):
    """What is different for some posts: those of these sites, in one of these categories, with one of these tags.

    An empty condition is none; all that are set have to hold. None leaves a setting as it is.
    """

    sites: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    template: str | None = None
    visibility: str | None = None
    language: str | None = None
    spoiler_text: str | None = None
    sensitive: bool | None = None
    images: Images | None = None


class AccountPolicy(Struct, frozen=True, kw_only=True):
    """How statuses for one account look, and how patient howdah is with its instance.

    rules: the first that matches a post and sets a key decides that key. author_words: whether the text and the
    content warning that a post's author wrote for its status are used. mentions: the handles that a site's text may
    mention. max_images: how many images of the post go along at most; 0 for none. follow_for: how long after its post
    was published a status follows edits and deletions.

    min_interval: the least time between two statuses; 0 for none. max_per_day: the most in any 24 hours; 0 for any.
    quiet_hours: None for none. timeout: what one call to the instance may take. answer_deadline: how long after an
    unanswered publish the account is read, and once more later. backoff: the wait after the first failure; doubled with
    each further one in a row, up to an hour, and up to a quarter longer by chance. attempts: with so many failures a
    share is given up; with 1 at the first.
    """

    name: str
    visibility: str = "public"
    template: str = DEFAULT_TEMPLATE
    language: str = ""
    spoiler_text: str = ""
    sensitive: bool = False
    images: Images = Images.ATTACH
    max_images: int = 1
    media_budget: MediaBudget = MediaBudget.WAIT
    hashtags: HashtagPolicy = field(default_factory=HashtagPolicy)
    mentions: tuple[str, ...] = ()
    author_words: bool = True
    rules: tuple[Rule, ...] = ()
    on_edit: OnEdit = OnEdit.IGNORE
    on_delete: OnDelete = OnDelete.IGNORE
    follow_for: timedelta = timedelta(days=30)
    order: Order = Order.OLDEST
    min_interval: timedelta = timedelta(0)
    max_per_day: int = 0
    quiet_hours: QuietHours | None = None
    timeout: timedelta = timedelta(seconds=30)
    answer_deadline: timedelta = timedelta(seconds=150)
    backoff: timedelta = timedelta(seconds=30)
    attempts: int = 8

    @property
    def follows(self) -> bool:
        """Whether any status of the account follows its post."""
        return self.on_edit is OnEdit.EDIT or self.on_delete is OnDelete.DELETE

    def followed_since(self, now: datetime) -> datetime:
        """Posts that were published after this instant are followed."""
        return now - self.follow_for if now - _EPOCH > self.follow_for else _EPOCH
