"""The house rules that a machine can see: walls, sizes, names, what is not committed."""

import ast
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import ROOT

SOURCES = [
    file
    for part in ("chassis", "services")
    for file in sorted((ROOT / part).rglob("*.py"))
    if "migrations" not in file.relative_to(ROOT).parts[:-1]
]
NAMELESS = {"utils", "util", "helpers", "helper", "common", "base", "manager", "managers", "misc"}


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_module_fits_its_room(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 250
    assert file.stem not in NAMELESS


@pytest.mark.parametrize("part", ["chassis", "services"])
def test_functions_are_small(part: str) -> None:
    sizes = [size for file in SOURCES if file.is_relative_to(ROOT / part) for size in _functions(file)]
    assert statistics.median(sizes) <= 8
    assert statistics.quantiles(sizes, n=10)[8] <= 25


def test_handlers_are_ten_lines_at_most() -> None:
    for file in (ROOT / "services").glob("*/service.py"):
        classes = [node for node in ast.parse(file.read_text(encoding="utf-8")).body if isinstance(node, ast.ClassDef)]
        assert max(size for one in classes for size in _sizes(one)) <= 10, file


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: str(file.relative_to(ROOT)))
def test_everything_public_says_what_it_is(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    assert not tree.body or ast.get_docstring(tree), "the module"
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{node.name}, line {node.lineno}"


def test_walls_stand() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_the_chassis_names_no_service() -> None:
    for file in (ROOT / "chassis").rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
        assert not any(module.split(".")[0] == "services" for module in modules), file


def _functions(file: Path) -> Iterator[int]:
    yield from _sizes(ast.parse(file.read_text(encoding="utf-8")))


def _sizes(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield len(node.body) and (node.end_lineno or 0) - node.lineno + 1 - _docstring_lines(node)


def _docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return (first.end_lineno or 0) - first.lineno + 1 if documented else 0
