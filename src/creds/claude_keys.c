/* SPDX-License-Identifier: MIT */
#include "creds/claude_keys.h"

#include "wire/json.h"

/* The names come from Claude Code's defaults, and from its own list of keys that do not count
 * as a change of the configuration. A key under NEVER would stay unchanged without its rule,
 * too. The rule states the reason, and it prevents a wider rule below it from taking the
 * key. */

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define NEVER(how, name, reason)                                                               \
    {                                                                                          \
        how, name, JSON_KEEP, 0, false, NULL, reason                                           \
    }
/* Does not take a deletion. If claude deletes a key, it has moved it into its settings, and the
 * sandbox's settings are a copy that ends with the session. */
#define TAKE(how, name, what, reason)                                                          \
    {                                                                                          \
        how, name, JSON_TAKE, what, true, NULL, reason                                         \
    }
#define PREFER(how, name, what, reason)                                                        \
    {                                                                                          \
        how, name, JSON_PREFER, what, false, NULL, reason                                      \
    }
#define INSIDE(how, name, rules, reason)                                                       \
    {                                                                                          \
        how, name, JSON_DESCEND, JSON_IS(JSON_OBJECT), false, rules, reason                    \
    }

enum {
    NUMBER = JSON_IS(JSON_NUMBER),
    TEXT = JSON_IS(JSON_STRING),
    FLAG = JSON_IS(JSON_TRUE) | JSON_IS(JSON_FALSE),
    LIST = JSON_IS(JSON_ARRAY),
    TABLE = JSON_IS(JSON_OBJECT)
};

#define RUNS_OR_ALLOWS                                                                         \
    NEVER(JSON_KEY, "mcpServers", "programs that the host's claude starts"),                   \
        NEVER(JSON_KEY, "hooks", "commands that the host's claude runs"),                      \
        NEVER(JSON_KEY_ENDS, "Helper",                                                         \
              "commands that the host's claude runs for a key or a header"),                   \
        NEVER(JSON_KEY, "env", "variables of all programs that the host's claude runs"),       \
        NEVER(JSON_KEY, "permissions", "actions that the host's claude may take unasked"),     \
        NEVER(JSON_KEY, "allowedTools", "actions that the host's claude may take unasked"),    \
        NEVER(JSON_KEY, "enabledMcpjsonServers",                                               \
              "the user's approval of programs of .mcp.json"),                                 \
        NEVER(JSON_KEY, "disabledMcpjsonServers",                                              \
              "the user's refusal of programs of .mcp.json"),                                  \
        NEVER(JSON_KEY, "enableAllProjectMcpServers",                                          \
              "the user's approval of programs of .mcp.json"),                                 \
        NEVER(JSON_KEY, "enabledMcpServers", "which programs the host's claude starts"),       \
        NEVER(JSON_KEY, "disabledMcpServers", "which programs the host's claude starts"),      \
        NEVER(JSON_KEY, "mcpContextUris", "resources that the host's claude fetches"),         \
        NEVER(JSON_KEY, "hasTrustDialogAccepted",                                              \
              "the user's trust in a directory; the copy has it without being asked"),         \
        NEVER(JSON_KEY, "hasClaudeMdExternalIncludesApproved",                                 \
              "the user's approval of instructions from outside the project"),                 \
        NEVER(JSON_KEY, "bypassPermissionsModeAccepted",                                       \
              "the user's answer on the host; the copy has it without being asked"),           \
        NEVER(JSON_KEY, "plugins", "code that the host's claude runs"),                        \
        NEVER(JSON_KEY, "__proto__",                                                           \
              "not a key of claude's; JavaScript changes the prototype instead")

static const struct json_rule counter_list[] = {
    NEVER(JSON_KEY, "__proto__",
          "not a key of claude's; JavaScript changes the prototype instead"),
    TAKE(JSON_KEY_ANY, NULL, NUMBER, "a counter or a time"),
};
static const struct json_rules counters = {counter_list, COUNT(counter_list)};

static const struct json_rule usage_list[] = {
    INSIDE(JSON_KEY_ANY, NULL, &counters, "how often one thing was used, and when"),
};
static const struct json_rules usage = {usage_list, COUNT(usage_list)};

/* The session's own project: the session worked in it, so its values are newer than the
 * host's. */
