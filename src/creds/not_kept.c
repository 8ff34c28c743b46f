/* SPDX-License-Identifier: MIT */
#include "creds/not_kept.h"

#include "wire/json.h"

#include <string.h>

enum { NAMES_MAX = 6, NAME_MAX_LEN = 48, MEMBERS_MAX = 1 << 14, PROJECTS_MAX = 64 };

/* The keys of .claude.json that a user sets, with /config or `claude config`, and that the
 * merge does not take. The names come from claude's own list of such keys. */
static const char *const state_keys[] = {
    "apiKeyHelper",
    "preferredNotifChannel",
    "autoCompactEnabled",
    "autoScrollEnabled",
    "externalEditorContext",
    "diffTool",
    "env",
    "hooks",
    "permissions",
    "todoFeatureEnabled",
    "autoConnectIde",
    "autoInstallIdeExtension",
    "fileCheckpointingEnabled",
    "terminalProgressBarEnabled",
    "showStatusInTerminalTab",
    "taskCompleteNotifEnabled",
    "inputNeededNotifEnabled",
    "agentPushNotifEnabled",
    "respectGitignore",
    "claudeInChromeDefaultEnabled",
    "lspRecommendationDisabled",
    "copyFullResponse",
    "copyOnSelect",
    "leftArrowOpensAgents",
    "defaultToAgentsView",
    "permissionExplainerEnabled",
    "prStatusFooterEnabled",
    "remoteControlAtStartup",
};

/* Keys of the settings that cco or claude itself writes. */
static const char *const own_settings[] = {"$schema", "skipDangerousModePermissionPrompt"};

#define HAS(list, word) has(list, sizeof(list) / sizeof((list)[0]), word)

static bool has(const char *const *list, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i], word) == 0) {
            return true;
        }
    }
    return false;
}

/* Returns the object in a text, and JSON_NONE if the text is not an object. */
static struct json object(struct str text)
{
    struct json v = {0};
    struct err ignored = {0};

    return json_parse(text, &v, &ignored) == 0 && v.type == JSON_OBJECT ? v : (struct json){0};
}

static bool is_plain(const char *name)
{
    for (const char *p = name; *p != '\0'; p++) {
        if (!str_is_alnum(*p) && strchr("_-.:@$", *p) == NULL) {
            return false;
        }
    }
    return name[0] != '\0' && strlen(name) <= NAME_MAX_LEN;
}

static void note(struct strv *names, size_t *more, const char *name, struct arena *a)
{
    if (strv_has(names, name)) {
        return;
    }
    if (names->count < NAMES_MAX && is_plain(name)) {
        strv_add(names, a, name);
    } else {
        (*more)++;
    }
}

/* Returns the last member of the object v with this key, as JavaScript does. */
static struct json member(const struct json_members *all, struct str key)
{
    const struct json_member *m = json_member(all, key);

    return m != NULL ? m->value : (struct json){0};
}

/* Calls note() for each member that differs between the objects. A member of only one of the
 * objects differs as well. */
static void note_members(struct json base, struct json other, struct strv *names, size_t *more,
                         struct arena *a)
{
    size_t budget = MEMBERS_MAX;
    struct json_members before;
    struct json_members after;

    if (!json_members(base, a, &budget, &before) || !json_members(other, a, &budget, &after)) {
        return;
    }
    for (size_t i = 0; i < after.count; i++) {
        const struct json_member *m = &after.list[i];

        if (m->last && !json_same(m->value, member(&before, m->key))) {
            note(names, more, arena_str(a, m->key), a);
        }
    }
    for (size_t i = 0; i < before.count; i++) {
        const struct json_member *m = &before.list[i];

        if (m->last && json_member(&after, m->key) == NULL) {
            note(names, more, arena_str(a, m->key), a);
        }
    }
}

void not_kept_state(struct not_kept *n, struct str base, struct str other, struct arena *a)
{
    const struct json before = object(base);
    const struct json after = object(other);
    struct json_iter it = json_iter(json_get(after, "projects"));
    struct json project = {0};
    struct json key = {0};

    if (before.type != JSON_OBJECT || after.type != JSON_OBJECT) {
        return;
    }
    note_members(json_get(before, "mcpServers"), json_get(after, "mcpServers"), &n->servers,
                 &n->more_servers, a);
    for (int i = 0; i < PROJECTS_MAX && json_next(&it, &key, &project); i++) {
        const char *name = json_string_dup(key, a);

        if (name != NULL) {
            note_members(json_get(json_get(json_get(before, "projects"), name), "mcpServers"),
                         json_get(project, "mcpServers"), &n->servers, &n->more_servers, a);
        }
    }
    for (size_t i = 0; i < sizeof(state_keys) / sizeof(state_keys[0]); i++) {
        const struct json value = json_get(after, state_keys[i]);

        /* claude deletes a key when it moves it into its settings. */
        if (value.type != JSON_NONE && !json_same(value, json_get(before, state_keys[i]))) {
            note(&n->keys, &n->more_keys, state_keys[i], a);
        }
    }
}

void not_kept_settings(struct not_kept *n, struct str base, struct str other, struct str state,
                       struct arena *a)
{
    const struct json before = object(base);
    const struct json after = object(other);
    const struct json old = object(state);
    struct strv changed = {0};
    size_t more = 0;

    if (before.type != JSON_OBJECT || after.type != JSON_OBJECT) {
        return;
    }
    note_members(before, after, &changed, &more, a);
    n->more_keys += more;
    for (size_t i = 0; i < changed.count; i++) {
        const char *key = changed.v[i];
        const struct json value = json_get(after, key);
        const bool moved = value.type != JSON_NONE && json_same(value, json_get(old, key));

        if (!moved && !HAS(own_settings, key)) {
            note(&n->keys, &n->more_keys, key, a);
        }
    }
}

/* Returns the names, with commas between them. */
static const char *listed(const struct strv *names, size_t more, struct arena *a)
{
    const char *text = strv_join(names, ", ", a);

    return more == 0         ? text
           : text[0] == '\0' ? arena_printf(a, "%zu with unusual names", more)
                             : arena_printf(a, "%s and %zu more", text, more);
}

void not_kept_lines(const struct not_kept *n, struct arena *a, struct strv *lines)
{
    if (n->servers.count + n->more_servers > 0) {
        strv_add(lines, a,
                 arena_printf(a,
                              "not kept: MCP servers (%s), which claude on this machine would "
                              "start. To keep them: claude mcp add outside of cco, or for this "
                              "project cco mcp add --scope project",
                              listed(&n->servers, n->more_servers, a)));
    }
    if (n->keys.count + n->more_keys > 0) {
        strv_add(
            lines, a,
            arena_printf(a,
                         "not kept: claude's settings (%s), because claude on this machine "
                         "obeys them. To keep them, change them with claude outside of cco",
                         listed(&n->keys, n->more_keys, a)));
    }
    if (n->files.count > 0) {
        strv_add(lines, a,
                 arena_printf(a,
                              "not kept: changes of %s in ~/.claude, which claude on this "
                              "machine obeys. To keep them, change the files outside of cco",
                              listed(&n->files, 0, a)));
    }
}
