"""The companion plugin (deploy/wordpress/howdah): its PHP on several versions, and on a real WordPress."""

import base64
import hmac
import re
import subprocess
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.conftest import running
from tests.e2e.plugin.listener import Listener
from tests.e2e.servers import php_versions
from tests.e2e.servers.cache import UnavailableError
from tests.e2e.servers.wordpress import Draft, WordPress

pytestmark = pytest.mark.e2e

HERE = Path(__file__).parent
PLUGIN = HERE.parents[1] / "deploy/wordpress/howdah"
KEY = b"0123456789abcdef01234567"
SECRET = "whsec_" + base64.b64encode(KEY).decode()
FIELD = "share_on_mastodon"


@pytest.mark.parametrize("version", php_versions.SUITES)
class TestPhp:
    """The PHP by itself, on each version."""

    @pytest.fixture
    def php(self, version: str) -> list[str]:
        """The command that runs this version."""
        try:
            return php_versions.command(version)
        except UnavailableError as error:
            pytest.skip(f"PHP {version}: {error}")

    def test_every_file_can_be_read(self, php: list[str]) -> None:
        """`php -l` finds nothing."""
        for file in sorted(PLUGIN.rglob("*.php")):
            done = subprocess.run([*php, "-l", str(file)], capture_output=True, text=True, check=False)

            assert 0 == done.returncode, done.stdout + done.stderr

    def test_its_own_tests_pass(self, php: list[str]) -> None:
        """What it decides, with a WordPress of a few lines."""
        unit = str(HERE / "plugin/unit.php")
        done = subprocess.run([*php, unit, str(PLUGIN)], capture_output=True, text=True, check=False)

        assert 0 == done.returncode, done.stdout + done.stderr
        assert re.search(r"^\d+ passed, 0 failed$", done.stdout, re.MULTILINE)


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    """What stands in for howdah."""
    listener = Listener()
    yield listener
    listener.close()


@pytest.fixture(scope="module")
def site(wordpress_beside: WordPress, listener: Listener) -> WordPress:
    """A WordPress with another plugin's field, and the companion, connected."""
    return connected(wordpress_beside, listener)


@pytest.fixture
def doomed_site(tmp_path: Path, listener: Listener) -> Iterator[WordPress]:
    """Another one, for a test that deletes the companion."""
    for wordpress in running("WordPress", WordPress, tmp_path):
        yield connected(wordpress, listener)


def connected(wordpress: WordPress, listener: Listener) -> WordPress:
    """The site with the companion, which knows the listener and its secret."""
    wordpress.add_must_use(HERE / "plugin/watch.php", HERE / "plugin/beside.php")
    wordpress.add_plugin(PLUGIN)
    wordpress.set_option("howdah_hook_url", listener.url)
    wordpress.set_option("howdah_hook_secret", SECRET)
    return wordpress


@pytest.fixture(autouse=True)
def well(listener: Listener) -> Iterator[None]:
    """Howdah answers well again after each test."""
    yield
    listener.status = 202


class Api:
    """The site's REST API, as a user of it."""

    def __init__(self, site: WordPress, user: str, password: str) -> None:
        self._http = httpx.Client(base_url=f"{site.url}/wp-json/", auth=(user, password), timeout=30)

    def get(self, route: str, **query: str) -> Any:
        """What a route answers; it has to go well."""
        answer = self._http.get(route, params=query)
        assert answer.is_success, answer.text
        return answer.json()

    def post(self, route: str, **fields: Any) -> httpx.Response:
        """Send fields to a route."""
        return self._http.post(route, json=fields)

    def publish(self, title: str, **fields: Any) -> int:
        """A new public post."""
        made = self.post("wp/v2/posts", title=title, content="Text.", status="publish", **fields)
        assert made.is_success, made.text
        return int(made.json()["id"])


@pytest.fixture
def editor(site: WordPress) -> Api:
    """The REST API as the site's administrator."""
    return Api(site, "editor", site.app_password)


def genuine(headers: dict[str, str], body: bytes) -> bool:
    """Whether a notice is signed as Standard Webhooks says, now."""
    sent = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    signature = "v1," + base64.b64encode(hmac.new(KEY, sent, sha256).digest()).decode()
    return signature == headers["webhook-signature"] and abs(time.time() - int(headers["webhook-timestamp"])) < 60


