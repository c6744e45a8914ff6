"""What `howdah check` asks beyond whether everything works."""

import shutil
from collections import namedtuple
from datetime import UTC, datetime, timedelta

import pytest

from bot.cli.commands import check_surroundings
from bot.domain.models import Profile
from bot.domain.policy import Filters, Rule
from bot.errors import SiteUnavailableError, StoreError
from tests.fakes.store import FakeStore
from tests.unit.config.files import loaded
from tests.unit.crosspost.stage import Stage

Usage = namedtuple("Usage", ["total", "used", "free"])


@pytest.fixture
def stage() -> Stage:
    """A site and an account."""
    return Stage()


def test_a_folder_that_others_may_write_into(tmp_path):
    """Is wrong; one like /tmp, where each may only replace their own, isn't."""
    config = loaded(tmp_path)
    found = {}
    for mode in (0o755, 0o775, 0o1777):
        tmp_path.chmod(mode)
        found[mode] = [finding.advice for finding in check_surroundings.files(config)]

    assert {0o755: [], 0o775: [f"Run: chmod go-w {tmp_path}"], 0o1777: []} == found


def test_a_sound_store(tmp_path):
    """Nothing is said of it."""
    (tmp_path / "howdah.db").touch(mode=0o600)

    assert [] == list(check_surroundings.store(FakeStore(), f"sqlite:///{tmp_path}/howdah.db"))
    assert [] == list(check_surroundings.store(FakeStore(), "postgresql://db.example/howdah"))


def test_a_store_in_trouble(tmp_path, monkeypatch):
    """Damaged, open to others, on a full disk: each with what to do."""
    file = tmp_path / "howdah.db"
    file.touch()
    file.chmod(0o666)
    store = FakeStore()
    monkeypatch.setattr(store, "flaw", lambda: "row 7 missing from index")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10**9, 10**9, 5_000_000))
    said = [f"{finding.message} {finding.advice}" for finding in check_surroundings.store(store, f"sqlite:///{file}")]

    assert ["row 7 missing", "chmod 600", "its disk has 5.0 MB left"] == [
        words
        for words, line in zip(["row 7 missing", "chmod 600", "its disk has 5.0 MB left"], said, strict=True)
        if words in line
    ]


def test_a_store_that_others_may_read(tmp_path):
    """Is told, and nothing is wrong: somebody may want it so."""
    file = tmp_path / "howdah.db"
    file.touch()
    file.chmod(0o640)
    [found] = check_surroundings.store(FakeStore(), f"sqlite:///{file}")

    assert (True, f"Run: chmod 600 {file}") == (found.ok, found.advice)
    assert "other users may read" in found.message


def test_a_store_that_can_not_be_read(monkeypatch):
    """Is a finding too, not the end."""
    store = FakeStore()

    def broken() -> str:
        raise StoreError("malformed")

    monkeypatch.setattr(store, "flaw", broken)

    assert ["it is damaged: malformed"] == [one.message for one in check_surroundings.store(store, "postgresql://x/y")]


def test_a_site_on_the_fediverse(stage, monkeypatch):
    """Is a hint; what can't be told is nothing."""
    for namespaces, number in ((["wp/v2", "activitypub/1.0"], 1), (["wp/v2"], 0)):
        monkeypatch.setattr(stage.site, "namespaces", lambda namespaces=namespaces: frozenset(namespaces))
        assert [True] * number == [finding.ok for finding in check_surroundings.site(stage.site, stage.site_policy)]

    stage.site.error = SiteUnavailableError("down")
    monkeypatch.undo()

    assert [] == list(check_surroundings.site(stage.site, stage.site_policy))


@pytest.mark.parametrize(
    ("url", "number"), [("https://a.example/?b=1", 1), ("https://a.example/?lang=fr", 0)], ids=["first", "named"]
)
def test_wpml_lists_one_language(stage, monkeypatch, url, number):
    """Is a hint where the site's address doesn't say which one is meant."""
    monkeypatch.setattr(stage.site, "namespaces", lambda: frozenset({"wp/v2", "wpml/v1"}))
    found = list(check_surroundings.site(stage.site, stage.site_policy, url=url))

    assert [True] * number == [finding.ok for finding in found]
    assert all("WPML" in finding.message for finding in found)


@pytest.mark.parametrize(
    ("seconds", "words"), [(-300, "300 s behind"), (300, "300 s ahead of"), (30, None), (None, None)]
)
def test_clocks(stage, seconds, words):
    """More than a minute apart they make waits wrong."""
    now = datetime.now(UTC)
    stage.account.clock_says = None if seconds is None else now - timedelta(seconds=seconds)
    stage.site.clock_says = stage.account.clock_says
    found = [
        *check_surroundings.account(stage.context.accounts["uk"]),
        *check_surroundings.site(stage.site, stage.site_policy),
    ]
    wrong = [finding.message for finding in found if not finding.ok]

    assert (2 if words else 0) == len(wrong)
    assert all(words in message for message in wrong)


@pytest.mark.parametrize(("bot", "number"), [(False, 1), (True, 0), (None, 0)])
def test_a_profile_that_does_not_say_that_it_is_automated(stage, monkeypatch, bot, number):
    """Is a hint."""
    monkeypatch.setattr(stage.account, "verify", lambda: Profile(id="1", acct="uk", bot=bot))
    found = list(check_surroundings.account(stage.context.accounts["uk"]))

    assert number == len(found)
    assert all(finding.ok and "automated account" in finding.advice for finding in found)


def test_a_site_without_its_companion() -> None:
    """Where it is to be written to, something is wrong; beside Share on Mastodon something is told."""
    stage = Stage(site={"write_back": True})
    stage.site.announced |= {"share-on-mastodon/v1"}

    missing, beside = check_surroundings.site(stage.site, stage.site_policy)

    assert (False, True) == (missing.ok, beside.ok)
    assert "companion" in missing.message
    assert "defer" in beside.advice


def test_terms_that_the_site_does_not_have() -> None:
    """Those that a filter of the site, of one of its accounts, or a rule chooses posts by."""
    only = {"uk": Filters(tags=("Storm",))}
    stage = Stage(site={"filters": Filters(categories=("News", "Nwes"), exclude_tags=("Ad",)), "only": only})
    stage.site.publish(categories=["news"], tags=["storm"])
    found = list(check_surroundings.site(stage.site, stage.site_policy, [Rule(categories=("Film",), tags=("Ad",))]))

    assert [
        f"has no {what}, neither by name nor by slug, though the config chooses posts by it"
        for what in ("category 'Film'", "category 'Nwes'", "tag 'Ad'")
    ] == [finding.message for finding in found]
    assert not any(finding.ok for finding in found)


def test_a_site_that_is_written_to_and_does_not_tell_its_plugins() -> None:
    """Nothing is written to it, which is said; of a site that is only read it is no trouble."""
    for write_back, said in ((True, ["it can't be told whether its companion plugin is active"]), (False, [])):
        stage = Stage(site={"write_back": write_back})
        stage.site.errors["namespaces"] = SiteUnavailableError("site uk: answered 403")

        found = list(check_surroundings.site(stage.site, stage.site_policy))
        assert said == [finding.message.partition(",")[0] for finding in found if not finding.ok]
