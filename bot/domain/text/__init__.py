"""HTML to text, links, and terms; here, what no database takes and no request can carry."""


def storable(text: str) -> str:
    """The text as it can be stored and sent: no NUL, and "\ufffd" for each half of a surrogate pair."""
    text = text.replace("\0", "")
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
