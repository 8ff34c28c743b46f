/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "base/log.h"
#include "cli/info.h"
#include "cli/progress_line.h"
#include "cli/sessions.h"
#include "native/native_probe.h"
#include "wire/json.h"
#include "wire/timestamp.h"

#include <stdio.h>
#include <string.h>

enum { PARTS = 8, MORE_MAX = 16, INDENT = 17, WIDTH = 63, SAFE_MAX = 4 * LIMIT_PATH };

static const char *const names[PARTS] = {
    "cco", "engine", "confinement", "image", "credentials", "project", "claude", "config",
};

static const struct info_part *part_of(const struct info *i, size_t at)
{
    const struct info_part *const all[PARTS] = {
        &i->cco,         &i->engine,  &i->confinement, &i->image,
        &i->credentials, &i->project, &i->claude,      &i->config,
    };

    return all[at];
}

/* Which network a session gets by itself. */
static const char *networking(const struct fact_engine *en)
{
    if (en->own_network != NULL && strcmp(en->own_network, "host") != 0) {
        return "this container's networking";
    }
    return en->own_network != NULL || (en->host_network_real && !en->remote)
               ? "host networking"
               : "bridge networking";
}

const char *info_engine_text(const struct fact_engine *en, struct arena *a)
{
    const char *files = "";

    if (en->remote) {
        files = en->path_map_count == 0 ? ", files are sent to it"
                                        : ", sees what is mounted here, the rest is sent to it";
    }
    return arena_printf(a, "%s, API 1.%u, %s%s%s%s", en->name, en->api_minor, networking(en),
                        en->rootless ? ", rootless" : "",
                        en->userns_remap ? ", user namespaces" : "", files);
}

bool info_ready(const struct info *i)
{
    bool ready = true;

    for (size_t at = 0; at < PARTS; at++) {
        ready = ready && part_of(i, at)->ready;
    }
    return ready;
}

/* How much of s stands in one line: it is broken at blanks, unless a word alone is longer. */
static size_t line_len(const char *s)
{
    size_t len = progress_cut(s, WIDTH);
    size_t at = len;

    if (s[len] == '\0' || s[len] == ' ') {
        return len;
    }
    while (at > 0 && s[at - 1] != ' ') {
        at--;
    }
    return at > 0 ? at - 1 : strcspn(s, " ");
}

/* Behind the column that is written already; a line break in a message is one here, too. */
static void add_lines(struct buf *out, const char *text, size_t indent)
{
    struct str rest = str_c(text);
    struct str line = {0};
    bool first = true;

    while (rest.len > 0) {
        struct buf safe;
        const char *s;

        (void)str_cut(&rest, '\n', &line);
        buf_init(&safe, SAFE_MAX);
        log_escape(&safe, line);
        for (s = buf_c(&safe); s != NULL && *s != '\0'; first = false) {
            size_t len = line_len(s);

            (void)buf_addf(out, "%*s%.*s\n", first ? 0 : (int)indent, "", (int)len, s);
            s += len;
            s += strspn(s, " ");
        }
        buf_release(&safe);
    }
}

static void draw_part(const char *name, const struct info_part *p, bool colour, struct buf *out)
{
    const bool red = colour && !p->ready;

    (void)buf_addf(out, "%-12s %s%-3s%s ", name, red ? "\033[31m" : "", p->ready ? "ok" : "NO",
                   red ? "\033[m" : "");
    add_lines(out, p->text, INDENT);
    for (size_t k = 0; k < p->more.count && k < MORE_MAX; k++) {
        (void)buf_addf(out, "%*s", INDENT, "");
        add_lines(out, p->more.v[k], INDENT);
    }
    if (p->next != NULL) {
        (void)buf_addf(out, "%*s> ", INDENT, "");
        add_lines(out, p->next, INDENT + 2);
    }
    if (p->note != NULL) {
        const int indent = p->next != NULL ? INDENT + 2 : INDENT;

        (void)buf_addf(out, "%*s", indent, "");
        add_lines(out, p->note, (size_t)indent);
    }
}

void info_text(const struct info *i, bool colour, struct buf *out)
{
    for (size_t at = 0; at < PARTS; at++) {
        draw_part(names[at], part_of(i, at), colour, out);
    }
}

static void member_time(struct json_w *w, const char *key, int64_t seconds)
{
    char text[TIMESTAMP_SIZE];

    if (seconds > 0) {
        timestamp_write(seconds, text);
    }
    json_w_member(w, key, seconds > 0 ? text : NULL);
}

static void member_known(struct json_w *w, const char *key, uint64_t value, bool known)
{
    if (known) {
        json_w_member_u64(w, key, value);
    } else {
        json_w_member(w, key, NULL);
    }
}

static void json_engine(struct json_w *w, const struct info *i)
{
    const struct fact_engine *en = i->found != NULL ? &i->facts->engine : NULL;
    char api[16] = "";

    if (en != NULL) {
        (void)snprintf(api, sizeof(api), "1.%u", en->api_minor);
    }
    json_w_member(w, "name", en != NULL ? en->name : NULL);
    json_w_member(w, "address", i->looked->address);
    json_w_member(w, "chosen_by", i->looked->chosen);
    json_w_member(w, "context", i->looked->context);
    json_w_member(w, "api", en != NULL ? api : NULL);
    if (en != NULL) {
        json_w_member_bool(w, "rootless", en->rootless);
        json_w_member_bool(w, "user_namespaces", en->userns_remap);
        json_w_member_bool(w, "host_network", en->host_network_real && !en->remote);
        json_w_member(w, "files", en->remote ? "remote" : "local");
    } else {
        json_w_member(w, "rootless", NULL);
        json_w_member(w, "user_namespaces", NULL);
        json_w_member(w, "host_network", NULL);
        json_w_member(w, "files", NULL);
    }
    json_w_key(w, "passed_over");
    json_w_array(w);
    for (size_t k = 0; k < i->looked->passed_count; k++) {
        json_w_object(w);
        json_w_member(w, "address", i->looked->passed[k].address);
        json_w_member(w, "reason", i->looked->passed[k].reason);
        json_w_end(w);
    }
    json_w_end(w);
}

