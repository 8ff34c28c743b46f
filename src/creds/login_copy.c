/* SPDX-License-Identifier: MIT */
#include "creds/login_copy.h"

#include "base/arena.h"
#include "base/limits.h"
#include "creds/login.h"
#include "wire/json.h"
#include "wire/json_edit.h"

#include <string.h>

/* Adds the servers of one object `mcpServers`. */
static void add_servers(struct json_w *w, struct json servers, struct arena *a)
{
    struct json_iter it = json_iter(servers);
    struct json key = {0};
    struct json value = {0};

    while (servers.type == JSON_OBJECT && json_next(&it, &key, &value)) {
        const char *url = json_string_dup(json_get(value, "url"), a);

        if (url != NULL) {
            json_w_array(w);
            json_w_c(w, json_string_dup(key, a));
            json_w_c(w, url);
            json_w_end(w);
        }
    }
}

/* Returns the value of the text, or no value if it is broken. */
static struct json value_of(struct str text)
{
    struct err ignored = {0};
    struct json v = {0};

    if (str_trim(text).len > 0) {
        (void)json_parse(text, &v, &ignored);
    }
    return v;
}

int login_copy_servers(struct str claude_json, const char *project, struct str mcp_json,
                       struct buf *out, struct err *e)
{
    const struct json own = value_of(claude_json);
    const struct json shared = value_of(mcp_json);
    struct json entry = json_get(json_get(own, "projects"), project);
    struct arena a = {0};
    struct json_w w;
    int rc;

    json_w_init(&w, out, 0);
    json_w_array(&w);
    add_servers(&w, json_get(own, "mcpServers"), &a);
    add_servers(&w, json_get(entry, "mcpServers"), &a);
    add_servers(&w, json_get(shared, "mcpServers"), &a);
    json_w_end(&w);
    rc = json_done(&w) == 0
             ? 0
             : err_set(e, ERR_LIMIT, "the list of MCP servers is larger than %zu bytes",
                       out->max);
    arena_release(&a);
    return rc;
}

/* Returns whether the stored login belongs to one of the servers. */
static bool belongs(struct json login, struct json servers, struct arena *a)
{
    const char *name = json_string_dup(json_get(login, "serverName"), a);
    const char *url = json_string_dup(json_get(login, "serverUrl"), a);
    struct json_iter it = json_iter(servers);
    struct json pair = {0};

    while (name != NULL && url != NULL && json_next(&it, NULL, &pair)) {
        struct json_iter parts = json_iter(pair);
        struct json first = {0};
        struct json second = {0};

        if (json_next(&parts, NULL, &first) && json_next(&parts, NULL, &second) &&
            json_is(first, name) && json_is(second, url)) {
            return true;
        }
    }
    return false;
}

static void write_logins(struct json_w *w, struct json logins, struct json servers,
                         struct arena *a)
{
    struct json_iter it = json_iter(logins);
    struct json key = {0};
    struct json value = {0};

    json_w_key(w, "mcpOAuth");
    json_w_object(w);
    while (logins.type == JSON_OBJECT && json_next(&it, &key, &value)) {
        if (belongs(value, servers, a)) {
            json_w_key(w, json_string_dup(key, a));
            json_w_raw(w, value.raw);
        }
    }
    json_w_end(w);
}

/* Adds the members that the sandbox gets, with all that is in them. */
static int choose(struct json root, const char *servers, struct buf *out, struct err *e)
{
    const struct json list = value_of(str_c(servers != NULL ? servers : ""));
    struct json login = json_get(root, "claudeAiOauth");
    struct arena a = {0};
    struct json_w w;
    int rc;

    json_w_init(&w, out, 0);
    json_w_object(&w);
    if (login.type != JSON_NONE) {
        json_w_key(&w, "claudeAiOauth");
        json_w_raw(&w, login.raw);
    }
    if (list.type == JSON_ARRAY) {
        write_logins(&w, json_get(root, "mcpOAuth"), list, &a);
    }
    json_w_end(&w);
    rc = json_done(&w) == 0
             ? 0
             : err_set(e, ERR_LIMIT, "the copy is larger than %zu bytes", out->max);
    arena_release(&a);
    return rc;
}

int login_copy(struct str text, const char *servers, bool with_refresh, struct buf *out,
               struct err *e)
{
    struct json root;
    struct buf chosen;
    struct buf open;
    int rc;

    if (json_parse(text, &root, e) < 0) {
        return err_wrap(e, "not valid JSON");
    }
    if (root.type != JSON_OBJECT) {
        return login_strip(text, with_refresh, out, e); /* reports what is wrong */
    }
    buf_init(&chosen, LIMIT_CREDENTIALS);
    buf_init(&open, LIMIT_CREDENTIALS);
    /* Growing would leave copies of the secrets in memory. */
    (void)buf_reserve(&chosen, text.len + 64 < chosen.max ? text.len + 64 : chosen.max);
    (void)buf_reserve(&open, chosen.max < text.len + 64 ? chosen.max : text.len + 64);
    rc = choose(root, servers, &chosen, e);
    if (rc == 0) {
        rc = json_drop_key(buf_str(&chosen), "clientSecret", &open, e);
    }
    if (rc == 0) {
        rc = login_strip(buf_str(&open), with_refresh, out, e);
    }
    buf_wipe(&open);
    buf_wipe(&chosen);
    return rc;
}