class TestNotice:
    """howdah is told of what becomes public."""

    def test_a_post_by_rest(self, editor: Api, listener: Listener) -> None:
        """One signed notice that says the post's id; an edit makes no other."""
        post_id = editor.publish("By REST")
        editor.post(f"wp/v2/posts/{post_id}", title="By REST, edited")

        [heard] = listener.about(post_id)
        assert {"post_id": post_id} == heard.says
        assert genuine(heard.headers, heard.body)

    def test_a_scheduled_post_by_cron(self, site: WordPress, listener: Listener) -> None:
        """It is announced when cron publishes it, not before."""
        [made] = site.publish(Draft(title="By cron", status="future", seconds=-3600))
        assert [] == listener.about(made.id)

        site.let_time_pass(made.id, seconds=60)
        site.run_cron()

        assert 1 == len(listener.about(made.id))

    def test_a_draft_that_is_published(self, editor: Api, listener: Listener) -> None:
        """A draft says nothing, its publication does."""
        post_id = int(editor.post("wp/v2/posts", title="Draft", content="Text.").json()["id"])
        assert [] == listener.about(post_id)

        editor.post(f"wp/v2/posts/{post_id}", status="publish")

        assert 1 == len(listener.about(post_id))

    def test_is_sent_again_by_cron(self, site: WordPress, editor: Api, listener: Listener) -> None:
        """What howdah didn't take is sent once more, with the same id and a new signature, and then no more."""
        listener.status = 503
        post_id = editor.publish("While howdah is away")
        assert 1 == len(listener.about(post_id))
        assert "howdah answered 503." == site.option("howdah_trouble")

        listener.status = 202
        assert site.pass_cron_time("howdah_retry", seconds=120)
        site.run_cron()
        site.run_cron()

        first, second = listener.about(post_id)
        assert first.headers["webhook-id"] == second.headers["webhook-id"]
        assert genuine(second.headers, second.body)
        assert 0 == site.pass_cron_time("howdah_retry", seconds=0)
        assert "" == site.option("howdah_trouble")

    def test_a_howdah_that_is_not_there_stops_nobody(self, site: WordPress, editor: Api, listener: Listener) -> None:
        """The post is published all the same, at once."""
        site.set_option("howdah_hook_url", "http://127.0.0.1:9/hooks/wordpress/gazette")
        try:
            begun = time.monotonic()
            post_id = editor.publish("Nobody listens")
            assert time.monotonic() - begun < 3
        finally:
            site.set_option("howdah_hook_url", listener.url)
        assert "publish" == editor.get(f"wp/v2/posts/{post_id}")["status"]


class TestWriting:
    """What howdah writes to the field."""

    def test_the_site_says_that_it_may(self, editor: Api) -> None:
        """`howdah/v1` is among the namespaces of the REST index."""
        assert "howdah/v1" in editor.get("", _fields="namespaces")["namespaces"]

    def test_changes_nothing_else(self, site: WordPress, editor: Api) -> None:
        """The url is there for all readers; `modified`, revisions and save hooks are as before."""
        post_id = editor.publish("Written to")
        before = editor.get(f"wp/v2/posts/{post_id}", context="edit")
        saves = site.option("watched_saves")
        time.sleep(1.1)  # `modified` counts in seconds

        written = editor.post(f"wp/v2/posts/{post_id}", **{FIELD: {"url": "https://a.example/@b/1", "error": ""}})

        assert 200 == written.status_code, written.text
        assert {"url": "https://a.example/@b/1", "error": ""} == written.json()[FIELD]
        after = editor.get(f"wp/v2/posts/{post_id}", context="edit")
        assert before | {FIELD: after[FIELD]} == after
        assert saves == site.option("watched_saves")
        assert [] == editor.get(f"wp/v2/posts/{post_id}/revisions")
        seen = httpx.get(f"{site.url}/wp-json/wp/v2/posts/{post_id}", params={"_fields": FIELD}).json()
        assert {FIELD: {"url": "https://a.example/@b/1", "error": ""}} == seen

    def test_an_error_takes_the_place_of_a_url(self, editor: Api) -> None:
        """Never both; and a url ends an error."""
        post_id = editor.publish("Refused, then shared")
        for value in ({"url": "", "error": "refused (422)"}, {"url": "https://a.example/1", "error": ""}):
            editor.post(f"wp/v2/posts/{post_id}", **{FIELD: value})

            assert value == editor.get(f"wp/v2/posts/{post_id}", _fields=FIELD)[FIELD]

    @pytest.mark.parametrize("value", [{"url": "javascript:alert(1)"}, {"url": "", "more": 1}, {"url": 5}, "x"])
    def test_refuses_what_is_no_such_value(self, value: Any, editor: Api) -> None:
        """400, and nothing is written."""
        post_id = editor.publish("Nonsense")

        assert 400 == editor.post(f"wp/v2/posts/{post_id}", **{FIELD: value}).status_code
        assert {"url": "", "error": ""} == editor.get(f"wp/v2/posts/{post_id}", _fields=FIELD)[FIELD]

    def test_is_for_those_who_may_edit_the_post(self, site: WordPress, editor: Api) -> None:
        """Another author may not, nor may somebody without a login."""
        post_id = editor.publish("Not yours")
        author = Api(site, "author", site.add_user("author", role="author", password="author-password"))
        nobody = httpx.post(f"{site.url}/wp-json/wp/v2/posts/{post_id}", json={FIELD: {"url": "https://a.example/"}})

        assert 403 == author.post(f"wp/v2/posts/{post_id}", **{FIELD: {"url": "https://a.example/"}}).status_code
        assert 401 == nobody.status_code
        assert {"url": "", "error": ""} == editor.get(f"wp/v2/posts/{post_id}", _fields=FIELD)[FIELD]

    def test_goes_along_with_a_save(self, editor: Api) -> None:
        """Beside other fields it is a save like any other."""
        post_id = editor.publish("Before")

        done = editor.post(f"wp/v2/posts/{post_id}", title="After", **{FIELD: {"url": "https://a.example/1"}})

        assert ("After", "https://a.example/1") == (done.json()["title"]["raw"], done.json()[FIELD]["url"])


