"""Write back: a site is told what became of its posts."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from bot.crosspost.mend import boost
from bot.crosspost.other_plugin import NAMESPACES_LAST, namespaces
from bot.crosspost.share import request_again
from bot.crosspost.stuck import cannot_write
from bot.crosspost.sync import sync
from bot.crosspost.write_back import MOST_TRIES, sites_to_write, write_back, write_is_due
from bot.domain.answers import Refused
from bot.domain.models import TOLD_AFTER, ShareField, State
from bot.errors import SiteUnavailableError
from tests.makers import HOUR, MINUTE
from tests.unit.crosspost.stage import Stage


@pytest.fixture
def stage() -> Stage:
    """A site with the companion plugin that is written to, looked at before."""
    stage = Stage(site={"write_back": True})
    stage.site.announced |= {"howdah/v1"}
    stage.store.note_write_back(["uk"], now=stage.clock.now())
    stage.first_look()
    return stage


def writes(stage: Stage) -> list[Any]:
    """What was written, in order: each a post's id and the field."""
    return [argument for method, argument in stage.site.calls if method == "write_field"]


class TestOutcomes:
    """Each outcome is told."""

    def test_a_url(self, stage: Stage) -> None:
        """The status's, once; then nothing is due."""
        share = stage.shared()
        assert write_is_due(stage.context, "uk")
        assert {"uk"} == sites_to_write(stage.context)

        assert 1 == write_back(stage.context, "uk")

        assert [(share.post_id, ShareField(url=share.url))] == writes(stage)
        assert not write_is_due(stage.context, "uk")
        assert set() == sites_to_write(stage.context)

    def test_a_site_that_is_not_written_to(self) -> None:
        """Nothing is due there, whatever became of its posts."""
        stage = Stage()
        stage.first_look()
        stage.shared()

        assert set() == sites_to_write(stage.context)

    def test_an_error(self, stage: Stage) -> None:
        """Why it was not shared."""
        stage.account.answer(Refused(code=422, message="no"))
        share = stage.shared()

        write_back(stage.context, "uk")

        assert State.FAILED is share.state
        assert ShareField(error=share.error) == stage.site.fields[share.post_id]

    def test_the_newest_url(self, stage: Stage) -> None:
        """A second status, asked for by hand, takes the first one's place."""
        first = stage.shared()
        write_back(stage.context, "uk")
        request_again(stage.context, "uk", first.post_id, account="uk")
        stage.attend()

        write_back(stage.context, "uk")

        second = stage.share(first.post_id)
        assert first.url != second.url
        assert ShareField(url=second.url) == stage.site.fields[first.post_id]

    def test_a_boost_writes_anew(self, stage: Stage) -> None:
        """Whatever somebody made of the field meanwhile."""
        share = stage.shared()
        write_back(stage.context, "uk")
        stage.site.fields.clear()
        boost(stage.context, "uk", share.post_id, account="uk")

        write_back(stage.context, "uk")

        assert ShareField(url=share.url) == stage.site.fields[share.post_id]


