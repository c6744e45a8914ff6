"""From a post to its status: what gives way, and what never does."""

from datetime import UTC, datetime

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.domain.composing.compose import Composition, OverlongError, compose
from bot.domain.composing.counting import Rule, count, rule_for
from bot.domain.composing.template import TemplateError
from bot.domain.models import Limits, Post, SiteInfo, Term
from bot.domain.policy import DEFAULT_TEMPLATE, AccountPolicy, HashtagPolicy
from bot.domain.policy import Rule as PostRule
from bot.domain.text.links import LinkError, safe_link

LINK = "https://example.com/2026/11/a-post/"
POLICY = AccountPolicy(name="main")
MASTODON = Limits(max_characters=500, software="mastodon", version="4.4.1")
TAGS = (Term(name="one"), Term(name="two"), Term(name="three"))
POST = Post(id=1, link=LINK, title="A post", excerpt="<p>What it says.</p>", tags=TAGS)
LONG = "word " * 200


def limited(max_characters: int) -> Limits:
    """A Mastodon with this limit."""
    return replace(MASTODON, max_characters=max_characters)


def composed(post: Post = POST, policy: AccountPolicy = POLICY, limits: Limits = MASTODON) -> str:
    """The text for a post."""
    return compose(post, policy=policy, limits=limits).status.text


def test_default_template() -> None:
    """Title, excerpt, link, hashtags; the settings of the policy; the length as Mastodon counts it."""
    policy = replace(POLICY, visibility="unlisted", spoiler_text="CW", sensitive=True, language="de")
    composition = compose(POST, policy=policy, limits=MASTODON)

    text = "A post\n\nWhat it says.\n\nhttps://example.com/2026/11/a-post/\n\n#one #two #three"
    assert text == composition.status.text
    status = composition.status
    assert ("unlisted", "CW", True, "de") == (
        status.visibility,
        status.spoiler_text,
        status.sensitive,
        status.language,
    )
    assert composition.length == len("CW") + len(text) - len(LINK) + 23
    assert composition.limit == 500
    assert composition.hashtags == ("#one", "#two", "#three")


def test_every_placeholder() -> None:
    """Author, categories, date and site have their places too."""
    policy = replace(POLICY, template="{title} ({date}, {author}, {categories}, {site}) {link}")
    post = replace(
        POST,
        author="Ann &amp; @bob",
        categories=(Term(name="News"), Term(name="R&amp;D")),
        published_at=datetime(2026, 11, 22, 23, 59, tzinfo=UTC),
    )

    text = compose(post, policy=policy, limits=MASTODON, about=SiteInfo(title="https://example.com")).status.text

    assert text == f"A post (2026-11-22, Ann & @\u200bbob, News, R&D, example.com) {LINK}"
    nearby = replace(post, local_date="2026-11-23T10:59:00")
    assert composed(nearby, replace(POLICY, template="{date|format:%d %H:%M} {link}")) == f"23 10:59 {LINK}"


@pytest.mark.parametrize(
    ("title", "excerpt", "template", "expected"),
    [
        ("", "Words.", DEFAULT_TEMPLATE, f"Words.\n\n{LINK}"),
        ("Title", "", DEFAULT_TEMPLATE, f"Title\n\n{LINK}"),
        ("", "", DEFAULT_TEMPLATE, LINK),
        ("Same", "<p>same</p>", DEFAULT_TEMPLATE, f"Same\n\n{LINK}"),
        ("A post", f"<a href='{LINK}'>{LINK}</a>", DEFAULT_TEMPLATE, f"A post\n\n{LINK}"),
        ("", "Words.", "{title}\n\n{link}", f"Words.\n\n{LINK}"),
        ("", LONG, "{title}\n\n{link}", "word " * 19 + f"word…\n\n{LINK}"),
    ],
)
def test_empty_title_or_excerpt(title: str, excerpt: str, template: str, expected: str) -> None:
    """An excerpt speaks for a missing title, and nothing is said twice."""
    post = replace(POST, title=title, excerpt=excerpt, tags=())

    assert expected == composed(post, replace(POLICY, template=template))


