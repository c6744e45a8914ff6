"""What themes, plugins and page builders add to an article, as its words tell where the tags around them are gone.

WordPress takes the tags away where it makes an excerpt. Words prove little, so only those go that nobody writes in a
sentence: a label with what is counted behind it, buttons in a row, a plugin's own notice from its beginning to its end.
"""

from collections.abc import Callable, Iterable

import regex

from bot.domain.composing.leaked_code import without_code
from bot.domain.text.patterns import lazily

_Kind = Callable[[], regex.Pattern[str]]


def without_additions(text: str) -> str:
    """A text (one line) without the words that plugins put into it; '' where there is nothing else."""
    if "<!" in text:
        text = _TAG().sub(" ", _BLOCK_COMMENT().sub(" ", text))
    text = without_code(text)
    if "://" in text:
        text = _EMBED().sub(" ", text)
    text = " ".join(text.split())
    text = _without_leading(text[:_NEAR]) + text[_NEAR:]
    begun = max(0, len(text) - _NEAR)
    for end in _ENDS if ":" in text else ():
        found = end().search(text, begun)
        text = text[: found.start()] if found else text
    return _without_trailing(text, begun).strip()


def is_contents(text: str) -> bool:
    """Whether it begins with a table of contents: nobody can tell where that ends."""
    return bool(_CONTENTS().match(text))


_TAG = lazily(r"</?[a-z][^<>]{0,200}>", regex.IGNORECASE)
# In characters: how far from an end of a text its additions are looked for.
_NEAR = 600
# WordPress sets the hyphens of an escaped comment as dashes.
_BLOCK_COMMENT = lazily(r"<!(?:--|[–—]-?)\s*/?(?:wp|more|nextpage)\b.*?(?:(?:--|-?[–—])>|…|\Z)")

_EMBED_HOSTS = (
    r"(?:www\.|m\.|open\.|player\.|vm\.)?(?:youtube\.com/(?:watch|shorts|live|embed)|youtu\.be/|vimeo\.com/\d"
    r"|(?:twitter|x)\.com/\w+/status|instagram\.com/(?:p|reel)/|tiktok\.com/@?[\w.]+/?|soundcloud\.com/|spotify\.com/"
    r"|facebook\.com/\S+/(?:posts|videos)|flickr\.com/photos|dailymotion\.com/video|ted\.com/talks|bsky\.app/profile"
    r"|reddit\.com/r/\w+/comments|[\w.-]+/@[\w.]+(?:@[\w.-]+)?/\d{6,})"
)
# The address of an embed stands by itself: before the text, behind it, or between two sentences.
_EMBED = lazily(
    rf"(?:\A|(?<=[.!?…:。][\"'”’»)]?\s))https?://{_EMBED_HOSTS}\S*(?=\s*\Z|\s+[\p{{Lu}}\p{{Lo}}\p{{N}}\"'“„«‘¿¡(])"
    r"|\A(?:https?://\S++\s++)++(?=[\p{Lu}\p{N}\"'“„«‘¿¡(])"
)

