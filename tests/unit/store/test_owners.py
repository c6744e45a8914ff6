"""The names of processes on leases: nobody who may still run is called gone."""

import os

import pytest

from bot.store.owners import is_gone, new_owner


def parts() -> list[str]:
    """The parts of this process's name: host, pid, boot and namespace, start, a random part."""
    return new_owner().split(":")


def test_this_process() -> None:
    """It runs, under each of its names, and no two of them are alike."""
    one, other = new_owner(), new_owner()

    assert one != other
    assert not is_gone(one)


def test_no_such_number() -> None:
    """Nobody has the number: it is gone."""
    host, _, world, start, unique = parts()

    assert is_gone(f"{host}:4194305:{world}:{start}:{unique}")


def test_another_process_of_the_number() -> None:
    """The number was given to another process since: the one of that start is gone."""
    host, pid, world, _, unique = parts()

    assert is_gone(f"{host}:{pid}:{world}:1:{unique}")


@pytest.mark.parametrize("place", [0, 2])
def test_elsewhere(place: int) -> None:
    """On another machine, after another boot, or in another PID namespace, nothing is sure."""
    name = parts()
    name[1] = "4194305"
    name[place] += "x"

    assert not is_gone(":".join(name))


@pytest.mark.parametrize("owner", ["", "host", "host:one:2", f"{os.uname().nodename}:1:abc"])
def test_names_of_other_versions(owner: str) -> None:
    """A name that isn't of this form is nobody's that could be known to be gone."""
    assert not is_gone(owner)
