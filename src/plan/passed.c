/* SPDX-License-Identifier: MIT */
#include "plan/passed.h"

#include <stddef.h>
#include <string.h>

/* The condition under which a row holds. */
enum gate {
    GATE_ALWAYS,
    GATE_AUTH_TOKEN,  /* the login is ANTHROPIC_AUTH_TOKEN, or a gateway logs in to the cloud */
    GATE_API_KEY,     /* the login is ANTHROPIC_API_KEY */
    GATE_OAUTH_TOKEN, /* the login is CLAUDE_CODE_OAUTH_TOKEN */
    GATE_AWS,         /* Bedrock, or another of claude's services on AWS */
    GATE_AWS_PROFILE,
    GATE_VERTEX,
    GATE_FOUNDRY,
    GATE_ROOT,  /* root runs cco */
    GATE_GIT,   /* a setting of git that has a key and cannot contain a password */
    GATE_NATIVE /* the programs of this machine run, which have its locales */
};

#define MODEL "which model claude uses"
#define GATEWAY "how claude reaches its gateway"
#define CLOUD "how claude reaches its cloud provider"
#define LOGIN "the login that is used"
#define CLOUD_LOGIN "the login at the cloud provider that is used"
#define SWITCH "turns a part of claude on or off"
#define LIMIT "a limit or a time of claude's"
#define LOOK "how claude draws on the terminal"
#define TERMINAL "what the terminal can do"
#define PROXY "how programs reach the network"
#define AUTHOR "the author of commits"
#define LOCALE "the language and the formats of this machine's programs"
#define BEHAVIOUR "how claude works"

/* A name, or a prefix that ends in '*'. Prefixes are only for families of names of which each
 * is a switch, a number, or the name of a model or a region. The names come from Claude Code's
 * documentation of its variables. Some are left out on purpose: refresh tokens, keys of
 * administrators and clients, and pass phrases; variables by which another program starts and
 * controls claude; and paths of the host. */
