/* SPDX-License-Identifier: MIT */
#include "creds/claude_json.h"

#include "base/limits.h"
#include "wire/jsonedit.h"

int claude_json_copy(struct str text, const char *project, struct buf *out, struct err *e)
{
    static const struct str yes = STR("true");
    const char *const path[] = {"projects", project};
    const struct json_place accepted = {path, 0, "bypassPermissionsModeAccepted"};
    const struct json_place trusted = {path, 2, "hasTrustDialogAccepted"};
    struct buf step;
    int rc = -1;

    if (str_trim(text).len == 0) {
        text = str_c("{}");
    }
    buf_init(&step, LIMIT_CLAUDE_JSON);
    if (json_set_member(text, accepted, yes, &step, e) == 0) {
        rc = json_set_member(buf_str(&step), trusted, yes, out, e);
    }
    buf_wipe(&step);
    return rc;
}
