/* SPDX-License-Identifier: MIT */
#include "init/renewed.h"

#include "base/log.h"
#include "init/user_files.h"
#include "wire/frame.h"

int renewed_take(struct buf *text, const struct boot *b, struct str payload, struct err *e)
{
    struct err failed = {0};
    const char *path;

    if (payload.len == 0 || payload.p[0] > FRAME_RENEWED_KEY ||
        buf_add_str(text, str_drop(payload, 1)) < 0) {
        return err_set(e, ERR_FORMAT, "the frame RENEWED is not valid");
    }
    if (payload.len > 1) {
        return 0;
    }
    path = payload.p[0] == FRAME_RENEWED_KEY ? b->key_file : b->login_file;
    if (path != NULL && renew_file(b, path, buf_str(text), &failed) < 0) {
        log_error("init: %s", failed.text); /* the command still has the old login or key */
    }
    buf_wipe(text);
    return 0;
}
