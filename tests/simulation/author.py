"""Who writes on a simulated site, and when."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.sandbox.images import png
from bot.sandbox.wordpress_posts import PostFields
from tests.simulation.instance import OLD, Instance
from tests.simulation.scenario import FRIEND, STRANGER, Ill, Scenario
from tests.simulation.wordpress import CLOSINGS, Newspaper
from tests.simulation.world import SECOND, World

_MENDED = 0.4
_PICTURE = png(48, 32)
_WORDS = "harbour orchard ferry council heron lantern bridge market winter quarry meadow signal"


class Author:
    """Who writes on a site: a series of acts at their times."""

    def __init__(self, paper: Newspaper, world: World, settings: Scenario, instances: Mapping[str, Instance]) -> None:
        self._paper = paper
        self._world = world
        self._settings = settings
        self._instances = instances
        self._jitter = world.random(f"author of {paper.name}")
        self._count = 0
        self._addresses: list[str] = []
        self._before: dict[str, tuple[int, str]] = {}  # by a new title: whose it is, and the one before
        if settings.fickle:
            for instance in instances.values():
                instance.on_edited.append(self._regret)

    def begin(self) -> None:
        """Write what was there before, and plan the rest."""
        for _ in range(self._jitter.randint(0, 4)):
            self._publish(date=self._world.now() - timedelta(minutes=self._jitter.randint(10, 3000)))
        self._paper.watch()
        for _ in range(self._settings.posts):
            self._world.at(self._moment(), self._write)
        for ill, act in (
            (Ill.EDITORS, self._edit),
            (Ill.ZONES, self._move),
            (Ill.EDITS, self._rewrite),
            (Ill.DELETIONS, self._trash),
            (Ill.CLOSED, self._close),
        ):
            for _ in range(self._jitter.randint(2, 6) if self._settings.has(ill) else 0):
                self._world.at(self._moment(), act)

    def _moment(self) -> int:
        return self._jitter.randint(0, self._settings.duration)

    def _write(self) -> None:
        acts = [self._now, self._now, self._now, self._backdated, self._scheduled]
        if self._settings.has(Ill.CROWDS):
            acts += [self._burst]
        self._jitter.choice(acts)()

    def _now(self) -> None:
        self._publish(date=None)

    def _backdated(self) -> None:
        """Inserted with a date of its own: mostly young enough to be shared."""
        hours = self._jitter.choice((0.1, 1, 5, 20, 44, 60, 100, 1000))
        self._world.strike("author: backdated")
        self._publish(date=self._world.now() - timedelta(hours=hours))

    def _scheduled(self) -> None:
        """Scheduled, and published by a cron that comes late; its date stays."""
        at = self._world.now() + timedelta(seconds=self._jitter.randint(61, 400))
        there = len(self._addresses)
        self._paper.schedule(at, **self._fields(copies=True))
        del self._addresses[there:]  # what isn't public yet was shared by nobody: no copy has its address
        late = self._jitter.choice((0, 5, 60, 600, 7200)) * SECOND
        self._world.at(self._world.ms + 400 * SECOND + late, self._cron)

    def _cron(self) -> None:
        if self._paper.run_cron():
            self._note("cron publishes late")

    def _burst(self) -> None:
        """Several posts of the same second."""
        date = self._world.now() - timedelta(seconds=self._jitter.choice((0, 0, 30, 3600)))
        for _ in range(self._jitter.randint(2, 7)):
            self._publish(date=date)
        self._note("posts of one second")

    def _edit(self) -> None:
        """Do something to a post that is there."""
        ids = sorted(self._paper.posts)
        if not ids:
            return
        post_id = self._jitter.choice(ids)
        act, do = self._jitter.choice(tuple(self._edits(post_id).items()))
        do()
        self._note(f"{act} ({post_id})")

    def _edits(self, post_id: int) -> dict[str, Callable[[], None]]:
        paper, jitter = self._paper, self._jitter
        back = self._world.now() - timedelta(minutes=jitter.choice((1, 30, 600, 2600, 9000)))
        return {
            "trashed": lambda: paper.trash(post_id),
            "unpublished": lambda: paper.edit(post_id, status="draft"),
            "published again": lambda: paper.publish_now(post_id),
            "re-dated": lambda: paper.edit(post_id, date=back),
            "edited": lambda: paper.edit(post_id, title=f"Another title {jitter.random():.3f}"),
            "protected": lambda: paper.edit(post_id, password="word"),
            "deleted": lambda: paper.delete(post_id),
        }

    def _rewrite(self) -> None:
        """Give a post another title; often the old one comes back, sometimes within the time that an edit takes."""
        ids = sorted(self._paper.posts)
        if not ids:
            return
        post_id = self._jitter.choice(ids)
        before, title = self._paper.posts[post_id].title, f"Another title {self._jitter.random():.3f}"
        self._paper.edit(post_id, title=title)
        self._before[title] = post_id, before
        self._note(f"rewritten ({post_id})")
        if self._jitter.random() < 0.5:
            later = self._world.ms + self._jitter.choice((1, 10, 300, 330, 700, 1200)) * SECOND
            self._world.at(later, lambda: self._take_back(post_id, before))

    def _regret(self, text: str) -> None:
        """Take a new title back, a moment after a status says it."""
        known = self._before.pop(text.partition("\n")[0], None)
        if known is not None:
            self._world.at(self._world.ms + SECOND, lambda: self._take_back(*known))

    def _take_back(self, post_id: int, title: str) -> None:
        if post_id in self._paper.posts:
            self._paper.edit(post_id, title=title)
            self._note(f"taken back ({post_id})")

    def _trash(self) -> None:
        ids = sorted(self._paper.since)
        if ids:
            post_id = self._jitter.choice(ids)
            self._paper.trash(post_id)
            self._note(f"trashed ({post_id})")

    def _close(self) -> None:
        """Close the REST API to everybody, for a while."""
        if not self._world.calm:
            self._paper.closed = self._jitter.choice(CLOSINGS)
            self._note(f"REST API closed ({self._paper.closed})")
            self._world.at(self._world.ms + self._jitter.choice((30, 1200, 5400)) * SECOND, self._open)

    def _open(self) -> None:
        self._paper.mend()
        self._note("REST API open")

    def _move(self) -> None:
        zone = self._jitter.choice(("Europe/Berlin", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/New_York"))
        self._paper.set_timezone(zone)
        self._note(f"time zone changed ({zone})")

    def _publish(self, *, date: datetime | None) -> None:
        fields = self._fields(copies=date is None)
        fields["date"] = date
        post_id = self._paper.publish(**fields)
        self._paper.watch()
        self._world.trace.note(self._world.ms, self._paper.name, f"post {post_id} published, dated {date or 'now'}")
        if self._settings.has(Ill.EDITS) and self._jitter.random() < _MENDED:
            later = self._world.ms + self._jitter.choice((1, 5, 20, 60, 120)) * SECOND
            self._world.at(later, lambda: self._mend(post_id))

    def _mend(self, post_id: int) -> None:
        """Mend a word of a post that has just come out."""
        post = self._paper.posts.get(post_id)
        if post is not None and post.status == "publish":
            self._paper.edit(post_id, title=f"Mended: {post.title}")
            self._note(f"mended ({post_id})")

    def _fields(self, *, copies: bool) -> PostFields:
        """What a post holds. copies: it may be a copy of another one, made after it."""
        self._count += 1
        words = " ".join(self._jitter.choices(_WORDS.split(), k=self._jitter.choice((5, 90))))
        if self._settings.has(Ill.MENTIONS):
            words = f"@{FRIEND} met @{STRANGER} and @somebody. {words}"
        fields: PostFields = {"title": f"Story {self._count}", "excerpt": words}
        if self._settings.images and self._jitter.random() < 0.7:
            fields["image"] = (_PICTURE, "A picture")
        if self._jitter.random() < (0.5 if self._settings.has(Ill.CARRIED) else 0.03):
            fields["share_on_mastodon"] = {"url": self._address(copies=copies), "error": ""}
        return fields

    def _address(self, *, copies: bool) -> str:
        """Where a post was shared by the plugin: on an account of ours, elsewhere, or where another post was."""
        account = self._jitter.choice(self._settings.accounts)
        kind = self._jitter.choice(("ours", "ours", "elsewhere", "copied"))
        if kind == "copied" and copies and self._addresses:
            return self._jitter.choice(self._addresses)
        elsewhere = f"https://old.example/@who/{self._count}"
        url = (
            elsewhere
            if kind == "elsewhere"
            else f"{self._instances[account].profile}/{OLD}{self._paper.name[-1]}{self._count}"
        )
        self._addresses.append(url)
        return url

    def _note(self, act: str) -> None:
        self._paper.watch()
        self._world.strike(f"author: {act.partition(' (')[0]}")
        self._world.trace.note(self._world.ms, self._paper.name, act)
