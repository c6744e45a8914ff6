"""What themes, plugins and page builders add to an article, by its words alone."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.domain.composing import addition_kinds
from bot.domain.composing.added_words import is_contents, without_additions
from bot.domain.composing.compose import compose
from bot.domain.composing.excerpts import excerpt
from bot.domain.models import Limits, Post
from tests.makers import account_policy

TOWN = "The town has a lighthouse."


def shown(*, excerpt: str, content: str) -> str:
    """What a status says of a post's excerpt and content."""
    post = Post(id=1, link="https://a.example/1/", title="T", excerpt=excerpt, content=content)
    policy = account_policy(template="{excerpt}\n{link}")
    return compose(post, policy=policy, limits=Limits()).status.text.rpartition("\n")[0]


@pytest.mark.parametrize(
    "added",
    [
        "/*! elementor – v3.23.0 – 05-08-2024 */ .elementor-heading-title{padding:0;margin:0;line-height:1}",
        ".vc_custom_12{margin-top: 0px !important;background: url(https://a.example/x.png) !important;}",
        "@media (max-width: 600px){.a .b > p, #c{color:red}} h2.x{font-size:1em}",
        "#block-id a:hover, .x::before{content:”\\201C”}",
        ".elementor-widget:not(.e-grid) .swiper{--gap:20px;width:calc(100% - 20px)}",
        "[data-id=”3”] > .wp-block{display:flex}",
        ".kt-adv-heading12_a{font-size:24px;}.wp-block-kadence-heading mark{color:#fff}",
        ".elementor-widget-image a{display:inline-block}.elementor-widget-image a img[src$=”.svg”]{width:48px}",
        "div.foo > p { color : red ; } table td, table th {border:1px solid}",
        "@keyframes fade{from{opacity:0}to{opacity:1}}",
        "@import url(‘https://fonts.example/css?family=X’); .gb-1:before{content:””}.gb-2{}",
        ":root{--wp--preset--color:#fff}",
        "window.dataLayer = window.dataLayer || []; function gtag(){dataLayer.push(arguments);}",
        "jQuery(document).ready(function($){ $(“.x”).hide(); });",
        "(function(d,s,id){var js,fjs=d.getElementsByTagName(s)[0];}(document,”script”,”x”));",
        "(adsbygoogle = window.adsbygoogle || []).push({});",
        "var wpcf7 = {“apiSettings”:{“root”:”https://a.example”}};",
        "{“@context”:”https://schema.org”,”@type”:”Article”}",
        "<!-- wp:paragraph -->",
        "<!– wp:image {“id”:3,”size”:”large”} –>",
        "Reading Time: 3 minutes",
        "Reading Time: < 1 minute",
        "Estimated reading time: 4 minutes, 20 seconds",
        "⏱️ Reading time: 2–3 min.",
        "3 min read",
        "5-minute read",
        "4 minutes read |",
        "Lesezeit: 3 Minuten",
        "Geschätzte Lesezeit: ca. 2 Min.",
        "3 Min. Lesezeit",
        "Temps de lecture : 3 minutes",
        "Tiempo de lectura: 3 minutos",
        "Tempo di lettura: 2 min",
        "Tempo de leitura: 4 minutos",
        "Leestijd: 3 minuten",
        "Czas czytania: 3 min",
        "Время чтения: 3 мин.",
        "Audio Player 00:00 00:00 Use Up/Down Arrow keys to increase or decrease volume.",
        "Video Player https://a.example/a.mp4 00:00 01:23",
        "Podcast: Play in new window | Download (Duration: 4:31 — 3.2MB) Subscribe: Apple Podcasts | Spotify | RSS",
        "Your browser does not support the audio element.",
        "Listen to this article",
        "https://www.youtube.com/watch?v=abcdef",
        "https://a.example/some/page",
        "This content is for members only.",
        "Please log in to view this content.",
        "Share Tweet Pin Email",
        "Jump to Recipe · Print Recipe",
        "Post Views: 1,234",
        "4.5/5 - (12 votes)",
        "This post may contain affiliate links. Please read my full disclosure policy.",
        "この記事は約3分で読めます。",
        "Facebook Twitter WhatsApp",
        "Spread the love",
        "Last Updated on November 28, 2026 by admin",
        "Última actualización el 28 de noviembre de 2026",
        "Zuletzt aktualisiert am 28. November 2026",
        "Updated: 28/11/2026, 10:00",
        "最終更新日：2026年11月28日",
        "Visits: 12",
        "👁️ 123 views",
        "Getting your Trinity Audio player ready…",
        "Reading Time: 3 mins read",
        "This content is restricted to site members. If you are an existing user, please log in.",
        "Podcast (the-town): Play in new window | Download (Duration: 31:12 — 28.6MB) | Embed",
        "0:00 / 3:45",
        "Jump to Recipe Print Recipe",
        "Jump to Recipe·Print Recipe",
        "0 Shares Share Tweet Pin",
        "Please follow and like us:",
        "(Visited 1,204 times, 3 visits today)",
        "Print Friendly, PDF & Email",
        "Click to rate this post! [Total: 0 Average: 0]",
        "The following two tabs change content below. Bio Latest Posts",
        "Tiempo de lectura estimado: 3 minutos",
        "Leesduur: 3 minuten",
        "読了時間: 約3分",
        "预计阅读时间：3 分钟",
        "Advertisement",
    ],
)
def test_words_before_the_text(added: str) -> None:
    """Where WordPress has taken the tags away."""
    assert TOWN == without_additions(f"{added} {TOWN}")


