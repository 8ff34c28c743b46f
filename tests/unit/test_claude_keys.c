/* SPDX-License-Identifier: MIT */
#include "creds/claude_keys.h"

#include "tap.h"

enum { TEXT_MAX = 512 };

/* Checks whether the key with this value is taken, in the object between `open` and `close`. */
static void check(const char *open, const char *close, const char *key, const char *value,
                  bool taken)
{
    char ours[TEXT_MAX];
    char other[TEXT_MAX];
    struct json_merge in = {.rules = &claude_keys, .name = "/p"};
    struct buf out;
    struct err e = {0};
    bool changed = false;

    (void)snprintf(ours, sizeof(ours), "%s%s", open, close);
    (void)snprintf(other, sizeof(other), "%s\"%s\":%s%s", open, key, value, close);
    in.base = in.ours = str_c(ours);
    in.other = str_c(other);
    buf_init(&out, TEXT_MAX);
    ok(json_merge(&in, &out, &changed, &e) == 0 && changed == taken, "%s%s: %s is %s", open,
       key, value, taken ? "taken" : "not taken");
    is_str(buf_c(&out), taken ? other : ours, key);
    buf_release(&out);
}

static const char *const never[] = {"mcpServers",
                                    "hooks",
                                    "apiKeyHelper",
                                    "otelHeadersHelper",
                                    "awsAuthRefreshHelper",
                                    "env",
                                    "permissions",
                                    "allowedTools",
                                    "enabledMcpjsonServers",
                                    "disabledMcpjsonServers",
                                    "enableAllProjectMcpServers",
                                    "mcpContextUris",
                                    "hasTrustDialogAccepted",
                                    "hasClaudeMdExternalIncludesApproved",
                                    "bypassPermissionsModeAccepted",
                                    "plugins",
                                    "__proto__",
                                    "\\u006dcpServers",
                                    "mcp\\u0053ervers",
                                    "\\u0065nv",
                                    "hoo\\u006bs",
                                    "apiKeyHelpe\\u0072",
                                    "somethingNew",
                                    "statusLine",
                                    "enabledPlugins",
                                    "MCPSERVERS",
                                    "lastCos\\u0000",
                                    ""};
static const char *const never_top[] = {"customApiKeyResponses",
                                        "oauthAccount",
                                        "userID",
                                        "primaryApiKey",
                                        "installMethod",
                                        "autoUpdates",
                                        "autoUpdatesProtectedForNative",
                                        "cachedGrowthBookFeatures",
                                        "cachedDynamicConfigs",
                                        "diffTool",
                                        "shiftEnterKeyBindingInstalled",
                                        "history"};
static const char *const values[] = {"\"sh -c evil\"", "true", "[\"x\"]",
                                     "{\"x\":{\"command\":1}}"};

struct taken {
    const char *key;
    const char *value;
    bool taken;
};
static const struct taken top[] = {
    {"numStartups", "7", true},
    {"numStartups", "\"7\"", false},
    {"memoryUsageCount", "-1.5e3", true},
    {"aFutureCounter", "7", true},
    {"theme", "\"dark\"", true},
    {"theme", "[]", false},
    {"theme", "{}", false},
    {"hasCompletedOnboarding", "true", true},
    {"hasCompletedOnboarding", "false", false},
    {"lastOnboardingVersion", "\"2.0\"", true},
    {"hasSeenTasksHint", "true", true},
    {"hasSeenTasksHint", "\"true\"", false},
    {"tipsHistory", "{\"a\":1}", true},
    {"tipsHistory", "{\"a\":\"x\"}", false},
    {"tipsHistory", "{\"__proto__\":1}", false},
    {"tipsHistory", "[1]", false},
    {"skillUsage", "{\"a\":{\"usageCount\":1}}", true},
    {"skillUsage", "{\"a\":{\"command\":\"x\"}}", false},
    {"skillUsage", "{\"a\":1}", false},
    {"projects", "5", false},
    {"cleanupPeriodDays", "0", false},
    {"userID", "1", false},
    {"mcpServers", "1", false},
    {"migrationVersion", "15", false},
    {"opusMigrationTimestamp", "5", false},
    {"env", "1", false},
    {"xHelper", "1", false},
};
static const struct taken project[] = {
    {"lastCost", "0.25", true},
    {"lastSessionId", "\"x\"", true},
    {"lastModelUsage", "{\"m\":{\"costUSD\":1}}", true},
    {"lastX", "[1]", false},
    {"last-apiKeyHelper", "\"x\"", false},
    {"history", "[{\"display\":\"x\"}]", true},
    {"history", "{}", false},
    {"exampleFiles", "[\"a.c\"]", true},
    {"exampleFilesGeneratedAt", "5", true},
    {"projectOnboardingSeenCount", "5", true},
    {"hasCompletedProjectOnboarding", "true", true},
    {"aFutureCounter", "5", true},
    {"hasTrustDialogAccepted", "1", false},
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define IN_PROJECT "{\"projects\":{\"/p\":{"
#define IN_OTHER "{\"projects\":{\"/other\":{"

static void every_rule_has_a_reason(const struct json_rules *rules, const char *name)
{
    bool all = true;

    for (size_t i = 0; i < rules->count; i++) {
        const struct json_rule *r = &rules->list[i];

        all = all && r->why != NULL && r->why[0] != '\0' &&
              (r->verdict != JSON_DESCEND || r->inside != NULL) &&
              (r->verdict == JSON_KEEP || r->verdict == JSON_DESCEND || r->types != 0);
    }
    ok(all, "%s: every rule has a reason and types", name);
}

int main(void)
{
    for (size_t v = 0; v < COUNT(values); v++) {
        for (size_t i = 0; i < COUNT(never); i++) {
            check("{", "}", never[i], values[v], false);
            check(IN_PROJECT, "}}}", never[i], values[v],
                  strncmp(never[i], "last", 4) == 0 && values[v][0] != '[');
            check(IN_OTHER, "}}}", never[i], values[v], false);
        }
        for (size_t i = 0; i < COUNT(never_top); i++) {
            check("{", "}", never_top[i], values[v], false);
        }
    }
    for (size_t i = 0; i < COUNT(top); i++) {
        check("{", "}", top[i].key, top[i].value, top[i].taken);
    }
    for (size_t i = 0; i < COUNT(project); i++) {
        check(IN_PROJECT, "}}}", project[i].key, project[i].value, project[i].taken);
        check(IN_OTHER, "}}}", project[i].key, project[i].value, false);
    }
    every_rule_has_a_reason(&claude_keys, "the table");
    return done_testing();
}
