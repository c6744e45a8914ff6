"""Posts of every kind, and what has to come of each on an instance."""

from dataclasses import dataclass

from tests.e2e.servers.wordpress import Draft, Picture

LATIN = "Seven ferries crossed the strait before noon, and not one of them was on time. "
CHINESE = "这是一个没有空格的很长的中文段落。"
JAPANESE = "日本語の文章には空白がありません。"


@dataclass(frozen=True, kw_only=True)
class Case:
    """A post, and the status that is right for it.

    title: how the status begins ('' where the post has none); says: what it contains besides; hides: what it
    must not contain; hashtags: which it has at least, in lower case; alt: of its image, None for no image.
    """

    draft: Draft
    title: str
    says: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    alt: str | None = None


def _plain(title: str, content: str, says: str = "") -> Case:
    """A case whose title comes through as it stands."""
    return Case(draft=Draft(title=title, content=content), title=title, says=(says or content,))


TITLES = (
    Case(draft=Draft(title="Bread &amp; butter &#8212; a love story"), title="Bread & butter — a love story"),
    Case(draft=Draft(title="Q&A: R&D at AT&T"), title="Q&A: R&D at AT&T"),
    Case(draft=Draft(title='"Never again" -- it\'s over...'), title="“Never again” — it’s over…"),
    Case(draft=Draft(title="A <em>bold</em> <strong>move</strong>"), title="A bold move"),
    Case(draft=Draft(title="Line<br>break"), title="Line break"),
    Case(draft=Draft(title="Zwölf Boxkämpfer jagen ß Ø Ł"), title="Zwölf Boxkämpfer jagen ß Ø Ł"),
    Case(draft=Draft(title="100% of *stars* and under_scores"), title="100% of *stars* and under_scores"),
    Case(draft=Draft(title="", content="A note without a title."), title="", says=("A note without a title.",)),
    Case(
        draft=Draft(title="", content="An aside, short.", format="aside"),
        title="",
        says=("An aside, short.",),
    ),
    Case(draft=Draft(title="Nothing more than a title", content=""), title="Nothing more than a title"),
    Case(
        draft=Draft(title="Thank you, @gargron@example.com"),
        title="Thank you, @",
        hides=("@gargron",),
    ),
    _plain("🚀🔥 Launch day 👩‍👩‍👧‍👦 🇩🇪 ❤️", "Families, flags and hearts 🎉."),
    _plain("مرحبا بالعالم: خبر عاجل اليوم", "هذا نص عربي من اليمين إلى اليسار مع English في الوسط."),
    _plain("שלום עולם — חדשות", "טקסט בעברית."),
    _plain("สวัสดีชาวโลก", "ภาษาไทยไม่มีช่องว่าง"),
    _plain("안녕하세요 세계", "한국어 본문."),
    _plain("नमस्ते दुनिया", "हिन्दी में एक छोटा पाठ।"),
    _plain("你好，世界！今天的新闻", CHINESE * 40, CHINESE * 2),
    _plain("こんにちは世界：最新ニュース", JAPANESE * 40, JAPANESE * 2),
)

