"""Hashtags from tags and categories."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.composing.hashtags import category_hashtag, hashtags, hashtags_in
from bot.domain.models import Post, Term
from bot.domain.policy import HashtagPolicy

MANY = HashtagPolicy(max=100)


def tagged(*names: str, categories: tuple[Term, ...] = ()) -> Post:
    """A post with tags of these names."""
    return Post(id=1, link="https://example.com/", tags=tuple(Term(name=name) for name in names), categories=categories)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("python", "#python"),
        ("x", "#x"),
        ("ALLCAPS", "#ALLCAPS"),
        ("open source", "#OpenSource"),
        ("New York", "#NewYork"),
        ("iPhone 15", "#iPhone15"),
        ("münchen", "#münchen"),
        ("naïve café", "#NaïveCafé"),
        ("Science &amp; Tech", "#ScienceTech"),
        ("CO₂", "#CO2"),
        ("m²", "#m2"),
        ("PM₂.₅", "#PM25"),
        ("H₂O", "#H2O"),
        ("10⁶ steps", "#106Steps"),
        ("NOₓ", "#NOx"),
        ("xᵢ", "#xi"),
        ("20 ㎡", "#20M2"),
        ("ⓐnarchy", "#anarchy"),
        ("𝐛𝐨𝐥𝐝 news", "#BoldNews"),
        ("№ 1", "#No1"),
        ("㈱", "#株"),
        ("🄰🄱", "#AB"),
        ("2.ª edición", "#2ªEdición"),
        ("Pokémon GO!", "#PokémonGO"),
        ("Artemis ②", "#Artemis2"),
        ("Top ⑩", "#Top10"),
        ("Henry Ⅷ", "#HenryVIII"),
        ("paral·lel", "#parallel"),
        ("hash#tag", "#HashTag"),
        ("AC&amp;DC live", "#ACDCLive"),
        ("rock 'n' roll", "#RockNRoll"),
        ("King&#8217;s Cross", "#KingsCross"),
        ("node.js", "#NodeJs"),
        (".NET", "#NET"),
        ("COVID-19", "#COVID19"),
        ("a-b_c", "#AB_c"),
        ("ßa b", "#ßaB"),
        ("LGBTQ+", "#LGBTQ"),
        ("Nintendo™", "#Nintendo"),
        ("❤️ love", "#love"),
        ("2024年", "#2024年"),
        ("日本語", "#日本語"),
        ("日本 料理", "#日本料理"),
        ("العربية", "#العربية"),
        ("الشرق الأوسط", "#الشرق_الأوسط"),
        ("نرم\u200cافزار", "#نرم_افزار"),
        ("नमस्ते", "#नमस्ते"),
        ("ශ්\u200dරී", "#ශ්රී"),
        ("e\u0301te\u0301", "#été"),
    ],
)
def test_names(name: str, expected: str) -> None:
    """Several words are run together with capitals; a single one keeps the author's letters, whatever its script."""
    assert (expected,) == hashtags(tagged(name), MANY)


@pytest.mark.parametrize(
    "name",
    [
        "C++",
        "C#",
        "A+",
        "Notepad++",
        "Q&amp;A",
        "R&amp;D",
        "B&B",
        "Q & A",
        "AT & T",
        "Q + A",
        "C #",
        "C ++",
        "½ price",
        "P!nk",
        "€uro",
        "AT&T",
        "M＆A",
        "D&amp;D 5e",
        "100%",
        "2024",
        "🚀",
        "_",
        "",
        "&#8230;",
    ],
)
def test_dropped(name: str) -> None:
    """What has no letter, or would become another word, is no hashtag."""
    assert hashtags(tagged(name), MANY) == ()


@pytest.mark.parametrize(
    "term", [Term(name="Uncategorized"), Term(name="Allerlei", slug="uncategorized"), Term(name="Sin categor&iacute;a")]
)
def test_no_category(term: Term) -> None:
    """The category of posts without a category is never a hashtag, nor in other languages."""
    assert hashtags(tagged(categories=(term,)), MANY) == ()


def test_order_and_limit() -> None:
    """Fixed ones come first and count; then the sources in the order of the policy."""
    post = tagged("one", "two", "three", categories=(Term(name="News"),))

    assert hashtags(post, HashtagPolicy(fixed=("#blog", "all day"), max=4)) == ("#blog", "#AllDay", "#one", "#two")
    assert hashtags(post, HashtagPolicy(sources=("categories", "tags"), max=2)) == ("#News", "#one")
    assert hashtags(post, HashtagPolicy(sources=(), max=5)) == ()
    assert hashtags(post, HashtagPolicy(max=0)) == ()