static const struct {
    const char *pattern;
    enum gate gate;
    const char *why;
} passed[] = {
    {"ANTHROPIC_MODEL", GATE_ALWAYS, MODEL},
    {"ANTHROPIC_SMALL_FAST_MODEL", GATE_ALWAYS, MODEL},
    {"ANTHROPIC_DEFAULT_*", GATE_ALWAYS, MODEL},
    {"ANTHROPIC_CUSTOM_MODEL_OPTION", GATE_ALWAYS, MODEL},
    {"ANTHROPIC_CUSTOM_MODEL_OPTION_*", GATE_ALWAYS, MODEL},
    {"CLAUDE_CODE_SUBAGENT_MODEL", GATE_ALWAYS, MODEL},
    {"CLAUDE_CODE_AUTO_MODE_MODEL", GATE_ALWAYS, MODEL},
    {"CLAUDE_CODE_EFFORT_LEVEL", GATE_ALWAYS, MODEL},
    {"ANTHROPIC_BASE_URL", GATE_ALWAYS, GATEWAY},
    {"ANTHROPIC_BETAS", GATE_ALWAYS, GATEWAY},
    {"ANTHROPIC_CUSTOM_HEADERS", GATE_ALWAYS, "headers that claude's gateway needs"},
    {"CLAUDE_CODE_EXTRA_BODY", GATE_ALWAYS, GATEWAY},
    {"CLAUDE_CODE_ATTRIBUTION_HEADER", GATE_ALWAYS, GATEWAY},
    {"CLAUDE_CODE_CERT_STORE", GATE_ALWAYS, GATEWAY},
    {"CLAUDE_CODE_PROXY_RESOLVES_HOSTS", GATE_ALWAYS, GATEWAY},
    {"API_TIMEOUT_MS", GATE_ALWAYS, LIMIT},
    {"ANTHROPIC_AUTH_TOKEN", GATE_AUTH_TOKEN, LOGIN},
    {"ANTHROPIC_API_KEY", GATE_API_KEY, LOGIN},
    {"CLAUDE_CODE_OAUTH_TOKEN", GATE_OAUTH_TOKEN, LOGIN},
    {"CLAUDE_CODE_OAUTH_SCOPES", GATE_OAUTH_TOKEN, "what the login that is used may do"},
    {"ANTHROPIC_BEDROCK_BASE_URL", GATE_AWS, CLOUD},
    {"ANTHROPIC_BEDROCK_SERVICE_TIER", GATE_AWS, CLOUD},
    {"ANTHROPIC_BEDROCK_MANTLE_BASE_URL", GATE_AWS, CLOUD},
    {"ANTHROPIC_BEDROCK_MANTLE_API_KEY", GATE_AWS, CLOUD_LOGIN},
    {"ANTHROPIC_AWS_BASE_URL", GATE_AWS, CLOUD},
    {"ANTHROPIC_AWS_WORKSPACE_ID", GATE_AWS, CLOUD},
    {"ANTHROPIC_AWS_API_KEY", GATE_AWS, CLOUD_LOGIN},
    {"ANTHROPIC_SMALL_FAST_MODEL_AWS_REGION", GATE_AWS, CLOUD},
    {"AWS_ACCESS_KEY_ID", GATE_AWS, CLOUD_LOGIN},
    {"AWS_SECRET_ACCESS_KEY", GATE_AWS, CLOUD_LOGIN},
    {"AWS_SESSION_TOKEN", GATE_AWS, CLOUD_LOGIN},
    {"AWS_BEARER_TOKEN_BEDROCK", GATE_AWS, CLOUD_LOGIN},
    {"AWS_PROFILE", GATE_AWS_PROFILE, CLOUD},
    {"AWS_REGION", GATE_AWS, CLOUD},
    {"AWS_DEFAULT_REGION", GATE_AWS, CLOUD},
    {"ANTHROPIC_VERTEX_BASE_URL", GATE_VERTEX, CLOUD},
    {"ANTHROPIC_VERTEX_PROJECT_ID", GATE_VERTEX, CLOUD},
    {"CLOUD_ML_REGION", GATE_VERTEX, CLOUD},
    {"GOOGLE_CLOUD_PROJECT", GATE_VERTEX, CLOUD},
    {"GCLOUD_PROJECT", GATE_VERTEX, CLOUD},
    {"VERTEX_REGION_*", GATE_VERTEX, CLOUD},
    {"ANTHROPIC_FOUNDRY_BASE_URL", GATE_FOUNDRY, CLOUD},
    {"ANTHROPIC_FOUNDRY_RESOURCE", GATE_FOUNDRY, CLOUD},
    {"ANTHROPIC_FOUNDRY_API_KEY", GATE_FOUNDRY, CLOUD_LOGIN},
    {"AZURE_CLIENT_ID", GATE_FOUNDRY, CLOUD_LOGIN},
    {"AZURE_CLIENT_SECRET", GATE_FOUNDRY, CLOUD_LOGIN},
    {"AZURE_TENANT_ID", GATE_FOUNDRY, CLOUD_LOGIN},
    {"CLAUDE_CODE_USE_*", GATE_ALWAYS, SWITCH},
    {"CLAUDE_CODE_SKIP_*", GATE_ALWAYS, SWITCH},
    {"CLAUDE_CODE_DISABLE_*", GATE_ALWAYS, SWITCH},
    {"CLAUDE_CODE_ENABLE_*", GATE_ALWAYS, SWITCH},
    {"CLAUDE_CODE_EXPERIMENTAL_AGENT_TEAMS", GATE_ALWAYS, SWITCH},
    {"CLAUDE_CODE_FORCE_SESSION_PERSISTENCE", GATE_ALWAYS, SWITCH},
    {"CLAUDE_CODE_FORK_SUBAGENT", GATE_ALWAYS, SWITCH},
    {"CLAUDE_CODE_IDE_SKIP_AUTO_INSTALL", GATE_ALWAYS, SWITCH},
    {"CLAUDE_CODE_NEW_INIT", GATE_ALWAYS, SWITCH},
    {"CLAUDE_CODE_PROPAGATE_TRACEPARENT", GATE_ALWAYS, SWITCH},
    {"CLAUDE_CODE_SAFE_MODE", GATE_ALWAYS, SWITCH},
    {"CLAUDE_CODE_SIMPLE", GATE_ALWAYS, SWITCH},
    {"CLAUDE_CODE_SIMPLE_SYSTEM_PROMPT", GATE_ALWAYS, SWITCH},
    {"CLAUDE_CODE_SUBPROCESS_ENV_SCRUB", GATE_ALWAYS, SWITCH},
    {"CLAUDE_CODE_SUPPRESS_SESSION_ATTRIBUTION", GATE_ALWAYS, SWITCH},
    {"CLAUDE_CODE_SYNC_PLUGIN_INSTALL", GATE_ALWAYS, SWITCH},
    {"CLAUDE_CODE_WORKFLOWS", GATE_ALWAYS, SWITCH},
    {"CLAUDE_CODE_ADDITIONAL_DIRECTORIES_CLAUDE_MD", GATE_ALWAYS, BEHAVIOUR},
    {"CLAUDE_CODE_DEBUG_LOG_LEVEL", GATE_ALWAYS, BEHAVIOUR},
    {"CLAUDE_CODE_GLOB_HIDDEN", GATE_ALWAYS, BEHAVIOUR},
    {"CLAUDE_CODE_GLOB_NO_IGNORE", GATE_ALWAYS, BEHAVIOUR},
    {"CLAUDE_CODE_PERFORCE_MODE", GATE_ALWAYS, BEHAVIOUR},
    {"CLAUDE_CODE_PLUGIN_KEEP_MARKETPLACE_ON_FAILURE", GATE_ALWAYS, BEHAVIOUR},
    {"CLAUDE_CODE_PLUGIN_PREFER_HTTPS", GATE_ALWAYS, BEHAVIOUR},
    {"CLAUDE_CODE_RESUME_INTERRUPTED_TURN", GATE_ALWAYS, BEHAVIOUR},
    {"CLAUDE_CODE_TASK_LIST_ID", GATE_ALWAYS, BEHAVIOUR},
    {"CLAUDE_CODE_TEAM_NAME", GATE_ALWAYS, BEHAVIOUR},
    {"ANTHROPIC_LOG", GATE_ALWAYS, BEHAVIOUR},
    {"USE_BUILTIN_RIPGREP", GATE_ALWAYS, BEHAVIOUR},
    {"ENABLE_TOOL_SEARCH", GATE_ALWAYS, BEHAVIOUR},
    {"ENABLE_PROMPT_CACHING_*", GATE_ALWAYS, SWITCH},
    {"DISABLE_PROMPT_CACHING*", GATE_ALWAYS, SWITCH},
    {"DISABLE_AUTO_COMPACT", GATE_ALWAYS, SWITCH},
    {"DISABLE_COMPACT", GATE_ALWAYS, SWITCH},
    {"DISABLE_COST_WARNINGS", GATE_ALWAYS, SWITCH},
    {"DISABLE_ERROR_REPORTING", GATE_ALWAYS, SWITCH},
    {"DISABLE_INTERLEAVED_THINKING", GATE_ALWAYS, SWITCH},
    {"DISABLE_TELEMETRY", GATE_ALWAYS, SWITCH},
    {"DO_NOT_TRACK", GATE_ALWAYS, SWITCH},
    {"CLAUDE_CODE_MAX_*", GATE_ALWAYS, LIMIT},
    {"CLAUDE_CODE_API_KEY_HELPER_TTL_MS", GATE_ALWAYS, LIMIT},
    {"CLAUDE_CODE_AUTO_COMPACT_WINDOW", GATE_ALWAYS, LIMIT},
    {"CLAUDE_CODE_BLOCKING_LIMIT_OVERRIDE", GATE_ALWAYS, LIMIT},
    {"CLAUDE_CODE_EXIT_AFTER_STOP_DELAY", GATE_ALWAYS, LIMIT},
    {"CLAUDE_CODE_FILE_READ_MAX_OUTPUT_TOKENS", GATE_ALWAYS, LIMIT},
    {"CLAUDE_CODE_GLOB_TIMEOUT_SECONDS", GATE_ALWAYS, LIMIT},
    {"CLAUDE_CODE_IDLE_THRESHOLD_MINUTES", GATE_ALWAYS, LIMIT},
    {"CLAUDE_CODE_IDLE_TOKEN_THRESHOLD", GATE_ALWAYS, LIMIT},
    {"CLAUDE_CODE_MCP_TOOL_IDLE_TIMEOUT", GATE_ALWAYS, LIMIT},
    {"CLAUDE_CODE_OTEL_FLUSH_TIMEOUT_MS", GATE_ALWAYS, LIMIT},
    {"CLAUDE_CODE_OTEL_SHUTDOWN_TIMEOUT_MS", GATE_ALWAYS, LIMIT},
    {"CLAUDE_CODE_PLUGIN_GIT_TIMEOUT_MS", GATE_ALWAYS, LIMIT},
    {"CLAUDE_CODE_PRINT_BG_WAIT_CEILING_MS", GATE_ALWAYS, LIMIT},
    {"CLAUDE_CODE_RESUME_THRESHOLD_MINUTES", GATE_ALWAYS, LIMIT},
    {"CLAUDE_CODE_RESUME_TOKEN_THRESHOLD", GATE_ALWAYS, LIMIT},
    {"CLAUDE_CODE_RETRY_WATCHDOG", GATE_ALWAYS, LIMIT},
    {"CLAUDE_CODE_SCRIPT_CAPS", GATE_ALWAYS, LIMIT},
    {"CLAUDE_CODE_SESSIONEND_HOOKS_TIMEOUT_MS", GATE_ALWAYS, LIMIT},
    {"CLAUDE_CODE_STOP_HOOK_BLOCK_CAP", GATE_ALWAYS, LIMIT},
    {"CLAUDE_CODE_SYNC_PLUGIN_INSTALL_TIMEOUT_MS", GATE_ALWAYS, LIMIT},
    {"BASH_DEFAULT_TIMEOUT_MS", GATE_ALWAYS, LIMIT},
    {"BASH_MAX_OUTPUT_LENGTH", GATE_ALWAYS, LIMIT},
    {"BASH_MAX_TIMEOUT_MS", GATE_ALWAYS, LIMIT},
    {"MAX_MCP_OUTPUT_TOKENS", GATE_ALWAYS, LIMIT},
    {"MAX_THINKING_TOKENS", GATE_ALWAYS, LIMIT},
    {"MCP_TIMEOUT", GATE_ALWAYS, LIMIT},
    {"MCP_TOOL_TIMEOUT", GATE_ALWAYS, LIMIT},
    {"SLASH_COMMAND_TOOL_CHAR_BUDGET", GATE_ALWAYS, LIMIT},
    {"CLAUDE_CODE_ACCESSIBILITY", GATE_ALWAYS, LOOK},
    {"CLAUDE_CODE_ALTGR_AS_TEXT", GATE_ALWAYS, LOOK},
    {"CLAUDE_CODE_ALT_SCREEN_FULL_REPAINT", GATE_ALWAYS, LOOK},
    {"CLAUDE_CODE_BS_AS_CTRL_BACKSPACE", GATE_ALWAYS, LOOK},
    {"CLAUDE_CODE_FORCE_STRIKETHROUGH", GATE_ALWAYS, LOOK},
    {"CLAUDE_CODE_FORCE_SYNC_OUTPUT", GATE_ALWAYS, LOOK},
    {"CLAUDE_CODE_HIDE_CWD", GATE_ALWAYS, LOOK},
    {"CLAUDE_CODE_NATIVE_CURSOR", GATE_ALWAYS, LOOK},
    {"CLAUDE_CODE_NO_FLICKER", GATE_ALWAYS, LOOK},
    {"CLAUDE_CODE_SCROLL_SPEED", GATE_ALWAYS, LOOK},
    {"CLAUDE_CODE_SYNTAX_HIGHLIGHT", GATE_ALWAYS, LOOK},
    {"CLAUDE_CODE_TMUX_TRUECOLOR", GATE_ALWAYS, LOOK},
    {"TERM", GATE_ALWAYS, TERMINAL},
    {"COLORTERM", GATE_ALWAYS, TERMINAL},
    {"TERM_PROGRAM", GATE_ALWAYS, TERMINAL},
    {"TERM_PROGRAM_VERSION", GATE_ALWAYS, TERMINAL},
    {"NO_COLOR", GATE_ALWAYS, TERMINAL},
    {"FORCE_COLOR", GATE_ALWAYS, TERMINAL},
    {"LANG", GATE_NATIVE, LOCALE},
    {"LC_ALL", GATE_NATIVE, LOCALE},
    {"LC_ADDRESS", GATE_NATIVE, LOCALE},
    {"LC_COLLATE", GATE_NATIVE, LOCALE},
    {"LC_CTYPE", GATE_NATIVE, LOCALE},
    {"LC_IDENTIFICATION", GATE_NATIVE, LOCALE},
    {"LC_MEASUREMENT", GATE_NATIVE, LOCALE},
    {"LC_MESSAGES", GATE_NATIVE, LOCALE},
    {"LC_MONETARY", GATE_NATIVE, LOCALE},
    {"LC_NAME", GATE_NATIVE, LOCALE},
    {"LC_NUMERIC", GATE_NATIVE, LOCALE},
    {"LC_PAPER", GATE_NATIVE, LOCALE},
    {"LC_TELEPHONE", GATE_NATIVE, LOCALE},
    {"LC_TIME", GATE_NATIVE, LOCALE},
    {"HTTP_PROXY", GATE_ALWAYS, PROXY},
    {"HTTPS_PROXY", GATE_ALWAYS, PROXY},
    {"NO_PROXY", GATE_ALWAYS, PROXY},
    {"ALL_PROXY", GATE_ALWAYS, PROXY},
    {"http_proxy", GATE_ALWAYS, PROXY},
    {"https_proxy", GATE_ALWAYS, PROXY},
    {"no_proxy", GATE_ALWAYS, PROXY},
    {"all_proxy", GATE_ALWAYS, PROXY},
    {"GIT_AUTHOR_*", GATE_ALWAYS, AUTHOR},
    {"GIT_COMMITTER_*", GATE_ALWAYS, AUTHOR},
    {"SUDO_UID", GATE_ROOT, "whose repositories git uses if root runs it"},
    {"GIT_CONFIG_COUNT", GATE_ALWAYS, "settings of git"},
    {PASSED_GIT_KEY "*", GATE_GIT, "settings of git"},
    {PASSED_GIT_VALUE "*", GATE_GIT, "settings of git"},
};

