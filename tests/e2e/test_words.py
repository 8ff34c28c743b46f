# SPDX-License-Identifier: MIT
"""Words that users know from other programs do what they expect."""

import json

from conftest import IMAGE, until


def start(real, *names):
    for name in names:
        result = real.cco(*IMAGE, "--detach", "--name", name, "shell", "exec sleep 1000")
        assert result.returncode == 0, result.err


def running(real):
    return [s["name"] for s in json.loads(real.cco("ps", "--json").out)]


def test_several_sessions_are_ended_at_once(real):
    start(real, "one", "two", "three")
    refused = real.cco("stop", "one", "nothing")
    assert refused.returncode == 125 and "no session is called nothing" in refused.err
    assert sorted(running(real)) == ["cco-one", "cco-three", "cco-two"]
    assert "cco-three" in real.cco("ls").out
    ended = real.cco("rm", "two", "one", "two")
    assert (ended.returncode, ended.out) == (0, "cco-two\ncco-one\n"), ended.err
    until(lambda: running(real) == ["cco-three"])
    start(real, "four")
    ended = real.cco("stop", "--all")
    assert (ended.returncode, sorted(ended.out.split())) == (0, ["cco-four", "cco-three"]), ended.err
    until(lambda: running(real) == [])
