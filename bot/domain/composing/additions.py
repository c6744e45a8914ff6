"""What themes, plugins and page builders add to an article, and is no part of its text.

Two ways to tell it: by the tags that it stands in (`remove_additions`), and by its words, where WordPress has made an
excerpt without tags of it (`without_additions`).
"""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

import regex

from bot.domain.composing.leaked_code import without_code
from bot.domain.text.html import remove

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag


def remove_additions(soup: BeautifulSoup) -> None:
    """Remove from a tree what isn't the article's text: footnote marks, share buttons, tables of contents, notices."""
    remove(soup.find_all(_is_addition))
    loose = soup.find_all(_is_loosely_named)
    length = len(soup.get_text(strip=True)) if loose else 0
    remove(tag for tag in loose if not tag.decomposed and not _is_article(tag, length))


def without_additions(text: str) -> str:
    """A text (one line) without the words that plugins put into it; '' where there is nothing else."""
    if "<!" in text:
        text = _TAG.sub(" ", _BLOCK_COMMENT.sub(" ", text))
    text = without_code(text)
    if "://" in text:
        text = _EMBED.sub(" ", text)
    text = " ".join(text.split())
    for beginning in _beginnings():
        text = beginning.sub("", text[:_NEAR]) + text[_NEAR:]
    begun = max(0, len(text) - _NEAR)
    for end in _ends() if ":" in text else ():
        found = end.search(text, begun)
        text = text[: found.start()] if found else text
    return _without_trailing(text, begun).strip()


def is_added(classes: str) -> bool:
    """Whether these classes (and the id) of a tag tell that it isn't the article's text."""
    return bool(_ADDED.search(classes) or _LOOSE.search(classes))


def is_contents(text: str) -> bool:
    """Whether it begins with a table of contents: nobody can tell where that ends."""
    return bool(_CONTENTS.match(text))


# --- by tags ------------------------------------------------------------------------------------------------------

_SCRIPTED = frozenset({"sup", "sub", "a"})
# The mark of a footnote: a number, a letter, stars and daggers, perhaps in brackets.
_SIGN = r"\s*[\[({]?\s*(?:\p{N}{1,3}|[a-z]|[ivxl]{1,5}|[*†‡§¶↩↑^]{1,3}\ufe0e?)\s*[\])}]?\s*"
_MARK = regex.compile(rf"{_SIGN}(?:[,;–-]{_SIGN}){{0,9}}", regex.IGNORECASE)
_FEW = 20
# Where the entries of a table of contents stand, and what beside them.
_ENTRY_PLACES, _BESIDE_ENTRIES = frozenset({"li", "p", "td"}), frozenset({"br", "ul", "ol"})
_SAYS, _PLACE = regex.compile(r"\p{L}"), regex.compile(r"#\S")
_BRACKETED = regex.compile(r"\s*(?:\[[^\[\]]{1,30}\]\s*){1,9}")
# In parts of classes, apart by hyphens, underscores and spaces. What has something of the kind isn't it.
_APART = r"(?<![^\s_-])(?<!\b(?:has|no|with)[_-])"
_ADDED = regex.compile(
    rf"{_APART}(?:caption|credits?|byline|dateline|share|sharing|sharedaddy|addtoany|a2a|ssba|essb|heateor|sfsi"
    r"|shareaholic|addthis|sharethis|swp|et_social|scriptlesssocialsharing|ns-buttons|dpsp|tm-click-to-tweet|bctt"
    r"|related|relatedposts|yarpp|crp|rp4wp|toc|lwptoc|simpletoc|table-of-contents?|contents-table|breadcrumbs?"
    r"|subscribe|subscriptions|newsletter|mc4wp|tnp|mailpoet|reading-time|read-time|post-views|post-modified-info"
    r"|edit-link|recipe-(?:jump|print|snippet)|recipes-quick-links|post-ratings|disclosure|gtranslate"
    r"|blocked-content|castos|screen-reader-text|sr-only|visually-hidden|footnotes?|fnref|noteref|mejs|audioplayer"
    r"|powerpress|podlove|paywall|members-only|mepr-unauthorized|pmpro_content_message|rcp_restricted"
    r"|restriction-message|social-links?|social-icons?|mashsb|ssbp|shariff|novashare|wabtn|simplesocialbuttons"
    r"|ss-inline-share|hupso|sd-title|sidenote-number|skip-link|printfriendly|wpulike|kksr"
    r"|adsbygoogle|advertisement|adinserter|code-block-\d+|wordads|author-box|saboxplugin)(?![^\s_-])",
    regex.IGNORECASE,
)
# Themes name what holds the article by such words as well.
_LOOSE = regex.compile(
    rf"{_APART}(?:likes-widget|post-navigation|nav-links|sidenotes?|marginnote|post-meta|entry-meta|posted-on|cat-links"
    r"|tags-links|author-bio|post-author|post-terms|latest-posts|homepage-articles|also-read|read-also|ad-container"
    r"|ad-slot)"
    r"(?![^\s_-]|[_-](?:content|wrapper)\b)",
    regex.IGNORECASE,
)
# So many tags and texts are looked at within one; what has more is the article.
_MOST_WITHIN = 500
_HIDDEN = regex.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", regex.IGNORECASE)
_NOTE_ROLES = frozenset({"doc-noteref", "doc-backlink", "doc-endnotes", "doc-footnote", "doc-toc"})
_NOTE_ADDRESS = regex.compile(
    r"#(?:_?(?:ftn|edn|fn|note|foot|cite|easy-foot|mfn|modern-foot|efn|endnote)|ref\b|r\d)", regex.IGNORECASE
)


