"""The pages: what they say, what their buttons do, and that what comes from outside is nothing but text in them."""

import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest

from bot.domain.models import FOREVER, State
from bot.errors import SiteUnavailableError
from bot.web.state_rows import site_rows
from tests.contract.stores import changed, plan, post
from tests.unit.crosspost.stage import Stage
from tests.unit.web.visitor import Visit

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.fixture
def stage() -> Stage:
    """A site whose first look is over."""
    stage = Stage()
    stage.first_look()
    return stage


def visiting(stage: Stage) -> Visit:
    """Somebody who is signed in."""
    visit = Visit(stage)
    visit.sign_in()
    return visit


def become(stage: Stage, post_id: int, state: State, **fields: Any) -> None:
    """Let the newest share of a post be in a state."""
    share = stage.share(post_id)
    stage.store.apply(share, changed(share, state=state, **fields), now=stage.clock.now())


class Page(HTMLParser):
    """The tags of a page, each with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep it."""
        self.tags.append((tag, dict(attrs)))


class TestOverview:
    """Does anything need me?"""

    def test_nothing(self, stage: Stage) -> None:
        """It says so, and how it stands with all; where there are no shares, how to get one."""
        text = visiting(stage).get("/").text

        assert "<h1>Nothing needs you</h1>" in text
        assert "<title>howdah</title>" in text
        assert "howdah sync" in text

    def test_what_needs_a_person_comes_first(self, stage: Stage) -> None:
        """With its number in the title, and a button for each."""
        for state in (State.FAILED, State.HELD):
            stage.publish(str(state))
            stage.collect()
            become(stage, max(stage.states()), state, error="no")
        text = visiting(stage).get("/").text

        assert "<title>(2) howdah</title>" in text
        assert "2 things need you" in text
        assert text.index("/shares?state=failed") < text.index('id="sites"')

    def test_a_daemon_that_does_not_work(self, stage: Stage) -> None:
        """Is said, whatever the store says."""
        visit = visiting(stage)
        visit.idle = ["deliver"]

        assert "doesn&#39;t work" in visit.get("/").text or "doesn't work" in visit.get("/").text

    def test_it_is_small_and_asks_little(self, stage: Stage) -> None:
        """At most 60 kB with its style, and what it asks of the store doesn't grow with the number of shares."""
        for number in range(60):
            stage.publish(f"Post {number}")
        stage.collect()
        visit = visiting(stage)
        size = sum(len(visit.get(path).content) for path in ("/", "/static/style.css", "/static/page.js"))

        assert size < 60_000


class TestShares:
    """What became of X?"""

    @pytest.fixture
    def many(self, stage: Stage) -> Visit:
        """More than a page of them."""
        for number in range(60):
            stage.publish(f"Post number {number}")
            stage.pass_time(timedelta(minutes=1))
            stage.collect()
        return visiting(stage)

    def test_page_by_page(self, many: Visit) -> None:
        """Every share once."""
        first = many.get("/shares").text
        older = re.search(r'href="(/shares\?after=[^"]+)" rel="next"', first)
        assert older is not None
        second = many.get(older[1]).text
        names = re.findall(r">(Post number \d+)<", first + second)

        assert 60 == len(names) == len(set(names))
        assert "Back to the newest" in second

    def test_search_and_filters_go_together(self, many: Visit) -> None:
        """A filter keeps the search, and the other way round."""
        text = many.get("/shares?state=pending&search=number+7").text

        assert ["Post number 7"] == re.findall(r">(Post number \d+)<", text)
        assert 'value="number 7"' in text
        assert '<input type="hidden" name="state" value="pending">' in text

    def test_hundreds_of_sites_to_choose_from(self, many: Visit) -> None:
        """Those with the most shares, the one that is chosen, and the way to the others."""
        context, names = many.live.context, [f"s{number}" for number in range(300)]
        many.live.context = replace(context, sites=dict.fromkeys([*names, "uk"], context.sites["uk"]))
        shares, preview = many.get("/shares?site=s299").text, many.get("/preview?site=uk").text

        assert re.search(r'site=uk">uk <span class="quiet">60</span>', shares)
        assert re.search(r'site=s299" aria-current="true">s299', shares)
        assert 22 == len(re.findall(r'href="/preview\?site=|href="/sites">others', preview))

    @pytest.mark.parametrize("query", ["state=x", "after=x", "search=%00", "site=%3Cscript%3E", "search=" + "x" * 5000])
    def test_odd_questions(self, stage: Stage, query: str) -> None:
        """Are answered, never with more than text."""
        response = visiting(stage).get(f"/shares?{query}")

        assert response.status_code in (200, 400)
        assert "<script>" not in response.text


