"""What howdah says when something is wrong, read from its source, so that no text has to be listed beside it.

In most packages a sentence is there to tell of trouble: each one counts, unless it stands where it is something else,
such as a docstring, a key's description or a pattern. The command line, the reports and the status page say much that
is no trouble; in their modules only what goes into an error counts. The variable parts of a text are "…".
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import get_args

import bot
from bot.domain.answers import UploadReply

_ROOT = Path(bot.__file__).parent
_APART = re.compile(r"sandbox/|store/migrations/")
_TALKS = re.compile(r"(cli|web|report)/(?!commands/(check_surroundings|other_tools)|failures|alerts|needs|advice)")
# Word lists and patterns that are looked for in texts, and what is said of things that are well.
_SPEAKS_OF_OTHERS = re.compile(
    r"domain/composing/(addition_kinds|additions|excerpts|explain|known_tlds|language)|domain/transitions/forecast|config/starter"
)
_ERROR = re.compile(r"\w*(Error|Failed|Mistaken|Interrupted|BadParameter)$|not_found$")
_NO_SPEECH = re.compile(r"(compile|lazily|text|execute|exec_driver_sql|option|argument|Literal|startswith|Meta)$")
_HOLE = re.compile(r"\{[^{}]*\}")
_HOLES = re.compile(r"…(\s?…)+")
_WORD = re.compile(r"[^\W\d_]{2,}")


@cache
def texts() -> dict[str, str]:
    """Every text of trouble, with the module that says it."""
    found: dict[str, str] = {}
    for path, tree in _modules():
        if not _SPEAKS_OF_OTHERS.match(path):
            for text in _said(tree, everything=not _TALKS.match(path)):
                found.setdefault(text, path)
    return found


def event_names() -> frozenset[str]:
    """Every name that a line of the log has as its "event", but for what came of a share's attempt."""
    found = set[str]()
    for path, tree in _modules():
        for node in ast.walk(tree):
            match node:
                case ast.Assign(targets=[ast.Name(id="NAME")], value=ast.Constant(value=str(name))) if (
                    "/events/" in path
                ):
                    found.add(name)
                case ast.Dict(keys=keys, values=values):
                    pairs = zip(keys, values, strict=True)
                    found |= {str(v.value) for k, v in pairs if _is_event(k) and isinstance(v, ast.Constant)}
    return frozenset(found)


def outcomes() -> frozenset[str]:
    """Every word for what came of an attempt or of a notice: whatever is given to the name `outcome`.

    An upload's is the name of its answer.
    """
    modules = [tree for path, tree in _modules() if path.startswith(("domain/", "crosspost/", "web/routes/hooks"))]
    named = {name: value for tree in modules for name, value in _constants(tree)}
    values = (value for tree in modules for value in _given_to_outcome(tree))
    uploads = {reply.__name__.lower() for reply in get_args(UploadReply)}
    return frozenset(word for value in values for word in _words(value, named)) | uploads


def as_text(written: str) -> str:
    """A text with its variable parts as "…", and without line breaks."""
    return " ".join(_HOLES.sub("…", _HOLE.sub("…", written)).split())


@cache
def _modules() -> tuple[tuple[str, ast.Module], ...]:
    files = ((file.relative_to(_ROOT).as_posix(), file) for file in sorted(_ROOT.rglob("*.py")))
    return tuple((path, ast.parse(file.read_text(encoding="utf-8"))) for path, file in files if not _APART.match(path))


def _said(node: ast.AST, *, everything: bool) -> Iterator[str]:
    """The texts below a node. everything: not only those that go into an error."""
    match node:
        case ast.Constant(value=str(value)):
            yield from _text(value, everything=everything)
            return
        case ast.JoinedStr(values=parts):
            written = "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in parts)
            yield from _text(written, everything=everything)
            below: list[ast.AST] = [part.value for part in parts if isinstance(part, ast.FormattedValue)]
        case ast.Expr(value=ast.Constant()):
            return
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if _NO_SPEECH.match(name):
            return
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if _ERROR.match(name):
            everything, below = True, list(ast.iter_child_nodes(node))
        case _:
            below = list(ast.iter_child_nodes(node))
    for child in below:
        yield from _said(child, everything=everything)


def _text(written: str, *, everything: bool) -> Iterator[str]:
    text = as_text(written)
    if everything and len(_WORD.findall(text)) > 1 and len(text.split()) > 2:
        yield text


def _is_event(key: ast.expr | None) -> bool:
    return isinstance(key, ast.Constant) and key.value == "event"


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The module's own names for texts: X = "x", or X, Y = "x", "y"."""
    for node in tree.body:
        if isinstance(node, ast.Assign):
            for target, value in _assigned(node):
                if isinstance(target, ast.Name) and isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield target.id, value.value


def _assigned(node: ast.Assign) -> Iterator[tuple[ast.expr, ast.expr]]:
    for target in node.targets:
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            yield from zip(target.elts, node.value.elts, strict=True)
        else:
            yield target, node.value


def _given_to_outcome(tree: ast.Module) -> Iterator[ast.expr]:
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    named = [(node.name, [one.arg for one in node.args.args if one.arg != "self"]) for node in functions]
    places = {name: arguments.index("outcome") for name, arguments in named if "outcome" in arguments}
    for node in ast.walk(tree):
        match node:
            case ast.keyword(arg="outcome", value=value):
                yield value
            case ast.Assign():
                yield from (v for t, v in _assigned(node) if isinstance(t, ast.Name) and t.id == "outcome")
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=arguments) if name in places:
                yield arguments[places[name]]


def _words(value: ast.expr, named: dict[str, str]) -> Iterator[str]:
    match value:
        case ast.Constant(value=str(word)):
            yield word
        case ast.IfExp(body=body, orelse=orelse):
            yield from _words(body, named)
            yield from _words(orelse, named)
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in named:
            yield named[name]