def _is_addition(tag: Tag) -> bool:
    if tag.name in _SCRIPTED and _is_note(tag):
        return True
    if tag.name in _ENTRY_PLACES and _has_entries(tag):
        return True
    if not tag.attrs:
        return False
    return (
        bool(_ADDED.search(_names(tag)))
        or tag.has_attr("hidden")
        or str(tag.get("aria-hidden", "")) == "true"
        or bool(_HIDDEN.search(str(tag.get("style", ""))))
        or str(tag.get("role", "")) in _NOTE_ROLES
    )


def _names(tag: Tag) -> str:
    return " ".join(map(str, (*tag.get_attribute_list("class"), tag.get("id", ""))))


def _is_loosely_named(tag: Tag) -> bool:
    return bool(tag.attrs and _LOOSE.search(_names(tag)))


def _is_article(tag: Tag, length: int) -> bool:
    """Whether a tag holds the article's paragraphs, or all its text; length: of all text in the tree."""
    within = [tag, *islice(tag.descendants, _MOST_WITHIN)]
    if len(within) > _MOST_WITHIN:
        return True
    own = len(tag.get_text(strip=True))
    has_paragraphs = any(getattr(one, "name", None) == "p" for one in within)
    return own == length or (has_paragraphs and 2 * own > length)


def _is_note(tag: Tag) -> bool:
    """Whether it is a footnote's mark. A number that is only written high or low is a part of the word before it."""
    if tag.has_attr("data-fn") or tag.has_attr("data-footnote") or tag.has_attr("data-mfn"):
        return True
    if not _is_small(tag):
        return False
    text = tag.get_text()
    if tag.name == "sup" and _BRACKETED.fullmatch(text):
        return True
    if not _MARK.fullmatch(text):
        return False
    links = [tag] if tag.name == "a" else tag.find_all("a") if tag.name in _SCRIPTED else []
    addresses = [str(link.get("href", "")) for link in links]
    return any(_NOTE_ADDRESS.search(url) or (tag.name == "sup" and "#" in url) for url in addresses)


def _has_entries(tag: Tag) -> bool:
    """Whether nothing stands here but entries of a table of contents: links to places in the article.

    Only an item of a list may have a single one.
    """
    nodes = tag.contents[: _FEW + 1]
    entries = sum(map(_is_entry, nodes))
    is_enough = entries > 1 or (entries == 1 and tag.name == "li")
    return is_enough and len(nodes) <= _FEW and all(_is_entry(node) or _is_beside_entries(node) for node in nodes)


def _is_entry(node: Any) -> bool:
    return hasattr(node, "attrs") and bool(_PLACE.match(str(node.get("href", ""))))