# Behind a label that stands before a text: the end, a sign between the two, or how a sentence begins.
_ANEW_UNSTOPPED = r"(?-i:(?=\s*(?:\Z|…|[|·•–-]\s)|\s+[\p{Lu}\p{Lo}\"'“„«‘¿¡(]))"
# The same, where the label may have a stop itself.
_ANEW = r"(?-i:(?=\s*(?:\Z|…|[|·•–.-]\s)|\s+[\p{Lu}\p{Lo}\"'“„«‘¿¡(]))"
_NUMBER = r"(?:[<~≈約约]|&lt;|about|ca\.?|circa|env\.)?\s*[0-9]{1,3}(?:\s*[–-]\s*[0-9]{1,3})?"
_MINUTES = (
    r"(?:min(?:ut(?:e[ns]?|os?|i|uten|er|y|ów|)?|s|uuttia|\.)?|мин(?:ут\w*|\.)?|хв\.?|dk\.?|dakika|分(?:钟|鐘"
    r"|間)?|분)\b\.?"
)
_SECONDS = r"(?:[\s,]*(?:and|und|et|y|e|en)?\s*[0-9]{1,2}\s*(?:sec(?:onds?)?|s|sek(?:unden)?)\b\.?)?"
_READING_NAME = (
    r"(?:(?:estimated|approximate|average|total|⏱️?|📖)\s*)?(?:read(?:ing)?\s*time|time to read)"
    r"|(?:geschätzte\s+)?lese(?:zeit|dauer)|temps de lecture(?:\s+estimé)?"
    r"|tiempo (?:estimado )?de lectura(?: estimado)?|tempo (?:stimato )?di lettura(?: stimato)?"
    r"|tempo (?:estimado )?de leitura(?: estimado)?"
    r"|(?:geschatte )?lees(?:tijd|duur)|czas czytania|läs(?:nings)?tid|læsetid|lesetid"
    r"|lukuaika|doba čtení|время (?:на )?чтени[ея]|час читання|okuma süresi"
    r"|(?:预计|預計)?(?:閱讀時間|阅读时间)|読了時間|읽는 시간"
)
_READING_TIME = (
    rf"(?i:(?:(?:{_READING_NAME})\s*[:：–-]?\s*{_NUMBER}\s*{_MINUTES}{_SECONDS}(?:\s*read\b)?"
    rf"|(?<![\p{{L}}\p{{N}}]){_NUMBER}[\s-]*min(?:ute)?s?\.?\s+(?:of\s+)?read(?:ing)?\b(?:\s+time)?"
    rf"|(?<![\p{{L}}\p{{N}}]){_NUMBER}\s*(?:Min(?:uten?|\.)?\s+(?:Lesezeit|gelesen)"
    rf"|min(?:utes?)? de lecture|min(?:utos?)? de (?:lectura|leitura)|min(?:uti)? di lettura"
    rf"|min(?:uten)? leestijd)){_ANEW}|この記事は約?{_NUMBER}\s*分で読めます。?)"
)
_PLAYER = (
    r"(?i:(?:(?:audio|video)[- ]?player|lecteur (?:audio|vidéo)|reproductor de (?:audio|vídeo))\b"
    r"(?:(?:\s*(?:https?://\S+|\d{1,2}:\d\d(?::\d\d)?))++|\s*\Z)"
    r"|(?:use (?:the )?)?up/down arrow keys to increase or decrease volume\.?"
    r"|pfeiltasten hoch/runter benutzen, um die lautstärke zu regeln\.?"
    r"|your browser does(?: not|n[’']t) support (?:the )?(?:html5? )?(?:audio|video|iframe)s?(?: element| tag)?\.?"
    r"|(?:podcast\s*(?:\([^()]{1,40}\)\s*)?:\s*)?play in new window\s*\|"
    r"\s*download(?:\s*\([^()]{0,60}\))?(?:\s*\|\s*embed)?"
    r"|subscribe:\s*(?:apple podcasts?|spotify|rss|android|google podcasts?|more|email|youtube"
    r"|amazon music)(?:\s*\|\s*(?:apple podcasts?|spotify|rss|android|google podcasts?|more|email"
    r"|youtube(?: music)?|amazon music|iheartradio|deezer|overcast|pocket casts|stitcher|tunein))*"
    r"|getting your trinity audio player ready(?:…|\.{3})?"
    r"|listen to this (?-i:article|post|story|episode)(?:\s*\d{1,2}:\d\d)*"
    r"|(?:diesen )?artikel anhören(?:\s*\d{1,2}:\d\d)*"
    r"|0?0:00\s*/\s*\d{1,2}:\d\d(?::\d\d)?"
    rf"|loading (?:player|audio|video)(?:…|\.{{3}})?){_ANEW}"
)
_WHAT = r"(?:content|post|article|page|section|story|video|episode|newsletter|material|resource|lesson|course)"
_WHOM = (
    r"(?:(?:paid|paying|premium|registered|logged[- ]in|active|current|our|site|email)\s+)*(?:members?"
    r"|subscribers?|users?|patrons?|supporters?|readers)\b"
)
# A notice says what it says and ends there, or the text begins; a sentence that goes on is the author's own.
_SAID = r"\s*(?:[.!]|\Z|(?=…|\[…)|(?-i:(?=\s[\p{Lu}\p{Lo}])))"
_OBJECT = (
    rf"(?:(?:to|reading|the|rest|remainder|of|more|this|our|full|whole|entire|all|access|exclusive)\s+)*"
    rf"(?:{_WHAT}|reading|more|archive|it)(?:\s+and other [^.!?]{{0,40}}content)?"
)
_ENTERING = (
    r"(?:log ?in|sign in|sign up|subscribe|register|join|become an? (?:paid |premium )?(?:member|subscriber|patron)"
    r"|create an account)"
)
_BEING = (
    r"be (?:logged|signed)[- ]in|be registered"
    r"|(?:be|become) an? (?:[\w-]+\s+){0,3}(?:member|subscriber|user|patron|supporter)"
    r"|have an? (?:[\w-]+\s+){0,3}(?:account|membership|subscription)"
)
_READING = r"(?:view|read|see|access|unlock|continue|watch)"
_NOTICE = (
    rf"(?i:(?:(?:sorry|oops)[,!.]?\s*)?(?:this|the (?:rest|remainder|full text) of this|the full"
    rf"|rest of this|access to this)\s*{_WHAT}\s*(?:is|are|has been|requires|can only be)"
    r"(?:\s+(?:only|exclusively|just|currently|intended|meant|available|accessible|visible|viewable|viewed|read|seen"
    rf"|restricted|reserved|limited|locked|for|to|by|an?))*\s+{_WHOM}"
    rf"(?:\s+(?:only|exclusively|of (?:this|our|the) (?:site|website|blog|community)))*{_SAID}"
    rf"(?:\s*(?:if you are an existing user, )?please (?:log|sign) ?in\.(?:\s*new users may register below\.)?)?"
    rf"|(?:sorry[,!.]?\s*)?this\s+{_WHAT}\s+is"
    rf" (?:restricted|protected|locked|hidden|password[- ]protected|members[- ]only){_SAID}"
    rf"|(?:sorry,?\s*)?(?:but\s+)?(?:you|visitors)\s+(?:(?:must|need to|have to|are required to)"
    rf"\s+(?:{_BEING}|{_ENTERING}(?:\s+(?:or|and)\s+{_ENTERING})*)\s+(?:in order\s+)?to"
    r"|do(?: not|n[’']t) have (?:permission|access) to(?:\s+(?=th))?)"
    rf"\s*{_READING}?\s*{_OBJECT}{_SAID}"
    rf"|(?:please\s+)?{_ENTERING}(?:\s+(?:or|and)\s+{_ENTERING})*(?:\s+(?:now|today|here|below))?"
    rf"\s+to\s+(?:(?:get|gain)\s+)?{_READING}\s+{_OBJECT}{_SAID}"
    r"|(?:already|not) an? (?:member|subscriber|user)\?\s*(?:please\s+)?"
    rf"(?:(?:log|sign) ?in(?: here)?|(?:join|register|sign up|subscribe)(?: now| here| today)?){_SAID}"
    r"|dieser (?:inhalt|beitrag|artikel|bereich) ist (?:(?:nur|ausschließlich|exklusiv)\s+)?für\s+"
    r"(?:(?:unsere|zahlende|registrierte|angemeldete|eingeloggte)\s+)*(?:mitglieder|abonnent\w*|nutzer|benutzer)"
    rf"(?:\s+(?:sichtbar|verfügbar|zugänglich|lesbar|bestimmt|reserviert))?{_SAID}"
    r"|ce(?:t|tte)? (?:contenu|article|page|publication) est réservée? (?:uniquement\s+)?(?:aux|à nos)\s+"
    rf"(?:membres|abonnée?(?:·e)?s|adhérents|inscrits|utilisateurs \w+){_SAID}"
    r"|este (?:contenido|artículo|conteúdo|artigo|post)\s+(?:es|está|é)\s+(?:(?:solo|sólo|apenas|exclusivo|exclusiva"
    r"|disponible|disponível|reservado|restringido)\s+)+(?:para|a|por)\s+(?:nuestros\s+|os\s+|los\s+)?"
    rf"(?:suscriptores|miembros|socios|usuarios registrados|assinantes|membros|usuários registrados){_SAID}"
    r"|questo (?:contenuto|articolo) è (?:riservato|disponibile solo|solo)\s+(?:ai|agli|per(?: i| gli)?)\s+"
    rf"(?:membri|abbonati|iscritti|soci|utenti registrati){_SAID}"
    r"|deze (?:inhoud|pagina) is (?:alleen|enkel|uitsluitend)\s+(?:(?:toegankelijk|beschikbaar|zichtbaar)\s+)?voor\s+"
    rf"(?:leden|abonnees|(?:ingelogde|geregistreerde) gebruikers)(?:\s+(?:toegankelijk|beschikbaar|zichtbaar))?{_SAID})"
)
_NETWORK = (
    r"(?:shares?|tweet|pin(?: it)?|e-?mail|print|copy link|facebook|twitter|x|whatsapp|telegram|linkedin"
    r"|reddit|tumblr|pinterest|pocket|mastodon|bluesky|threads|mix|flipboard|xing|save|like|line|hatena|viber|vk"
    r"|messenger|instagram|follow(?: us)?)(?![\p{L}\p{N}])"
    r"(?:(?<!line|mix|print|save|threads|instagram)\s+\d{1,6}(?!\p{L}))?"
)
# Where the tags between the buttons were taken away, and there was nothing else.
_GLUED = (
    r"(?:Facebook|Twitter|X|WhatsApp|Telegram|LinkedIn|Reddit|Tumblr|Pinterest|Pocket|Mastodon|Bluesky|Threads|Email"
    r"|E-Mail|Print|Drucken|More|Mehr|Plus|Más)(?=\p{Lu})"
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
    r"|[^()（）.!?…:]{1,60}[(（][^()（）]{0,40}(?:window|fenster|fenêtre|ventana|janela|finestra|venster|fönster|vindue?|okn"
    r"|окн|вікн|窗|ウィンドウ|창)[^()（）]{0,20}[)）](?:\s*\p{L}[\p{L}-]{0,14}(?=\s|\Z))?"
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
_LIKE_BUTTON = r"(?:like|j[’']aime|me gusta|curtir|vind ik leuk|lubię|beğen)"
_LOADING = (
    r"(?:loading|wird geladen|lädt|chargement|cargando|carregando|caricamento|(?:aan het |bezig met )?laden|wczytywanie"
    r"|ładowanie|laddar(?: in)?|indlæser|laster(?: inn)?|lataa|načítání|betöltés|yükleniyor|загрузка|завантаження"
    r"|読み込み中|加载中|正在加载|載入中|로드 중)"
)
# A call to share it.
_CALL = (
    r"(?:spread the (?:love|word)|sharing is caring|share (?:this|the) (?:post|article|story|page)"
    r"|liked this (?:post|article)\? share it)[!:]*"
)
_VIEWS = (
    r"(?:views?|visits?|hits|aufrufe|visitas|vues|visualizzazioni|visualizações|weergaven|wyświetleń"
    r"|просмотр(?:ов|ы)|閲覧数?)"
)
_COUNT = r"\d{1,3}(?:[.,]?\d{3}){0,3}"
_COUNTED = (
    rf"(?i:(?:(?:total|post|page|article)\s+){{0,2}}{_VIEWS}\s*:\s*{_COUNT}{_ANEW_UNSTOPPED}"
    rf"|[👁📊]\ufe0f?\s*{_COUNT}\s*{_VIEWS}\b|(?:rate this (?:post|article)\s*)?[0-5](?:\.\d)?/(?:5|10)"
    rf"\s*[-–]\s*\(\d{{1,6}} votes?\){_ANEW}|\(no ratings yet\)(?:\s*loading(?:…|\.{{3}}))?{_ANEW})"
)
# What some plugins print whatever the post is.
_PRINTED = (
    r"(?i:please follow (?:and|&) like us\s*:(?:\s*\d{1,6})?"
    r"|\(visited [\d,.]{1,12} times?, [\d,.]{1,12} visits? today\)"
    r"|print friendly, pdf & email|share this entry"
    r"|(?:click to rate this post!\s*)?\[total: \d{1,6} average: [\d.]{1,4}\]"
    rf"|the following two tabs change content below\.(?:\s*bio\s+latest posts)?){_ANEW}"
)
_DATE = (
    r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{4}年\d{1,2}月\d{1,2}日"
    r"|(?:\d{1,2}(?:st|nd|rd|th|º|\.)?\s+(?:de\s+)?)?\p{L}{3,12}\.?,?\s+(?:de\s+)?(?:\d{1,2}(?:st|nd|rd|th)?,?\s+)?\d{4})"
    r"(?:,?\s+(?:at\s+)?\d{1,2}:\d\d(?:\s*[ap]\.?m\.?)?)?"
)
_UPDATED = (
    rf"(?i:(?:last\s+(?:updated|modified)|updated(?=\s*:|\s+on\b)|zuletzt (?:aktualisiert|geändert)|aktualisiert"
    r"|(?:dernière )?mise à jour|mis à jour"
    r"|última (?:actualización|atualização|modificación)|actualizado|atualizado|ultimo aggiornamento"
    r"|aggiornato|(?:laatst )?bijgewerkt|ostatnia aktualizacja|senast uppdaterad|последнее обновление|обновлено"
    rf"|最終更新日?|最后更新)(?:\s+(?:on|am|le|el|il|em|op|den))?\s*[:：]?\s*{_DATE}"
    rf"(?:\s+(?:by|von|par|por|da|door)\s+\S+)?{_ANEW_UNSTOPPED})"
)
_BUTTON = r"(?:(?:jump|skip) to (?:the )?(?:recipe|video)|(?:print|pin|rate) (?:this |the )?recipe)"
_BUTTONS = rf"(?i:{_BUTTON}(?:\s*[|·•]\s*{_BUTTON})*{_ANEW_UNSTOPPED})"
# Of an advertisement within the text; what tells that the text itself is one stays. Behind it a sentence surely begins.
_ADVERT = r"(?:Advertisements?|ADVERTISEMENTS?)(?=\s+(?:The|An?|It|He|She|We|They|There)\s\p{Ll})"
_AFFILIATES = (
    r"(?i:this (?:post|article|page|site) (?:may|might) contain affiliate links?[^.!?]{0,160}\."
    r"(?:\s*(?:please )?(?:read|see|view) (?:my|our|the)(?: full)? (?:disclosure|affiliate|privacy)[^.!?]{0,60}\.)?)"
)


# Each is compiled by itself, once: together, wherever they may stand, they would take three times as long.
_LABELS = tuple(map(lazily, (_READING_TIME, _PRINTED, _COUNTED, _UPDATED, _PLAYER)))
_LEADING_LABELS = (*_LABELS, *map(lazily, (_BUTTONS, _AFFILIATES, _ADVERT)))
_NOTICES = (lazily(_NOTICE),)
_LEADING_NETWORKS = lazily(
    rf"\A(?i:(?:{_SHARED_WORDS}\s+(?:this|on|via|mit|sur|en|su)\s*:?\s*|\d{{1,6}}\s+(?=shares?\b))?{_NETWORKS})"
    r"(?:\Z|\s+(?=[\p{Lu}\p{Lo}\p{N}\"'“„«]))"
)
_LEADING_CALL = regex.compile(r"\ASpread the love\s+(?=\p{Lu})")
_WORD_CHARACTER = regex.compile(r"\w")


def _without_leading(text: str) -> str:
    """The text without what stands before it."""
    while found := _first_of(_LEADING_LABELS, text, _starts(text)):
        text = text[found.end() :].lstrip(" |·•–:.-")
    text = _LEADING_CALL.sub("", _LEADING_NETWORKS().sub("", text))
    while found := _first_of(_NOTICES, text, [0]):
        text = text[found.end() :].lstrip()
    return text


def _starts(text: str) -> Iterable[int]:
    """Where something may begin: at the text's first word, or at any of the signs before it."""
    word = _WORD_CHARACTER.search(text)
    return range(word.start() if word else len(text), -1, -1)


def _first_of(kinds: Iterable[_Kind], text: str, starts: Iterable[int]) -> regex.Match[str] | None:
    """The first addition of these kinds that begins at one of these places."""
    found = (kind().match(text, start) for start in starts for kind in kinds)
    return next(filter(None, found), None)


# A label behind a sentence, which has no small letter first.
_BEGINS_ANEW = r"(?:\A|(?<=[.!?…。！？।؟:)\]\"'”’»])\s*)(?<![\p{L}\p{N}])(?!\p{Ll})"


# What may stand behind a text.
_ENDS = (
    lazily(
        rf"(?:{_BEGINS_ANEW}(?i:{_SHARED_WORDS})|\s*(?<![\p{{L}}\p{{N}}])(?!\p{{Ll}})(?i:{_SHARED_WORDS}"
        rf"(?: this(?: post| article| story| page)?| esto| isso| mit| dit| ça| det| to)|dit delen))\s*:\s*"
        rf"(?:(?:{_GLUED}|(?i:{_CLICK}|{_NETWORK}|more|mehr|plus|más))[\s|,·•()]*)*(?=(?i:{_LIKE_WORDS}|{_RELATED}|{_LIKE_BUTTON}\s+{_LOADING})\b|…|\Z)"
    ),
    lazily(
        rf"{_BEGINS_ANEW}(?i:{_LIKE_WORDS}\s*:\s*(?:(?:{_LIKE_WORDS}|{_LIKE_BUTTON})\s*)?(?:{_LOADING}\s*)?)"
        rf"(?:…|\.{{3}})?\s*(?=(?i:{_RELATED})\b|\Z)"
    ),
)
# Where a sentence has ended, so that what follows may be no part of the text.
_SENTENCE_END = regex.compile(r"[.!?…。][\"'”’»)]*\s*|[\"'”’»)]\s*")


# What may stand behind the last sentence.
_TRAILING = (
    lazily(rf"(?i:{_RELATED})\s*:?"),
    *_LABELS,
    *_NOTICES,
    lazily(rf"(?i:{_NETWORKS}|{_CALL}|click to tweet)"),
)


def _without_trailing(text: str, begun: int) -> str:
    """The text up to the first sentence behind which nothing but additions stands."""
    ends = (found.end() for found in _SENTENCE_END.finditer(text, begun))
    return next((text[:end] for end in ends if end < len(text) and _is_added(text[end:])), text)


def _is_added(text: str) -> bool:
    """Whether it is nothing but additions."""
    while found := _first_of(_TRAILING, text, [0]):
        text = text[found.end() :].lstrip(" .…")
    return not text


# "Contents" may begin a sentence; with a number or a switch behind it, it doesn't.
_CONTENTS = lazily(
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
