/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "base/limits.h"
#include "creds/claude_keys.h"
#include "wire/json.h"

#include <stdlib.h>

/* Separates the three texts of an input; it cannot be a byte of JSON. */
enum { SEPARATOR = 0x1e };

static const char *const never[] = {"mcpServers",   "hooks",  "apiKeyHelper",          "env",
                                    "allowedTools", "userID", "hasTrustDialogAccepted"};

static void check_never(struct json ours, struct json merged)
{
    for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++) {
        struct json before = json_get(ours, never[i]);
        struct json after = json_get(merged, never[i]);

        if (before.type != after.type || !str_eq(before.raw, after.raw)) {
            abort(); /* a value was taken although its rule forbids it */
        }
    }
}

static void check(const struct json_merge *in, struct str text)
{
    struct json ours;
    struct json merged;
    struct err e = {0};

    if (json_parse(in->ours, &ours, &e) < 0 || json_parse(text, &merged, &e) < 0) {
        abort(); /* the result is not JSON */
    }
    check_never(ours, merged);
    check_never(json_get(json_get(ours, "projects"), "/p"),
                json_get(json_get(merged, "projects"), "/p"));
    if (!str_eq(json_get(json_get(ours, "projects"), "/q").raw,
                json_get(json_get(merged, "projects"), "/q").raw)) {
        abort(); /* a member of another project was changed */
    }
}

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct json_merge merge = {.rules = &claude_keys, .name = "/p"};
    struct buf again;
    struct err e = {0};
    bool changed = false;

    (void)step; /* json_merge() takes whole texts */
    (void)str_cut(&in, SEPARATOR, &merge.base);
    (void)str_cut(&in, SEPARATOR, &merge.ours);
    merge.other = in;
    if (json_merge(&merge, out, &changed, &e) < 0) {
        buf_reset(out);
        (void)buf_add_c(out, "refused");
        return;
    }
    if (changed == str_eq(merge.ours, buf_str(out))) {
        abort(); /* *changed is wrong */
    }
    check(&merge, buf_str(out));
    buf_init(&again, LIMIT_JSON_TEXT);
    merge.ours = buf_str(out);
    if (json_merge(&merge, &again, &changed, &e) < 0 || changed ||
        !str_eq(merge.ours, buf_str(&again))) {
        abort(); /* merging again changes something */
    }
    buf_reset(&again);
    merge.other = merge.base;
    if (json_merge(&merge, &again, &changed, &e) < 0 || changed ||
        !str_eq(merge.ours, buf_str(&again))) {
        abort(); /* without changes of `other` something changed */
    }
    buf_release(&again);
}