static bool has(const struct facts *f, const char *name)
{
    return strv_has(&f->env_names, name);
}

/* Returns whether claude uses this cloud provider: by a variable of the environment, or of the
 * user's settings. */
static bool uses(const struct facts *f, const char *name)
{
    return has(f, name) || (f->login.variable != NULL && strcmp(f->login.variable, name) == 0);
}

/* Returns whether a gateway logs in to the cloud provider in claude's place; claude shows its
 * own token to the gateway then. */
static bool gateway_logs_in(const struct facts *f)
{
    return f->login.source == LOGIN_CLOUD &&
           (has(f, "CLAUDE_CODE_SKIP_BEDROCK_AUTH") || has(f, "CLAUDE_CODE_SKIP_VERTEX_AUTH") ||
            has(f, "CLAUDE_CODE_SKIP_FOUNDRY_AUTH") || has(f, "CLAUDE_CODE_SKIP_MANTLE_AUTH") ||
            has(f, "CLAUDE_CODE_SKIP_ANTHROPIC_AWS_AUTH"));
}

static bool is_open(const struct facts *f, enum gate gate)
{
    switch (gate) {
    case GATE_AUTH_TOKEN:
        return f->login.source == LOGIN_AUTH_TOKEN || gateway_logs_in(f);
    case GATE_API_KEY:
        return f->login.source == LOGIN_API_KEY;
    case GATE_OAUTH_TOKEN:
        return f->login.source == LOGIN_OAUTH_TOKEN;
    case GATE_AWS:
        return uses(f, "CLAUDE_CODE_USE_BEDROCK") || uses(f, "CLAUDE_CODE_USE_MANTLE") ||
               uses(f, "CLAUDE_CODE_USE_ANTHROPIC_AWS");
    case GATE_AWS_PROFILE:
        return f->cloud.profiles != NULL && f->cloud.why == NULL;
    case GATE_VERTEX:
        return uses(f, "CLAUDE_CODE_USE_VERTEX");
    case GATE_FOUNDRY:
        return uses(f, "CLAUDE_CODE_USE_FOUNDRY");
    case GATE_ROOT:
        return f->uid == 0;
    case GATE_NATIVE:
        return f->engine.kind == SANDBOX_NATIVE;
    case GATE_GIT: /* is_git_setting() */
    case GATE_ALWAYS:
        break;
    }
    return true;
}