def _is_beside_entries(node: Any) -> bool:
    return node.name in _BESIDE_ENTRIES if hasattr(node, "attrs") else not _SAYS.search(str(node))


def _is_small(tag: Tag) -> bool:
    """Whether there is little within it; what has more is no mark, and nested thousands deep would be slow to read."""
    left: list[Any] = [tag]
    for _ in range(_FEW):
        if not left:
            return True
        left.extend(getattr(left.pop(), "contents", ())[:_FEW])
    return False


# --- by words -----------------------------------------------------------------------------------------------------

_TAG = regex.compile(r"</?[a-z][^<>]{0,200}>", regex.IGNORECASE)
# In characters: how far from an end of a text its additions are looked for.
_NEAR = 600
# WordPress sets the hyphens of an escaped comment as dashes.
_BLOCK_COMMENT = regex.compile(r"<!(?:--|[–—]-?)\s*/?(?:wp|more|nextpage)\b.*?(?:(?:--|-?[–—])>|…|\Z)")

_EMBED_HOSTS = (
    r"(?:www\.|m\.|open\.|player\.|vm\.)?(?:youtube\.com/(?:watch|shorts|live|embed)|youtu\.be/|vimeo\.com/\d"
    r"|(?:twitter|x)\.com/\w+/status|instagram\.com/(?:p|reel)/|tiktok\.com/@?[\w.]+/?|soundcloud\.com/|spotify\.com/"
    r"|facebook\.com/\S+/(?:posts|videos)|flickr\.com/photos|dailymotion\.com/video|ted\.com/talks|bsky\.app/profile"
    r"|reddit\.com/r/\w+/comments|[\w.-]+/@[\w.]+(?:@[\w.-]+)?/\d{6,})"
)
# The address of an embed stands by itself: before the text, behind it, or between two sentences.
_EMBED = regex.compile(
    rf"(?:\A|(?<=[.!?…:。][\"'”’»)]?\s))https?://{_EMBED_HOSTS}\S*(?=\s*\Z|\s+[\p{{Lu}}\p{{Lo}}\p{{N}}\"'“„«‘¿¡(])"
    rf"|\A(?:https?://\S+\s+)+(?=[\p{{L}}\p{{N}}])"
)

