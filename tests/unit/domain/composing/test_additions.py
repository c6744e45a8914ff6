"""What themes, plugins and page builders add to an article, by its tags; words alone: test_added_words.py."""

import pytest

from bot.domain.composing.excerpts import excerpt, first_paragraph

TOWN = "The town has a lighthouse."


@pytest.mark.parametrize(
    "mark",
    [
        '<sup data-fn="a1" class="fn"><a href="#a1" id="a1-link">1</a></sup>',
        '<sup id="fnref-2"><a href="#fn-2">2</a></sup>',
        '<a href="#_ftn1" name="_ftnref1">[1]</a>',
        '<sup><a href="#sdfootnote1sym">1</a></sup>',
        '<a href="https://a.example/1/#_edn2">[ii]</a>',
        '<sup class="modern-footnotes-footnote" data-mfn="1"><a href="javascript:void(0)">1</a></sup>',
        '<span class="easy-footnote"><a href="#easy-footnote-bottom-1"><sup>1</sup></a></span>',
        '<a href="#note-3" role="doc-noteref">*</a>',
        "<sup>[12]</sup>",
        '<sup><a href="#x">†</a></sup>',
        '<a class="footnote" id="fnref1" href="#fn1"><sup>1</sup></a>',
        '<sup><a href="#fn1">1</a>,<a href="#fn2">2</a></sup>',
        '<sup><a href="https://a.example/1/#fn1">1–3</a></sup>',
        '<a href="https://a.example/1/#footnote-1">¹</a>',
        '<sup class="fn"><a href="#fn-2">٢</a></sup>',
        "<sup>[citation needed]</sup>",
        "<sup>[1][2]</sup>",
        '<sup class="sidenote-number">1</sup><span class="sidenote">An aside.</span>',
        '<span class="footnote_referrer"><a><sup>[1]</sup></a><span class="footnote_tooltip">The note</span></span>',
    ],
)
def test_footnote_marks(mark: str) -> None:
    """They go, wherever they come from."""
    assert "The town, and its keepers." == excerpt(f"<p>The town{mark}, and its keepers.</p>")
    assert "The town, and its keepers." == first_paragraph(f"<p>The town{mark}, and its keepers.</p>", least=0)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("20 m<sup>2</sup> of CO<sub>2</sub>", "20 m2 of CO2"),
        ("The 1<sup>st</sup> of 10<sup>6</sup>", "The 1st of 10⁶"),
        ('The m<sup><a href="https://a.example/unit">2</a></sup>', "The m2"),
        ('See <a href="#chapter-2">chapter 2</a> and <a href="/1/">1</a>', "See chapter 2 and 1"),
        ("[1] is the first", "[1] is the first"),
        ("mc<sup>2</sup>, x<sup>n</sup> and 10<sup>−3</sup>", "mc2, xn and 10⁻³"),
    ],
)
def test_what_is_no_footnote_mark(html: str, text: str) -> None:
    """A number that is only written high or low, or a link elsewhere."""
    assert text == excerpt(f"<p>{html}</p>")


