# SPDX-License-Identifier: MIT
"""Words that users know from other programs do what they expect."""

import json

import pytest

from conftest import CCO, IMAGE, until
from terminal import Terminal


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


@pytest.mark.parametrize("keys, status, shown", [
    ("y\r", 0, "no session is running"),
    ("q\r", 130, "nothing was started"),
    ("\x03", 130, "[y/n/q]"),
])
def test_word_that_is_not_meant_as_a_prompt_is_asked_about(box, keys, status, shown):
    terminal = Terminal([CCO, "sesions"], box.env, box.project)
    terminal.wait_for("[y/n/q]")
    assert "sesions is not a command of cco. It goes to claude as a prompt." in terminal.text()
    assert "Did you mean: cco sessions" in terminal.text()
    terminal.type(keys)
    assert terminal.wait() == status, terminal.text()
    assert shown in terminal.text()


def test_word_without_a_command_is_asked_about(box):
    terminal = Terminal([CCO, "login"], box.env, box.project, cols=120)
    terminal.wait_for("give it to claude? yes, quit [y/q]")
    assert "See cco help login." in terminal.text()
    terminal.type("q\r")
    assert terminal.wait() == 130


def test_word_is_not_asked_about_in_ci(box):
    terminal = Terminal([CCO, "--engine", "native", "build"], {**box.env, "CI": "true", "PATH": "/nowhere"}, box.project)
    assert terminal.wait() == 127, terminal.text()
    assert "cco's command for that: cco image build" in terminal.text()


def test_bad_line_of_dotenv_is_reported_once(real):
    (real.project / ".env").write_text("GOOD=1\nBAD\n")
    first, second = (real.cco(*IMAGE, "shell", "true") for _ in range(2))
    assert ".env line 2 is not KEY=VALUE, and is ignored" in first.err
    assert "KEY=VALUE" not in second.err
    plan = json.loads(real.cco(*IMAGE, "--dry-run", "shell", "true").out)
    assert ".env line 2 is not KEY=VALUE, and is ignored" in [m["text"] for m in plan["missing"]]


def test_engine_address_without_a_scheme_is_refused(box):
    result = box.cco("shell", "true", env={"DOCKER_HOST": "foo"})
    assert result.returncode != 0 and "engine address 'foo'" in result.err
    assert "Write unix:///PATH, tcp://HOST[:PORT] or ssh://[USER@]HOST[:PORT]." in result.err