_NUMBER = r"(?:[<~≈]|&lt;|about|ca\.?|circa|env\.)?\s*[0-9]{1,3}(?:\s*[–-]\s*[0-9]{1,3})?"
_MINUTES = (
    r"(?:min(?:ut(?:e[ns]?|os?|i|uten|er|y|ów|)?|s|uuttia|\.)?|мин(?:ут\w*|\.)?|хв\.?|dk\.?|dakika|分(?:钟|鐘"
    r"|間)?|분)\b\.?"
)
_SECONDS = r"(?:[\s,]*(?:and|und|et|y|e|en)?\s*[0-9]{1,2}\s*(?:sec(?:onds?)?|s|sek(?:unden)?)\b\.?)?"
_READING_NAME = (
    r"(?:(?:estimated|approximate|average|total|⏱️?|📖)\s*)?(?:read(?:ing)?\s*time|time to read)"
    r"|(?:geschätzte\s+)?lese(?:zeit|dauer)|temps de lecture(?:\s+estimé)?|tiempo (?:estimado )?de lectura"
    r"|tempo (?:stimato )?di lettura|tempo (?:estimado )?de leitura|(?:geschatte )?leestijd|czas czytania"
    r"|lästid|læsetid|lesetid"
    r"|lukuaika|doba čtení|время (?:на )?чтени[ея]|час читання|okuma süresi|閱讀時間|阅读时间|読了時間|읽는 시간"
)
_READING_TIME = (
    rf"(?i:(?:{_READING_NAME})\s*[:：–-]?\s*{_NUMBER}\s*{_MINUTES}{_SECONDS}"
    rf"|(?<![\p{{L}}\p{{N}}]){_NUMBER}[\s-]*min(?:ute)?s?\.?\s+(?:of\s+)?read(?:ing)?\b(?:\s+time)?"
    rf"|(?<![\p{{L}}\p{{N}}]){_NUMBER}\s*(?:Min(?:uten?|\.)?\s+(?:Lesezeit|gelesen)"
    rf"|min(?:utes?)? de lecture|min(?:utos?)? de (?:lectura|leitura)|min(?:uti)? di lettura"
    rf"|min(?:uten)? leestijd)|この記事は約?{_NUMBER}\s*分で読めます。?)"
)
_PLAYER = (
    r"(?i:(?:audio|video)[- ]?player\b(?:\s*(?:https?://\S+"
    r"|\d{1,2}:\d\d(?::\d\d)?))*+(?-i:(?=\s*(?:[\p{Lu}\p{Lo}]|\Z)))"
    r"|lecteur (?:audio|vidéo)\b(?:\s*\d{1,2}:\d\d(?::\d\d)?)*|reproductor de (?:audio"
    r"|vídeo)\b(?:\s*\d{1,2}:\d\d(?::\d\d)?)*"
    r"|(?:use (?:the )?)?up/down arrow keys to increase or decrease volume\.?"
    r"|pfeiltasten hoch/runter benutzen, um die lautstärke zu regeln\.?"
    r"|your browser does(?: not|n[’']t) support (?:the )?(?:html5? )?(?:audio|video|iframe)s?(?: element| tag)?\.?"
    r"|(?:podcast\s*(?:\([^()]{1,40}\)\s*)?:\s*)?play in new window\s*\|"
    r"\s*download(?:\s*\([^()]{0,60}\))?(?:\s*\|\s*embed)?"
    r"|subscribe:\s*(?:apple podcasts?|spotify|rss|android|google podcasts?|more|email|youtube"
    r"|amazon music)(?:\s*\|\s*(?:apple podcasts?|spotify|rss|android|google podcasts?|more|email"
    r"|youtube(?: music)?|amazon music|iheartradio|deezer|overcast|pocket casts|stitcher|tunein))*"
    r"|getting your trinity audio player ready(?:…|\.{3})?"
    r"|listen to this (?:article|post|story|episode)(?:\s*\d{1,2}:\d\d)*"
    r"|(?:diesen )?artikel anhören(?:\s*\d{1,2}:\d\d)*"
    r"|\d{1,2}:\d\d(?::\d\d)?\s*/\s*\d{1,2}:\d\d(?::\d\d)?"
    r"|loading (?:player|audio|video)(?:…|\.{3})?)"
)
_WHAT = r"(?:content|post|article|page|section|story|video|episode|newsletter|material|resource|lesson|course)"
_WHOM = (
    r"(?:(?:paid|paying|premium|registered|logged[- ]in|active|current|our|site|email)\s+)*(?:members?"
    r"|subscribers?|users?|patrons?|supporters?|readers)\b"
)
_NOTICE = (
    rf"(?i:(?:(?:sorry|oops)[,!.]?\s*)?(?:this|the (?:rest|remainder|full text) of this|the full"
    rf"|rest of this|access to this)\s*{_WHAT}\s*(?:is|are|has been|requires"
    rf"|can only be)\b[^.!?]{{0,60}}?\b{_WHOM}[^.!?]{{0,80}}[.!]?"
    rf"|(?:sorry[,!.]?\s*)?(?:this|the)\s+{_WHAT}\s+is"
    rf" (?:restricted|protected|locked|hidden|password[- ]protected)[^.!?]{{0,80}}[.!]?"
    rf"|(?:sorry,?\s*)?(?:but\s+)?(?:you|visitors)\s+(?:must|need to|have to|are required to"
    rf"|do not have permission to|don[’']t have access to|don[’']t have permission to"
    rf"|do not have access to)\b[^.!?]{{0,60}}?\b(?:(?:view|read|see|access|unlock|continue"
    rf"|watch)\b[^.!?]{{0,60}}?\b{_WHAT}|this {_WHAT})[^.!?]{{0,60}}[.!]?"
    rf"|(?:please\s+)?(?:log ?in|sign in|sign up|subscribe|register|join|become an? (?:paid "
    rf"|premium )?(?:member|subscriber|patron))(?:\s+(?:or|and)\s+(?:log ?in|sign in|sign up|subscribe"
    rf"|register|join|create an account))*(?:\s+(?:now|today|here|below))?\s+to\s+(?:(?:get|gain)\s+)?"
    rf"(?:read|view|see|access|unlock|continue|watch)\b(?:\s+(?:to|reading|the rest|more|the full|this|all"
    rf"|full)\b)[^.!?]{{0,160}}[.!]?"
    r"|(?:already|not) an? (?:member|subscriber|user)\??(?:\s*(?:please\s+)?(?:log"
    r"|sign) ?in(?: here)?\.?)?(?:\s*(?:join|register|sign up|subscribe)(?: now| here| today)?\.?)?"
    r"|dieser (?:inhalt|beitrag|artikel|bereich) ist (?:nur|ausschließlich"
    r"|exklusiv)?\s*(?:für)?[^.!?]{0,40}(?:mitglieder|abonnent\w*|registrierte\w*"
    r"|angemeldete\w*)[^.!?]{0,60}[.!]?"
    r"|ce(?:t|tte)? (?:contenu|article|page|publication) est réservée?[^.!?]{0,80}[.!]?"
    r"|este (?:contenido|artículo|conteúdo|artigo|post)\s+(?:es|está|é)\s+(?:solo|sólo|exclusivo|exclusiva"
    r"|disponible|reservado|restringido|apenas)[^.!?]{0,80}[.!]?"
    r"|questo (?:contenuto|articolo) è (?:riservato|disponibile solo)[^.!?]{0,80}[.!]?"
    r"|deze (?:inhoud|pagina) is (?:alleen|enkel|uitsluitend)[^.!?]{0,80}[.!]?)"
)
_NETWORK = (
    r"(?:shares?|tweet|pin(?: it)?|e-?mail|print|copy link|facebook|twitter|x|whatsapp|telegram|linkedin"
    r"|reddit|tumblr|pinterest|pocket|mastodon|bluesky|threads|mix|flipboard|xing|save|like|line|hatena|viber|vk"
    r"|messenger|instagram|follow(?: us)?)(?![\p{L}\p{N}])"
    r"(?:(?<!line|mix|print|save|threads|instagram)\s+\d{1,6}(?!\p{L}))?"
)
# Buttons in a row: of sites, or of anything behind a word that no sentence has there. Commas make a list of them.
_SITE = (
    r"(?:facebook|twitter|x|whatsapp|telegram|linkedin|reddit|tumblr|pinterest|mastodon|bluesky|flipboard|xing|viber|vk"
    r"|instagram|e-?mail)(?![\p{L}\p{N}])(?:(?<!instagram)\s+\d{1,6}(?!\p{L}))?"
)
_APART_FROM_NEXT = r"[\s|·•]+(?:on\s+)?"
_NETWORKS = (
    rf"(?:{_SITE}(?:{_APART_FROM_NEXT}{_SITE}){{2}}"
    rf"|(?=share|tweet|pin|follow){_NETWORK}(?:{_APART_FROM_NEXT}{_NETWORK}){{2}})(?:{_APART_FROM_NEXT}{_NETWORK})*"
)
_SHARED_WORDS = (
    r"(?:share|teilen|partager|compartir|comparte|compártelo|condividi|compartilhe|compartilhar"
    r"|(?:dit )?delen|udostępnij|dela|del|jaa|sdílet|megosztás|paylaş|поделиться|поширити|分享|共有|공유하기)"
)
# A share button's words for screen readers, in the languages of Jetpack.
_CLICK = (
    r"(?:(?:click|klick|cliquez|haz clic|clique|fai clic|klik|klicka|klikk|kliknij|klikněte|kattintson|tıklayın"
    r"|нажмите|натисніть)\b[^.!?:()]{0,80}|クリックして[^。:()]{0,40}|(?:点击|點擊|點選|클릭)[^。:()]{0,40})"
    r"(?:[(（][^()（）]{0,60}[)）])?"
)
_LIKE_WORDS = (
    r"(?:like this|gefällt mir|j[’']aime ça|me gusta esto|mi piace|curtir isso|vind ik leuk|lubię to|gilla|synes om"
    r"|liker dette|tykkää tästä|to se mi líbí|beğen|нравится|вподобати|いいね|赞过|喜歡此文章|이것이 좋아요)"
)
_RELATED = (
    r"(?:related(?: (?:posts?|articles?|stories|reading))?|ähnliche (?:beiträge|artikel)"
    r"|articles similaires|sur le même thème"
    r"|relacionad[oa]s?|entradas relacionadas|correlati|articoli correlati|relacionado|gerelateerd|powiązane"
    r"|relaterade?|relatert|relateret|liittyvät|související|kapcsolódó|ilgili|похожее|пов[’']язано|関連|相关|相關|관련)"
)
# A call to share it.
_CALL = (
    r"(?:spread the (?:love|word)|sharing is caring|(?:please )?share (?:this|the|our) (?:post|article|story|page)"
    r"|liked this (?:post|article)\? share it)[!:.]*"
)


