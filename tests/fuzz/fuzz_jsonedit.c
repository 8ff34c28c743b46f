/* SPDX-License-Identifier: MIT */
/* json_drop_key() leaves no such key at any depth and nothing to do for a second time;
 * json_set_member() puts its member where json_get() finds it. */
#include "fuzz.h"

#include "base/limits.h"
#include "wire/json.h"
#include "wire/jsonedit.h"

#include <stdlib.h>

enum { EDITED_MAX = 4 << 20 };

static const char secret_key[] = "refreshToken";

static bool has_key(struct json root, const char *name)
{
    struct json_iter stack[LIMIT_JSON_DEPTH];
    size_t depth = 0;

    stack[depth++] = json_iter(root);
    while (depth > 0) {
        struct json key = {0};
        struct json v;

        if (!json_next(&stack[depth - 1], &key, &v)) {
            depth--;
            continue;
        }
        if (key.type == JSON_STRING && json_is(key, name)) {
            return true;
        }
        if (v.type == JSON_OBJECT || v.type == JSON_ARRAY) {
            if (depth == LIMIT_JSON_DEPTH) {
                abort();
            }
            stack[depth++] = json_iter(v);
        }
    }
    return false;
}

static void check_drop(struct str in, struct buf *out)
{
    struct buf once;
    struct buf twice;
    struct json root;
    struct err e = {0};
    bool valid = json_parse(in, &root, &e) == 0;
    bool had = valid && has_key(root, secret_key);
    bool dropped;

    buf_init(&once, EDITED_MAX);
    buf_init(&twice, EDITED_MAX);
    dropped = json_drop_key(in, secret_key, &once, &e) == 0;
    if (dropped != valid) {
        abort();
    }
    if (dropped) {
        if (json_parse(buf_str(&once), &root, &e) < 0 || has_key(root, secret_key) ||
            (!had && !str_eq(buf_str(&once), in)) ||
            json_drop_key(buf_str(&once), secret_key, &twice, &e) < 0 ||
            !str_eq(buf_str(&once), buf_str(&twice))) {
            abort();
        }
        (void)buf_add_str(out, buf_str(&once));
    } else {
        (void)buf_add_c(out, e.text);
    }
    buf_release(&once);
    buf_release(&twice);
}

static void check_set(struct str in, struct buf *out)
{
    static const char *const path[] = {"projects", "/p"};
    struct buf text;
    struct json root;
    struct err e = {0};

    buf_init(&text, EDITED_MAX);
    if (json_set_member(in, path, 2, "k", str_c("true"), &text, &e) == 0) {
        if (json_parse(buf_str(&text), &root, &e) < 0 ||
            !json_true(json_get(json_get(json_get(root, "projects"), "/p"), "k"))) {
            abort();
        }
        (void)buf_add_str(out, buf_str(&text));
    } else {
        (void)buf_add_c(out, e.text);
    }
    buf_release(&text);
}

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    (void)step;
    check_drop(in, out);
    (void)buf_add_byte(out, '\n');
    check_set(in, out);
}
