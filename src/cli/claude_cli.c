/* SPDX-License-Identifier: MIT */
#include "cli/claude_cli.h"

#include <stddef.h>
#include <string.h>

/* The subcommands of several versions of claude. The words that are also commands of cco
 * (attach, rm, stop) reach claude only after "--". */
static const char *const subcommands[] = {
    "agents",  "attach",      "auth",    "auto-mode",   "config",         "doctor",
    "gateway", "import",      "install", "kill",        "logs",           "mcp",
    "plugin",  "plugins",     "project", "purge",       "remote-control", "respawn",
    "rm",      "setup-token", "stop",    "ultrareview", "update",         "upgrade",
};

enum claude_path {
    PATH_NOT,   /* the value is not a path of the host */
    PATH_READ,  /* a file or directory that claude reads */
    PATH_WRITE, /* a directory that claude may change */
    PATH_OUTPUT /* a file that claude writes */
};

#define FLAG CLAUDE_VALUE_NONE
#define OPTIONAL CLAUDE_VALUE_OPTIONAL
#define ONE CLAUDE_VALUE_ONE
#define MANY CLAUDE_VALUE_MANY

static const struct {
    const char *name;
    enum claude_value value;
    enum claude_path path;
} options[] = {
    {"--add-dir", MANY, PATH_WRITE},
    {"--advisor", ONE, PATH_NOT},
    {"--agent", ONE, PATH_NOT},
    {"--agent-color", ONE, PATH_NOT},
    {"--agent-id", ONE, PATH_NOT},
    {"--agent-name", ONE, PATH_NOT},
    {"--agent-type", ONE, PATH_NOT},
    {"--agents", ONE, PATH_READ},
    {"--allow-dangerously-skip-permissions", FLAG, PATH_NOT},
    {"--allowedTools", MANY, PATH_NOT},
    {"--allowed-tools", MANY, PATH_NOT},
    {"--append-system-prompt", ONE, PATH_NOT},
    {"--append-system-prompt-file", ONE, PATH_READ},
    {"--autocompact", ONE, PATH_NOT},
    {"--ax-screen-reader", FLAG, PATH_NOT},
    {"--background", FLAG, PATH_NOT},
    {"--bare", FLAG, PATH_NOT},
    {"--betas", MANY, PATH_NOT},
    {"--bg", FLAG, PATH_NOT},
    {"--brief", FLAG, PATH_NOT},
    {"--channels", MANY, PATH_NOT},
    {"--chrome", FLAG, PATH_NOT},
    {"--cloud", OPTIONAL, PATH_NOT},
    {"--continue", FLAG, PATH_NOT},
    {"-c", FLAG, PATH_NOT},
    {"--cowork", FLAG, PATH_NOT},
    {"--dangerously-load-development-channels", MANY, PATH_NOT},
    {"--dangerously-skip-permissions", FLAG, PATH_NOT},
    {"--debug", OPTIONAL, PATH_NOT},
    {"-d", OPTIONAL, PATH_NOT},
    {"--debug-file", ONE, PATH_OUTPUT},
    {"--desktop", FLAG, PATH_NOT},
    {"--disable-slash-commands", FLAG, PATH_NOT},
    {"--disallowedTools", MANY, PATH_NOT},
    {"--disallowed-tools", MANY, PATH_NOT},
    {"--effort", ONE, PATH_NOT},
    {"--enable-auth-status", FLAG, PATH_NOT},
    {"--enable-auto-mode", FLAG, PATH_NOT},
    {"--environment", ONE, PATH_NOT},
    {"--exclude-dynamic-system-prompt-sections", FLAG, PATH_NOT},
    {"--fallback-model", ONE, PATH_NOT},
    {"--file", MANY, PATH_NOT},
    {"--fork-session", FLAG, PATH_NOT},
    {"--forward-subagent-text", FLAG, PATH_NOT},
    {"--from-pr", OPTIONAL, PATH_NOT},
    {"--help", FLAG, PATH_NOT},
    {"-h", FLAG, PATH_NOT},
    {"--ide", FLAG, PATH_NOT},
    {"--include-hook-events", FLAG, PATH_NOT},
    {"--include-partial-messages", FLAG, PATH_NOT},
    {"--init", FLAG, PATH_NOT},
    {"--init-only", FLAG, PATH_NOT},
    {"--input-format", ONE, PATH_NOT},
    {"--json-schema", ONE, PATH_NOT},
    {"--maintenance", FLAG, PATH_NOT},
    {"--managed-settings", ONE, PATH_NOT},
    {"--max-budget-usd", ONE, PATH_NOT},
    {"--max-thinking-tokens", ONE, PATH_NOT},
    {"--max-turns", ONE, PATH_NOT},
    {"--mcp-config", MANY, PATH_READ},
    {"--model", ONE, PATH_NOT},
    {"--name", ONE, PATH_NOT},
    {"-n", ONE, PATH_NOT},
    {"--no-chrome", FLAG, PATH_NOT},
    {"--no-session-persistence", FLAG, PATH_NOT},
    {"--output-format", ONE, PATH_NOT},
    {"--parent-session-id", ONE, PATH_NOT},
    {"--permission-mode", ONE, PATH_NOT},
    {"--permission-prompt-tool", ONE, PATH_NOT},
    {"--permission-prompts", ONE, PATH_NOT},
    {"--plan-mode-instructions", ONE, PATH_NOT},
    {"--plan-mode-required", FLAG, PATH_NOT},
    {"--plugin-dir", ONE, PATH_READ},
    {"--plugin-dir-no-mcp", ONE, PATH_READ},
    {"--plugin-url", ONE, PATH_NOT},
    {"--prefill", ONE, PATH_NOT},
    {"--print", FLAG, PATH_NOT},
    {"-p", FLAG, PATH_NOT},
    {"--prompt-suggestions", OPTIONAL, PATH_NOT},
    {"--rc", OPTIONAL, PATH_NOT},
    {"--remote", OPTIONAL, PATH_NOT},
    {"--remote-control", OPTIONAL, PATH_NOT},
    {"--remote-control-session-name-prefix", ONE, PATH_NOT},
    {"--replay-user-messages", FLAG, PATH_NOT},
    {"--reply-on-resume", FLAG, PATH_NOT},
    {"--restricted", FLAG, PATH_NOT},
    {"--resume", OPTIONAL, PATH_NOT},
    {"-r", OPTIONAL, PATH_NOT},
    {"--resume-session-at", ONE, PATH_NOT},
    {"--rewind-files", ONE, PATH_NOT},
    {"--safe-mode", FLAG, PATH_NOT},
    {"--sdk-url", ONE, PATH_NOT},
    {"--session-id", ONE, PATH_NOT},
    {"--session-mirror", FLAG, PATH_NOT},
    {"--setting-sources", ONE, PATH_NOT},
    {"--settings", ONE, PATH_READ},
    {"--strict-mcp-config", FLAG, PATH_NOT},
    {"--system-prompt", ONE, PATH_NOT},
    {"--system-prompt-file", ONE, PATH_READ},
    {"--system-prompt-snapshot", ONE, PATH_NOT},
    {"--task-budget", ONE, PATH_NOT},
    {"--team-name", ONE, PATH_NOT},
    {"--teammate-mode", ONE, PATH_NOT},
    {"--teleport", OPTIONAL, PATH_NOT},
    {"--thinking", ONE, PATH_NOT},
    {"--thinking-display", ONE, PATH_NOT},
    {"--tmux", FLAG, PATH_NOT},
    {"--tools", MANY, PATH_NOT},
    {"--verbose", FLAG, PATH_NOT},
    {"--version", FLAG, PATH_NOT},
    {"-v", FLAG, PATH_NOT},
    {"--workload", ONE, PATH_NOT},
    {"--worktree", OPTIONAL, PATH_NOT},
    {"-w", OPTIONAL, PATH_NOT},
    {"--xaa", FLAG, PATH_NOT},
};
enum { OPTIONS = sizeof(options) / sizeof(options[0]) };