# Behind a label that stands before a text: the end, a sign between the two, or how a sentence begins.
_ANEW = r"(?-i:(?=\s*(?:\Z|…|[|·•–.-]\s)|\s+[\p{Lu}\p{Lo}\"'“„«‘¿¡(]))"
_VIEWS = (
    r"(?:views?|visits?|hits|reads|aufrufe|visitas|vues|visualizzazioni|visualizações|weergaven|wyświetleń"
    r"|просмотр(?:ов|ы)|閲覧数?)"
)
_COUNTED = (
    rf"(?i:(?:(?:total|post|page|article)\s+){{0,2}}{_VIEWS}\s*:\s*[\d.,]{{1,12}}+{_ANEW}"
    rf"|[👁📊]\ufe0f?\s*[\d.,]{{1,12}}+\s*{_VIEWS}\b|(?:rate this (?:post|article)\s*)?[0-5](?:\.\d)?/(?:5|10)"
    r"\s*[-–]\s*\(\d{1,6} votes?\)|\(no ratings yet\)(?:\s*loading(?:…|\.{3}))?)"
)
_DATE = (
    r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{4}年\d{1,2}月\d{1,2}日"
    r"|(?:\d{1,2}(?:st|nd|rd|th|º|\.)?\s+(?:de\s+)?)?\p{L}{3,12}\.?,?\s+(?:de\s+)?(?:\d{1,2}(?:st|nd|rd|th)?,?\s+)?\d{4})"
    r"(?:,?\s+(?:at\s+)?\d{1,2}:\d\d(?:\s*[ap]\.?m\.?)?)?"
)
_UPDATED = (
    rf"(?i:(?:last\s+(?:updated|modified)|updated|zuletzt (?:aktualisiert|geändert)|aktualisiert"
    r"|(?:dernière )?mise à jour|mis à jour"
    r"|última (?:actualización|atualização|modificación)|actualizado|atualizado|ultimo aggiornamento"
    r"|aggiornato|(?:laatst )?bijgewerkt|ostatnia aktualizacja|senast uppdaterad|последнее обновление|обновлено"
    rf"|最終更新日?|最后更新)(?:\s+(?:on|am|le|el|il|em|op|den))?\s*[:：]?\s*{_DATE}"
    rf"(?:\s+(?:by|von|par|por|da|door)\s+\S+)?{_ANEW})"
)
_BUTTONS = r"(?i:(?:jump|skip) to (?:the )?(?:recipe|video)|(?:print|pin|rate) (?:this |the )?recipe)"
# Of an advertisement within the text; what tells that the text itself is one stays. Behind it a sentence surely begins.
_ADVERT = r"(?:Advertisements?|ADVERTISEMENTS?)(?=\s+(?:The|An?|It|He|She|We|They|There)\s\p{Ll})"
_AFFILIATES = (
    r"(?i:this (?:post|article|page|site) (?:may |might )?contains? affiliate links?[^.!?]{0,160}\."
    r"(?:\s*(?:please )?(?:read|see|view) (?:my|our|the)(?: full)? (?:disclosure|affiliate|privacy)[^.!?]{0,60}\.)?)"
)