class TestSharingAgain:
    """The route behind the button."""

    def test_asks_howdah(self, editor: Api, listener: Listener) -> None:
        """A signed notice with `again`; each wish has an id of its own."""
        post_id = editor.publish("Once more")
        answers = [editor.post(f"howdah/v1/posts/{post_id}/again") for _ in range(2)]

        assert [202, 202] == [answer.status_code for answer in answers]
        _, first, second = listener.about(post_id)
        assert {"post_id": post_id, "again": True} == first.says
        assert first.headers["webhook-id"] != second.headers["webhook-id"]
        assert genuine(first.headers, first.body)

    def test_a_wish_that_may_have_been_heard_keeps_its_id(self, editor: Api, listener: Listener) -> None:
        """The person sees what went wrong, and may press again without a second status."""
        post_id = editor.publish("Heard?")
        listener.status = 500
        lost = editor.post(f"howdah/v1/posts/{post_id}/again")
        listener.status = 202
        editor.post(f"howdah/v1/posts/{post_id}/again")

        assert (502, "howdah answered 500.") == (lost.status_code, lost.json()["message"])
        _, first, second = listener.about(post_id)
        assert first.headers["webhook-id"] == second.headers["webhook-id"]

    def test_is_not_for_everybody(self, site: WordPress, editor: Api) -> None:
        """Who may not publish the post may not share it."""
        post_id = editor.publish("Not for contributors")
        password = site.add_user("contributor", role="contributor", password="contributor-password")

        assert 403 == Api(site, "contributor", password).post(f"howdah/v1/posts/{post_id}/again").status_code


class TestUninstalling:
    """The plugin is deleted."""

    def test_leaves_nothing_of_its_own(self, doomed_site: WordPress, listener: Listener) -> None:
        """No option, no scheduled try; where posts were shared stays."""
        site, editor = doomed_site, Api(doomed_site, "editor", doomed_site.app_password)
        listener.status = 500
        post_id = editor.publish("Remembered")
        editor.post(f"wp/v2/posts/{post_id}", **{FIELD: {"url": "https://a.example/1"}})

        site.remove_plugin("howdah")

        options = [site.option(name) for name in ("howdah_hook_url", "howdah_hook_secret", "howdah_trouble")]
        assert [None, None, None] == options
        assert 0 == site.pass_cron_time("howdah_retry", seconds=0)
        assert "howdah/v1" not in editor.get("", _fields="namespaces")["namespaces"]
        assert "https://a.example/1" == editor.get(f"wp/v2/posts/{post_id}", _fields=FIELD)[FIELD]["url"]