def test_empty_post_keeps_its_hashtags() -> None:
    """Without title and excerpt there are still link and hashtags."""
    assert composed(replace(POST, title="", excerpt="")) == f"{LINK}\n\n#one #two #three"


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (78, f"A post\n\nWhat it says here, and…\n\n{LINK}\n\n#one #two #three"),
        (60, f"A post\n\n{LINK}\n\n#one #two #three"),
        (45, f"A post\n\n{LINK}\n\n#one #two"),
        (40, f"A post\n\n{LINK}\n\n#one"),
        (36, f"A post\n\n{LINK}"),
        (30, f"A…\n\n{LINK}"),
        (27, f"A…\n\n{LINK}"),
        (24, LINK),
        (23, LINK),
        (22, LINK),
    ],
)
def test_what_gives_way(limit: int, expected: str) -> None:
    """First the excerpt, then whole hashtags from the end, then the title; never the link."""
    post = replace(POST, excerpt="What it says here, and what it says beyond that.")

    composition = compose(post, policy=POLICY, limits=limited(limit))

    assert expected == composition.status.text
    assert (composition.length <= limit) == (limit >= 23)
    assert all(hashtag in composition.status.text for hashtag in composition.hashtags)


def test_lesser_values_give_way_before_the_title() -> None:
    """The title is cut only when author, categories, date and site are gone."""
    policy = replace(POLICY, template="{title}\n\n{link}\n\nBy {author}\n\nIn {categories}\n\nOn {site}")
    post = replace(POST, author="Ann", categories=(Term(name="News"),), tags=())

    def text(limit: int) -> str:
        return compose(post, policy=policy, limits=limited(limit), about=SITE).status.text

    assert text(500) == f"A post\n\n{LINK}\n\nBy Ann\n\nIn News\n\nOn A site"
    assert text(52) == f"A post\n\n{LINK}\n\nIn News\n\nOn A site"
    assert text(43) == f"A post\n\n{LINK}\n\nOn A site"
    assert text(35) == f"A post\n\n{LINK}"


def test_literal_text_gives_way_last() -> None:
    """Where the template's own text leaves no room, the link goes alone."""
    policy = replace(POLICY, template="New on our site, and really worth reading:\n{title} {link}")

    assert composed(policy=policy, limits=limited(50)) == LINK


def test_content_warning_takes_room() -> None:
    """The content warning is never cut and counts."""
    composition = compose(POST, policy=replace(POLICY, spoiler_text="x" * 20), limits=limited(45))

    assert composition.status.text == LINK
    assert composition.length == 43


def test_machine_cut_excerpt_has_one_ellipsis() -> None:
    """An excerpt that WordPress cut and one that is cut here end alike."""
    post = replace(POST, excerpt=f"<p>{LONG}[&hellip;]</p>", tags=())
    policy = replace(POLICY, template="{excerpt}\n{link}")

    assert composed(post, policy, limited(2000)).startswith("word word")
    assert composed(post, policy, limited(2000)).endswith(f" word…\n{LINK}")
    assert composed(post, policy).endswith(f" word…\n{LINK}")


def test_only_the_posts_own_link_is_a_link() -> None:
    """URLs and mentions in other people's text can't become the card, nor notify anybody."""
    post = replace(POST, title="@bob on https://a.com/@bob", excerpt="See <b>https://b.com/</b>", tags=())

    assert composed(post) == f"@\u200bbob on a.com/%40bob\n\nSee b.com/\n\n{LINK}"


def test_link_is_made_safe() -> None:
    """A link's `@` would be a mention; a post without a link can't be shared."""
    assert composed(replace(POST, link="https://example.com/@bob")).count("@") == 0
    with pytest.raises(LinkError):
        composed(replace(POST, link=""))


def test_wrong_template() -> None:
    """A template that can't be used is an error, not a strange status."""
    with pytest.raises(TemplateError):
        composed(policy=replace(POLICY, template="{title}"))


# --- by hand ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("Read this, @bob!", 500, f"Read this, @bob!\n\n{LINK}"),
        ("  Read\n\nthis  ", 500, f"Read\n\nthis\n\n{LINK}"),
        (f"Read {LINK}, now", 500, f"Read {LINK}, now"),
        ("http://EXAMPLE.com/2026/11/a-post?utm_source=x it", 500, "http://EXAMPLE.com/2026/11/a-post?utm_source=x it"),
        ("example.com/2026/11/a-post", 500, f"example.com/2026/11/a-post\n\n{LINK}"),
        (f"{LINK}2/", 500, f"{LINK}2/\n\n{LINK}"),
    ],
)
def test_text_by_hand(text: str, limit: int, expected: str) -> None:
    """A person's own text stays as it was written; the link is added where it is missing."""
    composition = compose(POST, policy=POLICY, limits=limited(limit), text_override=text)

    assert expected == composition.status.text
    assert composition.hashtags == ()


