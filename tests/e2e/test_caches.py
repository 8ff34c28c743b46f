# SPDX-License-Identifier: MIT
"""Caches of build tools, which --caches keeps for the next sessions of a project."""

import stat

from conftest import IMAGE, until

WRITE = ("umask 022; mkdir -p ~/.cache/go-build && echo built > ~/.cache/go-build/a && echo m > ~/go/pkg/mod/m && "
         "touch ~/.cargo/other ~/.npm/n && mv ~/.npm/n ~/.npm/o && stat -c %U ~ ~/.cargo ~/go ~/go/pkg/mod | uniq | wc -l")
READ = "cat ~/.cache/go-build/a ~/go/pkg/mod/m 2>&1; ls ~/.npm; ls ~/.cargo/other 2>/dev/null"


def shell(box, *args, **kwargs):
    return box.cco(*args[:-1], *IMAGE, "shell", args[-1], **kwargs).out


def caches(box):
    return box.home / ".local/share/cco/caches"


def test_next_session_of_the_project_finds_the_caches_and_others_do_not(real):
    other = real.home / "other"
    other.mkdir()
    assert shell(real, "--caches", WRITE) == "1\n"
    assert shell(real, "--caches", READ) == "built\nm\no\n"
    assert "built" not in shell(real, READ), "a session without the option does not see them"
    assert "built" not in shell(real, "--caches", READ, cwd=other)
    (project, _) = sorted(caches(real).iterdir(), key=lambda p: not p.name.startswith("my_project"))
    assert (project / "cache/go-build/a").read_text() == "built\n"
    assert stat.S_IMODE(project.stat().st_mode) == 0o700
    assert not (real.home / ".cache").exists() and not (real.home / "go").exists()


def test_configuration_switches_caches_on_and_a_project_does_not(real):
    for name in (".cco/config", ".config/cco/config"):
        (real.project / name).parent.mkdir(parents=True, exist_ok=True)
        (real.project / name).write_text("caches = true\n")
    (real.project / ".env").write_text("CCO_CACHES=true\n")
    shell(real, WRITE.replace("~/go/pkg/mod/m", "/dev/null"))
    assert not caches(real).exists()
    (real.home / ".config/cco").mkdir(parents=True)
    (real.home / ".config/cco/config").write_text("caches = true\n")
    assert shell(real, WRITE) == "1\n"
    assert shell(real, READ) == "built\nm\no\n"


def test_links_of_an_agent_in_the_caches_lead_nowhere(real):
    secret = real.home / "secret"
    secret.mkdir()
    (secret / "key").write_text("k")
    assert shell(real, "--caches", f"rm -rf ~/.npm/*; ln -s '{secret}' ~/.npm/link; ln -s '{secret}' ~/.cache/go; "
                 "mkdir ~/go/pkg/mod/ro; touch ~/go/pkg/mod/ro/f; chmod 500 ~/go/pkg/mod/ro; echo done") == "done\n"
    assert shell(real, "--caches", "cat ~/.npm/link/key 2>/dev/null; echo end") == "end\n"
    run = real.cco("cleanup")
    assert "caches of 1 project (--all removes them)" in run.out
    assert len(list(caches(real).iterdir())) == 1
    # The caches stay as long as the engine is removing a container that may use them.
    until(lambda: f"removed {caches(real)}/my_project-" in real.cco("cleanup", "--all", "--yes").out)
    assert list(caches(real).iterdir()) == [] and (secret / "key").read_text() == "k"


def test_directory_that_the_user_shares_comes_first(real):
    (real.home / "go/pkg/mod").mkdir(parents=True)
    (real.home / "go/pkg/mod/own").write_text("own\n")
    run = real.cco("--caches", "--ro", str(real.home / "go"), *IMAGE, "shell", "ls ~/go/pkg/mod; touch ~/.npm/x")
    assert run.out == "own\n"
    assert f"--caches does not keep {real.home}/go/pkg/mod, because {real.home}/go is shared" in run.err
