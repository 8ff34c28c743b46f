# SPDX-License-Identifier: MIT
"""A sandbox gets the data of its own project only: of claude's state, of .claude.json, of logins and of variables."""

import json

from test_state import shell

SECRETS = ("CLAUDE_CODE_OAUTH_REFRESH_TOKEN", "ANTHROPIC_ADMIN_KEY", "CLAUDE_CODE_CLIENT_KEY_PASSPHRASE",
           "CLAUDE_CODE_OAUTH_TOKEN", "ANTHROPIC_NEW_SECRET", "CLAUDE_CODE_NEW_SECRET")


def test_secrets_in_variables_do_not_pass(real, own_image):
    real.env.update({name: f"secret-{name}" for name in SECRETS}, CLAUDE_CODE_EFFORT_LEVEL="low")
    result = shell(real, "env")
    assert "secret-" not in result.out
    assert "CLAUDE_CODE_EFFORT_LEVEL=low" in result.out and "ANTHROPIC_API_KEY=sk-ant-e2e-secret" in result.out
    listed = json.loads(real.cco("info", "--json").out)["claude"]["variables_left_out"]
    assert listed == sorted(SECRETS)
    assert all(name in real.cco("info").out for name in SECRETS)
    verbose = real.cco("--verbose", "shell", "true").err
    assert all(name in verbose for name in SECRETS) and "secret-" not in verbose
    passed = real.cco("--env", "ANTHROPIC_ADMIN_KEY", "shell", "echo $ANTHROPIC_ADMIN_KEY").out
    assert passed == "secret-ANTHROPIC_ADMIN_KEY\n"