CONTENTS = (
    Case(
        draft=Draft(title="A long read", content=LATIN * 40),
        title="A long read",
        says=("Seven ferries crossed the strait",),
        hides=("[…]", "[&hellip;]", "Continue reading"),
    ),
    Case(
        draft=Draft(title="An excerpt by hand", content=LATIN, excerpt="Read <b>this</b> &amp; nothing else."),
        title="An excerpt by hand",
        says=("Read this & nothing else.",),
        hides=("ferries",),
    ),
    Case(
        draft=Draft(title="More below", content=f"Before the fold.<!--more-->{LATIN}"),
        title="More below",
        says=("Before the fold.",),
        hides=("<!--", "more-->"),
    ),
    Case(
        draft=Draft(
            title="Shortcodes",
            content='Before. [gallery ids="1,2"] [unknown_thing a="b"]inner[/unknown_thing]',
        ),
        title="Shortcodes",
        says=("Before.",),
        hides=("[gallery", "[unknown", "[/unknown"),
    ),
    Case(
        draft=Draft(
            title="Blocks",
            content=(
                '<!-- wp:paragraph {"dropCap":true} --><p class="has-drop-cap">Intro <code>code()</code>.</p>'
                "<!-- /wp:paragraph --><!-- wp:list --><ul><li>One</li><li>Two</li></ul><!-- /wp:list -->"
                "<!-- wp:code --><pre><code>if (a &lt; b &amp;&amp; c)</code></pre><!-- /wp:code -->"
            ),
        ),
        title="Blocks",
        says=("Intro code().",),
        hides=("wp:", "&lt;", "&amp;"),
    ),
    Case(
        draft=Draft(title="Scripts", content="Safe.<script>alert(1)</script><style>p{color:red}</style> Sound."),
        title="Scripts",
        says=("Safe.", "Sound."),
        hides=("alert", "color:red"),
    ),
    Case(
        draft=Draft(title="Ping", content="Written with @someone@example.com and @another."),
        title="Ping",
        says=("Written with @",),
        hides=("@someone", "@another"),
    ),
    Case(
        draft=Draft(title="An address", content="See https://example.org/?a=1&b=2 for more."),
        title="An address",
        says=("See example.org/?a=1&b=2 for more.",),
        hides=("https://example.org",),  # the post's own link is to be the only one
    ),
    Case(draft=Draft(title="A page of its own", slug="a-chosen-slug"), title="A page of its own"),
    Case(draft=Draft(title="Dated hours ago", seconds=3 * 3600), title="Dated hours ago"),
    Case(draft=Draft(title="Twice the same title"), title="Twice the same title"),
    Case(draft=Draft(title="Twice the same title"), title="Twice the same title"),
)

TERMS_AND_IMAGES = (
    Case(
        draft=Draft(title="Tags", tags=("python", "open source", "München")),
        title="Tags",
        hashtags=("python", "opensource", "münchen"),
    ),
    Case(
        draft=Draft(title="Odd tags", tags=("C++", "100%", "2024", "R&D", "日本語")),
        title="Odd tags",
        hashtags=("日本語",),
    ),
    Case(
        draft=Draft(title="Many tags", tags=tuple(f"subject {word}" for word in "abcdefghij")),
        title="Many tags",
    ),
    Case(
        draft=Draft(title="Science section", categories=("Science & Tech",)),
        title="Science section",
        hides=("&amp;",),
    ),
    Case(
        draft=Draft(title="A picture", image=Picture(alt="A red kite – “wow” & <b>bold</b> 🎈")),
        title="A picture",
        alt="A red kite – “wow” & <b>bold</b> 🎈",
    ),
    Case(draft=Draft(title="A picture without words", image=Picture()), title="A picture without words", alt=""),
    Case(
        draft=Draft(title="A big picture", image=Picture(alt="big", width=3000, height=2000, kind="jpeg")),
        title="A big picture",
        alt="big",
    ),
    Case(draft=Draft(title="A dot", image=Picture(alt="dot", width=1, height=1)), title="A dot", alt="dot"),
    Case(draft=Draft(title="A lost picture", image=Picture(alt="lost", gone=True)), title="A lost picture"),
)

VARIED = TITLES + CONTENTS + TERMS_AND_IMAGES

# Long in every part. One code point is one character in them, because mastodon-mock counts code points.
LONG = (
    Draft(title="A title that goes on. " * 40, content=LATIN),
    Draft(title="Long text", content=LATIN * 60, excerpt=LATIN * 20),
    Draft(title="长" * 600, content=CHINESE * 60),
    Draft(title="Long tags", content=LATIN * 20, tags=tuple(f"tag {letter * 60}" for letter in "abcdef")),
    Draft(title="One word", content="x" * 2000, excerpt="y" * 2000),
    Draft(title="Long link", content=LATIN * 20, slug="-".join(["slug"] * 38)),
)

HIDDEN = (
    Draft(title="A draft", status="draft"),
    Draft(title="Waiting for review", status="pending"),
    Draft(title="Private", status="private"),
    Draft(title="With a password", password="sesame"),
    Draft(title="For tomorrow", status="future", seconds=-86400),
)
