/* SPDX-License-Identifier: MIT */
#include "creds/claude_json.h"

#include "base/arena.h"
#include "base/limits.h"
#include "creds/claude_keys.h"
#include "wire/json.h"
#include "wire/json_edit.h"
#include "wire/json_merge.h"

/* Returns the text, or {} if it is blank. */
static struct str object(struct str text)
{
    return str_trim(text).len == 0 ? str_c("{}") : text;
}

/* Returns the key of the project's member in the file: its path, in which claude replaces bytes
 * that are not UTF-8 by U+FFFD. NULL if the path is too long. */
static const char *project_key(const char *project, struct arena *a)
{
    struct json_w w;
    struct json v;
    struct err ignored = {0};
    struct buf text;
    const char *key = NULL;

    buf_init(&text, LIMIT_JSON_LINE);
    json_w_init(&w, &text, 0);
    json_w_c(&w, project);
    if (json_done(&w) == 0 && json_parse(buf_str(&text), &v, &ignored) == 0) {
        key = json_string_dup(v, a);
    }
    buf_release(&text);
    return key;
}

int claude_json_copy(struct str text, const char *project, bool trusted, struct buf *out,
                     struct err *e)
{
    static const struct str yes = STR("true");
    const char *const path[] = {"projects", project};
    const struct json_place accepted = {path, 0, "bypassPermissionsModeAccepted"};
    const struct json_place answer = {path, 2, "hasTrustDialogAccepted"};
    struct buf step;
    int rc = -1;

    text = object(text);
    buf_init(&step, LIMIT_CLAUDE_JSON);
    if (json_set_member(text, accepted, yes, &step, e) == 0) {
        rc = json_set_member(buf_str(&step), answer, trusted ? yes : str_c("false"), out, e);
    }
    buf_wipe(&step);
    return rc;
}

int claude_json_merge(const struct claude_json_sides *s, struct buf *out, bool *changed,
                      struct err *e)
{
    struct arena a = {0};
    const struct json_merge merge = {.base = object(s->base),
                                     .ours = object(s->ours),
                                     .other = s->other,
                                     .rules = &claude_keys,
                                     .name = project_key(s->project, &a)};
    struct buf made;
    bool differs = false;
    int rc;

    buf_init(&made, merge.ours.len + CLAUDE_JSON_GROWTH);
    /* It may contain secrets of the host, and growing would leave copies of them in memory. */
    (void)buf_reserve(&made, made.max);
    rc = json_merge(&merge, &made, &differs, e);
    if (rc == 0 && !differs) {
        rc = buf_add_str(out, s->ours);
    } else if (rc == 0) {
        rc = buf_add_str(out, buf_str(&made));
    }
    if (rc == 0) {
        *changed = differs;
    } else if (out->overflowed) {
        (void)err_set(e, ERR_LIMIT, "the merged file would be larger than %zu bytes", out->max);
    }
    buf_wipe(&made);
    arena_release(&a);
    return rc;
}
