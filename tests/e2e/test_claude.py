# SPDX-License-Identifier: MIT
"""The real Claude Code in the image that cco built."""

import json
import os
import re
import shutil

import pytest

from conftest import CCO, ENGINE, as_another_user, docker_only
from terminal import Terminal


@docker_only("no images without an engine")
def test_the_image_is_built_with_progress_and_labelled(own_image, api):
    _, text = api("GET", "/v1.41/images/json?filters=%7B%22label%22%3A%5B%22cco%3D1%22%5D%7D")
    images = json.loads(text)
    ref = json.loads(own_image.cco("--dry-run").out)["image"]["ref"]
    ours = [i for i in images if ref in [tag.rsplit("/", 1)[-1] for tag in i["RepoTags"] or []]]
    assert len(ours) == 1 and ref == "cco:" + ours[0]["Labels"]["cco.digest"][:12]
    assert "Claude Code" in own_image.version


@docker_only("no images without an engine")
def test_image_sizes_are_within_their_limits(own_image, api):
    plan = json.loads(own_image.cco("--dry-run").out)
    _, text = api("GET", f"/v1.41/images/{plan['image']['ref']}/json")
    assert json.loads(text)["Size"] <= (2 << 30) * (1.05 if ENGINE.podman else 1)  # Podman counts the size in its own way
    _, text = api("GET", f"/v1.41/images/{plan['image']['ref']}/history")
    layers = {layer["CreatedBy"]: layer["Size"] for layer in json.loads(text)}
    claude = [size for by, size in layers.items() if "install-claude" in by and "COPY" not in by]
    assert claude and max(claude) <= 400 << 20


def test_the_second_run_builds_nothing(own_image):
    result = own_image.cco("--", "--version")
    assert result.returncode == 0 and "building" not in result.err


@docker_only("the machine's own tools")
def test_documented_tools_are_installed(own_image):
    tools = "claude node npm npx pnpm git gh gcc g++ make cmake python3 python go rustc cargo jq rg fzf fd bat psql mysql " \
        "sqlite3 curl ssh tmux docker openssl"
    result = own_image.cco("shell", f"for t in {tools}; do command -v $t >/dev/null || echo missing $t; done; node --version")
    assert "missing" not in result.out
    assert int(result.out.strip().lstrip("v").split(".")[0]) >= 20


@docker_only("the machine's own tools")
def test_native_modules_of_node_are_built_without_a_network(own_image):
    (own_image.project / "binding.gyp").write_text('{"targets": [{"target_name": "a", "sources": ["a.c"]}]}')
    (own_image.project / "a.c").write_text("#include <node_api.h>\nstatic napi_value init(napi_env env, napi_value exports)\n"
                                           "{ napi_value v; napi_create_int32(env, 42, &v); return v; }\nNAPI_MODULE(a, init)\n")
    (own_image.project / "package.json").write_text('{"name": "a", "version": "1.0.0", "gypfile": true}')
    result = own_image.cco("--network", "none", "shell", "npm install --silent && node -p 'require(\"./build/Release/a.node\")'")
    assert result.out.split("\n")[-2:] == ["42", ""], result.out + result.err


@docker_only("the machine's own tools")
def test_global_packages_of_npm_are_in_usr_local(own_image):
    assert own_image.cco("shell", "npm config get prefix; pnpm --version").out.split()[0] == "/usr/local"


def test_print_mode_prints_the_answer(claude):
    result = claude.cco("-p", "say hi")
    assert (result.returncode, result.out) == (0, claude.standin.answer + "\n"), result.err
    assert result.err == ""
    assert "say hi" in claude.standin.said()


@pytest.mark.parametrize("line", ['"$C" -p hi | cat', '"$C" -p hi >f; cat f', 'x=$("$C" -p hi); echo $x'])
def test_print_mode_at_a_prompt_does_not_wait_for_input(claude, line):
    """Standard input is a terminal inside, too. claude waits three seconds for a pipe, and warns."""
    terminal = Terminal(["/bin/sh", "-c", line], {**claude.env, "C": CCO}, claude.project, 24, 100)
    try:
        assert terminal.wait() == 0
        assert terminal.text().strip() == claude.standin.answer
    finally:
        terminal.close()


def test_stdin_reaches_claude(claude):
    diff = "diff --git a/x b/x\n+only-in-this-diff\n"
    result = claude.cco("-p", "review", stdin=diff.encode())
    assert result.out == claude.standin.answer + "\n"
    assert "only-in-this-diff" in claude.standin.said() and "review" in claude.standin.said()


def test_conversations_can_be_continued(claude):
    assert claude.cco("-p", "first question").returncode == 0
    assert claude.cco("--continue", "-p", "second question").returncode == 0
    last = [body for path, _, body in claude.standin.requests if path.startswith("/v1/messages")][-1]
    assert "first question" in json.dumps(last)
    assert list((claude.home / ".claude" / "projects").iterdir())


def test_servers_that_are_not_kept_are_named(claude):
    for scope in ("local", "user"):
        result = claude.cco("mcp", "add", "--scope", scope, "srv", "--", "echo", "hi")
        assert result.returncode == 0 and "Added" in result.out
        assert "cco: not kept: MCP servers (srv)" in result.err
        assert "srv" not in (claude.home / ".claude.json").read_text()
    result = claude.cco("mcp", "add", "--scope", "project", "srv", "--", "echo", "hi")
    assert "not kept" not in result.err and "srv" in (claude.project / ".mcp.json").read_text()


def test_arguments_pass_untouched(claude):
    result = claude.cco("--output-format", "json", "-p", "x y")
    assert json.loads(result.out)["result"] == claude.standin.answer
    result = claude.cco("mcp", "list")
    assert result.returncode == 0 and "MCP" in result.out + result.err
    result = claude.cco("--no-such-option-of-claude", "-p", "x")
    assert result.returncode == 1 and "no-such-option-of-claude" in result.err


@pytest.mark.parametrize("how", ["full", "safe"])
def test_claude_on_a_terminal(claude, how):
    terminal = Terminal([CCO, "--terminal", how], claude.env, claude.project, 30, 100)
    before = terminal.before
    try:
        terminal.wait_for("Claude Code").wait_for("bypass permissions")
        terminal.wait_for(lambda t: "─" * 100 in t.text())
        terminal.resize(24, 66)
        terminal.wait_for(lambda t: any(line.strip() == "─" * 66 for line in t.text().split("\n")))
        terminal.type("hello over there")
        terminal.wait_for("hello over there")
        terminal.type("\r")
        terminal.wait_for(claude.standin.answer)
        terminal.type("/exit")
        terminal.wait_for("/exit")
        terminal.type("\r")
        assert terminal.wait() == 0
        ours = re.search(rb"cco: in the sandbox again: cco --resume ([0-9a-f-]{36})", terminal.raw)
        assert f"{ours.group(1).decode()}.jsonl" in [f.name for f in claude.home.rglob("*.jsonl")]
        assert b"not kept" not in terminal.raw
        assert terminal.attributes() == before
        assert claude.leftovers() == []
    finally:
        terminal.close()


@docker_only("the whole suite runs as one: native-user")
def test_print_mode_as_an_ordinary_user(claude, engine_socket):
    """The same as an unprivileged user, if there is one."""
    if os.getuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("needs root, to become somebody else")
    result = as_another_user(claude, "-p", "say hi", group=os.stat(engine_socket).st_gid)
    assert (result.returncode, result.stdout) == (0, claude.standin.answer + "\n"), result.stderr
