/* SPDX-License-Identifier: MIT */
#include "trust/trust_settings.h"

#include "base/buf.h"
#include "base/list.h"
#include "wire/dotenv.h"
#include "wire/json.h"

#include <string.h>

/* The keys of claude's settings that run, set and reach nothing. Those about servers of
 * .mcp.json only choose among servers that are items themselves. The names come from the schema
 * of the settings in Claude Code 2.1. */
static const char *const harmless[] = {
    "$schema",
    "agent", /* names an agent of the project, which is an item if it runs something */
    "alwaysThinkingEnabled",
    "attribution",
    "autoCompactEnabled",
    "autoCompactWindow",
    "autoScrollEnabled",
    "awaySummaryEnabled",
    "claudeMdExcludes",
    "companyAnnouncements",
    "deniedMcpServers",
    "disableBundledSkills",
    "disableClaudeAiConnectors",
    "disabledMcpjsonServers",
    "editorMode",
    "effortLevel",
    "enableAllProjectMcpServers",
    "enabledMcpjsonServers",
    "fastMode",
    "feedbackSurveyRate",
    "fileCheckpointingEnabled",
    "includeCoAuthoredBy",
    "includeGitInstructions",
    "language",
    "model",
    "outputStyle",
    "preferredNotifChannel",
    "prefersReducedMotion",
    "promptSuggestionEnabled",
    "respectGitignore",
    "showClearContextOnPlanAccept",
    "showMessageTimestamps",
    "showThinkingSummaries",
    "showTurnDuration",
    "spinnerTipsEnabled",
    "spinnerTipsOverride",
    "spinnerVerbs",
    "syntaxHighlightingDisabled",
    "terminalProgressBarEnabled",
    "terminalTitleFromRename",
    "theme",
    "todoFeatureEnabled",
    "tui",
    "verbose",
    "viewMode",
};

static bool is_harmless(const char *key)
{
    for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++) {
        if (strcmp(harmless[i], key) == 0) {
            return true;
        }
    }
    return false;
}

/* Returns the last member of this name, as JSON.parse() does, which claude uses. json_get()
 * takes the first, so that a file with doubled keys would show cco something else than claude.
 */
static struct json last(struct json v, const char *name)
{
    struct json_iter it = json_iter(v);
    struct json key = {0};
    struct json value = {0};
    struct json found = {0};

    while (v.type == JSON_OBJECT && json_next(&it, &key, &value)) {
        if (json_is(key, name)) {
            found = value;
        }
    }
    return found;
}

/* Returns the text of a string, cut for a message. NULL if v is not a string. */
static const char *text_of(struct trust_items *t, struct json v)
{
    const char *text = json_string_dup(v, t->a);

    return text != NULL ? trust_items_short(t, str_c(text)) : NULL;
}

/* Returns the command of a server or a hook with its arguments. NULL if it has none. */
static const char *command_of(struct trust_items *t, struct json v)
{
    const char *command = json_string_dup(last(v, "command"), t->a);
    struct json_iter it = json_iter(last(v, "args"));
    struct json arg = {0};
    struct buf line;
    const char *out;

    if (command == NULL) {
        return NULL;
    }
    buf_init(&line, 64 << 10); /* more than is shown */
    (void)buf_add_c(&line, command);
    while (json_next(&it, NULL, &arg)) {
        (void)buf_add_byte(&line, ' ');
        (void)json_string(arg, &line);
    }
    out = trust_items_short(t, buf_str(&line));
    buf_release(&line);
    return out;
}

static const char *key_of(struct trust_items *t, struct json key)
{
    const char *text = text_of(t, key);

    return text != NULL ? text : "";
}

static bool is_empty(struct json v)
{
    struct json_iter it = json_iter(v);
    struct json item = {0};

    return v.type == JSON_NULL ||
           ((v.type == JSON_OBJECT || v.type == JSON_ARRAY) && !json_next(&it, NULL, &item));
}

static struct trust_found found(const char *file, struct json key, struct json content)
{
    return (struct trust_found){
        .file = file, .part = TRUST_CLAUDE, .name = key.raw, .content = content.raw};
}

/* Adds the item that the whole file has another form than it should have. */
static void add_odd(struct trust_items *t, const char *file, struct str text, const char *what)
{
    trust_items_add(
        t,
        &(struct trust_found){
            .file = file, .part = TRUST_CLAUDE, .name = str_c("text"), .content = text},
        "%s", what);
}

/* Adds an item for each hook of one event. Returns false if `v` does not have the form of
 * claude's settings: a list of objects, whose `hooks` are lists of objects. */
