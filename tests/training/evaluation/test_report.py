import numpy as np
from PIL import Image

from sdedit_desktop.training.evaluation.report import (
    BEGIN,
    END,
    Figure,
    Mean,
    figure,
    with_section,
    write_card,
)

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
    red = Figure(Image.new("RGB", (8, 8), "red"), "Red.")
    readme = write_card(tmp_path / "card", "text\n", {"one": red})
    link = ["", "![Red.](one.webp)", "", "Red."]
    assert readme.read_text().splitlines() == [BEGIN, "text", *link, END]
    with Image.open(tmp_path / "card" / "one.webp") as picture:
        assert picture.size == (8, 8)
    assert sorted(path.name for path in readme.parent.iterdir()) == ["README.md", "one.webp"]


def test_a_caption_names_the_rows():
    drawn = figure(["photographs", "strokes"], [[noisy(), noisy()], [noisy(), noisy()]])
    assert drawn.caption == "From top to bottom: photographs; strokes."
    assert drawn.picture.size == (80, 80)


def test_a_mean_is_printed_with_its_error():
    assert Mean(1.25, 0.031).format(2) == "1.25 ± 0.03"
    assert Mean(1.25, float("nan")).format(1) == "1.2"
    assert Mean(float("nan"), float("nan")).format(1) == "unknown"
