"""Editing, deleting and boosting over real HTTP: what is sent, how often, and what each answer means."""

import pytest
from msgspec.structs import replace

from bot.domain.answers import Deleted, Published, Refused, Unanswered, Uploaded
from bot.domain.models import MediaFile, Status
from bot.errors import AccountUnavailableError
from bot.mastodon import MastodonAccount
from bot.sandbox.faults import Fault, LoseAnswer
from bot.sandbox.images import png
from bot.sandbox.mastodon import SandboxMastodon
from bot.sandbox.messages import Recorded
from tests.integration.mastodon.conftest import MakeAccount
from tests.sandbox import faults

POST = Status(text="Seven https://news.example.com/7/", spoiler_text="Careful", sensitive=True, language="de")


@pytest.fixture
def published(account: MastodonAccount, instance: SandboxMastodon) -> str:
    """A status with one file, and the instance's record of requests emptied."""
    file = account.upload(MediaFile(data=png(), mime_type="image/png"), description="A kite").reply
    assert isinstance(file, Uploaded)
    done = account.publish(POST, media_ids=[file.id], key="k1").reply
    assert isinstance(done, Published)
    instance.requests.clear()
    return done.id


def only(instance: SandboxMastodon) -> Recorded:
    """The one request that was made."""
    [request] = instance.requests
    return request


class TestEdit:
    """PUT."""

    def test_everything_is_sent(self, account: MastodonAccount, instance: SandboxMastodon, published: str) -> None:
        """In one request, as JSON; what isn't there is sent empty, but for the language, which stays."""
        media_ids = [instance.media[0].id]
        account.edit(published, replace(POST, text="Eight \ud83d\ude00", language="fr"), media_ids=media_ids)
        first = only(instance)
        instance.requests.clear()
        account.edit(published, Status(text="Nine"), media_ids=[])

        assert ("PUT", f"/api/v1/statuses/{published}") == (first.method, first.path)
        assert "application/json" == first.headers["content-type"]
        assert ["Eight 😀"] == first.form["status"]
        assert {"status", "spoiler_text", "sensitive", "media_ids", "language"} == {
            name.removesuffix("[]") for name in first.form
        }
        assert "language" not in only(instance).form
        [status] = instance.statuses
        assert ("Nine", "", False, "fr", []) == (
            status.text,
            status.spoiler_text,
            status.sensitive,
            status.language,
            status.media,
        )

    def test_it_tells_what_is_left(self, account: MastodonAccount, published: str) -> None:
        """Edits count among the statuses."""
        answer = account.edit(published, POST, media_ids=[])

        assert answer.rate is not None
        assert answer.rate.remaining < 299

    @pytest.mark.parametrize(
        ("fault", "kind"),
        [
            (faults.Html(), Unanswered),
            (faults.Replace({}), Unanswered),
            (LoseAnswer(), Unanswered),
            (faults.Status(405), Refused),
        ],
    )
    def test_answers(
        self,
        account: MastodonAccount,
        instance: SandboxMastodon,
        published: str,
        *,
        fault: Fault,
        kind: type[object],
    ) -> None:
        """As those to a publish; never asked twice."""
        instance.faults.add(match="PUT *", fault=fault)

        assert isinstance(account.edit(published, POST, media_ids=[]).reply, kind)
        assert 1 == len(instance.requests)

    def test_an_id_is_one_part_of_the_address(self, account: MastodonAccount, instance: SandboxMastodon) -> None:
        """Whatever an instance calls its statuses."""
        assert isinstance(account.edit("a/b?c", POST, media_ids=[]).reply, Refused)
        assert ("/api/v1/statuses/a/b?c", "") == (only(instance).path, only(instance).query)


class TestDelete:
    """DELETE."""

    def test_the_files_go_too(self, account: MastodonAccount, instance: SandboxMastodon, published: str) -> None:
        """Mastodon would keep them for a while."""
        assert Deleted() == account.delete(published)
        assert ([], []) == (instance.statuses, instance.media)
        assert 1 == len(instance.requests)

    @pytest.mark.parametrize(
        ("fault", "expected"),
        [
            (faults.Html(), Unanswered),
            (faults.Replace([]), Unanswered),
            (faults.Replace({}), Deleted),
            (faults.Status(410), Refused),
            (faults.Status(503), Unanswered),
        ],
    )
    def test_answers(
        self,
        account: MastodonAccount,
        instance: SandboxMastodon,
        published: str,
        *,
        fault: Fault,
        expected: type[object],
    ) -> None:
        """Any object is a yes, a page is none."""
        instance.faults.add(match="DELETE *", fault=fault)

        assert isinstance(account.delete(published), expected)
        assert 1 == len(instance.requests)


class TestBoost:
    """Reblogging."""

    def test_boosted(self, account: MastodonAccount, instance: SandboxMastodon, published: str) -> None:
        """One request, counted among the statuses."""
        answer = account.boost(published)

        assert isinstance(answer.reply, Published)
        assert answer.rate is not None
        assert ("POST", f"/api/v1/statuses/{published}/reblog") == (only(instance).method, only(instance).path)

    def test_whether_it_is(self, account: MastodonAccount, instance: SandboxMastodon, published: str) -> None:
        """A record that can't be read says nothing."""
        instance.faults.add(match=f"GET /api/v1/statuses/{published}", fault=faults.Html(), times=1)

        with pytest.raises(AccountUnavailableError):
            account.boosted(published)
        assert account.boosted(published) is False

    def test_out_of_reach(self, make_account: MakeAccount) -> None:
        """Nor does silence."""
        with pytest.raises(AccountUnavailableError):
            make_account("http://127.0.0.1:1").boosted("7")
