"""The buttons of the pages: what they do, with one share and with several."""

import re
from datetime import timedelta

import pytest

from bot.domain.models import FOREVER, State
from tests.unit.crosspost.stage import Stage
from tests.unit.web.visitor import Visit, become, visiting


class TestButtons:
    """Each does what it says, and says what it did."""

    def press(self, visit: Visit, post_id: int, action: str, **fields: str) -> str:
        """Press one; the page that it leads to."""
        page = f"/posts/uk/{post_id}"
        response = visit.press(f"{page}/{action}", page=page, account="uk", **fields)
        assert 303 == response.status_code
        return visit.get(response.headers["location"].partition("#")[0]).text

    def test_share(self, stage: Stage) -> None:
        """With other words, if somebody likes."""
        number = stage.publish("New")
        text = self.press(visiting(stage), number, "share", text="My own words")

        assert "Queued on uk" in text
        assert "My own words" in text
        assert "My own words" == stage.share(number).text_override

    def test_share_again(self, stage: Stage) -> None:
        """Once more; the first one is still told of."""
        share = stage.shared("One")
        text = self.press(visiting(stage), share.post_id, "again")

        assert 2 == stage.share(share.post_id).number
        assert "No. 1:" in text

    def test_two_presses_of_one_button(self, stage: Stage) -> None:
        """They mean one more status, not two."""
        share, visit = stage.shared("One"), visiting(stage)
        after = re.search(r'name="after" value="(\d+)"', visit.get("/posts/uk/1").text)
        assert after is not None
        for _ in range(2):
            assert "Queued once more" in self.press(visit, share.post_id, "again", after=after[1])

        assert 2 == stage.share(share.post_id).number

    def test_retry_release_and_skip(self, stage: Stage) -> None:
        """Failed and held ones go on; one that is skipped may be taken back."""
        number = stage.publish("One")
        stage.collect()
        visit = visiting(stage)
        for state in (State.FAILED, State.HELD):
            become(stage, number, state, error="no")
            assert "Queued anew" in self.press(visit, number, "retry")
            assert State.PENDING is stage.share(number).state
        assert "“Share after all” takes that back" in self.press(visit, number, "skip")
        assert State.SKIPPED is stage.share(number).state

    def test_a_status_that_does_not_follow_its_post(self, stage: Stage) -> None:
        """Why, and a button that leaves it so."""
        share, visit = stage.shared("One"), visiting(stage)
        become(stage, share.post_id, State.SHARED, url=share.url, error="edit: refused (422)")
        for path in ("/posts/uk/1", "/shares"):
            assert "edit: refused (422)" in visit.get(path).text
        text = self.press(visit, share.post_id, "leave")

        assert "Left as it is on uk." in text
        assert "follow its post" not in text
        assert (State.SHARED, "") == (stage.share(share.post_id).state, stage.share(share.post_id).error)

    @pytest.mark.parametrize("action", ["share", "retry"])
    def test_what_somebody_skipped_meanwhile(self, stage: Stage, action: str) -> None:
        """A page from before releases nothing of it; whoever sees that it was skipped may."""
        number = stage.publish("One")
        stage.collect()
        visit, page = visiting(stage), f"/posts/uk/{number}"
        become(stage, number, State.SKIPPED)
        refused = visit.press(f"{page}/{action}", page=page, account="uk", was="held")

        assert 409 == refused.status_code
        assert "was skipped since this page was loaded" in refused.text
        assert f'<a href="{page}">Load the page again</a>' in refused.text
        assert State.SKIPPED is stage.share(number).state
        assert 'name="was" value="skipped"' in visit.get(page).text
        assert "Queued" in self.press(visit, number, action, was="skipped")

    def test_boost(self, stage: Stage) -> None:
        """Once."""
        share = stage.shared("One")

        assert "Boosted on uk" in self.press(visiting(stage), share.post_id, "boost")

    @pytest.mark.parametrize("suffix", ["", "w"], ids=["the daemon's threads", "another request"])
    def test_one_at_a_time_attends_to_an_account(self, stage: Stage, suffix: str) -> None:
        """Each request has a name of its own on the lease; one that doesn't get it says so."""
        share = stage.shared("One")
        visit, page, now = visiting(stage), f"/posts/uk/{share.post_id}", stage.clock.now()
        stage.store.lease("uk", owner=f"{stage.context.owner}{suffix}", now=now, until=now + timedelta(hours=1))
        busy = visit.press(f"{page}/boost", page=page, account="uk")

        assert 409 == busy.status_code
        assert "another process attends to account uk" in busy.text

    def test_what_is_refused_is_said(self, stage: Stage) -> None:
        """In the commands' own words."""
        share = stage.shared("One")
        page = f"/posts/uk/{share.post_id}"
        response = visiting(stage).press(f"{page}/retry", page=page, account="uk")

        assert 409 == response.status_code
        assert "there is nothing to retry" in response.text

    @pytest.mark.parametrize("path", ["/posts/uk/1/nonsense", "/sites/uk/nonsense", "/accounts/de/pause"])
    def test_no_such_button(self, stage: Stage, path: str) -> None:
        """404."""
        stage.shared("One")

        assert 404 == visiting(stage).press(path, page="/", account="uk").status_code

    @pytest.mark.parametrize("place", ["sites", "accounts"])
    def test_pause_and_resume(self, stage: Stage, place: str) -> None:
        """A site and an account rest until they are resumed, or for as long as was chosen."""
        visit, page = visiting(stage), f"/{place}/uk"
        assert f'action="{page}/pause"' in visit.get(page).text

        assert f"{page}?done=pause" == visit.press(f"{page}/pause", page=page).headers["location"]
        assert f'action="{page}/resume"' in visit.get(page).text
        state = stage.store.site("uk") if place == "sites" else stage.store.account("uk")
        assert FOREVER == state.rests_until

        visit.press(f"{page}/resume", page=page)
        assert f'action="{page}/pause"' in visit.get(page).text

        assert 404 == visit.press(f"{page}/pause", page=page, hours="9").status_code
        visit.press(f"{page}/pause", page=page, hours="8")
        assert "goes on <time" in visit.get(page).text
        assert ">in 8 h</time>" in visit.get(page).text