def test_no_two_alike() -> None:
    """Hashtags that servers take for one are one, as it was first written."""
    assert hashtags(tagged("News", "news", "NEWS", "ｎｅｗｓ"), HashtagPolicy(fixed=("#news",))) == ("#news",)


@given(st.lists(st.text(), max_size=8))
def test_always_valid(names: list[str]) -> None:
    """Whatever the names, a hashtag is letters, marks, digits and `_`, with a letter."""
    for hashtag in hashtags(tagged(*names), MANY):
        assert regex.fullmatch(r"#[\p{L}\p{M}\p{Nd}_]*\p{L}[\p{L}\p{M}\p{Nd}_]*", hashtag)


def test_a_hashtag_that_no_server_takes_is_left_out() -> None:
    """GoToSocial takes 100 characters."""
    post = Post(id=7, link="", tags=(Term(name="a" * 101), Term(name="b" * 100)))

    assert ("#" + "b" * 100,) == hashtags(post, HashtagPolicy())


# --- what the owner wants of them ---------------------------------------------------------------------------------

TERMS = Post(
    id=1,
    link="",
    tags=(Term(name="Artificial Intelligence", slug="ai-news"), Term(name="Breaking"), Term(name="Misc")),
    categories=(Term(name="Science &amp; Tech", slug="science"),),
)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (
            HashtagPolicy(alias={"artificial intelligence": "AI", "MISC": "", "science": "#Sci Tech"}),
            ("#AI", "#Breaking", "#SciTech"),
        ),
        (HashtagPolicy(alias={"AI-NEWS": "AI"}, max=1), ("#AI",)),
        (HashtagPolicy(allow=("misc", "#ScienceTech"), fixed=("news",)), ("#news", "#Misc", "#ScienceTech")),
        (HashtagPolicy(deny=("BREAKING", "misc")), ("#ArtificialIntelligence", "#ScienceTech")),
        (HashtagPolicy(allow=("misc", "breaking"), deny=("misc",)), ("#Breaking",)),
        (HashtagPolicy(alias={"Breaking": "Misc"}, deny=("misc",)), ("#ArtificialIntelligence", "#ScienceTech")),
        (HashtagPolicy(fixed=("misc",), deny=("misc",), max=2), ("#misc", "#ArtificialIntelligence")),
    ],
)
def test_aliases_and_lists(policy: HashtagPolicy, expected: tuple[str, ...]) -> None:
    """By name or slug, whatever the case; lists are about the post's own hashtags, after their aliases."""
    assert expected == hashtags(TERMS, policy)


def test_refused_ones() -> None:
    """What the instance doesn't take is left out, the fixed ones too; others come up in their place."""
    policy = HashtagPolicy(fixed=("news",), max=2)

    assert hashtags(TERMS, policy, refused=("#News", "breaking")) == ("#ArtificialIntelligence", "#Misc")


@pytest.mark.parametrize(
    ("policy", "refused", "expected"),
    [
        (HashtagPolicy(), (), "#ScienceTech"),
        (HashtagPolicy(sources=("tags",), fixed=("news",), max=0), (), "#ScienceTech"),
        (HashtagPolicy(alias={"science": "Sci"}), (), "#Sci"),
        (HashtagPolicy(deny=("sciencetech",)), (), ""),
        (HashtagPolicy(), ("#sciencetech",), ""),
    ],
)
def test_a_category_as_a_hashtag(policy: HashtagPolicy, refused: tuple[str, ...], expected: str) -> None:
    """For an author who asks for it: wherever the others are from, but never one that isn't wanted."""
    assert expected == category_hashtag(TERMS, policy, refused=refused)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We #love #Climate2026, and #2026.", ("#love", "#Climate2026")),
        ("(#a) #b: #c", ("#a", "#b", "#c")),
        ("C#sharp a#b https://a.example/#top &#39; # no", ()),
        ("＃日本 and ##x", ("#日本",)),
    ],
)
def test_hashtags_in_a_text(text: str, expected: tuple[str, ...]) -> None:
    """Those that a server makes a link of."""
    assert expected == hashtags_in(text)