/* Variables by which editors, compilers, package managers and other tools of developers work
 * differently. Names and prefixes as above. */
static const char *const tools[] = {
    "BUNDLE_*",    "CARGO_*",      "CC",        "CFLAGS",    "CONDA_*",         "CXX",
    "CXXFLAGS",    "DATABASE_URL", "EDITOR",    "GEM_*",     "GH_TOKEN",        "GITHUB_TOKEN",
    "GOFLAGS",     "GOPATH",       "GOPRIVATE", "GOPROXY",   "GRADLE_*",        "JAVA_HOME",
    "LDFLAGS",     "MAKEFLAGS",    "MAVEN_*",   "NODE_ENV",  "NODE_OPTIONS",    "NODE_PATH",
    "NPM_TOKEN",   "PAGER",        "PERL5LIB",  "PIP_*",     "PKG_CONFIG_PATH", "PNPM_HOME",
    "POETRY_*",    "PYTHONPATH",   "RUBYLIB",   "RUSTFLAGS", "RUSTUP_*",        "UV_*",
    "VIRTUAL_ENV", "VISUAL",       "YARN_*"};

static bool matches(const char *pattern, const char *name)
{
    size_t len = strlen(pattern);

    if (pattern[len - 1] == '*') {
        return strncmp(name, pattern, len - 1) == 0;
    }
    return strcmp(name, pattern) == 0;
}

