import numpy as np
from PIL import Image

from sdedit_desktop.training.evaluation.cache import Store, digest
from sdedit_desktop.training.evaluation.charts import Point, pairs, plot, sheet
from sdedit_desktop.training.evaluation.model_card import BEGIN, END, with_section, write_card

RNG = np.random.default_rng(0)


def noisy(side=40):
    return RNG.integers(0, 256, (side, side, 3), np.uint8)


def test_only_what_is_between_the_markers_changes():
    first = with_section("# Model\n\nBy hand.\n", "old \\1")
    assert first == f"# Model\n\nBy hand.\n\n{BEGIN}\nold \\1\n{END}\n"
    more = first + "\nAfterwards.\n"
    assert with_section(more, "new \\1") == more.replace("old", "new")
    assert with_section("", "new").startswith(BEGIN)


def test_a_card_is_written_with_its_pictures(tmp_path):
    readme = write_card(tmp_path / "card", "text", {"one": Image.new("RGB", (8, 8), "red")})
    assert readme.read_text().splitlines() == [BEGIN, "text", END]
    with Image.open(tmp_path / "card" / "one.webp") as picture:
        assert picture.size == (8, 8)
    assert sorted(path.name for path in readme.parent.iterdir()) == ["README.md", "one.webp"]


def test_a_sheet_has_each_picture_in_its_place():
    red, blue = np.full((2, 40, 40, 3), 255, np.uint8)
    red[..., 1:], blue[..., :2] = 0, 0
    pixels = np.asarray(sheet([[red, blue], [blue, red]], ["above", "below"], side=40))
    assert (pixels[20, [40, 84]] == [(255, 0, 0), (0, 0, 255)]).all()
    assert (pixels[64, [40, 84]] == [(0, 0, 255), (255, 0, 0)]).all()
    assert (pixels[:, :18] < 128).any()  # the names


def test_pairs_are_wrapped():
    picture = pairs([noisy()] * 5, [noisy()] * 5, list("abcde"), across=3, side=32)
    assert picture.size == (3 * 76 - 12, 2 * 52)


def test_the_curve_goes_where_the_numbers_go():
    points = [
        Point("more faithful", 10.0, 0.1, 0.01, True),
        Point("more realistic", 40.0, 0.02, 0.0, True),
        Point("strokes", 0.0, 0.12, 0.0, False),
    ]
    pixels = np.asarray(plot(points, ("x", "y"), (400, 300)))
    curve = np.argwhere((pixels == (0x1F, 0x6F, 0xB5)).all(axis=2))
    left, right = curve[curve[:, 1].argmin()], curve[curve[:, 1].argmax()]
    assert right[0] > left[0] + 80
    assert ((pixels == (0xB5, 0x54, 0x1F)).all(axis=2)).any()


def test_a_plot_of_one_point_or_of_nothing_but_zeros_is_drawn():
    for point in (Point("zero", 0.0, 0.0, 0.0, True), Point("below", 3.0, -0.01, 0.02, True)):
        assert plot([point], ("x", "y")).size == (800, 560)


def test_what_is_kept_is_found_and_made_once(tmp_path):
    store, pixels = Store(tmp_path / "work"), noisy()
    assert store.find_picture("a") is None
    assert store.find_values("a") is None
    values = np.array([1.5, float("nan")], np.float32)
    for make in (lambda: pixels, lambda: 1 / 0):
        assert (store.picture("a", make) == pixels).all()
    for make_values in (lambda: values, lambda: 1 / 0):
        np.testing.assert_array_equal(store.values("a", make_values), values)
    assert sorted(path.name for path in (tmp_path / "work").iterdir()) == ["a.npy", "a.png"]


def test_what_is_damaged_is_made_again(tmp_path):
    store, pixels = Store(tmp_path), noisy()
    for damage in (b"", b"\x89PNG\r\n\x1a\n", b"\x93NUMPY\x01\x00v"):
        (tmp_path / "a.png").write_bytes(damage)
        (tmp_path / "a.npy").write_bytes(damage)
        assert (store.picture("a", lambda: pixels) == pixels).all()
        assert store.values("a", lambda: np.ones(2, np.float32)).tolist() == [1, 1]


def test_a_name_tells_arrays_and_their_shapes_apart():
    values = np.arange(6, dtype=np.float32)
    names = {
        digest(values),
        digest(values.reshape(2, 3)),
        digest(values + 1),
        digest(values, 1),
        digest(values, "1"),
        digest(values.astype(np.int32)),
    }
    assert len(names) == 6