static void json_confinement(struct json_w *w, const struct info *i)
{
    static const char *const kinds[] = {"full", "landlock-only", "none"};

    json_w_member_bool(w, "in_use", i->native);
    json_w_member(w, "sandbox", i->probe != NULL ? kinds[i->probe->kind] : NULL);
    json_w_key(w, "list");
    json_w_array(w);
    for (size_t k = 0; i->probe != NULL && k < CONFINEMENT_COUNT; k++) {
        const struct confinement *item = &i->probe->confinement[k];

        json_w_object(w);
        json_w_member(w, "name", item->name);
        json_w_member_bool(w, "works", item->works);
        json_w_member(w, "text", item->text);
        json_w_member(w, "next", item->next);
        json_w_end(w);
    }
    json_w_end(w);
}

static void json_words(struct json_w *w, const char *key, const char *words)
{
    struct str rest = str_c(words);
    struct str word = {0};

    json_w_key(w, key);
    json_w_array(w);
    while (rest.len > 0) {
        (void)str_cut(&rest, ' ', &word);
        if (word.len > 0) {
            json_w_str(w, word);
        }
    }
    json_w_end(w);
}

static void json_image(struct json_w *w, const struct info *i)
{
    const struct fact_image *image = &i->facts->image;

    json_w_member(w, "reference", i->image_ref);
    json_w_member_bool(w, "own", i->own_image);
    json_w_member_bool(w, "present", image->present);
    json_w_member(w, "id", image->id);
    member_time(w, "created", image->created);
    member_known(w, "size", image->size, image->size > 0);
    json_w_member(w, "claude_version", image->claude_version);
    json_words(w, "packages", image->packages);
    json_w_member(w, "changed", i->changed);
}

static void json_credentials(struct json_w *w, const struct info *i)
{
    static const char *const sources[] = {
        "none", "cloud", "auth_token", "api_key", "helper", "oauth_token", "keychain", "file",
    };
    const struct fact_login *in = &i->facts->login;
    int64_t left = (in->expires_at_ms - i->facts->now_ms) / 1000;

    json_w_member(w, "source", sources[in->source]);
    json_w_member(w, "detail", in->detail);
    json_w_member(w, "account", i->account);
    member_time(w, "expires_at", in->expires_at_ms / 1000);
    member_known(w, "expires_in", left > 0 ? (uint64_t)left : 0, in->expires_at_ms > 0);
    json_w_member_bool(w, "can_refresh", in->can_refresh);
}

static void json_project(struct json_w *w, const struct info *i)
{
    json_w_member(w, "path", i->facts->cwd_physical);
    json_w_member(w, "git_common_dir", i->facts->git_common_dir);
    member_known(w, "mounts", i->mounts, i->planned);
    json_w_key(w, "sessions");
    json_w_array(w);
    for (size_t k = 0; i->sessions != NULL && k < i->sessions->count; k++) {
        const struct session_found *f = &i->sessions->items[k];

        json_w_object(w);
        json_w_member(w, "name", f->name);
        json_w_member(w, "state", session_state_name(f->state));
        json_w_member_bool(w, "here",
                           i->facts->cwd_physical != NULL &&
                               strcmp(f->project, i->facts->cwd_physical) == 0);
        json_w_end(w);
    }
    json_w_end(w);
}

static void json_own(struct json_w *w, const struct info *i, size_t at)
{
    const struct info_part *p = part_of(i, at);

    if (p == &i->cco) {
        json_w_member(w, "version", i->version);
        json_w_member(w, "path", i->path);
    } else if (p == &i->engine) {
        json_engine(w, i);
    } else if (p == &i->confinement) {
        json_confinement(w, i);
    } else if (p == &i->image) {
        json_image(w, i);
    } else if (p == &i->credentials) {
        json_credentials(w, i);
    } else if (p == &i->project) {
        json_project(w, i);
    } else if (p == &i->claude) {
        json_w_member(w, "directory", i->facts->claude_dir);
        json_w_member_bool(w, "present", i->claude_present);
        json_w_member_list(w, "settings", i->settings.v, i->settings.count);
    } else {
        json_w_member(w, "file", i->config_file);
        json_w_member(w, "dockerfile", i->dockerfile);
    }
}

int info_json(const struct info *i, struct buf *out, struct err *e)
{
    struct json_w w;

    json_w_init(&w, out, 2);
    json_w_object(&w);
    json_w_member_bool(&w, "ready", info_ready(i));
    for (size_t at = 0; at < PARTS; at++) {
        const struct info_part *p = part_of(i, at);

        json_w_key(&w, names[at]);
        json_w_object(&w);
        json_w_member_bool(&w, "ready", p->ready);
        json_w_member(&w, "text", p->text);
        json_w_member(&w, "next", p->next);
        json_w_member(&w, "note", p->note);
        json_own(&w, i, at);
        json_w_end(&w);
    }
    json_w_end(&w);
    if (json_done(&w) < 0 || buf_add_byte(out, '\n') < 0) {
        return err_set(e, ERR_LIMIT, "info: more than fits");
    }
    return 0;
}
