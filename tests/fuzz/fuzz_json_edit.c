/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "base/limits.h"
#include "wire/json.h"
#include "wire/json_edit.h"

#include <stdlib.h>

static void drop(struct str in, struct buf *out)
{
    struct buf again;
    struct json root;
    struct err e = {0};

    if (json_drop_key(in, "t", out, &e) < 0) {
        (void)buf_add_c(out, "refused");
        return;
    }
    buf_init(&again, LIMIT_JSON_TEXT);
    if (json_parse(buf_str(out), &root, &e) < 0 ||
        json_drop_key(buf_str(out), "t", &again, &e) < 0 ||
        str_cmp(buf_str(out), buf_str(&again)) != 0) {
        abort(); /* the result is not JSON, or still has the key */
    }
    buf_release(&again);
}

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    static const char *const path[] = {"p", "/q"};
    struct buf edited;
    struct json root;
    struct err e = {0};

    (void)step;
    drop(in, out);
    buf_init(&edited, LIMIT_JSON_TEXT);
    if (json_set_member(in, (struct json_place){path, 2, "k"}, str_c("[1]"), &edited, &e) ==
        0) {
        if (json_parse(buf_str(&edited), &root, &e) == 0) {
            struct json v = json_get(json_get(json_get(root, "p"), "/q"), "k");

            if (v.type != JSON_ARRAY) {
                abort(); /* the member was not set */
            }
        } else if (e.kind != ERR_LIMIT) {
            abort(); /* an error other than the depth that the new member adds */
        }
        (void)buf_add_str(out, buf_str(&edited));
    }
    buf_release(&edited);
}