static bool add_event(struct trust_items *t, const char *file, struct json event, struct json v)
{
    struct json_iter entries = json_iter(v);
    struct json entry = {0};

    if (v.type != JSON_ARRAY) {
        return false;
    }
    while (json_next(&entries, NULL, &entry)) {
        struct json list = last(entry, "hooks");
        struct json_iter hooks = json_iter(list);
        struct json hook = {0};

        if (list.type != JSON_ARRAY) {
            return false;
        }
        /* The first hook puts the whole entry into the digest, and the others add nothing, so
         * that the work does not grow with the square of their number. */
        for (struct json content = entry; json_next(&hooks, NULL, &hook);
             content = (struct json){0}) {
            const struct trust_found f = found(file, event, content);
            const char *runs = command_of(t, hook);
            const char *url = text_of(t, last(hook, "url"));

            if (runs != NULL) {
                trust_items_add(t, &f, "hooks: %s runs %s", key_of(t, event), runs);
            } else if (url != NULL) {
                trust_items_add(t, &f, "hooks: %s sends to %s", key_of(t, event), url);
            } else {
                trust_items_add(t, &f, "hooks: %s", key_of(t, event));
            }
        }
    }
    return true;
}

static void add_hooks(struct trust_items *t, const char *file, struct json key, struct json v)
{
    const struct trust_found f = found(file, key, v);
    struct json_iter it = json_iter(v);
    struct json event = {0};
    struct json entries = {0};

    if (v.type != JSON_OBJECT) {
        trust_items_add(t, &f, "hooks");
        return;
    }
    while (json_next(&it, &event, &entries)) {
        if (!add_event(t, file, event, entries)) {
            trust_items_add(t, &f, "hooks: %s", key_of(t, event));
        }
    }
}

static void add_env(struct trust_items *t, const char *file, struct json key, struct json v)
{
    struct json_iter it = json_iter(v);
    struct json name = {0};
    struct json value = {0};

    if (v.type != JSON_OBJECT) {
        const struct trust_found f = found(file, key, v);

        trust_items_add(t, &f, "env");
        return;
    }
    while (json_next(&it, &name, &value)) {
        const char *text = json_string_dup(value, t->a);
        const char *plain = json_string_dup(name, t->a);
        struct trust_found f = found(file, name, value);

        if (plain == NULL || !dotenv_is_key(str_c(plain))) {
            /* A program would read "PATH=./bin:" as the variable PATH. */
            trust_items_add(t, &f, "env: a name that is none: %s",
                            plain != NULL ? trust_items_short(t, str_c(plain)) : "");
            continue;
        }
        f.name = str_c(plain);
        trust_items_variable(t, &f, "env: ", text != NULL ? str_c(text) : value.raw);
    }
}

/* Rules that refuse or ask restrict claude. The others only matter if claude asks. */
static void add_permissions(struct trust_items *t, const char *file, struct json v)
{
    struct json_iter it = json_iter(v);
    struct json key = {0};
    struct json value = {0};

    while (json_next(&it, &key, &value)) {
        struct trust_found f = found(file, key, value);

        f.if_prompting = true;
        if (!json_is(key, "deny") && !json_is(key, "ask") && !is_empty(value)) {
            trust_items_add(t, &f, "permissions: %s", key_of(t, key));
        }
    }
}

/* Adds an item for each member of an object that is not false, or one item if v is not an
 * object. */
static void add_each(struct trust_items *t, const char *file, struct json key, struct json v,
                     const char *what)
{
    struct json_iter it = json_iter(v);
    struct json name = {0};
    struct json value = {0};

    if (v.type != JSON_OBJECT) {
        const struct trust_found f = found(file, key, v);

        trust_items_add(t, &f, "%s", what);
    }
    while (json_next(&it, &name, &value)) {
        const struct trust_found f = found(file, name, value);

        if (value.type != JSON_FALSE) {
            trust_items_add(t, &f, "%s: %s", what, key_of(t, name));
        }
    }
}

/* Adds the item of a key that has no rule of its own. Most of those that run something are a
 * command, or an object with a command. */
static void add_key(struct trust_items *t, const char *file, struct json key, struct json v)
{
    const struct trust_found f = found(file, key, v);
    const char *runs = text_of(t, last(v, "command"));

    if (runs == NULL) {
        runs = text_of(t, v);
    }
    if (runs != NULL) {
        trust_items_add(t, &f, "%s: %s", key_of(t, key), runs);
    } else if (v.type == JSON_TRUE || v.type == JSON_FALSE || v.type == JSON_NUMBER) {
        trust_items_add(t, &f, "%s: %.*s", key_of(t, key),
                        (int)(v.raw.len < TRUST_TEXT_MAX ? v.raw.len : TRUST_TEXT_MAX),
                        v.raw.p);
    } else {
        trust_items_add(t, &f, "%s", key_of(t, key));
    }
}