@cache
def _beginnings() -> tuple[regex.Pattern[str], ...]:
    """What may stand before a text. Compiled where it is first needed, as it takes a while."""
    return (
        regex.compile(
            rf"\A(?:\W*(?:{_READING_TIME}|{_COUNTED}|{_UPDATED}|{_BUTTONS}|{_AFFILIATES}|{_ADVERT})"
            r"[\s|·•–:.-]*)+"
        ),
        regex.compile(rf"\A(?:[\s|·•]*(?:{_PLAYER})[\s|·•.]*)+"),
        regex.compile(
            rf"\A(?i:(?:{_SHARED_WORDS}\s+(?:this|on|via|mit|sur|en|su)\s*:?\s*)?{_NETWORKS})"
            r"(?=\s+[\p{Lu}\p{Lo}\p{N}\"'“„«])\s*"
        ),
        regex.compile(rf"\A(?i:{_CALL})\s+(?=[\p{{Lu}}\p{{Lo}}\p{{N}}\"'“„«])"),
        regex.compile(rf"\A(?>{_NOTICE})\s*(?=\S)"),
        regex.compile(rf"\A(?:(?>{_NOTICE})\s*)+\Z"),
    )


# A label behind a sentence, which has no small letter first.
_BEGINS_ANEW = r"(?:\A|(?<=[.!?…。！？।؟:)\]\"'”’»])\s*)(?<![\p{L}\p{N}])(?!\p{Ll})"