class TestSeveral:
    """The buttons of a list: all that are held, or failed, at once."""

    @pytest.fixture
    def crowd(self, stage: Stage) -> Visit:
        """Three that are held."""
        for number in range(3):
            stage.publish(f"Post {number}")
        stage.collect()
        for number in stage.states():
            become(stage, number, State.HELD, error="too many")
        return visiting(stage)

    @pytest.mark.parametrize(
        ("action", "state", "said"),
        [("retry", State.PENDING, "Queued: 3 shares."), ("skip", State.SKIPPED, "Skipped: 3 shares.")],
    )
    def test_all_that_are_held(self, crowd: Visit, action: str, state: State, said: str) -> None:
        """They are asked about first, with their number."""
        page = "/shares?state=held"
        assert "Release all 3" in crowd.get(page).text
        response = crowd.press(f"/shares/{action}", page=page, state="held")

        assert said in crowd.get(response.headers["location"]).text
        assert {state} == set(crowd.stage.states().values())

    def test_what_comes_after_the_page_was_loaded(self, crowd: Visit) -> None:
        """Isn't meant: the page asked about three."""
        page = "/shares?state=held"
        before = re.search(r'name="before" value="([^"]+)"', crowd.get(page).text)
        assert before is not None
        number = crowd.stage.publish("Later")
        crowd.stage.collect()
        become(crowd.stage, number, State.HELD, error="too many")
        response = crowd.press("/shares/retry", page=page, state="held", before=before[1])

        assert "Queued: 3 shares." in crowd.get(response.headers["location"]).text
        assert State.HELD is crowd.stage.share(number).state

    @pytest.mark.parametrize(
        "query", ["", "?state=pending", "?state=failed", "?state=held&search=Post", "?state=held&after=9999999999999-9"]
    )
    def test_elsewhere_there_are_none(self, crowd: Visit, query: str) -> None:
        """What a button would do has to be what the list shows."""
        assert 'action="/shares/' not in crowd.get(f"/shares{query}").text

    def test_of_the_filters_that_are_chosen(self, crowd: Visit) -> None:
        """Of another account, nothing."""
        crowd.press("/shares/skip", page="/shares?state=held", state="held", account="de")

        assert {State.HELD} == set(crowd.stage.states().values())

    @pytest.mark.parametrize(("action", "state"), [("skip", "failed"), ("nonsense", "held"), ("retry", "pending")])
    def test_no_other_button(self, crowd: Visit, action: str, state: str) -> None:
        """404."""
        assert 404 == crowd.press(f"/shares/{action}", page="/shares", state=state).status_code
