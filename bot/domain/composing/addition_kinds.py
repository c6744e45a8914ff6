"""The kinds of words that themes, plugins and page builders add to an article, each with how it begins."""

from collections.abc import Callable

import regex
from msgspec import Struct

from bot.domain.text.patterns import lazily

# More than the longest words have by which a kind begins, in characters.
_LONGEST_WORDS = 40


class Kind(Struct, frozen=True):
    """What may be added: the words with which each of it begins, in small letters, and the pattern of all of it.

    Together the patterns take 30 ms to be compiled: each is compiled where a text first has one of its words, and few
    texts have any.
    """

    words: tuple[str, ...]
    pattern: Callable[[], regex.Pattern[str]]

    def match(self, text: str, start: int = 0) -> regex.Match[str] | None:
        """What was added at this place; None where nothing was."""
        head = _folded(text[start : start + _LONGEST_WORDS])
        return self.pattern().match(text, start) if head.startswith(self.words) else None

    def search(self, text: str, start: int) -> regex.Match[str] | None:
        """What was added first from this place on; None where nothing was."""
        rest = _folded(text[start:])
        return self.pattern().search(text, start) if any(word in rest for word in self.words) else None


def _kind(words: str, pattern: str) -> Kind:
    """words: with a | between them."""
    return Kind(words=tuple(_folded(words).split("|")), pattern=lazily(pattern))


def _folded(text: str) -> str:
    """A text in small letters. "İ" is an i to patterns, where casefold() makes two characters of it."""
    return text.replace("İ", "i").casefold()


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
_WHATS = "content|post|article|page|section|story|video|episode|newsletter|material|resource|lesson|course"
_WHAT = rf"(?:{_WHATS})"
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
_BEFORE_BUTTONS = (
    "facebook|twitter|x|whatsapp|telegram|linkedin|reddit|tumblr|pinterest|mastodon|bluesky|flipboard|xing|viber|vk"
    "|instagram|email|e-mail|share|tweet|pin|follow"
)
_SITE = (
    r"(?:facebook|twitter|x|whatsapp|telegram|linkedin|reddit|tumblr|pinterest|mastodon|bluesky|flipboard|xing|viber|vk"
    r"|instagram|e-?mail)(?![\p{L}\p{N}])(?:(?<!instagram)\s+\d{1,6}(?!\p{L}))?"
)
_APART_FROM_NEXT = r"[\s|·•]+(?:on\s+)?"
_NETWORKS = (
    rf"(?:{_SITE}(?:{_APART_FROM_NEXT}{_SITE}){{2}}"
    rf"|(?=share|tweet|pin|follow){_NETWORK}(?:{_APART_FROM_NEXT}{_NETWORK}){{2}})(?:{_APART_FROM_NEXT}{_NETWORK})*"
)
_SHARES = (
    "share|teilen|partager|compartir|comparte|compártelo|condividi|compartilhe|compartilhar"
    "|dit delen|delen|udostępnij|dela|del|jaa|sdílet|megosztás|paylaş|поделиться|поширити|分享|共有|공유하기"
)
_SHARED_WORDS = rf"(?:{_SHARES})"
# A share button's words for screen readers, in the languages of Jetpack.
_CLICK = (
    r"(?:(?:click|klick|cliquez|haz clic|clique|fai clic|klik|klicka|klikk|kliknij|klikněte|kattintson|tıklayın"
    r"|нажмите|натисніть)\b[^.!?:()]{0,80}|クリックして[^。:()]{0,40}|(?:点击|點擊|點選|클릭)[^。:()]{0,40})"
    r"(?:[(（][^()（）]{0,60}[)）])?"
    r"|[^()（）.!?…:]{1,60}[(（][^()（）]{0,40}(?:window|fenster|fenêtre|ventana|janela|finestra|venster|fönster|vindue?|okn"
    r"|окн|вікн|窗|ウィンドウ|창)[^()（）]{0,20}[)）](?:\s*\p{L}[\p{L}-]{0,14}(?=\s|\Z))?"
)
_LIKES = (
    "like this|gefällt mir|j’aime ça|j'aime ça|me gusta esto|mi piace|curtir isso|vind ik leuk|lubię to|gilla|synes om"
    "|liker dette|tykkää tästä|to se mi líbí|beğen|нравится|вподобати|いいね|赞过|喜歡此文章|이것이 좋아요"
)
_LIKE_WORDS = rf"(?:{_LIKES})"
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


