"""The daemon dies in the middle of a publish, or the answer gets lost: every post is on the server exactly once."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.e2e.howdah import MakeHowdah, shared
from tests.e2e.instance import Instance
from tests.e2e.proxy import Moment, Proxy, in_front_of
from tests.e2e.servers.mastodon_mock import MastodonMock
from tests.e2e.servers.snac import Snac
from tests.e2e.servers.wordpress import Draft, Made, WordPress

pytestmark = pytest.mark.e2e

PROMPT = {"timeout": "3s", "answer_deadline": "1s", "backoff": "1s"}


@dataclass(frozen=True)
class Behind:
    """A server as howdah reaches it through a proxy."""

    proxy: Proxy
    token: str

    @property
    def url(self) -> str:
        """The proxy's address."""
        return self.proxy.url


@pytest.fixture
def behind_snac(snac: Snac) -> Iterator[Behind]:
    """Snac behind a proxy."""
    with in_front_of(snac.url) as proxy:
        yield Behind(proxy, snac.token)


@pytest.fixture
def behind_mock(mock: MastodonMock) -> Iterator[Behind]:
    """Mastodon-mock behind a proxy."""
    with in_front_of(mock.url) as proxy:
        yield Behind(proxy, mock.token)


class TestKilledInMidPublish:
    """kill -9 hits the daemon while it waits for the answer to a publish; then it is started again."""

    @pytest.mark.parametrize("moment", list(Moment), ids=lambda moment: moment.name.lower())
    def test_every_post_is_there_once(
        self,
        moment: Moment,
        make_howdah: MakeHowdah,
        behind_snac: Behind,
        wordpress: WordPress,
        on_snac: Instance,
    ) -> None:
        """Whether or not the server had done the work, and though snac knows no Idempotency-Key."""
        howdah = make_howdah(behind_snac, account=PROMPT)
        howdah.sync()
        behind_snac.proxy.hold(moment)
        with howdah.daemon() as daemon:
            made = wordpress.publish(*(Draft(title=f"{moment.name} {word}") for word in ("one", "two", "three")))
            behind_snac.proxy.wait_until_held()
            daemon.kill()
        behind_snac.proxy.let_go()
        with howdah.daemon():
            howdah.wait_until(shared(*_ids(made)))

        assert [1, 1, 1] == _counts(made, on_snac)

    def test_so_it_is_after_being_killed_again_and_again(
        self, make_howdah: MakeHowdah, behind_snac: Behind, wordpress: WordPress, on_snac: Instance
    ) -> None:
        """Three deaths at three publishes in a row, each after the server did the work."""
        howdah = make_howdah(behind_snac, account=PROMPT)
        howdah.sync()
        made = wordpress.publish(*(Draft(title=f"Again and again {word}") for word in ("one", "two", "three")))
        for _ in made:
            behind_snac.proxy.hold(Moment.AFTER)
            with howdah.daemon() as daemon:
                behind_snac.proxy.wait_until_held()
                daemon.kill()
            behind_snac.proxy.let_go()
        with howdah.daemon():
            howdah.wait_until(shared(*_ids(made)))

        assert [1, 1, 1] == _counts(made, on_snac)


class TestALostAnswer:
    """The connection is cut in the middle of a publish; howdah lives on."""

    @pytest.mark.parametrize("moment", list(Moment), ids=lambda moment: moment.name.lower())
    def test_every_post_is_there_once_on_snac(
        self,
        moment: Moment,
        make_howdah: MakeHowdah,
        behind_snac: Behind,
        wordpress: WordPress,
        on_snac: Instance,
    ) -> None:
        """On a server without Idempotency-Key, because howdah reads the account's own statuses."""
        self._lose_two_answers(moment, make_howdah, behind_snac, wordpress, on_snac)

    @pytest.mark.parametrize("moment", list(Moment), ids=lambda moment: moment.name.lower())
    def test_every_post_is_there_once_on_the_mock(
        self,
        moment: Moment,
        make_howdah: MakeHowdah,
        behind_mock: Behind,
        wordpress: WordPress,
        on_mock: Instance,
    ) -> None:
        """On a server that knows Idempotency-Key, too."""
        self._lose_two_answers(moment, make_howdah, behind_mock, wordpress, on_mock)

    @staticmethod
    def _lose_two_answers(
        moment: Moment, make_howdah: MakeHowdah, behind: Behind, wordpress: WordPress, instance: Instance
    ) -> None:
        howdah = make_howdah(behind, account=PROMPT)
        howdah.sync()
        made = wordpress.publish(Draft(title=f"Lost {moment.name}"), Draft(title=f"Next {moment.name}"))
        behind.proxy.cut(moment, times=2)
        with howdah.daemon():
            howdah.wait_until(shared(*_ids(made)))

        assert [1, 1] == _counts(made, instance)


class TestAskedToStop:
    """SIGTERM reaches the daemon."""

    def test_it_ends_well(self, make_howdah: MakeHowdah, wordpress: WordPress, on_snac: Instance) -> None:
        """It exits with 0, and what it had shared is not shared again by the next one."""
        howdah = make_howdah()
        howdah.sync()
        with howdah.daemon() as daemon:
            [made] = wordpress.publish(Draft(title="Before the end"))
            howdah.wait_until(shared(made.id))

            assert 0 == daemon.stop()
        howdah.sync()

        assert [1] == _counts([made], on_snac)


def _ids(made: list[Made]) -> list[int]:
    return [post.id for post in made]


def _counts(made: list[Made], instance: Instance) -> list[int]:
    return [len(instance.about(post.link)) for post in made]