@pytest.mark.parametrize("text", ["Read this one, please", f"Read {LINK} that I wrote"])
def test_a_text_by_hand_that_is_too_long(text: str) -> None:
    """It isn't mangled: who wrote it is told how long it may be."""
    with pytest.raises(OverlongError, match=r"^your text is too long: \d+ of 30 characters, the link counted in$"):
        compose(POST, policy=POLICY, limits=limited(30), text_override=text)


# --- what the author wrote ----------------------------------------------------------------------------------------

FILED = replace(POST, categories=(Term(name="Film &amp; TV"),), share_text="In %category%: %title% %permalink% %tags%")


def test_the_plugins_category_is_a_hashtag() -> None:
    """As the plugin has it; it isn't said again among the others, and goes where the instance refuses it."""
    refusing = compose(FILED, policy=POLICY, limits=MASTODON, refused_hashtags=("#filmtv",)).status.text

    assert composed(FILED) == f"In #FilmTV: A post {LINK} #one #two #three"
    assert refusing == f"In : A post {LINK} #one #two #three"


def test_the_plugins_category_gives_way() -> None:
    """Before the title does, as the template's lesser values do."""
    post = replace(FILED, share_text="%category% %title% – mine")

    assert composed(post, limits=limited(45)) == f"#FilmTV A post – mine {LINK}"
    assert composed(post, limits=limited(40)) == f"A post – mine {LINK}"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<p>By Jane Doe</p><table><tr><td>1</td></tr></table>", "By Jane Doe 1…"),
        ("<p>By Jane Doe</p><ul><li>Apples for each day</li><li>A pear</li></ul>", "Apples for each day – A pear"),
        ("<p>By Jane Doe</p><p>The whole of the first sentence.</p>", "The whole of the first sentence."),
    ],
)
def test_a_byline_stands_for_no_excerpt(content: str, expected: str) -> None:
    """An excerpt that a theme cut says more than a byline does."""
    post = replace(POST, excerpt="By Jane Doe 1 [&hellip;]", content=content, tags=())

    assert composed(post) == f"A post\n\n{expected}\n\n{LINK}"


NEWS = "The council opened the new bridge today. It cost eleven million, and nobody is sure why."


@pytest.mark.parametrize(
    ("excerpt", "content", "expected"),
    [
        ("The first linethe second.", "<p>The first line<br>the second.</p>", "The first line the second."),
        ("Soon The bridge opens today.", "<h2>Soon</h2><p>The bridge opens today.</p>", "The bridge opens today."),
        ("It opens1 today.", '<p>It opens<a href="#fn1"><sup>1</sup></a> today.</p>', "It opens today."),
        ("It opensat nine.", "<figure>a</figure><p>It opens<br>at nine.</p>", "It opens at nine."),
        ("Page one is here.", "<p>Page one is here.<br>Page two.</p>", "Page one is here."),
        ("The first here. we moved", "<p>The first here.</p><p>we moved</p>", "The first here. we moved"),
        ("The first hereend", "<p>The first here<br>end</p><p>we moved on</p>", "The first here end"),
        ("Of a longarticle.", f"<p>Of a long<br>article.</p>{'<br>' * 300}", "Of a longarticle."),
        ("Words of my own.", "<p>The first line<br>the second.</p>", "Words of my own."),
        ("A sentence.", "<p>Before it.</p><p>A sentence.</p><p>And behind.</p>", "A sentence."),
        (NEWS, f"<p>12 shares Share Tweet Pin</p><p>{NEWS}</p>", NEWS),
        ("Her best words.", "<p>What he said.</p><blockquote>Her best words.</blockquote>", "Her best words."),
        ("雨" * 900, f"<p>{'雨' * 900}</p>", f"{'雨' * 399}…"),
    ],
)
def test_an_article_that_is_its_own_excerpt(excerpt: str, content: str, expected: str) -> None:
    """WordPress makes a short article its excerpt, headings and all, and its lines run together there."""
    post = replace(POST, excerpt=f"<p>{excerpt}</p>", content=content, tags=())

    assert composed(post, limits=limited(5000)) == f"A post\n\n{expected}\n\n{LINK}"


def test_the_whole_article_is_without_shortcodes() -> None:
    """Page builders leave theirs in what the REST API gives."""
    post = replace(
        POST, content='<p>[vc_row css=".a{b: c !important;}"][vc_column_text]Its words [sic].[/vc_column_text]</p>'
    )

    assert composed(post, replace(POLICY, template="{content}\n{link}")) == f"Its words [sic].\n{LINK}"


