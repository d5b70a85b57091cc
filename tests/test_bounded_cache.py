from hypothesis import given
from hypothesis import strategies as st

from sdedit_desktop.bounded_cache import BoundedCache

KEYS = st.integers(0, 6)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("set"), KEYS, st.integers(0, 9)),
        st.tuples(st.just("get"), KEYS),
        st.tuples(st.just("pop"), KEYS),
    ),
    max_size=60,
)


@given(STEPS, st.integers(0, 20))
def test_the_least_recently_used_item_is_evicted_first(steps, budget):
    """Against a list in order of use."""
    gone = []
    cache, used = BoundedCache(budget, lambda value: value, gone.append), []
    for kind, key, *value in steps:
        known = dict(used)
        if kind == "set":
            used = [entry for entry in used if entry[0] != key] + [(key, value[0])]
            cache[key] = value[0]
        elif kind == "get" and key in known:
            assert cache[key] == known[key]
            used = [entry for entry in used if entry[0] != key] + [(key, known[key])]
        elif kind == "pop":
            assert cache.pop(key, None) == known.get(key)
            used = [entry for entry in used if entry[0] != key]
        while sum(size for _, size in used) > budget and len(used) > 1:
            assert gone.pop(0) == used.pop(0)[0]
        assert gone == []
        assert list(cache.items()) == used
        assert cache.size == sum(size for _, size in used)
    cache.clear()
    assert cache.size == len(cache) == 0