/* Returns true if `arg` is the option `name`, with or without "=value". */
static bool names_option(const char *arg, const char *name)
{
    size_t len = strlen(name);

    return strncmp(arg, name, len) == 0 && (arg[len] == '\0' || arg[len] == '=');
}

/* Returns the index of the option in the table, or OPTIONS if the table does not have it. */
static size_t find(const char *arg)
{
    size_t i = 0;

    while (i < OPTIONS && !names_option(arg, options[i].name)) {
        i++;
    }
    return i;
}

enum claude_value claude_option_value(const char *arg)
{
    size_t i = find(arg);

    return i < OPTIONS && strchr(arg, '=') == NULL ? options[i].value : CLAUDE_VALUE_NONE;
}

bool claude_knows_option(const char *arg)
{
    return find(arg) < OPTIONS;
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

bool claude_is_permission_option(const char *arg)
{
    return names_option(arg, "--permission-mode") ||
           names_option(arg, "--dangerously-skip-permissions") ||
           names_option(arg, "--allow-dangerously-skip-permissions");
}

static void add_path(struct opts *o, struct arena *a, size_t option, const char *value)
{
    if (value[0] == '\0' || value[0] == '{' || value[0] == '[') {
        return;
    }
    o->paths = list_grow(a, o->paths, o->path_count, &o->path_cap, sizeof(o->paths[0]));
    o->paths[o->path_count++] = (struct opts_path){
        .path = value,
        .access = options[option].path == PATH_WRITE    ? ACCESS_WRITE
                  : options[option].path == PATH_OUTPUT ? ACCESS_OUTPUT
                                                        : ACCESS_READ,
        .option = options[option].name,
        .of_claude = true,
        .optional = true,
    };
}

void claude_paths(struct opts *o, struct arena *a)
{
    size_t at = 0;

    while (!o->claude_subcommand && at < o->args.count && strcmp(o->args.v[at], "--") != 0) {
        const char *arg = o->args.v[at++];
        const char *value = strchr(arg, '=');
        const size_t i = arg[0] == '-' ? find(arg) : OPTIONS;
        bool more = i < OPTIONS && value == NULL && options[i].value != FLAG;

        if (i < OPTIONS && value != NULL && options[i].path != PATH_NOT) {
            add_path(o, a, i, value + 1);
        }
        for (bool first = true; more && at < o->args.count; first = false) {
            const char *word = o->args.v[at];

            if (word[0] == '-' && (!first || options[i].value == OPTIONAL)) {
                break;
            }
            if (options[i].path != PATH_NOT) {
                add_path(o, a, i, word);
            }
            at++;
            more = options[i].value == MANY;
        }
    }
}