@pytest.mark.parametrize("row", ["12 shares Share Tweet Pin", "Share on Facebook Twitter Pinterest", "Share Tweet Pin"])
def test_a_row_of_buttons_alone(row: str) -> None:
    """All of it goes where no text stands behind it."""
    assert without_additions(row) == ""


@pytest.mark.parametrize(
    "added",
    [
        "Share this: Twitter Facebook Like this: Like Loading… Related",
        "Share this: Click to share on Twitter (Opens in new window) Facebook",
        "Teilen mit: Twitter Facebook Gefällt mir: Gefällt mir Wird geladen… Ähnliche Beiträge",
        "Partager : Twitter Facebook",
        "Like this: Like Loading...",
        "Related",
        "Related posts:",
        "https://youtu.be/abc",
        "https://twitter.com/town/status/123",
        "This content is for members only.",
        "This post is for paid subscribers",
        "This content is for members only. Please log in.",
        "You must be logged in to view this content.",
        "Subscribe to continue reading this article.",
        "Dieser Inhalt ist nur für Mitglieder.",
        "Ce contenu est réservé aux abonnés.",
        "Share this:TwitterFacebookLike this:Like Loading...",
        "Vind ik leuk: Like Laden...",
        "Share this post: Twitter Facebook",
        "Share this:Share on Facebook (Opens in new window)FacebookShare on X (Opens in new window)X",
        "Teilen mit: Auf X teilen (Wird in neuem Fenster geöffnet) X Drucken (Wird in neuem Fenster geöffnet) Drucken",
        "Share this: Share on X (Opens in new window) X Like Loading…",
        "(Visited 12 times, 1 visits today)",
        "Please follow and like us: 0",
        "[Total: 1 Average: 5]",
        "Become a paid subscriber to get access to the rest of this post and other exclusive content.",
        "Reading time: 3 minutes",
        "<!-- /wp:paragraph -->",
        "Click To Tweet",
        "Post Views: 55",
        "Subscribe to get access to the rest of this post and other subscriber-only content.",
        "Share 0 Tweet 0 Pin 0 Share 0 Shares",
        "Facebook Twitter Pinterest WhatsApp",
        "Sharing is caring!",
        "Last updated: March 3, 2024",
        "(adsbygoogle = window.adsbygoogle || []).push({});",
        "Teilen mit: Klick, um über X zu teilen (Wird in neuem Fenster geöffnet) X Gefällt mir: Ähnliche Beiträge",
        "Comparte esto: Haz clic para compartir en X (Se abre en otra ventana) Me gusta esto: Cargando... Relacionado",
        "Compartilhe isso: Clique para compartilhar no X (nova janela) Curtir isso: Carregando... Relacionado",
        "Condividi: Fai clic per condividere su X (Si apre in una nuova finestra) Mi piace: Caricamento... Correlati",
        "Dit delen: Klik om te delen met X (Wordt in nieuw venster geopend) Vind ik leuk: Aan het laden... Gerelateerd",
        "Поделиться: Нажмите, чтобы поделиться на X (Открывается в новом окне) X Нравится: Загрузка... Похожее",
        "共有: クリックして X で共有 (新しいウィンドウで開きます) X いいね: いいね 読み込み中… 関連",
        "İLGİLİ",
        "CLİCK TO TWEET",
    ],
)
def test_words_behind_the_text(added: str) -> None:
    """The same."""
    assert TOWN == without_additions(f"{TOWN} {added}")


@pytest.mark.parametrize(
    "notice",
    [
        "This content is for members only.",
        "This post is for paying subscribers only",
        "This article is only available to registered users.",
        "This content is restricted to site members.",
        "Sorry, this content is protected.",
        "You need to be a member to access this content.",
        "You do not have permission to view this page.",
        "Subscribe to read the rest of this post. Already a subscriber? Log in.",
        "Become a member to read the full story.",
        "Dieser Beitrag ist ausschließlich für Abonnenten.",
        "Cet article est réservé aux membres.",
        "Este contenido es solo para suscriptores.",
    ],
)
def test_nothing_but_a_notice(notice: str) -> None:
    """Then there is no text, and the article's beginning stands in where it is another."""
    assert "" == without_additions(notice)
    assert TOWN == shown(excerpt=f"<p>{notice}</p>", content=f"<p>{TOWN}</p>")
    assert "" == shown(excerpt=f"<p>{notice}</p>", content=f"<p>{notice}</p>")


