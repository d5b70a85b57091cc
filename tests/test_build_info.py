"""What a copy of the program tells of its making."""

import json

from sdedit_desktop import build_info, paths


def test_in_no_package_it_runs_from_its_source():
    assert str(build_info.read()) == "run from its source"


def test_a_package_tells_its_edition_and_build(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "resources", lambda: tmp_path)
    info = {"edition": "cpu", "build": "2026-11-29 abc1234", "torch": "2.13.0+cpu"}
    (tmp_path / "build.json").write_text(json.dumps(info))
    assert str(build_info.read()) == "edition cpu, build 2026-11-29 abc1234"