@pytest.mark.parametrize(
    "block",
    [
        '<div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">Share this:</h3><ul><li>X</li></ul></div>',
        '<div class="jp-relatedposts"><h3 class="jp-relatedposts-headline"><em>Related</em></h3></div>',
        '<div id="toc_container"><p class="toc_title">Contents</p><ul><li><a href="#a">1 Why</a></li></ul></div>',
        '<div id="ez-toc-container"><p>Table of Contents</p><nav><ul><li>Why</li></ul></nav></div>',
        '<div class="wp-block-rank-math-toc-block"><h2>Contents</h2><ul><li>Why</li></ul></div>',
        '<nav role="doc-toc"><p>Contents</p><ul><li>Why</li></ul></nav>',
        '<div class="addtoany_share_save_container"><p>Share with your friends, all of them.</p></div>',
        '<ul class="wp-block-social-links"><li>Mastodon</li></ul>',
        '<p class="reading-time">3 minutes to read, I would say.</p>',
        '<div class="wp-block-post-time-to-read">3 minutes</div>',
        '<span class="span-reading-time rt-reading-time">Reading Time: 3 minutes</span>',
        '<div class="powerpress_player"><p>Play this in a new window.</p></div>',
        '<p class="powerpress_links">Podcast: Play in new window | Download</p>',
        '<div class="mejs-container"><span class="mejs-offscreen">Audio Player</span></div>',
        '<div class="pmpro_content_message"><p>This content is for Gold members only.</p></div>',
        '<div class="mepr-unauthorized-message">You are unauthorized to view this page.</div>',
        '<div class="wp-block-jetpack-paywall"><p>Subscribe to get access to the rest of this.</p></div>',
        '<p style="visibility:hidden">Hidden words that nobody is to read.</p>',
        '<p aria-hidden="true">Hidden words that nobody is to read.</p>',
        '<style>.a{b:c}</style><script>var a = "x";</script>',
        '<div class="swp_social_panel"><div class="swp_share_button">Tweet</div><span>0 Shares</span></div>',
        '<div class="scriptlesssocialsharing"><h3>Share this post:</h3><a>Share on Facebook</a></div>',
        '<div class="dpsp-content-wrapper"><p>Sharing is caring!</p><ul><li>Pin</li></ul></div>',
        '<div class="wp-block-jetpack-subscriptions">Type your email and subscribe to this.</div>',
        '<div class="wprm-recipe wprm-recipe-snippet"><a class="wprm-recipe-jump">Jump to Recipe</a></div>',
        '<p class="post-modified-info">Last updated on March 3, 2024 by Ann.</p>',
        '<div class="code-block code-block-1">Advertisement by somebody else.</div>',
        '<span class="bctt-click-to-tweet"><a>Something to say again.</a> <a>Click To Tweet</a></span>',
        '<div class="post-ratings">(No Ratings Yet)<span>Loading...</span></div>',
        '<div class="shariff"><ul class="shariff-buttons"><li>teilen</li><li>mitteilen</li></ul></div>',
        '<div class="mashsb-container"><span>Shares</span></div>',
        '<div class="ssbp-wrap"><div>Share</div></div>',
        '<div class="novashare-buttons"><a>Share</a></div>',
        '<nav class="post-navigation"><a>Previous: a kite in the wind of March</a></nav>',
        '<p><a href="#one">Why a lighthouse</a><br /><a href="#two">Who it was that built it</a></p>',
        '<ol><li><a href="#one">Why</a><ul><li><a href="#sub">Which</a></li></ul></li></ol>',
    ],
)
def test_blocks(block: str) -> None:
    """Before the text and behind it, in an excerpt and in a content."""
    assert TOWN == excerpt(f"{block}<p>{TOWN}</p>") == excerpt(f"<p>{TOWN}</p>{block}")
    assert TOWN == first_paragraph(f"{block}<p>{TOWN}</p>", least=0)


@pytest.mark.parametrize(
    "html",
    [
        f'<div class="entry-content has-sidenotes"><p>{TOWN}</p></div>',
        f'<div class="wp-block-group has-post-meta"><p>{TOWN}</p></div>',
        f'<div class="post-author-content"><p>{TOWN}</p></div>',
        f'<div class="latest-posts"><p>{TOWN}</p></div><p class="posted-on">Today</p>',
        f'<div class="latest-posts">{"<b></b>" * 500}{TOWN}</div><p>It</p>',
        f'<p class="likes-widget">{TOWN}</p>',
        f'<p><a href="#start">{TOWN}</a></p>',
        f'<p><a href="#c1">Chapter 1</a>, <a href="#c2">Chapter 2</a></p><p>{TOWN}</p>',
        f'<p>1. <a href="#c1">Chapter 1</a> 2. <a href="#c2">Chapter 2</a></p><p>{TOWN}</p>',
    ],
)
def test_the_article_stays_whatever_holds_it(html: str) -> None:
    """Themes name what holds it by what stands there as well; of a table of contents nothing is left."""
    assert TOWN == excerpt(html).removesuffix(" It")


@pytest.mark.parametrize(
    "names", ["newsletter", "entry-content tag-share", "toc-enabled", "related-content", "type-post byline", "caption"]
)
def test_the_article_stays_in_what_is_named_like_an_addition(names: str) -> None:
    """Where nearly all of the text stands in it, as paragraphs; what is added within it goes all the same."""
    text = f"{TOWN} Its keepers are proud of it, and so is the mayor."
    share = '<div class="sharedaddy"><h3>Share this:</h3></div>'

    assert text == excerpt(f'<div class="{names}"><p>{text}</p>{share}</div>{share}')
    assert text == excerpt(f'<p class="{names}">{text}</p>')
    assert TOWN == excerpt(f'<p>{TOWN}</p><div class="{names}"><p>{text}</p></div>')
    assert "" == excerpt(f'<div class="{names}"><ul><li>{text}</li></ul></div>')
    assert "" == excerpt(f'<div class="members-only {names}"><p>{text}</p></div>')


@pytest.mark.parametrize("noise", ["1<sup>", "<a>", "<sub>1", "<p>1<sup>2</sup>", '<p class="share">of words'])
def test_much_nesting_is_no_burden(noise: str) -> None:
    """However deep."""
    assert isinstance(excerpt(noise * (20_000 // len(noise))), str)