@pytest.mark.parametrize(
    "text",
    [
        "Reading time is what we lack.",
        "3 minutes later the town was dark.",
        "A 5 minute reading of it took him days.",
        "function f(a){return a} is code",
        "The set {a: 1} is small.",
        "The town has {braces} in it.",
        "Audio player makers met in Berlin.",
        "This is for the members of the club.",
        "You need to register to vote.",
        "They are related",
        "Share prices: up and down they go.",
        "See https://youtu.be/abc for more",
        "https://a.example is the new address.",
        "Facebook and Twitter are private.",
        "Read it. Please log in to your account first, he said.",
        "Subscribe to the idea that towns matter.",
        "a < b and /* is a comment",
        "Members of this page are old.",
        "Jump to conclusions and print them.",
        "This post may contain nuts.",
        "Use h2 { } and #tags.",
        "Updated rules apply from 2026 on.",
        "Views: a novel",
        "Advertisement rates rise.",
        "Spread the love letters on the table.",
        "var x = 5; is how it begins",
        "Views: 7 rooms with the best outlook",
        "Hits: 12 songs that made the year",
        "📊 60% of users never change a default.",
        "📊 2024 in numbers",
        "Updated Server 2022 images are here.",
        "Updated for 2024: the best laptops",
        "Вот что мне нравится: тишина, лес и чай.",
        "Fyra saker att gilla: hösten, mörkret och teet.",
        "The subway opens. Line 1, Line 2, Line 3.",
        "Why @import is slow; use link instead.",
        "Never use document.write()",
        "How to use window.matchMedia()…",
        "window.open() 101: popups without tears",
        "ANZEIGE: Dieser Beitrag entstand mit freundlicher Unterstützung von Acme.",
        "WERBUNG | Dieser Beitrag enthält bezahlte Werbung.",
        "WERBUNG Für Kinder soll verboten werden, fordert die Ministerin.",
        "Advertisement Works, says a new study on memory.",
        "We give the table {name: string} to the section {id: number} of code.",
        "Objects such as a {x: 1} and b {y: 2} are compared.",
        "In Python use from {package: version} and to {place: name} carefully.",
        "Welcome to {city",
        "You write std::string{} instead.",
        "We use [toc] in brackets to mark it.",
        "We share: click the button and wait",
        "Il faut partager: cliquez sur le bouton",
        "Things worth to share: print, mix, line",
        "Which app? Viber, Line, Messenger.",
        "Where are you? Facebook, Instagram, Mastodon.",
        "Who won? Mix Line Messenger",
        "Save, print, share Your recipes with the new app.",
        "Besuche: 5 Museen an einem Tag, geht das?",
        "Share this post If you agree.",
        "Spread the word Luther's way.",
        "Please share this post: Tom is missing since Monday.",
        "let x = 5; Then the compiler complains.",
        'var name = "Ann"; This line does three things.',
        "function add(a, b) { return a + b; } This is the simplest function.",
        '$("#id").hide(); That is all jQuery ever was to me.',
        '{"@context": "https"} Is where it all begins.',
        "h1 { color: red; } Is all the style that you need.",
        "@media (min-width: 40em) { a { color: red } } Media queries are old.",
        "Thanks to @anna@example.org for the prints {limited: Yes, they are} and the frames.",
        "Usage: @gpgconf {options] manages the configuration of its programs.",
        "/* TODO: fix this */ Every code base has this comment.",
        "Like this: take two eggs and beat them.",
        "Gefällt mir: Ein Wort verändert die Welt.",
        "Me gusta esto: el mar, la sal, el viento.",
        "This post is for users of Debian 13.",
        "This article is available to all users of the archive.",
        "This story is about members of a choir.",
        "This post is protected by copyright, like all of them.",
        "The content is hidden in plain sight.",
        "You need to see this page. It is the funniest thing on the web.",
        "You have to log in to read this article on most sites. Here you don't.",
        "Join to see the rest of the choir perform.",
        "Subscribe to read the full story of how we built our newsletter.",
        "Become a member to watch this space grow.",
        "Already a member? Then you know what we did last summer.",
        "Dieser Beitrag ist für jene, die Mitglieder werden wollen.",
        "Ce contenu est réservé aux curieux. Entrez donc.",
        "Este artículo es solo una opinión.",
        "Este conteúdo é exclusivo da minha cabeça. Perdoem.",
        "Questo articolo è riservato nei toni.",
        "Deze pagina is alleen maar een test.",
        "Reading time: 5 minutes a day is all it takes to finish a book a month.",
        "5 min read aloud, 5 min rest: that is the whole method.",
        "Lesezeit: 10 Minuten am Tag reichen.",
        "3 Minuten gelesen, 3 Stunden nachgedacht.",
        "Audio Player Wars: which one is best?",
        "Listen to this story: a man walks into a bar.",
        "Listen to this Post Malone song.",
        "12:30 / 14:00 are the two trains that you can take.",
        "Artikel anhören? Podcast laden? Beides geht jetzt.",
        "Subscribe: more than a button.",
        "Views: 3. That is how many people watched my first video.",
        "Reads: 12 Books That Shaped Me",
        "Updated: May 2026. The rules for visitors changed again.",
        "Updated January 2024 Guide To Kites",
        "Jump to recipe: a habit that kills food writing.",
        "Print this recipe and stick it on the fridge.",
        "This post contains affiliate links. That is how I pay for my kites.",
        "4/5 - (2 votes) is a poor turnout.",
        "The post office appeared first on the map of 1820.",
        "The post first appeared on our old blog in 2012, and still gets comments.",
        "You put the [video] shortcode there.",
        "Please follow and like us on the way to the top.",
        "Share this: the house (with a window) by the sea.",
        "预计阅读时间会变长。",
    ],
)
def test_the_authors_own_words_stay(text: str) -> None:
    """What only looks like it."""
    assert text == without_additions(text) == excerpt(f"<p>{text}</p>")