/* Returns whether a variable with a number is a part of a setting that may pass. */
static bool is_git_setting(const struct facts *f, const char *name)
{
    const char *number =
        name + strlen(matches(PASSED_GIT_KEY "*", name) ? PASSED_GIT_KEY : PASSED_GIT_VALUE);
    bool has_key = false;

    for (size_t i = 0; i + 1 < f->git_logins.count; i += 2) {
        if (strcmp(f->git_logins.v[i], number) == 0) {
            return false;
        }
    }
    for (size_t i = 0; i < f->env_names.count; i++) {
        const char *key = f->env_names.v[i];

        has_key = has_key || (matches(PASSED_GIT_KEY "*", key) &&
                              strcmp(key + strlen(PASSED_GIT_KEY), number) == 0);
    }
    return has_key && number[strspn(number, "0123456789")] == '\0';
}

const char *passed_why(const struct facts *f, const char *name)
{
    for (size_t i = 0; i < sizeof(passed) / sizeof(passed[0]); i++) {
        if (matches(passed[i].pattern, name)) {
            return is_open(f, passed[i].gate) &&
                           (passed[i].gate != GATE_GIT || is_git_setting(f, name))
                       ? passed[i].why
                       : NULL;
        }
    }
    return NULL;
}

bool passed_is_claudes(const char *name)
{
    return matches("ANTHROPIC_*", name) || matches("CLAUDE_CODE_*", name);
}

bool passed_is_of_tools(const char *name)
{
    for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++) {
        if (matches(tools[i], name)) {
            return true;
        }
    }
    return false;
}
