/* SPDX-License-Identifier: MIT */
#include "cli/claude_cli.h"

#include <stddef.h>
#include <string.h>

/* `config` and `remote-control` are in older and newer versions than the one in the test. */
static const char *const subcommands[] = {
    "agents",      "auth",        "auto-mode", "config",  "doctor",  "gateway",
    "install",     "mcp",         "plugin",    "plugins", "project", "remote-control",
    "setup-token", "ultrareview", "update",    "upgrade",
};

static const struct {
    const char *name;
    enum claude_value value;
} options[] = {
    {"--add-dir", CLAUDE_VALUE_MANY},
    {"--agent", CLAUDE_VALUE_ONE},
    {"--agents", CLAUDE_VALUE_ONE},
    {"--allowedTools", CLAUDE_VALUE_MANY},
    {"--allowed-tools", CLAUDE_VALUE_MANY},
    {"--append-system-prompt", CLAUDE_VALUE_ONE},
    {"--append-system-prompt-file", CLAUDE_VALUE_ONE},
    {"--betas", CLAUDE_VALUE_MANY},
    {"--debug", CLAUDE_VALUE_OPTIONAL},
    {"-d", CLAUDE_VALUE_OPTIONAL},
    {"--debug-file", CLAUDE_VALUE_ONE},
    {"--disallowedTools", CLAUDE_VALUE_MANY},
    {"--disallowed-tools", CLAUDE_VALUE_MANY},
    {"--effort", CLAUDE_VALUE_ONE},
    {"--fallback-model", CLAUDE_VALUE_ONE},
    {"--file", CLAUDE_VALUE_MANY},
    {"--from-pr", CLAUDE_VALUE_OPTIONAL},
    {"--input-format", CLAUDE_VALUE_ONE},
    {"--json-schema", CLAUDE_VALUE_ONE},
    {"--max-budget-usd", CLAUDE_VALUE_ONE},
    {"--max-turns", CLAUDE_VALUE_ONE},
    {"--mcp-config", CLAUDE_VALUE_MANY},
    {"--model", CLAUDE_VALUE_ONE},
    {"--name", CLAUDE_VALUE_ONE},
    {"-n", CLAUDE_VALUE_ONE},
    {"--output-format", CLAUDE_VALUE_ONE},
    {"--permission-mode", CLAUDE_VALUE_ONE},
    {"--permission-prompt-tool", CLAUDE_VALUE_ONE},
    {"--plugin-dir", CLAUDE_VALUE_ONE},
    {"--plugin-url", CLAUDE_VALUE_ONE},
    {"--prompt-suggestions", CLAUDE_VALUE_OPTIONAL},
    {"--remote-control", CLAUDE_VALUE_OPTIONAL},
    {"--remote-control-session-name-prefix", CLAUDE_VALUE_ONE},
    {"--resume", CLAUDE_VALUE_OPTIONAL},
    {"-r", CLAUDE_VALUE_OPTIONAL},
    {"--session-id", CLAUDE_VALUE_ONE},
    {"--setting-sources", CLAUDE_VALUE_ONE},
    {"--settings", CLAUDE_VALUE_ONE},
    {"--system-prompt", CLAUDE_VALUE_ONE},
    {"--system-prompt-file", CLAUDE_VALUE_ONE},
    {"--tools", CLAUDE_VALUE_MANY},
    {"--worktree", CLAUDE_VALUE_OPTIONAL},
    {"-w", CLAUDE_VALUE_OPTIONAL},
};

enum claude_value claude_option_value(const char *arg)
{
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        if (strcmp(arg, options[i].name) == 0) {
            return options[i].value;
        }
    }
    return CLAUDE_VALUE_NONE;
}

bool claude_is_subcommand(const char *word)
{
    for (size_t i = 0; i < sizeof(subcommands) / sizeof(subcommands[0]); i++) {
        if (strcmp(word, subcommands[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* The option alone, or with "=value" behind it. */
static bool names_option(const char *arg, const char *name)
{
    size_t len = strlen(name);

    return strncmp(arg, name, len) == 0 && (arg[len] == '\0' || arg[len] == '=');
}

bool claude_is_permission_option(const char *arg)
{
    return names_option(arg, "--permission-mode") ||
           names_option(arg, "--dangerously-skip-permissions") ||
           names_option(arg, "--allow-dangerously-skip-permissions");
}