SITE = SiteInfo(title="A site")

# --- whatever the post --------------------------------------------------------------------------------------------

TEXTS = st.text(max_size=80) | st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "@bob@a.com",
            "https://a.com/b",
            "日本語",
            "สวัสดี",
            "👩‍👩‍👧‍👦",
            " ",
            "word",
            "&amp;",
            "#tag",
            "…",
            "नमस्ते",
            ". ",
        ]
    ),
    max_size=60,
).map("".join)
POSTS = st.builds(
    Post,
    id=st.just(1),
    link=st.sampled_from([LINK, "https://例え.jp/?p=1", "http://127.0.0.1:8080/x", "https://a.com/" + "é" * 40]),
    title=TEXTS,
    excerpt=TEXTS,
    content=st.just("") | TEXTS,
    author=TEXTS,
    categories=st.lists(st.builds(Term, name=TEXTS), max_size=3).map(tuple),
    tags=st.lists(st.builds(Term, name=TEXTS), max_size=6).map(tuple),
)
POLICIES = st.builds(
    AccountPolicy,
    name=st.just("main"),
    template=st.sampled_from(
        [
            DEFAULT_TEMPLATE,
            "{title} {link}",
            "({link}){hashtags}{title}",
            "{author}: {title}\n{excerpt}\u3000{link}\u3000{categories} {site}",
            "{title|upper}[[ by {author|words:2}]][[\n\n{excerpt|paragraph|short:40}]]\n{link} {hashtags} {date}",
            "{content|short:90} {category}{link}",
        ]
    ),
    rules=st.sampled_from([(), (PostRule(sites=("uk",), template="{excerpt}{link}", spoiler_text="Rule"),)]),
    spoiler_text=st.sampled_from(["", "CW", "⚠️ politics"]),
    hashtags=st.builds(HashtagPolicy, fixed=st.sampled_from([(), ("blog",)]), max=st.integers(0, 6)),
)
REFUSED = st.sampled_from([(), ("#Blog", "word")])
LIMITS = st.builds(
    Limits,
    max_characters=st.integers(0, 300),
    software=st.sampled_from(["mastodon", "gotosocial", "takahe", "pixelfed", "pleroma", "iceshrimp.net", "snac", ""]),
)
OVERRIDES = st.just("") | TEXTS
AUTHORS = st.builds(
    replace,
    POSTS,
    share_text=st.just("") | TEXTS | st.sampled_from(["Mine: %title% {%tags%}", "%category%%excerpt%: mine"]),
    share_cw=st.sampled_from(["", "Cut"]),
)


def whole(post: Post, composition: Composition) -> bool:
    """Whether the post's link stands in the text between white space."""
    return safe_link(post.link) in regex.split(r"[ \t\n]+", composition.status.text)


@given(AUTHORS, POLICIES, LIMITS, st.tuples(OVERRIDES, REFUSED))
def test_the_promises(post: Post, policy: AccountPolicy, limits: Limits, asked: tuple[str, tuple[str, ...]]) -> None:
    """Never too long where the link alone isn't; the link whole; no hashtag cut or refused; the same each time."""
    text_override, refused = asked

    def made() -> Composition:
        return compose(
            post,
            policy=policy,
            limits=limits,
            site="uk",
            about=SITE,
            text_override=text_override,
            refused_hashtags=refused,
        )

    try:
        composition = made()
    except OverlongError:
        assert text_override.strip()
        return
    rule = rule_for(limits.software, limits.version)
    text, warning = composition.status.text, composition.status.spoiler_text
    assert composition.length == count(text, warning, rule)
    if count(safe_link(post.link), warning, rule) <= limits.max_characters:
        assert composition.length <= limits.max_characters
    else:
        assert text == safe_link(post.link)
    assert whole(post, composition)
    assert set(composition.hashtags) <= set(text.split())
    assert not refused or {"#blog", "#word"}.isdisjoint(composition.hashtags)
    assert text == text.strip()
    assert composition == made()


@given(POSTS, POLICIES)
def test_the_first_link_is_the_posts(post: Post, policy: AccountPolicy) -> None:
    """Whatever stands before it, the post's link is the only one, and nobody is mentioned."""
    text = compose(post, policy=policy, limits=limited(5000)).status.text

    assert regex.findall(r"https?://[^ \n]+", text) == [safe_link(post.link)]
    rest = text.replace(safe_link(post.link), "")
    assert count(rest, "", Rule.MASTODON) == count(rest.replace("@", "＠"), "", Rule.MASTODON)
