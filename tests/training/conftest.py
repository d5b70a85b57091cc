import numpy as np
import pytest
import torch
from PIL import Image


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def folder(tmp_path):
    """Twenty smooth pictures: easy to learn."""
    folder = tmp_path / "photographs"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for index in range(20):
        corners = Image.fromarray(rng.integers(0, 256, (2, 3, 3), np.uint8))
        corners.resize((48, 32), Image.Resampling.BILINEAR).save(folder / f"{index:02}.png")
    return folder