@pytest.mark.parametrize(
    "contents",
    [
        "Contents1 Why a lighthouse2 Who built it",
        "Table of Contents Toggle Why a lighthouse",
        "Contents [hide] 1 Why",
        "Inhaltsverzeichnis Warum ein Turm",
        "Inhalt 1. Warum",
        "Sommaire 1 Pourquoi",
        "Índice de contenidos 1 Por qué",
        "目次 1 なぜ",
        "İÇİNDEKİLER 1. Neden",
    ],
)
def test_contents(contents: str) -> None:
    """Nobody can tell where a table of contents ends: the article says more."""
    assert is_contents(contents)
    assert TOWN == shown(excerpt=f"<p>{contents} {TOWN}</p>", content=f"<p>{TOWN}</p>")


@pytest.mark.parametrize("text", ["Contents of the box are fragile.", "Inhalt und Form", "Contents may settle. 1 of 2"])
def test_a_sentence_that_begins_like_one(text: str) -> None:
    """It is the author's own."""
    assert not is_contents(text)


def test_a_style_sheet_that_was_cut() -> None:
    """What is left of it goes, and it is told that something was cut."""
    assert "A town …" == without_additions("A town .et_pb_section_0{padding:0;margin")
    assert "A town …" == without_additions("A town @media (max-width:9em){.a{b:c}.et_pb_section_0{padding:0;margin")


@given(st.text(alphabet="ab {}.:;#>*/<!-–1…\n") | st.text())
def test_nothing_is_added(text: str) -> None:
    """Whatever the text: it doesn't raise, and what comes out is no longer."""
    assert len(without_additions(text)) <= len(text)


@pytest.mark.parametrize(
    "noise", ["a{", "{", "a.b{c:d}", "https://youtu.be/ ", "This content is for ", "Share this: ", ".a .b "]
)
def test_much_noise_is_no_burden(noise: str) -> None:
    """However much there is of it."""
    assert isinstance(without_additions(noise * (20_000 // len(noise))), str)


@pytest.mark.parametrize("noise", ["share ", "(function(){})", "(function(){})()", "wp:", ".a", "[a]", "クリックして"])
def test_much_noise_ends(noise: str) -> None:
    """Whatever stands there often, the search through it doesn't double with each."""
    text = f"{noise * (4_000 // len(noise))}{{"

    assert len(without_additions(text)) <= len(text)


@pytest.mark.parametrize("plain", [TOWN, "This town has a lighthouse.", "«Ein Turm»", "Ça va: oui.", "…", ""])
def test_a_plain_text_has_no_pattern_compiled(plain: str) -> None:
    """Compiling them all takes as long as composing a hundred texts: each waits for a text that has its words."""
    found = vars(addition_kinds).values()
    kinds = [kind for one in found for kind in (one if isinstance(one, tuple) else [one])]
    uncompiled = [replace(kind, pattern=_compiled) for kind in kinds if isinstance(kind, addition_kinds.Kind)]
    assert uncompiled
    assert not any(kind.match(plain) or kind.search(plain, 0) for kind in uncompiled)


def _compiled() -> regex.Pattern[str]:
    raise AssertionError("a pattern was compiled")