# Each is a pattern of its own: together, wherever they may stand, they would take three times as long.
_DIGITS = "|".join("0123456789")
LABELS = (
    _kind(
        "reading time|readingtime|read time|readtime|time to read|estimated|approximate|average|total|⏱|📖|geschätzte"
        "|lesezeit|lesedauer|temps de lecture|tiempo|tempo|geschatte|leestijd|leesduur|czas czytania|lästid|läsningstid"
        "|læsetid|lesetid|lukuaika|doba čtení|время|час читання|okuma süresi|预计|預計|閱讀時間|阅读时间|読了時間"
        f"|읽는 시간|この記事|<|~|≈|約|约|&lt;|about|ca|circa|env.|{_DIGITS}",
        _READING_TIME,
    ),
    _kind(
        "please follow|(visited|print friendly|share this entry|click to rate|[total|the following two tabs", _PRINTED
    ),
    _kind(
        "total|post|page|article|view|visit|hits|aufrufe|vues|visuali|weergaven|wyświetleń|просмотр|閲覧|👁|📊|rate this"
        f"|(no ratings|{_DIGITS}",
        _COUNTED,
    ),
    _kind(
        "last updated|last modified|updated|zuletzt|aktualisiert|dernière mise|mise à jour|mis à jour|última"
        "|actualizado|atualizado|ultimo aggiornamento|aggiornato|laatst|bijgewerkt|ostatnia|senast|последнее|обновлено"
        "|最終更新|最后更新",
        _UPDATED,
    ),
    _kind(
        "audio|video|lecteur|reproductor|use up/down|use the up/down|up/down|pfeiltasten|your browser|podcast"
        "|play in new|subscribe:|getting your|listen to this|diesen artikel|artikel anhören|0:00|00:00|loading",
        _PLAYER,
    ),
)
LEADING_LABELS = (
    *LABELS,
    _kind("jump to|skip to|print|pin|rate", _BUTTONS),
    _kind("this post m|this article m|this page m|this site m", _AFFILIATES),
    _kind("advertisement", _ADVERT),
)
_THIS = "|".join(f"this{space}{what}" for space in (" ", "") for what in _WHATS.split("|"))
NOTICES = (
    _kind(
        f"sorry|oops|{_THIS}|the rest of|the remainder of|the full|rest of this|access to this|but you|but visitors"
        "|you must|you need|you have to|you are required|you do|visitors|please|log in|login|sign in|sign up|subscribe"
        "|register|join|become a|create an account|already a|not a|dieser|ce |cet |cette |este|questo|deze",
        _NOTICE,
    ),
)
LEADING_NETWORKS = _kind(
    f"{_SHARES}|{_BEFORE_BUTTONS}|{_DIGITS}",
    rf"(?i:(?:{_SHARED_WORDS}\s+(?:this|on|via|mit|sur|en|su)\s*:?\s*|[0-9]{{1,6}}\s+(?=shares?\b))?{_NETWORKS})"
    r"(?:\Z|\s+(?=[\p{Lu}\p{Lo}\p{N}\"'“„«]))",
)
# A label behind a sentence, which has no small letter first.
_BEGINS_ANEW = r"(?:\A|(?<=[.!?…。！？।؟:)\]\"'”’»])\s*)(?<![\p{L}\p{N}])(?!\p{Ll})"


# What may stand behind a text.
ENDS = (
    _kind(
        _SHARES,
        rf"(?:{_BEGINS_ANEW}(?i:{_SHARED_WORDS})|\s*(?<![\p{{L}}\p{{N}}])(?!\p{{Ll}})(?i:{_SHARED_WORDS}"
        rf"(?: this(?: post| article| story| page)?| esto| isso| mit| dit| ça| det| to)|dit delen))\s*:\s*"
        rf"(?:(?:{_GLUED}|(?i:{_CLICK}|{_NETWORK}|more|mehr|plus|más))[\s|,·•()]*)*(?=(?i:{_LIKE_WORDS}|{_RELATED}|{_LIKE_BUTTON}\s+{_LOADING})\b|…|\Z)",
    ),
    _kind(
        _LIKES,
        rf"{_BEGINS_ANEW}(?i:{_LIKE_WORDS}\s*:\s*(?:(?:{_LIKE_WORDS}|{_LIKE_BUTTON})\s*)?(?:{_LOADING}\s*)?)"
        rf"(?:…|\.{{3}})?\s*(?=(?i:{_RELATED})\b|\Z)",
    ),
)
# What may stand behind the last sentence.
TRAILING = (
    _kind(
        "related|ähnliche|articles similaires|sur le même thème|relacionad|entradas relacionadas|correlati"
        "|articoli correlati|gerelateerd|powiązane|relater|liittyvät|související|kapcsolódó|ilgili|похожее|пов"
        "|関連|相关|相關|관련",
        rf"(?i:{_RELATED})\s*:?",
    ),
    *LABELS,
    *NOTICES,
    _kind(
        f"{_BEFORE_BUTTONS}|spread the|sharing is caring|liked this|click to tweet",
        rf"(?i:{_NETWORKS}|{_CALL}|click to tweet)",
    ),
)
# "Contents" may begin a sentence; with a number or a switch behind it, it doesn't.
CONTENTS = _kind(
    "table of contents|contents|in this article|in this post|inhalt|sommaire|table des matières|tabla de contenido"
    "|índice|contenido|indice|sumário|inhoud|spis treści|innehåll|indhold|innhold|sisällys|obsah|содержание|зміст"
    "|оглавление|içindekiler|目次|目录|目錄|목차",
    r"(?i:(?:(?:table of contents|contents|in this (?:article|post)|inhaltsverzeichnis|inhalt|sommaire"
    r"|table des matières"
    r"|tabla de contenidos?|índice(?: de contenidos?)?|contenidos?|contenido|indice(?: dei contenuti)?|sumário"
    r"|inhoudsopgave|inhoud|spis treści|innehåll(?:sförteckning)?|indhold(?:sfortegnelse)?|innhold"
    r"|sisällys(?:luettelo)?"
    r"|obsah|содержание|зміст|оглавление|içindekiler|目次|目录|目錄|목차)\s*:?\s*"
    r"(?:\[?\s*(?:hide|show|toggle|ausblenden|verbergen|anzeigen|masquer|afficher|ocultar|mostrar|nascondi"
    r"|esconder|verberg(?:en)?|ukryj|скрыть|表示|非表示|隐藏)\s*\]?|(?:I|1)\s*[.)]?\s*\p{Lu}|1\s*[.)]?\s*\S|\[)"
    r"|(?:table of contents|inhaltsverzeichnis|table des matières|tabla de contenidos?|inhoudsopgave"
    r"|spis treści|índice de contenidos?|目次)\s+\S))",
)
