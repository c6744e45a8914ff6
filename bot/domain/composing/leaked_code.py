"""Style sheets, scripts and data for machines in a text: what is left of them where a theme took only the tags away."""

import regex

from bot.domain.text.patterns import lazily

# In characters: how far from the beginning a style sheet or a script may be, and how far from the end a script.
_LONGEST, _LONGEST_BEHIND = 4_000, 1_000
_DEEPEST = 3
# A line of code that a sentence is about has fewer.
_LONGEST_EXAMPLE = 45


def without_code(text: str) -> str:
    """A text (one line) without style sheets, and without the scripts that stand before it and behind it.

    A script within a text is what the text is about, and so is a short one, or a single rule as people write it.
    """
    if "{" in text or "/*" in text or "@import" in text:
        text = _without_styles(text[:_LONGEST]) + text[_LONGEST:]
    if _SCRIPTED.search(text):
        text = text[_length(_BEFORE().match(text[:_LONGEST])) :]
        found = _BEHIND().search(text, max(0, len(text) - _LONGEST_BEHIND))
        text = text[: len(text) - _length(found)]
    return text


def _length(found: regex.Match[str] | None) -> int:
    """How much of a text is a script; 0 where it is an example."""
    return len(found[0]) if found and len(found[0].strip()) > _LONGEST_EXAMPLE else 0


# --- style sheets -------------------------------------------------------------------------------------------------

# Selectors are elements' names, or have a sign that no word has; behind them stand declarations in braces.
_ELEMENTS = (
    "a|abbr|address|article|aside|b|blockquote|body|button|canvas|caption|code|dd|details|div|dl|dt|em|embed|fieldset"
    "|figcaption|figure|footer|form|h[1-6]|header|hr|html|i|iframe|img|input|label|legend|li|main|mark|nav|ol|option|p"
    "|picture|pre|q|s|section|select|small|source|span|strong|sub|summary|sup|svg|path|table|tbody|td|textarea|tfoot"
    "|th|thead|time|tr|u|ul|video"
)
_NAME = r"[\w\\-]++"
# They begin where a name does: beginning within it at each of its letters would take long.
_NAME_BEGINS = r"(?<![\w\\.#:)\]-])"
_SIGNED = rf"(?:{_NAME})?+(?:(?:[.#]|::?){_NAME}(?:\([^(){{}}]{{0,80}}\))?+|\[[^\]{{}}]{{1,80}}\])++"
# A word before braces is an element's name beside a sign, or behind another rule; at the beginning if it is no word.
_ELEMENT = rf"\b(?:{_ELEMENTS})(?!\w)"
_BETWEEN = r"[\s,>+~]*+"
_BEGINNING = r"(?:\A\s*+(?=(?:body|html|div|h[1-6]|ul|ol|li|img|svg|t[dhr]|\*)(?!\w))|(?<=[{}]\s?)(?=[*\w]))"
_SELECTORS = (
    rf"(?:{_BEGINNING}|{_NAME_BEGINS}(?=(?:(?:{_ELEMENT}|[>+~*,]){_BETWEEN}){{0,9}}+{_SIGNED}))"
    rf"(?:(?:{_SIGNED}|{_ELEMENT}|[>+~*,]){_BETWEEN}){{1,40}}+"
)
_AT_RULE = (
    r"@(?:-\w{1,9}-)?(?:media|supports|font-face|font-feature-values|page|layer|container|property|counter-style|document"
    r"|viewport|scope|starting-style|view-transition|keyframes)\b[^{}]{0,200}"
)
_DECLARED = r"(?:\s*[\w-]+\s*:[^{};]{0,500};?|\s*;)++\s*"
_RULE = lazily(rf"(?:{_AT_RULE}|{_SELECTORS})\s*\{{{_DECLARED}\}}")
_KEYFRAMES = lazily(r"@[\w-]{0,20}keyframes\b[^{}]{0,80}\{(?:[^{}]{0,80}\{[^{}]{0,500}\}){0,40}+\s*\}")
_EMPTY = lazily(rf"(?:{_AT_RULE}|{_NAME_BEGINS}(?=[.#\[]){_SIGNED}\s*)\{{\s*\}}")
_CUT = lazily(rf"(?:{_AT_RULE}\{{\s*)?(?:{_AT_RULE}|{_SELECTORS})\s*\{{[^{{}}]{{0,2000}}\Z")
_COMMENT = lazily(r"/\*.{0,500}?\*/|/\*!.{0,500}\Z")
# What people write has a space before the brace, what machines made of it has none. They begin their files with "/*!".
_SPACED, _STAMP = " {", "/*!"
_STATEMENT = lazily(r"@(?:import|charset|namespace)\s+(?:\w{1,20}\s+)?(?:url\(|[\"'“”‘’«„])[^;{}]{1,300};")


def _without_styles(text: str) -> str:
    """The text without rules, those within others first, and without the comments that stand beside them."""
    said = _COMMENT().sub(" ", text)
    bare = _KEYFRAMES().sub(" ", _STATEMENT().sub(" ", said))
    for _ in range(_DEEPEST):
        bare = _EMPTY().sub(" ", _RULE().sub(" ", bare))
    bare = _CUT().sub("…", bare)
    is_style = bare != said or _STAMP in text
    is_example = _SPACED in text and len(text) - len(bare) < _LONGEST_EXAMPLE
    return bare if is_style and not is_example else text


# --- scripts ------------------------------------------------------------------------------------------------------

# Looked for first: nearly no text has any of it.
_SCRIPTED = regex.compile(
    r"function\b|=>|\b(?:window|document)\.|jQuery|gtag|fbq|\$\(|adsbygoogle|\b(?:var|let|const) "
    r"|[\"“”]@(?:context|type)"
)
_BRACES = r"(?P<braces>\{(?:[^{}]++|(?&braces))*+\})"
_PARENS = r"(?P<parens>\((?:[^()]++|(?&parens))*+\))"
_SCRIPT = (
    r"(?<![\p{L}\p{N}.])(?:"
    r"!?function\b\s*[\w$]*\s*(?&parens)\s*(?&braces)(?:\s*(?&parens))?"
    r"|(?=\(\s*(?:function\b|\(\w{0,9}\)\s*=>|adsbygoogle\b))(?&parens)(?:\s*\.?\w*(?&parens))*"
    r"|(?:jQuery|gtag|fbq|(?:document|window)\.[\w.]+|\$(?=\(\s*(?:document|window|function|[\"'“”‘’#.])))"
    r"(?!\(\s*\)(?!\.))(?&parens)(?:\.\w+\s*(?&parens))*"
    r"|(?:(?:var|let|const)\s+[\w$]+|window\.[\w.$]+)\s*=(?!=)(?:[^;{}()]|(?&parens)|(?&braces)){1,400}+(?=;)"
    r"|(?=\{\s*[\"“”]@(?:context|type)[\"“”]\s*:)(?&braces)"
    r")\s*;?"
)
# What a sentence calls by its name is a part of it.
_AFTER_A_SENTENCE = r"(?:\A|(?<=[.!?…。！？।؟:;)\]}\"'”’»])(?=\s))"
_DEFINED = rf"(?(DEFINE){_BRACES}{_PARENS})"
_BEFORE = lazily(rf"{_DEFINED}\A(?:\s*{_SCRIPT})++\s*(?=[\p{{Lu}}\p{{Lo}}\p{{N}}\"'“„«‘¿¡]|\Z)")
_BEHIND = lazily(rf"{_DEFINED}{_AFTER_A_SENTENCE}(?:\s*{_SCRIPT})++(?:\s*\[?(?:…|\.{{3}})\]?)?\s*\Z")
