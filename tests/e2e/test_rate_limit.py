"""A server that counts requests and says when there were enough."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import running
from tests.e2e.howdah import MakeHowdah, shared
from tests.e2e.instance import Instance
from tests.e2e.servers.mastodon_mock import MastodonMock
from tests.e2e.servers.wordpress import Draft, WordPress

pytestmark = pytest.mark.e2e

REQUESTS = 8
WINDOW_SECONDS = 3


@pytest.fixture
def counting(tmp_path: Path) -> Iterator[MastodonMock]:
    """A mastodon-mock that answers 8 requests in 3 seconds, and 429 to the rest."""
    yield from running(
        "mastodon-mock",
        lambda folder: MastodonMock(folder, requests_per_window=REQUESTS, window_seconds=WINDOW_SECONDS),
        tmp_path,
    )


class TestMorePostsThanTheServerTakes:
    """More posts are new than the server takes at a time."""

    def test_all_get_there_in_the_end(
        self, counting: MastodonMock, make_howdah: MakeHowdah, wordpress: WordPress
    ) -> None:
        """Howdah waits until it may go on; no post is given up, and none is shared twice."""
        howdah = make_howdah(counting)
        howdah.sync()
        made = wordpress.publish(*(Draft(title=f"One of many, {number}") for number in range(REQUESTS + 1)))
        with howdah.daemon():
            howdah.wait_until(shared(*(post.id for post in made)))
        instance = Instance(counting.url, counting.token)

        assert [1] * len(made) == [len(instance.about(post.link)) for post in made]
