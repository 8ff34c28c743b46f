# SPDX-License-Identifier: MIT
"""Compares cco's table of claude's command line with the help of the Claude Code in the image, and tests what the table
is for.
"""

import json
import re

import pytest

from conftest import ROOT

SOURCE = (ROOT / "src" / "cli" / "claude_cli.c").read_text()
TABLE = {name: (value, path) for name, value, path in
         re.findall(r'\{"(-[\w-]+)", (\w+), (\w+)\}', SOURCE)}
COMMANDS = set(re.findall(r'"([\w-]+)"', SOURCE[SOURCE.index("subcommands[]"):SOURCE.index("enum claude_path")]))
OPTION = re.compile(r"^  ((?:-\w, )?--[\w-]+(?:, --[\w-]+)*)(?: ([<\[])[^>\]]*?(\.\.\.)?[>\]])?(?:  |\n|$)", re.M)


@pytest.fixture(scope="module")
def help_text(own_image):
    result = own_image.cco("--", "--help")
    assert result.returncode == 0, result.err
    return result.out


def test_table_matches_the_options_of_the_real_claude(help_text):
    seen = 0
    for names, bracket, many in OPTION.findall(help_text):
        kind = {"": "FLAG", "[": "OPTIONAL", "<": "MANY" if many else "ONE"}[bracket]
        for name in names.split(", "):
            assert name in TABLE, f"claude's {name} is not in the table"
            assert TABLE[name][0] == kind, f"{name} is {kind}, not {TABLE[name][0]}"
            seen += 1
    assert seen > 50


def test_table_matches_the_path_options_of_the_real_claude(help_text):
    """The help says that the values of these options are files or directories."""
    for match in re.finditer(r"^  (?:-\w, )?(--[\w-]+) (<(?:path|file|file-or-json|json-or-file|directories\.\.\.|configs\.\.\.)>)", help_text, re.M):
        assert TABLE[match.group(1)][1] != "PATH_NOT", match.group(1)


def test_table_matches_the_subcommands_of_the_real_claude(help_text):
    listed = help_text[help_text.index("\nCommands:"):]
    names = re.findall(r"^  ([a-z][\w|-]*)(?: |$)", listed, re.M)
    assert len(names) > 8
    for name in [word for each in names for word in each.split("|")]:
        assert name in COMMANDS, f"claude's {name} is not in the table"


def test_files_that_claude_options_name_are_readable_inside(claude):
    outside = claude.home / "outside"
    outside.mkdir()
    (outside / "prompt.txt").write_text("only-in-the-prompt-file")
    (outside / "settings.json").write_text('{"env":{"FROM_SETTINGS":"1"}}')
    result = claude.cco("--append-system-prompt-file", "../outside/prompt.txt", "--settings",
                        str(outside / "settings.json"), "-p", "say hi")
    assert (result.returncode, result.out) == (0, claude.standin.answer + "\n"), result.err
    assert any("only-in-the-prompt-file" in json.dumps(body.get("system")) for _, _, body in claude.standin.requests)


def test_add_dir_takes_one_value(claude):
    (claude.home / "lib").mkdir()
    (claude.home / "lib" / "CLAUDE.md").write_text("beside")
    result = claude.cco("-p", "--add-dir", "../lib", "only-this-prompt")
    assert (result.returncode, result.out) == (0, claude.standin.answer + "\n"), result.err
    assert "only-this-prompt" in claude.standin.said()


def test_debug_file_outside_the_project_is_written(claude):
    log = claude.home / "claude.log"
    result = claude.cco("--debug-file", str(log), "-p", "say hi")
    assert result.returncode == 0, result.err
    assert log.stat().st_size > 0


def test_subcommand_arguments_reach_claude_unchanged(claude):
    result = claude.cco("mcp", "add", "x", "--env", "K=V", "--scope", "project", "--", "npx", "y", "--z")
    assert result.returncode == 0, result.err
    added = json.loads((claude.project / ".mcp.json").read_text())["mcpServers"]["x"]
    assert added["command"] == "npx" and added["args"] == ["y", "--z"] and added["env"] == {"K": "V"}
