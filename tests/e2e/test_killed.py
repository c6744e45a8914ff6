"""The daemon dies in the middle of a publish, or the answer gets lost: every post is on the server exactly once."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.e2e.howdah import Howdah, MakeHowdah, shared
from tests.e2e.instance import Instance
from tests.e2e.proxy import Moment, Proxy, in_front_of
from tests.e2e.servers.wordpress import Draft, Made, WordPress

pytestmark = pytest.mark.e2e

PROMPT = {"timeout": "3s", "answer_deadline": "1s", "backoff": "1s"}

each_moment = pytest.mark.parametrize("moment", list(Moment), ids=lambda moment: moment.name.lower())


@dataclass(frozen=True)
class Behind:
    """A server as howdah reaches it through a proxy."""

    proxy: Proxy
    token: str

    @property
    def url(self) -> str:
        """The proxy's address."""
        return self.proxy.url


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A howdah that has looked once, and everything around it."""

    wordpress: WordPress
    howdah: Howdah
    proxy: Proxy
    instance: Instance

    def publish(self, *titles: str) -> list[Made]:
        """Make posts with these titles."""
        return self.wordpress.publish(*(Draft(title=title) for title in titles))

    def kill_at_a_publish(self, moment: Moment) -> None:
        """Let the daemon run until it waits for the answer to a publish, and kill it there."""
        self.proxy.hold(moment)
        with self.howdah.daemon() as daemon:
            self.proxy.wait_until_held()
            daemon.kill()
        self.proxy.let_go()

    def run_until_shared(self, made: list[Made]) -> None:
        """Let the daemon run until all of these posts are shared."""
        with self.howdah.daemon():
            self.howdah.wait_until(shared(*(post.id for post in made)))

    def statuses(self, made: list[Made]) -> list[int]:
        """How many statuses there are about each post."""
        return [len(self.instance.about(post.link)) for post in made]


@pytest.fixture
def stage(request: pytest.FixtureRequest, make_howdah: MakeHowdah, wordpress: WordPress) -> Iterator[Stage]:
    """Snac behind a proxy, or the server that the test names."""
    name = getattr(request, "param", "snac")
    server, instance = request.getfixturevalue(name), request.getfixturevalue(f"on_{name}")
    with in_front_of(server.url) as proxy:
        howdah = make_howdah(Behind(proxy, server.token), account=PROMPT)
        howdah.sync()
        yield Stage(wordpress=wordpress, howdah=howdah, proxy=proxy, instance=instance)


class TestKilledInMidPublish:
    """kill -9 hits the daemon while it waits for the answer to a publish; then it is started again."""

    @each_moment
    def test_every_post_is_there_once(self, moment: Moment, stage: Stage) -> None:
        """Whether or not the server had done the work, and though snac knows no Idempotency-Key."""
        made = stage.publish(*(f"Killed {moment.name} {word}" for word in ("one", "two", "three")))
        stage.kill_at_a_publish(moment)
        stage.run_until_shared(made)

        assert [1, 1, 1] == stage.statuses(made)

    def test_so_it_is_after_several_deaths(self, stage: Stage) -> None:
        """Two deaths in a row, each after the server has done the work for another post."""
        made = stage.publish("Dying once", "Dying twice", "Living on")
        stage.kill_at_a_publish(Moment.AFTER)
        stage.kill_at_a_publish(Moment.AFTER)
        stage.run_until_shared(made)

        assert [1, 1, 1] == stage.statuses(made)


class TestALostAnswer:
    """The connection is cut in the middle of a publish, for two in a row; howdah lives on."""

    @each_moment
    @pytest.mark.parametrize("stage", ["snac", "mock"], indirect=True)
    def test_every_post_is_there_once(self, moment: Moment, stage: Stage) -> None:
        """Whether or not the server had done the work, and whether or not it knows Idempotency-Key."""
        made = stage.publish(f"Lost {moment.name}", f"Next {moment.name}")
        stage.proxy.cut(moment, times=2)
        stage.run_until_shared(made)

        assert [1, 1] == stage.statuses(made)


class TestAskedToStop:
    """SIGTERM reaches the daemon."""

    def test_it_ends_well(self, stage: Stage) -> None:
        """It exits with 0, and what it had shared is not shared again by the next one."""
        with stage.howdah.daemon() as daemon:
            made = stage.publish("Before the end")
            stage.howdah.wait_until(shared(made[0].id))

            assert 0 == daemon.stop()
        stage.howdah.sync()

        assert [1] == stage.statuses(made)
