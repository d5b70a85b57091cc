"""Scripts that no test runs: benchmarks, screenshots and the like."""

import ast
import importlib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def missing(path):
    """What a script imports of the program that is not there."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sdedit_desktop"):
            for name in (each.name for each in node.names):
                try:
                    if not hasattr(importlib.import_module(node.module), name):
                        importlib.import_module(f"{node.module}.{name}")
                except ImportError:
                    yield f"{node.module}.{name}"


def test_scripts_import_what_the_program_has():
    scripts = [*(ROOT / "tests" / "benchmarks").glob("*.py"), *(ROOT / "packaging").rglob("*.py")]
    assert len(scripts) > 20
    assert {path.name: found for path in scripts if (found := list(missing(path)))} == {}
