"""Importing the window's modules without garbage collection."""

import gc

import pytest

from sdedit_desktop.cli.imports import without_collection


@pytest.fixture(autouse=True)
def restored():
    """Collection as it was before the test: nothing stays frozen."""
    yield
    gc.unfreeze()
    gc.enable()


def test_garbage_is_not_collected_during_imports_and_their_objects_are_frozen():
    with without_collection():
        assert not gc.isenabled()
        before = gc.get_freeze_count()
        made = [[] for _ in range(1000)]
    assert gc.get_freeze_count() >= before + len(made)
    assert not any(each is made for each in gc.get_objects())
