"""Parsing and composing: whatever a record holds, the others are read, and a status is made or refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import asdict

from bot.domain.composing import counting
from bot.domain.composing.compose import compose
from bot.domain.models import Limits, Look, Post, SiteInfo, SiteState
from bot.domain.policy import AccountPolicy, HashtagPolicy, SitePolicy
from bot.domain.selecting.plan import plan
from bot.wordpress.parse import record, records, rows
from bot.wordpress.payload import UnreadableError, complaint, error_code, load_list, load_object
from tests.hostile.mangling import dumped, mangled_bytes
from tests.hostile.trying import tried
from tests.hostile.wordpress.records import RECORDS, answers, is_record, spoilt_records
from tests.makers import NOON

TEMPLATES = (
    "{title}\n\n{excerpt}\n\n{link}\n\n{hashtags}",
    "{link}",
    "{title} {author} {categories} {date} {site}\n{excerpt}{hashtags}{link}",
)
SOFTWARE = ("mastodon", "gotosocial", "akkoma", "misskey", "unheard-of")
LIMITS = st.builds(
    Limits,
    max_characters=st.sampled_from([1, 100, 500, 5_000, 1_000_000]),
    description_limit=st.sampled_from([1, 1_500]),
    software=st.sampled_from(SOFTWARE),
    version=st.just("4.3.0"),
)
POLICIES = st.builds(
    AccountPolicy,
    name=st.just("uk"),
    template=st.sampled_from(TEMPLATES),
    hashtags=st.builds(HashtagPolicy, max=st.sampled_from([0, 5, 100])),
)


def texts(value: object) -> list[str]:
    """Every text in a value."""
    if isinstance(value, Struct):
        return texts(asdict(value))  # of this one: those within it are as they were
    if isinstance(value, dict):
        return [text for inner in value.values() for text in texts(inner)]
    if isinstance(value, list | tuple):
        return [text for inner in value for text in texts(inner)]
    return [value] if isinstance(value, str) else []


@given(answers())
def test_one_bad_record_stops_no_other(answer: tuple[list[Any], list[dict[str, Any]]]) -> None:
    """Each record that has an id is read, and those that nothing is wrong with as if they were alone."""
    values, good = answer
    readable = [value for value in values if is_record(value)]
    if values and not readable:
        for read in (rows, records):
            with pytest.raises(UnreadableError, match="no id"):
                read(values)
        return

    listed, read_whole = rows(values), records(values)

    assert [value["id"] for value in readable] == [row.post.id for row in listed] == [one.post.id for one in read_whole]
    for value in good:
        assert rows([value])[0] in listed
        assert record(value) in read_whole


@given(spoilt_records())
def test_what_is_read_can_be_stored_and_is_no_longer_than_it_should_be(value: Any) -> None:
    """No NUL, nothing that UTF-8 can't carry; a bound for each text, and for how many there are."""
    if not is_record(value):
        return
    post, row = record(value).post, rows([value])[0].post

    found = texts(post) + texts(row)

    assert not any("\0" in text for text in found)
    assert all(len(text.encode()) <= 4 * (200_001 if text is post.content else 20_001) for text in found)
    assert len(found) <= 600


@given(spoilt_records(), POLICIES, LIMITS)
def test_a_status_is_made_of_it_or_refused(value: Any, policy: AccountPolicy, limits: Limits) -> None:
    """Within the limit wherever more than the link could be left out; else the reason is a sentence."""
    if not is_record(value):
        return
    post = record(value).post

    made = tried(lambda: compose(post, policy=policy, limits=limits, about=SiteInfo(title="The Site")), ValueError)

    if isinstance(made, ValueError):
        assert str(made)
        return
    made.status.text.encode()
    if made.length > made.limit:
        assert made.status.text.startswith("http")
        assert len(made.status.text.split()) == 1


@given(st.lists(spoilt_records().filter(is_record), max_size=3))
def test_a_look_at_it_makes_a_plan(values: list[Any]) -> None:
    """Whatever titles and dates it finds."""
    look = Look(posts=tuple(row.post for row in rows(values)), complete=True)

    made = plan(SitePolicy(name="uk", accounts=("uk",)), look, state=SiteState(name="uk"), seen=(), now=NOON)

    assert {value["id"] for value in values} == {post.id for post in made.posts}


@given(st.lists(st.sampled_from(RECORDS), max_size=2).map(dumped).flatmap(mangled_bytes))
def test_any_bytes_are_an_answer_or_none(body: bytes) -> None:
    """A list, an object, or the one error that says what came instead; and a few words for a person."""
    for found, kind in (
        (tried(lambda: load_list(body), UnreadableError), list),
        (tried(lambda: load_object(body), UnreadableError), dict),
    ):
        assert isinstance(found, kind) or str(found).startswith("answered with ")
    assert len(complaint(body)) <= 300
    assert len(error_code(body)) <= 80


# What a site made of nothing but dots, emoji, tags or terms took up to minutes for.
LONG = 200_000
SLOW = {
    "dots": {"title": "a." * LONG + "://", "excerpt": "a." * LONG + "://"},
    "emoji": {"excerpt": '<img class="emoji" alt="😀">' * (LONG // 28)},
    "tags in tags": {"excerpt": "<a>read more" + "<b>." * (LONG // 4)},
    "terms": {
        "_embedded": {"wp:term": [[{"taxonomy": "post_tag", "name": f"é{n}" * 50} for n in range(LONG // 100)]] * 2}
    },
    "a long content": {"content": {"rendered": "<b>." * LONG}},
    "words without end": {
        "meta": {"_share_on_mastodon_status": "%title% " * LONG, "_share_on_mastodon_cw": "w" * LONG}
    },
    "languages without end": {"lang": "en-" * LONG, "wpml_current_locale": "a" * LONG},
    "a long caption": {
        "_embedded": {
            "wp:featuredmedia": [
                {
                    "media_type": "image",
                    "source_url": "https://site.example/a.png",
                    "caption": {"rendered": "<b>" * LONG},
                }
            ]
        }
    },
    "a link of dots": {"link": "https://site.example/" + "https://a." * (LONG // 10)},
}


@pytest.mark.parametrize("fields", SLOW.values(), ids=SLOW.keys())
def test_what_is_composed_is_bounded_before_anything_looks_into_it(fields: dict[str, Any]) -> None:
    """However much a site sends: the work follows from the bounds, not from the site."""
    post: Post = record(RECORDS[0] | fields).post

    assert sum(len(text) for text in texts(post)) - len(post.content) < 110_000
    assert len(post.content) <= 200_001
    assert max(len(post.share_text), len(post.share_cw)) <= 10_000
    assert "" == post.language
    assert len(post.title) <= 2_001
    assert len(post.excerpt) <= 20_001
    assert len(post.link) <= 2_000
    assert max(len(post.tags), len(post.categories)) <= 100


@pytest.mark.parametrize("link", ["https://site.invalid/" + "a." * 900, "https://" + "a." * 900 + "/"])
def test_a_link_is_searched_for_urls_once(link: str) -> None:
    """However often the status around it is counted: the search is the slow part of it."""
    post = Post(id=1, link=link, title="t", excerpt="result " * 500)
    counting._urls_in.cache_clear()

    made = compose(post, policy=AccountPolicy(name="uk"), limits=Limits(max_characters=2_500, software="mastodon"))

    assert made.length <= 2_500
    assert 1 == counting._urls_in.cache_info().misses
