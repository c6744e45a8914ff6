"""The pages: what they say, what their buttons do, and that what comes from outside is nothing but text in them."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from msgspec.structs import replace

from bot.domain.models import Cause, State
from bot.errors import SiteUnavailableError
from bot.web.state_rows import site_rows
from tests.contract.stores import plan, post
from tests.makers import MINUTE
from tests.unit.crosspost.stage import Stage
from tests.unit.web.visitor import Visit, become, visiting

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>"


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

    def test_since_when_something_needs_a_person(self, stage: Stage) -> None:
        """As that very cause was noted: of a site there may be several."""
        now = stage.clock.now()
        for _ in range(3):
            stage.store.look_failed("uk", error="answered 500", next_look_at=now + MINUTE)
        noted = {"site:uk": now - 5 * MINUTE, "follow:uk": now - 50 * MINUTE}
        causes = [Cause(key=key, kind="site", text="…", since=since) for key, since in noted.items()]
        stage.store.note_causes(causes, now=now)
        text = visiting(stage).get("/").text

        assert ["5 min ago"] == re.findall(r"noticed <time[^>]*>([^<]*)", text)

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

    def test_of_a_site_that_the_config_has_no_more(self, stage: Stage) -> None:
        """What is known is shown, and nothing is promised: no button of it would work."""
        stage.publish("Left over")
        stage.collect()
        stage.context = replace(stage.context, sites={"blog": stage.context.sites["uk"]})
        visit = visiting(stage)
        text = visit.get("/posts/uk/1").text

        assert "Left over" in text
        assert "isn&#39;t in the config any more" in text
        assert not re.search(r"as soon as|/posts/uk/1/|/sites/uk", text)
        assert 404 == visit.get("/posts/uk/999").status_code

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


class TestStanding:
    """A word for each site and account, and what is behind it."""

    def test_those_with_trouble_come_first(self, stage: Stage) -> None:
        """Among a thousand they would be overlooked."""
        health = visiting(stage).live.health()
        (well,) = health.sites
        looked_at = replace(well, looked_at=health.now)
        failing = replace(looked_at, name="de", error="it is down")

        assert ["de", "uk"] == [row.name for row in site_rows(replace(health, sites=(looked_at, failing)))]

    def test_a_next_look_no_later_than_it_will_be(self, stage: Stage) -> None:
        """Of a quiet site the store plans the one that is recorded; one that fails is left alone for longer."""
        health = visiting(stage).live.health()
        every, later = health.poll_every["uk"], health.now + 5 * MINUTE
        quiet = replace(health.sites[0], looked_at=health.now, next_look_at=later)
        rows = site_rows(replace(health, sites=(quiet, replace(quiet, error="it is down"))))

        assert [later, health.now + every] == [row.next_look_at for row in rows]

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
