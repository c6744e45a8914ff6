"""A server that counts requests and says when enough is enough."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.howdah import MakeHowdah, shared
from tests.e2e.instance import Instance
from tests.e2e.servers.cache import UnavailableError
from tests.e2e.servers.mastodon_mock import MastodonMock
from tests.e2e.servers.wordpress import Draft, WordPress

pytestmark = pytest.mark.e2e

WINDOW_SECONDS = 5
