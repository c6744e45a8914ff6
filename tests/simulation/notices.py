"""What sites announce to daemons, and what becomes of it on the way: lost, sent twice, sent again, forged."""

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256

from tests.simulation.invariants import Watch
from tests.simulation.scenario import Ill, Scenario
from tests.simulation.wordpress import Newspaper
from tests.simulation.world import MINUTE, SECOND, World

KEY = b"a secret of the site and of howdah"
_ANOTHER_KEY = b"a guess"
Deliver = Callable[[str, Mapping[str, str], bytes], None]


class Announcer:
    """A site's plugin that announces posts, its editors' button, and somebody who forges notices.

    deliver: hands a request for a site to one of the daemons, or loses it where none runs.
    """

    def __init__(self, paper: Newspaper, world: World, settings: Scenario, *, watch: Watch, deliver: Deliver) -> None:
        self._paper = paper
        self._world = world
        self._settings = settings
        self._watch = watch
        self._deliver = deliver
        self._jitter = world.random(f"announcer of {paper.name}")
        self._count = 0

    def begin(self) -> None:
        """Announce what becomes visible, and plan the rest."""
        self._paper.on_visible.append(self._announce)
        # Who presses the button while the plugin is about to share is promised nothing.
        acts = (self._forge,) if self._settings.has(Ill.PLUGIN) else (self._button, self._forge)
        for act in acts:
            for _ in range(self._jitter.randint(1, 3)):
                self._world.at(self._jitter.randint(0, self._settings.duration), act)

    def _announce(self, post_id: int) -> None:
        if self._jitter.random() < 0.15:
            self._world.strike("notice: lost")
            return
        self._send({"post_id": post_id}, key=KEY)

    def _button(self) -> None:
        """An editor wants a post shared once more."""
        if self._paper.since and not self._world.calm:
            post_id = self._jitter.choice(sorted(self._paper.since))
            self._watch.wished(self._paper.name, post_id)
            self._world.strike("notice: again")
            self._send({"post_id": post_id, "again": True}, key=KEY)

    def _forge(self) -> None:
        if self._paper.since:
            self._world.strike("notice: forged")
            post_id = self._jitter.choice(sorted(self._paper.since))
            self._send({"post_id": post_id, "again": True}, key=_ANOTHER_KEY)

    def _send(self, what: Mapping[str, object], *, key: bytes) -> None:
        """Send a notice once, or several times under its one id."""
        self._count += 1
        name, body = f"msg_{self._paper.name}_{self._count}", json.dumps(what).encode()
        signed = _headers(name, body, key=key, at=self._world.now())
        first = self._world.ms + self._jitter.choice((100, 2 * SECOND, 30 * SECOND))
        self._at(first, signed, body)
        again = self._jitter.choice(("", "", "doubled", "repeated", "replayed"))
        if again == "doubled":
            self._at(first + self._jitter.choice((0, 50, SECOND)), signed, body)
        elif again == "replayed":
            self._at(first + 10 * MINUTE, signed, body)
        elif again == "repeated":
            later = _headers(name, body, key=key, at=self._world.instant(first + MINUTE))
            self._at(first + MINUTE, later, body)
        if again:
            self._world.strike(f"notice: {again}")

    def _at(self, ms: int, headers: Mapping[str, str], body: bytes) -> None:
        self._world.at(ms, lambda: self._deliver(self._paper.name, headers, body))


def _headers(name: str, body: bytes, *, key: bytes, at: datetime) -> Mapping[str, str]:
    """The headers of a notice, as Standard Webhooks has them."""
    seconds = str(int(at.timestamp()))
    signature = hmac.new(key, b".".join((name.encode(), seconds.encode(), body)), sha256).digest()
    return {
        "webhook-id": name,
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
    }