class TestOthers:
    """What somebody else wrote."""

    def test_a_url_is_not_lost_to_an_error(self, stage: Stage) -> None:
        """A url that howdah knows nothing of stays where howdah has none."""
        stage.account.answer(Refused(code=422, message="no"))
        share = stage.shared()
        stage.site.fields[share.post_id] = ShareField(url="https://elsewhere.example/1")

        assert 1 == write_back(stage.context, "uk")

        assert [] == writes(stage)

    def test_a_post_that_is_gone_needs_no_word(self, stage: Stage) -> None:
        """Nobody looks there."""
        stage.site.trash(stage.shared().post_id)

        assert 1 == write_back(stage.context, "uk")
        assert not write_is_due(stage.context, "uk")

    def test_what_comes_during_a_write_is_written_too(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        """Afterwards it is looked whether what was written is still right."""
        share = stage.shared()
        written = stage.site.write_field

        def meanwhile(post_id: int, field: ShareField) -> None:
            written(post_id, field)
            if len(writes(stage)) == 1:
                request_again(stage.context, "uk", share.post_id, account="uk")
                stage.attend()

        monkeypatch.setattr(stage.site, "write_field", meanwhile)
        write_back(stage.context, "uk")

        assert [share.url, stage.share(share.post_id).url] == [field.url for _, field in writes(stage)][:2]


class TestTrouble:
    """It can't be told now."""

    def test_without_the_companion_nothing_is_tried(self, stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
        """The site is asked for its plugins again later."""
        stage.site.announced = frozenset()
        share = stage.shared()
        with caplog.at_level(logging.WARNING):
            assert 0 == write_back(stage.context, "uk")

        assert [] == writes(stage)
        assert "companion plugin" in caplog.text
        stage.site.announced = frozenset({"howdah/v1"})
        stage.pass_time(NAMESPACES_LAST)
        assert 1 == write_back(stage.context, "uk")
        assert ShareField(url=share.url) == stage.site.fields[share.post_id]

    def test_it_is_tried_again_later_and_later(self, stage: Stage) -> None:
        """A site that is down; a share is shared all the same."""
        stage.site.errors["write_field"] = SiteUnavailableError("site uk: answered 503")
        share = stage.shared()
        assert State.SHARED is share.state
        for wait in (MINUTE, 2 * MINUTE, 4 * MINUTE):
            assert 0 == write_back(stage.context, "uk")
            stage.pass_time(wait - timedelta(seconds=1))
            assert not write_is_due(stage.context, "uk")
            stage.pass_time(timedelta(seconds=1))
            assert write_is_due(stage.context, "uk")

        stage.site.errors.clear()
        assert 1 == write_back(stage.context, "uk")

    def test_the_other_posts_of_the_site_wait_too(self, stage: Stage) -> None:
        """A site in trouble is asked once, not once for each post."""
        for title in ("One", "Two", "Three"):
            stage.shared(title)
        stage.site.errors["write_field"] = SiteUnavailableError("site uk: answered 503")

        write_back(stage.context, "uk")

        assert 1 == len(writes(stage))
        assert not write_is_due(stage.context, "uk")

    def test_it_is_given_up_in_the_end(self, stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
        """After days."""
        stage.site.may_write = False
        stage.shared()
        for _ in range(MOST_TRIES):
            assert write_is_due(stage.context, "uk")
            write_back(stage.context, "uk")
            stage.pass_time(2 * HOUR)

        assert not write_is_due(stage.context, "uk")
        assert vars(caplog.records[-1])["given_up"]
        assert 0 == stage.store.site("uk").write_failures

    def test_what_is_refused_again_and_again(self, stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
        """Is a problem of the pass, and told once in the log, until a write works, or none is wanted."""
        stage.site.may_write = False
        stage.shared()
        for _ in range(TOLD_AFTER - 1):
            assert () == sync(stage.context, sites=["uk"]).problems
            stage.pass_time(2 * HOUR)

        [said] = sync(stage.context, sites=["uk"]).problems
        assert said.startswith("site uk: it can't be told what became of its posts, 3 tries in a row failed: ")
        assert not said.partition("failed: ")[2].startswith("site uk: ")
        unwanted = [replace(watched.policy, write_back=False) for watched in stage.context.sites.values()]
        assert {} == cannot_write([stage.store.site("uk")], unwanted, now=stage.clock.now())

        stage.pass_time(2 * HOUR)
        write_back(stage.context, "uk")
        told = [record for record in caplog.records if vars(record).get("event") == "stands_still"]
        assert 1 == len(told)
        stage.pass_time(2 * HOUR)
        stage.site.may_write = True
        assert () == sync(stage.context, sites=["uk"]).problems

    def test_one_post_that_can_not_be_written(self, stage: Stage) -> None:
        """Is no site that can't: the others are written, and none waits for it."""
        writing = stage.site.write_field

        def refuses(post_id: int, field: ShareField) -> None:
            if field.url and post_id == bad:
                raise SiteUnavailableError("site uk: answered 500")
            writing(post_id, field)

        stage.site.write_field = refuses  # type: ignore[method-assign] # a fake of ours
        bad = 2
        failures = []
        stage.store.note_writing("uk", error="site uk: answered 503")
        stage.shared("Good")
        for title in ("Bad", "A", "B", "C", "D"):
            stage.shared(title)
            for _ in range(2):
                write_back(stage.context, "uk")
                failures.append(stage.store.site("uk").write_failures)
                stage.pass_time(MINUTE)
            stage.pass_time(HOUR)

        assert [1, 3, 4, 5, 6] == [post_id for post_id, _ in writes(stage)]
        assert [1, 2, 3, 0] == failures[:4]
        assert max(failures[3:]) < TOLD_AFTER

    def test_it_ends_where_howdah_stops(self, stage: Stage) -> None:
        """Between two posts."""
        stage.shared()
        stage.clock.stop = True

        assert 0 == write_back(stage.context, "uk")
        assert write_is_due(stage.context, "uk")


class TestNamespaces:
    """Which plugins answer on a site."""

    def test_are_asked_for_once_in_a_while(self, stage: Stage) -> None:
        """Within minutes the answer is remembered."""
        for _ in range(3):
            assert "howdah/v1" in namespaces(stage.context, "uk")

        assert 1 == [method for method, _ in stage.site.calls].count("namespaces")


def test_a_site_that_is_not_written_to() -> None:
    """Nothing is due, whatever became of its posts."""
    stage = Stage()
    stage.first_look()
    stage.shared()

    assert 0 == write_back(stage.context, "uk")
    assert not write_is_due(stage.context, "uk")