static const struct json_rule project_list[] = {
    RUNS_OR_ALLOWS,
    PREFER(JSON_KEY_STARTS, "last", NUMBER | TEXT | FLAG | TABLE,
           "figures of the last session"),
    PREFER(JSON_KEY, "history", LIST, "prompts, for the arrow keys"),
    PREFER(JSON_KEY, "exampleFiles", LIST, "names for the example prompt"),
    PREFER(JSON_KEY, "devIntentsDetected", LIST, "labels for the example prompt"),
    PREFER(JSON_KEY, "hasCompletedProjectOnboarding", FLAG, "a hint that was seen"),
    PREFER(JSON_KEY, "hasClaudeMdExternalIncludesWarningShown", FLAG, "a hint that was seen"),
    PREFER(JSON_KEY_ANY, NULL, NUMBER, "a counter or a time"),
};
static const struct json_rules project = {project_list, COUNT(project_list)};

static const struct json_rule projects_list[] = {
    INSIDE(JSON_KEY_NAMED, NULL, &project, "the session's own project"),
};
static const struct json_rules projects = {projects_list, COUNT(projects_list)};

static const struct json_rule top_list[] = {
    RUNS_OR_ALLOWS,
    NEVER(JSON_KEY, "customApiKeyResponses", "the user's approval of keys"),
    NEVER(JSON_KEY, "oauthAccount", "the account of the host's login"),
    NEVER(JSON_KEY, "userID", "the id of the host's user"),
    NEVER(JSON_KEY, "primaryApiKey", "a secret of the host"),
    NEVER(JSON_KEY, "installMethod", "how the host's claude updates itself"),
    NEVER(JSON_KEY_STARTS, "autoUpdate", "how the host's claude updates itself"),
    NEVER(JSON_KEY_STARTS, "cached",
          "flags and answers of servers that control the host's claude"),
    NEVER(JSON_KEY, "cleanupPeriodDays", "when the host's claude deletes transcripts"),
    NEVER(JSON_KEY, "diffTool", "the program that the host's claude opens"),
    NEVER(JSON_KEY_STARTS, "migration",
          "keys that claude has moved into its settings, which are a copy in the sandbox"),
    NEVER(JSON_KEY_ENDS, "MigrationTimestamp",
          "when claude moved keys into its settings, which are a copy in the sandbox"),
    NEVER(JSON_KEY, "mcpLegacyKeyOwners", "which server a stored login belongs to"),
    NEVER(JSON_KEY, "claudeInChromeDefaultEnabled",
          "whether the host's claude may control the browser"),
    NEVER(JSON_KEY, "remoteControlAtStartup", "whether others may control the host's claude"),
    INSIDE(JSON_KEY, "projects", &projects, "per project"),
    INSIDE(JSON_KEY, "tipsHistory", &counters, "when which tip was shown"),
    INSIDE(JSON_KEY, "tipLifetimeShownCounts", &counters, "how often which tip was shown"),
    INSIDE(JSON_KEY, "announcementImpressions", &counters,
           "how often which announcement was shown"),
    INSIDE(JSON_KEY, "skillUsage", &usage, "how often which skill was used"),
    INSIDE(JSON_KEY, "pluginUsage", &usage, "how often which plugin was used"),
    TAKE(JSON_KEY, "hasCompletedOnboarding", JSON_IS(JSON_TRUE),
         "the first questions were answered"),
    TAKE(JSON_KEY, "firstStartTime", TEXT, "when claude was first used"),
    TAKE(JSON_KEY, "claudeCodeFirstTokenDate", TEXT, "when claude was first used"),
    TAKE(JSON_KEY, "lastOnboardingVersion", TEXT,
         "the version of claude whose first questions were answered"),
    TAKE(JSON_KEY, "lastReleaseNotesSeen", TEXT,
         "the version of claude whose release notes were shown"),
    TAKE(JSON_KEY, "theme", TEXT, "colours"),
    TAKE(JSON_KEY, "editorMode", TEXT, "key bindings of the prompt"),
    TAKE(JSON_KEY, "verbose", FLAG, "how much is shown"),
    TAKE(JSON_KEY, "showTurnDuration", FLAG, "how much is shown"),
    TAKE(JSON_KEY, "showExpandedTodos", FLAG, "how much is shown"),
    TAKE(JSON_KEY, "showMessageTimestamps", FLAG, "how much is shown"),
    TAKE(JSON_KEY, "briefTranscript", FLAG, "how much is shown"),
    TAKE(JSON_KEY_STARTS, "hasSeen", FLAG, "a hint that was seen"),
    TAKE(JSON_KEY_STARTS, "hasUsed", FLAG, "a hint that claude need not show again"),
    TAKE(JSON_KEY_ANY, NULL, NUMBER, "a counter or a time"),
};
const struct json_rules claude_keys = {top_list, COUNT(top_list)};
