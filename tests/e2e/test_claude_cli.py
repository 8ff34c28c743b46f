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


# The options that cco and claude both have, and that claude does not get before "--". The reason is beside each.
NOT_PASSED_ON = {
    "--help": "cco's help names claude's: cco -- --help",
    "-h": "as --help",
    "--version": "cco's version; claude's is in cco info, and cco -- --version prints it",
    "-v": "as --version",
}


def test_options_that_both_have_reach_claude(help_text, own_image):
    """If a new claude has an option that cco takes, this test asks for a decision."""
    table = (ROOT / "src" / "cli" / "option_table.c").read_text()
    own = {f"--{name}" for name in re.findall(r'\.(?:name|alias) = "([\w-]+)"', table)}
    own |= {f"-{letter}" for letter in re.findall(r"\.(?:other_)?letter = '(\w)'", table)}
    of_claude = {name for names, _, _ in OPTION.findall(help_text) for name in names.split(", ")}
    passed = {"--add-dir": ["../lib"], "--name": ["a name"], "-n": ["a name"], "--verbose": []}
    assert own & of_claude == set(passed) | set(NOT_PASSED_ON)
    (own_image.home / "lib").mkdir(exist_ok=True)
    for option, value in passed.items():
        argv = json.loads(own_image.cco("--dry-run", option, *value).out)["command"]["argv"]
        if option == "--add-dir":
            value = [str(own_image.home / "lib")]
        assert {"-n": "--name"}.get(option, option) in " ".join(argv) and all(v in " ".join(argv) for v in value), argv


def test_name_reaches_claude(claude):
    result = claude.cco("--name", "fix the bug", "-p", "say hi")
    assert (result.returncode, result.out) == (0, claude.standin.answer + "\n"), result.err


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