@cache
def _ends() -> tuple[regex.Pattern[str], ...]:
    """What may stand behind a text."""
    return (
        regex.compile(
            rf"(?:{_BEGINS_ANEW}(?i:{_SHARED_WORDS})|\s*(?<![\p{{L}}\p{{N}}])(?!\p{{Ll}})(?i:{_SHARED_WORDS}"
            rf"(?: this| esto| isso| mit| dit| ça| det| to)|dit delen))\s*:\s*(?:(?i:{_CLICK}|{_NETWORK}"
            rf"|more|mehr|plus|más)[\s|,·•()]*)*(?=(?i:{_LIKE_WORDS}|{_RELATED})\b|…|\Z)"
        ),
        regex.compile(rf"{_BEGINS_ANEW}(?i:{_LIKE_WORDS})\s*:\s*.{{0,60}}(?:…|\.{{3}}|\Z)\s*(?=(?i:{_RELATED})\b|\Z)"),
    )


# Where a sentence has ended, so that what follows may be no part of the text.
_SENTENCE_END = regex.compile(r"[.!?…。][\"'”’»)]*\s*|[\"'”’»)]\s*")


@cache
def _trailing() -> regex.Pattern[str]:
    """What may stand behind the last sentence."""
    return regex.compile(
        rf"(?:(?:(?i:{_RELATED})\s*:?|{_READING_TIME}|{_COUNTED}|{_UPDATED}|{_PLAYER}|{_NOTICE}"
        rf"|(?i:{_NETWORKS}|{_CALL}|click to tweet))[\s.…]*)++"
    )


def _without_trailing(text: str, begun: int) -> str:
    ends = (found.end() for found in _SENTENCE_END.finditer(text, begun))
    return next((text[:end] for end in ends if end < len(text) and _trailing().fullmatch(text, end)), text)


# "Contents" may begin a sentence; with a number or a switch behind it, it doesn't.
_CONTENTS = regex.compile(
    r"(?i:\W*(?:(?:table of contents|contents|in this (?:article|post)|inhaltsverzeichnis|inhalt|sommaire"
    r"|table des matières"
    r"|tabla de contenidos?|índice(?: de contenidos?)?|contenidos?|contenido|indice(?: dei contenuti)?|sumário"
    r"|inhoudsopgave|inhoud|spis treści|innehåll(?:sförteckning)?|indhold(?:sfortegnelse)?|innhold"
    r"|sisällys(?:luettelo)?"
    r"|obsah|содержание|зміст|оглавление|içindekiler|目次|目录|目錄|목차)\s*:?\s*"
    r"(?:\[?\s*(?:hide|show|toggle|ausblenden|verbergen|anzeigen|masquer|afficher|ocultar|mostrar|nascondi"
    r"|esconder|verberg(?:en)?|ukryj|скрыть|表示|非表示|隐藏)\s*\]?|(?:I|1)\s*[.)]?\s*\p{Lu}|1\s*[.)]?\s*\S|\[)"
    r"|(?:table of contents|inhaltsverzeichnis|table des matières|tabla de contenidos?|inhoudsopgave"
    r"|spis treści|índice de contenidos?|目次)\s+\S))"
)
