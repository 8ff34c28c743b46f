# SPDX-License-Identifier: MIT
"""What scripts/mutate changes in a source, and what it leaves unchanged. Nothing is built here."""

import importlib.machinery
import importlib.util
import sys

import pytest

from conftest import ROOT

loader = importlib.machinery.SourceFileLoader("mutate", str(ROOT / "scripts" / "mutate"))
mutate = importlib.util.module_from_spec(importlib.util.spec_from_loader("mutate", loader))
kept, sys.dont_write_bytecode = sys.dont_write_bytecode, True
loader.exec_module(mutate)
sys.dont_write_bytecode = kept


def variants(source):
    return [(change.what, source[:change.start] + change.text + source[change.end:]) for change in mutate.changes_of(source)]


@pytest.mark.parametrize("body, expected", [
    ("f(a == b);", {"f(a != b);", ";"}),
    ("if (a < 1) { x(); }", {"if (a <= 1) { x(); }", "if (a < 0) { x(); }", "if ((a < 1) && 0) { x(); }",
                             "if ((a < 1) || 1) { x(); }", "if (a < 1) { ; }"}),
    ("return !ok && b;", {"return ok && b;", "return !ok || b;", "return 0;"}),
    ("return -1;", {"return -0;"}),
    ("x = rc < 0;", {"x = rc <= 0;"}),
    ("return 0x10U;", {"return 17U;"}),
    ("(void)close_all(a);", {";"}),
    ("a->b = c - 2;", {"a->b = c + 2;", "a->b = c - 3;"}),
    ("x = c >= '0' && c <= '9';", {"x = c > '0' && c <= '9';", "x = c >= '1' && c <= '9';", "x = c >= '0' || c <= '9';",
                                   "x = c >= '0' && c < '9';", "x = c >= '0' && c <= ':';"}),
    ("ok = true;", {"ok = false;"}),
    ("p = &a[i - 1];", {"p = &a[i + 1];", "p = &a[i - 0];"}),
])
def test_one_thing_is_changed_at_a_time(body, expected):
    got = variants(f"void f(void)\n{{\n{body}\n}}\n")
    assert {text.removeprefix("void f(void)\n{\n").removesuffix("\n}\n") for _, text in got} == expected


@pytest.mark.parametrize("source", [
    "#if A == 1 \\\n && B\n#define X(a) ((a) + 1)\n#endif\n",
    "void f(void)\n{\n/* a == b; f(); */ x = \"1 == 2 \\\" && 3\"; // 1 < 2\n}\n",
    "enum size { A = 1, B = A + 1 };\nvoid f(void)\n{\nchar text[64];\nenum { LINES = 3 };\n}\n",
    "void f(void)\n{\nassert(a == 1);\nbuf_release(&b);\n(void)close(a);\n(void)fprintf(stderr, \"%d\", 1);\n}\n",
    "void f(void)\n{\nx = sizeof(rows[0]);\n}\n",
    "void f(int a);\nextern int b;\n",
    "void f(void)\n{\nstruct a *p = (struct a *)&b;\n}\n",
])
def test_nothing_is_changed_where_no_test_could_notice(source):
    assert variants(source) == []


def test_every_source_of_the_product_can_be_changed():
    for path in mutate.selected([]):
        source = (ROOT / path).read_text()
        for change in mutate.changes_of(source):
            assert 0 <= change.start < change.end <= len(source) and source[change.start:change.end] != change.text, (path, change)


def test_rooms_and_files_are_found_by_name():
    room = mutate.selected(["wire"])
    assert len(room) > 10 and all(path.parent.name == "wire" for path in room)
    assert mutate.selected(["src/wire"]) == room
    for name in ("secret", "secret.c", "base/secret", "src/base/secret.c"):
        assert [str(path) for path in mutate.selected([name])] == ["src/base/secret.c"]
    assert {path.parent.name for path in mutate.selected(["native"])} == {"native"}  # not engine/native.c
    with pytest.raises(SystemExit, match="nowhere is neither a room nor a source file"):
        mutate.selected(["nowhere"])
