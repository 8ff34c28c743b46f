# SPDX-License-Identifier: MIT
"""The fidelity table: what works outside works inside, or a line of cco says that it does not."""

import os
import pwd
import re
import shutil

import pytest

import fidelity
from conftest import CCO, ENGINE, PASSED, ROOT, Box
from standin import StandIn


@pytest.fixture(scope="module")
def bench(own_image, tmp_path_factory):
    box = Box(tmp_path_factory.mktemp("fidelity")).use_engine()
    box.env.update({name: os.environ[name] for name in PASSED if name in os.environ})
    # The same Claude Code runs outside. With an engine that has images, the native tests use the same one.
    box.env["PATH"] += f":{ROOT}/build/test/claude/bin"
    standin = StandIn()
    box.env["FIDELITY_API"] = standin.url
    name = pwd.getpwuid(os.getuid()).pw_name
    box.env.update({"USER": name, "LOGNAME": name, "LANG": "C.UTF-8", "SHELL": "/bin/bash"})
    yield fidelity.Bench(box, CCO, ())
    standin.close()


def state_of(row, outside, inside):
    """Returns equal, reported or differs, and a text that shows both results."""
    there, here = outside.results.get(row.name), inside.results.get(row.name)
    assert there is not None, f"the row does not run outside: {outside.told}"
    shown = f"outside: {there}\ninside: {here}\nprinted: {inside.told}{inside.lines}"
    if here == there:
        return "equal", shown
    if row.reported and re.search(row.reported, inside.lines):
        return "reported", shown
    return "differs", shown


@pytest.mark.parametrize("second", ["world one\nprepare\n    true\n\nrow b\n    true\n",
                                    "world two\nprepare\n    true\n\nrow a\n    true\n"])
def test_equal_names_in_the_table_are_refused(tmp_path, second):
    (tmp_path / "1.rows").write_text("world one\nprepare\n    true\n\nrow a\n    true\n")
    assert len(fidelity.all_rows(tmp_path)) == 1
    (tmp_path / "2.rows").write_text(second)
    with pytest.raises(fidelity.BadRows, match="occur twice: (one|a)$"):
        fidelity.all_rows(tmp_path)


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in fidelity.all_rows()])
def test_fidelity(row, bench, record_property):
    if row.world.long and not os.environ.get("CCO_LONG"):
        pytest.skip("these rows run in test-long")
    missing = [program for program in row.needs if shutil.which(program, path=bench.box.env["PATH"]) is None]
    if missing:
        pytest.skip(f"this machine has no {', '.join(missing)}")
    state, shown = state_of(row, *bench.of(row.world))
    record_property("fidelity", state)
    gap = row.gap(ENGINE.name)
    if gap is None:
        assert state != "differs", shown
    else:
        assert state == "differs", f"this is not a gap any more, so remove it from the row: {gap}\n{shown}"
        pytest.xfail(gap)
