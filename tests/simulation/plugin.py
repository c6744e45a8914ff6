"""The plugin Share on Mastodon on a simulated site: it shares each new post too, slowly, and may lose the answer."""

from bot.domain.models import Status
from tests.simulation.instance import Instance
from tests.simulation.invariants import Watch
from tests.simulation.wordpress import Newspaper
from tests.simulation.world import SECOND, World

# While a post is saved it uploads images and publishes: less than the 90 seconds that howdah gives it.
_DELAYS = (100, 3 * SECOND, 20 * SECOND, 60 * SECOND)
_LOST = 0.3


class Plugin:
    """Shares on one account whatever becomes visible on a site, once, and notes the address in the post's field."""

    def __init__(self, paper: Newspaper, world: World, instance: Instance, watch: Watch) -> None:
        self._paper = paper
        self._world = world
        self._instance = instance
        self._watch = watch
        self._jitter = world.random(f"plugin of {paper.name}")
        self._shared: set[int] = set()

    def begin(self) -> None:
        """Share from now on. What was there before isn't shared when it comes back: its box is unticked by then."""
        self._shared.update(self._paper.since)
        self._paper.on_visible.append(self._start)

    def _start(self, post_id: int) -> None:
        if post_id in self._shared or self._paper.posts[post_id].share_on_mastodon:
            return
        self._shared.add(post_id)
        delay = self._jitter.choice(_DELAYS)
        self._world.strike(f"plugin: takes {delay / SECOND:.0f} s")
        self._world.at(self._world.ms + delay, lambda: self._publish(post_id))

    def _publish(self, post_id: int) -> None:
        post = self._paper.posts.get(post_id)
        if post is None or self._instance.outage:
            return
        key = f"plugin {self._paper.name}/{post_id}"
        status = Status(text=f"{post.title}\n\n{self._paper.link(post_id)}")
        kept = self._instance.keep(status, (), key)
        self._watch.published_elsewhere(self._instance.name, key, (self._paper.name, post_id))
        if self._jitter.random() < _LOST:
            self._world.strike("plugin: answer lost")
        else:
            post.share_on_mastodon = {"url": kept.url, "error": ""}