void trust_dotenv(struct trust_items *t, const char *file, struct str text)
{
    struct dotenv d;
    struct str key = {0};
    struct str value = {0};
    enum dotenv_kind kind;

    dotenv_init(&d, text);
    while ((kind = dotenv_next(&d, &key, &value)) != DOTENV_END) {
        if (kind == DOTENV_SET) {
            trust_items_variable(
                t,
                &(struct trust_found){
                    .file = file, .part = TRUST_DOTENV, .name = key, .content = value},
                "", value);
        }
    }
}

/* Returns the members of a file whose value should be an object. An empty file has none, and
 * neither has a file with something else, which is then an item. */
static struct json_iter members_of(struct trust_items *t, const char *file, struct str text)
{
    struct json root = {0};
    struct err ignored = {0};

    if (str_trim(text).len > 0 &&
        (json_parse(text, &root, &ignored) < 0 || root.type != JSON_OBJECT)) {
        add_odd(t, file, text, "is not a JSON object");
        root = (struct json){0};
    }
    return json_iter(root);
}

void trust_settings(struct trust_items *t, const char *file, struct str text)
{
    struct json_iter it = members_of(t, file, text);
    struct json key = {0};
    struct json value = {0};

    while (json_next(&it, &key, &value)) {
        const char *name = json_string_dup(key, t->a);

        if (name == NULL || is_empty(value)) {
            continue;
        }
        if (strcmp(name, "hooks") == 0) {
            add_hooks(t, file, key, value);
        } else if (strcmp(name, "env") == 0) {
            add_env(t, file, key, value);
        } else if (strcmp(name, "permissions") == 0 && value.type == JSON_OBJECT) {
            add_permissions(t, file, value);
        } else if (strcmp(name, "enabledPlugins") == 0) {
            add_each(t, file, key, value, "a plugin is switched on");
        } else if (strcmp(name, "extraKnownMarketplaces") == 0) {
            add_each(t, file, key, value, "plugins come from another place");
        } else if (!is_harmless(name)) {
            add_key(t, file, key, value);
        }
    }
}

/* Returns the names of the variables that a server gets, as "A, B". NULL if there are none. */
static const char *variables_of(struct trust_items *t, struct json server)
{
    struct json_iter it = json_iter(last(server, "env"));
    struct json name = {0};
    struct json value = {0};
    struct buf line;
    const char *out = NULL;

    buf_init(&line, 64 << 10); /* more than is shown */
    while (it.in_object && json_next(&it, &name, &value)) {
        (void)buf_addf(&line, "%s%s", line.len > 0 ? ", " : "", key_of(t, name));
    }
    if (line.len > 0) {
        out = trust_items_short(t, buf_str(&line));
    }
    buf_release(&line);
    return out;
}

static void add_server(struct trust_items *t, const char *file, struct json name,
                       struct json server)
{
    struct trust_found f = found(file, name, server);
    const struct {
        const char *effect, *what;
    } parts[] = {
        {" runs ", command_of(t, server)},
        {" connects to ", text_of(t, last(server, "url"))},
        {" for its headers runs ", text_of(t, last(server, "headersHelper"))},
        {" gets the variables ", variables_of(t, server)},
    };
    size_t before = t->count + t->more;

    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (parts[i].what != NULL) {
            trust_items_add(t, &f, "the MCP server %s%s%s", key_of(t, name), parts[i].effect,
                            parts[i].what);
            f.content = str_n("", 0); /* the first item has all of it in the digest */
        }
    }
    if (t->count + t->more == before) {
        trust_items_add(t, &f, "the MCP server %s", key_of(t, name));
    }
}

void trust_mcp(struct trust_items *t, const char *file, struct str text)
{
    struct json_iter it = members_of(t, file, text);
    struct json key = {0};
    struct json value = {0};

    while (json_next(&it, &key, &value)) {
        struct json_iter servers = json_iter(value);
        struct json name = {0};
        struct json server = {0};

        if (json_is(key, "$schema") || is_empty(value)) {
            continue;
        }
        if (!json_is(key, "mcpServers") || value.type != JSON_OBJECT) {
            add_key(t, file, key, value);
            continue;
        }
        while (json_next(&servers, &name, &server)) {
            add_server(t, file, name, server);
        }
    }
}
