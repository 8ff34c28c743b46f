/* SPDX-License-Identifier: MIT */
#include "creds/settings_copy.h"

#include "base/limits.h"
#include "creds/helper.h"
#include "wire/json.h"
#include "wire/json_edit.h"

static bool has_sandbox(struct str text)
{
    struct err ignored = {0};
    struct json root = {0};

    return json_parse(text, &root, &ignored) == 0 &&
           json_true(json_path(root, "sandbox.enabled"));
}

static int switch_off_sandbox(struct str text, struct buf *out, struct err *e)
{
    static const char *const path[] = {"sandbox"};
    const struct json_place place = {path, 1, "enabled"};

    return has_sandbox(text) ? json_set_member(text, place, str_c("false"), out, e)
                             : buf_add_str(out, text);
}

static int accept_mode(struct str text, struct buf *out)
{
    const struct json_place accepted = {NULL, 0, "skipDangerousModePermissionPrompt"};
    struct err unreadable = {0};

    if (json_set_member(text, accepted, str_c("true"), out, &unreadable) < 0) {
        buf_reset(out);
        return buf_add_str(out, text);
    }
    return 0;
}

int settings_copy(struct str text, const char *api_key, struct buf *out, struct err *e)
{
    struct buf part;
    struct buf step;
    int rc;

    buf_init(&part, LIMIT_CLAUDE_JSON);
    buf_init(&step, LIMIT_CLAUDE_JSON);
    rc = api_key != NULL ? helper_settings(text, api_key, &part, e) : buf_add_str(&part, text);
    if (rc == 0) {
        rc = switch_off_sandbox(buf_str(&part), &step, e);
    }
    if (rc == 0 && str_trim(buf_str(&step)).len == 0) {
        (void)buf_add_c(&step, "{}");
    }
    if (rc == 0) {
        rc = accept_mode(buf_str(&step), out);
    }
    buf_wipe(&step);
    buf_wipe(&part);
    return rc;
}