class TestPost:
    """What do followers see, and what happened?"""

    def test_a_shared_one(self, stage: Stage) -> None:
        """The status with its links, its length, its attempts, and where it is."""
        share = stage.shared("Elephants", tags=["Big Animals"])
        text = visiting(stage).get(f"/posts/uk/{share.post_id}").text

        assert f'href="{share.url}"' in text
        assert 'href="https://social.example/tags/BigAnimals"' in text
        assert re.search(r"\d+ of 500 characters", text)
        assert "Publish: shared" in text

    def test_one_that_nobody_shared(self, stage: Stage) -> None:
        """As it would look, with the button that shares it."""
        number = stage.publish("New")
        text = visiting(stage).get(f"/posts/uk/{number}").text

        assert "as it would be" in text
        assert f'action="/posts/uk/{number}/share"' in text

    def test_one_whose_site_is_down(self, stage: Stage) -> None:
        """What is known is shown; one of which nothing is known is not found."""
        share = stage.shared("Elephants")

        def down(post_id: int, *, link: str = "") -> Any:
            raise SiteUnavailableError("site uk is down")

        stage.site.read = down  # type: ignore[method-assign] # a fake of ours, changed for this test
        visit = visiting(stage)
        text = visit.get(f"/posts/uk/{share.post_id}").text

        assert "site uk is down" in text
        assert "Publish: shared" in text
        assert 404 == visit.get("/posts/uk/999").status_code
        assert 404 == visit.get("/posts/de/1").status_code

    def test_one_that_only_a_feed_told_of(self, stage: Stage) -> None:
        """Its id is one of ours, below zero: no address shows that."""
        looked_at = stage.store.site("uk").looked_at
        stage.store.add(plan(post(-77), expected_looked_at=looked_at), now=stage.clock.now())
        visit = visiting(stage)
        page = re.search(r'href="(/posts/uk/[^"]*77)"', visit.get("/shares").text)
        assert page is not None

        assert "/posts/uk/feed-77" == page[1]
        assert "from its feed" in visit.get(page[1]).text
        assert (
            "Skipped on uk"
            in visit.get(
                visit.press(f"{page[1]}/skip", page=page[1], account="uk").headers["location"].partition("#")[0]
            ).text
        )
        for odd in ("-77", "feed-0", "feed--77", "feed-", "1" + "0" * 30):
            assert 404 == visit.get(f"/posts/uk/{odd}").status_code

    @pytest.mark.parametrize(
        ("state", "buttons"),
        [
            (State.PENDING, {"share", "skip"}),
            (State.HELD, {"retry", "skip"}),
            (State.FAILED, {"retry", "skip"}),
            (State.SKIPPED, {"retry"}),
            (State.UNKNOWN, {"skip"}),
            (State.SENDING, set()),
            (State.SHARED, {"boost", "again"}),
        ],
    )
    def test_each_state_has_its_buttons(self, stage: Stage, state: State, buttons: set[str]) -> None:
        """Those that can be pressed, no other."""
        number = stage.publish("One")
        stage.collect()
        become(stage, number, state)
        text = visiting(stage).get(f"/posts/uk/{number}").text

        assert buttons == set(re.findall(rf'action="/posts/uk/{number}/(\w+)"', text))


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
        assert "Skipped on uk" in self.press(visit, number, "skip")
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


