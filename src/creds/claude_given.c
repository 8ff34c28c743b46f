/* SPDX-License-Identifier: MIT */
#include "creds/claude_given.h"

#include <string.h>

#include "base/arena.h"
#include "wire/json.h"

/* claude keeps the answers about keys by their last 20 characters. */
enum { KEY_TAIL = 20 };

enum match { KEY_IS, KEY_STARTS, KEY_ENDS };

enum gate { GATE_ALWAYS, GATE_ACCOUNT, GATE_PRIMARY_KEY };

/* The members whose value is a text, a list or an object. Left out are, among others,
 * primaryApiKey (a secret) and oauthAccount unless they belong to the login, githubRepoPaths
 * (where other projects are), and all members of `projects` except this project's. */
static const struct {
    enum match match;
    const char *key;
    enum gate gate;
    const char *why;
} given[] = {
    {KEY_IS, "mcpServers", GATE_ALWAYS,
     "the user's own MCP servers, which work inside as well"},
    {KEY_IS, "env", GATE_ALWAYS, "variables that the user's claude sets"},
    {KEY_IS, "theme", GATE_ALWAYS, "colours"},
    {KEY_IS, "editorMode", GATE_ALWAYS, "key bindings of the prompt"},
    {KEY_IS, "diffTool", GATE_ALWAYS, "how changes are shown"},
    {KEY_IS, "preferredNotifChannel", GATE_ALWAYS, "how claude notifies"},
    {KEY_IS, "installMethod", GATE_ALWAYS, "claude guesses it without this member"},
    {KEY_IS, "autoUpdatesChannel", GATE_ALWAYS, "which versions the user wants"},
    {KEY_IS, "firstStartTime", GATE_ALWAYS, "when claude was first used"},
    {KEY_IS, "claudeCodeFirstTokenDate", GATE_ALWAYS, "when claude was first used"},
    {KEY_IS, "lastOnboardingVersion", GATE_ALWAYS, "the first questions were answered"},
    {KEY_IS, "lastReleaseNotesSeen", GATE_ALWAYS, "which release notes were shown"},
    {KEY_IS, "tipsHistory", GATE_ALWAYS, "when which tip was shown"},
    {KEY_IS, "tipLifetimeShownCounts", GATE_ALWAYS, "how often which tip was shown"},
    {KEY_IS, "announcementImpressions", GATE_ALWAYS, "which announcements were shown"},
    {KEY_IS, "skillUsage", GATE_ALWAYS, "how often which skill was used"},
    {KEY_IS, "pluginUsage", GATE_ALWAYS, "how often which plugin was used"},
    {KEY_STARTS, "hasSeen", GATE_ALWAYS, "a hint that was seen"},
    {KEY_STARTS, "cached", GATE_ALWAYS, "answers of servers, which claude would fetch again"},
    {KEY_ENDS, "Cache", GATE_ALWAYS, "answers of servers, which claude would fetch again"},
    {KEY_ENDS, "MigrationTimestamp", GATE_ALWAYS, "what claude has moved into its settings"},
    {KEY_IS, "userID", GATE_ALWAYS, "which features the servers switch on"},
    {KEY_IS, "machineID", GATE_ALWAYS, "which features the servers switch on"},
    {KEY_IS, "oauthAccount", GATE_ACCOUNT, "the account of the login"},
    {KEY_IS, "primaryApiKey", GATE_PRIMARY_KEY, "the login, because there is no other"},
};

static bool matches(enum match match, const char *name, const char *key)
{
    const size_t len = strlen(name);
    const size_t all = strlen(key);

    switch (match) {
    case KEY_STARTS:
        return strncmp(key, name, len) == 0;
    case KEY_ENDS:
        return all >= len && strcmp(key + all - len, name) == 0;
    case KEY_IS:
        break;
    }
    return strcmp(key, name) == 0;
}

static bool is_open(const struct claude_given *g, enum gate gate)
{
    switch (gate) {
    case GATE_ACCOUNT:
        return g->account;
    case GATE_PRIMARY_KEY:
        return g->primary_key;
    case GATE_ALWAYS:
        break;
    }
    return true;
}

static bool is_given(const struct claude_given *g, const char *key, struct json value)
{
    if (value.type != JSON_STRING && value.type != JSON_ARRAY && value.type != JSON_OBJECT) {
        return true;
    }
    for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++) {
        if (matches(given[i].match, given[i].key, key)) {
            return is_open(g, given[i].gate);
        }
    }
    return false;
}

/* Writes the members of `projects` that belong to the session. */
static void write_projects(struct json_w *w, const struct claude_given *g, struct json all,
                           struct arena *a)
{
    struct json_iter it = json_iter(all);
    struct json key = {0};
    struct json value = {0};

    json_w_key(w, "projects");
    json_w_object(w);
    while (all.type == JSON_OBJECT && json_next(&it, &key, &value)) {
        const char *name = json_string_dup(key, a);

        if ((g->project != NULL && strcmp(name, g->project) == 0) ||
            (g->cwd != NULL && strcmp(name, g->cwd) == 0)) {
            json_w_key(w, name);
            json_w_raw(w, value.raw);
        }
    }
    json_w_end(w);
}

/* Writes the user's answer about the key that is the login. */
static void write_responses(struct json_w *w, const struct claude_given *g, struct json all)
{
    static const char *const lists[] = {"approved", "rejected"};
    const char *tail = g->api_key;

    if (tail != NULL && strlen(tail) > KEY_TAIL) {
        tail += strlen(tail) - KEY_TAIL;
    }
    json_w_key(w, "customApiKeyResponses");
    json_w_object(w);
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        struct json list = json_get(all, lists[i]);
        struct json_iter it = json_iter(list);
        struct json item = {0};

        json_w_key(w, lists[i]);
        json_w_array(w);
        while (list.type == JSON_ARRAY && json_next(&it, NULL, &item)) {
            if (tail != NULL && json_is(item, tail)) {
                json_w_raw(w, item.raw);
            }
        }
        json_w_end(w);
    }
    json_w_end(w);
}

int claude_given_copy(struct str text, const struct claude_given *g, struct buf *out,
                      struct err *e)
{
    struct arena a = {0};
    struct json_w w;
    struct json root;
    struct json_iter it;
    struct json key = {0};
    struct json value = {0};
    int rc = -1;

    if (json_parse(str_trim(text).len == 0 ? str_c("{}") : text, &root, e) < 0) {
        return -1;
    }
    if (root.type != JSON_OBJECT) {
        return err_set(e, ERR_FORMAT, "it is not a JSON object");
    }
    /* Growing would leave copies of secrets in memory. The copy is not much longer. */
    (void)buf_reserve(out, text.len + 128 < buf_room(out) ? text.len + 128 : buf_room(out));
    json_w_init(&w, out, 0);
    json_w_object(&w);
    it = json_iter(root);
    while (json_next(&it, &key, &value)) {
        const char *name = json_string_dup(key, &a);

        if (strcmp(name, "projects") == 0) {
            write_projects(&w, g, value, &a);
        } else if (strcmp(name, "customApiKeyResponses") == 0) {
            write_responses(&w, g, value);
        } else if (is_given(g, name, value)) {
            json_w_key(&w, name);
            json_w_raw(&w, value.raw);
        }
    }
    json_w_end(&w);
    if (json_done(&w) == 0) {
        rc = 0;
    } else {
        (void)err_set(e, ERR_LIMIT, "the copy would be larger than %zu bytes", out->max);
    }
    arena_release(&a);
    return rc;
}
