"""Another tool that has shared a site's posts before howdah comes, and somebody who moves in from it, killed or not."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from bot.crosspost.adopt import adopt
from bot.crosspost.move_in import Entries, move_in
from bot.domain.models import Status
from bot.errors import HowdahError
from tests.simulation.instance import Instance
from tests.simulation.processes import Member
from tests.simulation.wordpress import Newspaper
from tests.simulation.world import HOUR, MINUTE, World

_SHARED, _DELETED, _WITHOUT_ADDRESS = 0.7, 0.2, 0.3


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the tool knows of one post that it has shared. link: of the post, as it was then."""

    post_id: int
    link: str
    url: str


@dataclass(slots=True)
class OtherTool:
    """A tool that has shared most posts of a site on an account. is_adopted: nothing is left of it but its statuses."""

    paper: Newspaper
    instance: Instance
    is_adopted: bool
    knows_addresses: bool = True
    remembered: list[Remembered] = field(default_factory=list)

    def share(self, world: World) -> None:
        """Share what there is, before anything else happens; its account's owner deletes some of it."""
        jitter = world.random(f"tool between {self.paper.name} and {self.instance.name}")
        self.knows_addresses = jitter.random() >= _WITHOUT_ADDRESS
        for post_id in sorted(self.paper.since):
            if jitter.random() < _SHARED:
                self._share(post_id, is_deleted=jitter.random() < _DELETED)

    def covered(self) -> set[int]:
        """The posts that moving in has to mark: those that are where they were, and that anything tells of."""
        return {
            one.post_id
            for one in self.remembered
            if one.post_id in self.paper.since and self.paper.link(one.post_id) == one.link and self._is_told(one)
        }

    def _share(self, post_id: int, *, is_deleted: bool) -> None:
        instance, link = self.instance, self.paper.link(post_id)
        key = f"tool {self.paper.name}/{post_id}"
        kept = instance.keep(Status(text=f"{self.paper.posts[post_id].title}\n\n{link}"), (), key)
        kept.created_at, kept.ms = kept.created_at - timedelta(hours=1), kept.ms - HOUR
        instance.watch.published_elsewhere(instance.name, key, (self.paper.name, post_id))
        self.remembered.append(Remembered(post_id, link, kept.url))
        if is_deleted:
            instance.delete(kept.id, by="its owner")

    def _is_told(self, one: Remembered) -> bool:
        return not self.is_adopted or self.instance.standing_at(one.url) is not None


class Mover(Member):
    """Somebody at the command line who adopts, or imports, for each site and account, until it is done."""

    def begin(self, tools: list[OtherTool], *, at: int, done: Callable[[], None]) -> None:
        """Move in from these tools, then tell."""
        self.world.spawn(self.process, "shell", partial(self._work, tools, done), at=at)

    def _work(self, tools: list[OtherTool], done: Callable[[], None]) -> None:
        for tool in tools:
            while not self._is_done(tool):
                self.world.sleep(MINUTE)
            for post_id in tool.covered():
                self.town.watch.moved_in(tool.paper.name, post_id, tool.instance.name)
        done()

    def _is_done(self, tool: OtherTool) -> bool:
        """Whether this time nothing went wrong; what was marked before that stays."""
        try:
            return self._adopt(tool) if tool.is_adopted else self._import(tool)
        except HowdahError as error:
            self.world.trace.note(self.world.ms, self.process.name, f"{type(error).__name__}: {error}")
            return False

    def _adopt(self, tool: OtherTool) -> bool:
        site, account, address = tool.paper.name, tool.instance.name, tool.paper.origin
        return adopt(self.context, site, account=account, address=address, on_progress=lambda _: None).done

    def _import(self, tool: OtherTool) -> bool:
        urls = {one.link: one.url if tool.knows_addresses else "" for one in tool.remembered}
        entries = Entries(tool="another tool", urls=urls)
        move_in(self.context, tool.paper.name, entries, account=tool.instance.name, on_progress=lambda _: None)
        return True
