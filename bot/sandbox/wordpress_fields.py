"""`_fields` of the WordPress REST API, with its own ideas."""

from typing import Any

from bot.sandbox.messages import Request

Tree = dict[str, Any]


def read_fields(request: Request) -> Tree | None:
    """The fields asked for, as a tree whose leaves are True; None where all are wanted.

    Once a child is met whose parent stands in the tree already, the rest of the list is dropped: WordPress leaves
    both loops there.
    """
    names = [name.strip() for value in request.values("_fields") for name in value.split(",")]
    tree: Tree = {}
    for name in filter(None, names):
        *parents, last = name.split(".")
        branch = tree
        for parent in parents:
            if branch.get(parent) is True:
                return tree
            branch = branch.setdefault(parent, {})
        branch[last] = True
    return tree or None


def keep_fields(record: dict[str, Any], tree: Tree | None) -> Any:
    """A record with only these fields. Where nothing is left it becomes a list: PHP's empty array."""
    if tree is None:
        return record
    kept = {name: _branch(value, tree[name]) for name, value in record.items() if name in tree}
    return kept or []


def _branch(value: Any, tree: Any) -> Any:
    if tree is True or not isinstance(value, dict | list):
        return value
    if isinstance(value, list):
        numbered = {str(number): item for number, item in enumerate(value)}
        return [item for number, item in numbered.items() if number in tree]
    return keep_fields(value, tree)
