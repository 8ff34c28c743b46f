# SPDX-License-Identifier: MIT
"""The ledger of writable trees with an engine. test_trust_ledger.py has the variants, without one."""

from conftest import IMAGE, refused

SECRET = "secret-of-the-host"


def test_what_an_agent_planted_in_one_project_is_not_shared_with_another(real):
    dot = real.home / "dot"
    dot.mkdir()
    (real.home / ".ssh").mkdir()
    (real.home / ".ssh" / "id_ed25519").write_text(SECRET)
    (dot / "gitconfig").write_text("[user]\n\tname = Ann\n")
    (real.home / ".gitconfig").symlink_to("dot/gitconfig")
    (real.home / "docs").mkdir()
    planted = real.cco(*IMAGE, "shell", "ln -sf ../.ssh/id_ed25519 gitconfig; ln -s ../docs link", cwd=dot)
    assert planted.returncode == 0, planted.err
    result = real.cco(*IMAGE, "shell", "cat ~/.gitconfig; true")
    assert SECRET not in result.out and f"{real.home}/.gitconfig is not shared" in result.err, result.err
    refused(real.cco(*IMAGE, "--add-dir", f"{dot}/link", "shell", "true"), 2, f"the link {dot}/link")
    refused(real.cco(*IMAGE, "shell", "true", cwd=dot / "link", env={"PWD": f"{dot}/link"}), 125, f"the link {dot}/link")