class TestStanding:
    """A word for each site and account, and what is behind it."""

    def test_those_with_trouble_come_first(self, stage: Stage) -> None:
        """Among a thousand they would be overlooked."""
        health = visiting(stage).live.health()
        (well,) = health.sites
        looked_at = replace(well, looked_at=health.now)
        failing = replace(looked_at, name="de", error="it is down")

        assert ["de", "uk"] == [row.name for row in site_rows(replace(health, sites=(looked_at, failing)))]

    def test_a_site(self, stage: Stage) -> None:
        """Well, with its looks; failing, with why; paused, until it is resumed."""
        visit = visiting(stage)
        page = visit.get("/sites/uk").text
        assert re.search(
            r"well</span>; looks every 2 min, the last <time[^>]*>2 min ago</time>, the next now</p>", page
        )
        assert '<a href="/sites" aria-current="true">' in page
        assert "</span> well</span>" in visit.get("/sites").text

        stage.store.look_failed("uk", error="site uk: it is down", next_look_at=stage.clock.now())
        visit.live.changed()
        assert "</span> failing</span>" in visit.get("/sites").text
        assert ">it is down<" in visit.get("/sites").text

        visit.press("/sites/uk/pause", page="/sites/uk")
        for page in ("/", "/sites", "/sites/uk"):
            assert "until it is resumed" in visit.get(page).text

    def test_an_account(self, stage: Stage) -> None:
        """Ready, with what it may still send; resting, with why and when it goes on."""
        visit = visiting(stage)
        assert "</span> ready</span>" in visit.get("/accounts").text
        assert "300" in visit.get("/accounts").text
        assert "ready</span>; nothing waits</p>" in visit.get("/accounts/uk").text

        until = stage.clock.now() + timedelta(hours=2)
        stage.store.pause("uk", until=until, reason="no answer")
        visit.live.changed()
        assert "</span> rests</span>" in visit.get("/accounts").text
        assert 'no answer; goes on <time datetime="' in visit.get("/accounts/uk").text

    def test_an_account_that_waits_for_an_answer(self, stage: Stage) -> None:
        """It says for which post."""
        number = stage.publish("One")
        stage.collect()
        become(stage, number, State.UNKNOWN)

        assert f"for uk/{number}, whose publish went unanswered" in visiting(stage).get("/accounts").text


class TestWhatComesFromOutside:
    """Titles, names, errors and links are hostile until they are text."""

    def test_it_is_text(self, stage: Stage) -> None:
        """On every page that shows it."""
        stage.shared(EVIL.replace("<", "&lt;"), excerpt=EVIL)
        number = stage.publish(EVIL.replace("<", "&lt;"))
        stage.collect()
        become(stage, number, State.FAILED, error=EVIL, url="")
        visit = visiting(stage)
        for path in (
            "/",
            "/shares",
            f"/posts/uk/{number}",
            "/preview",
            "/sites",
            "/sites/uk",
            "/accounts",
            "/accounts/uk",
        ):
            page = Page(visit.get(path).text)

            assert {"/static/page.js"} == {
                (fields["src"] or "").partition("?")[0] for tag, fields in page.tags if tag == "script"
            }
            assert not [name for _, fields in page.tags for name in fields if name.startswith("on") or name == "style"]

    def test_only_web_addresses_are_links(self, stage: Stage) -> None:
        """Others stand there as text."""
        share = stage.shared("One")
        become(stage, share.post_id, State.SHARED, url="javascript:alert(1)")
        text = visiting(stage).get(f"/posts/uk/{share.post_id}").text

        assert 'href="javascript' not in text

    def test_a_picture_comes_through_us(self, stage: Stage) -> None:
        """Of a type that is shown, and unable to do anything; what is no picture isn't passed on."""
        number = stage.publish("One", image=(stage.picture().data, "A river"))
        visit = visiting(stage)
        found = re.search(rf'src="(/posts/uk/{number}/pictures/1\?account=uk)"', visit.get(f"/posts/uk/{number}").text)
        assert found is not None
        response = visit.get(found[1])

        assert "image/png" == response.headers["content-type"]
        assert stage.picture().data == response.content
        assert 'alt="A river"' in visit.get(f"/posts/uk/{number}").text
        assert 404 == visit.get(f"/posts/uk/{number}/pictures/2?account=uk").status_code


def test_preview(stage: Stage) -> None:
    """The newest posts as they would be, with what counts and what decided."""
    stage.publish("The newest")
    text = visiting(stage).get("/preview").text

    assert "The newest" in text
    assert re.search(r"\d+ of 500 characters: text \d+", text)
    assert 404 == visiting(stage).get("/preview?site=de").status_code


def test_the_chart_has_a_table(stage: Stage) -> None:
    """The same numbers, for those who can't see it; each bar says what it is."""
    stage.shared("One")
    number = stage.publish("Two")
    stage.collect()
    become(stage, number, State.FAILED)
    text = visiting(stage).get("/chart").text
    day = stage.clock.now().date()

    assert f"<title>{day}: 1 shared, 1 failed</title>" in text
    assert f'<tr><td>{day}</td><td class="number">1</td><td class="number">1</td></tr>' in text


def test_times_are_exact_below(stage: Stage) -> None:
    """A machine reads the instant, a person how long ago it was."""
    share = stage.shared("One")
    now = replace(share).updated_at.strftime("%Y-%m-%dT%H:%M:%SZ")

    assert f'<time datetime="{now}"' in visiting(stage).get("/shares").text
