/* SPDX-License-Identifier: MIT */
#include "session/session_not_kept.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "creds/journal.h"
#include "creds/not_kept.h"
#include "plan/claude_state.h"
#include "wire/frame.h"

#include <string.h>

/* Adds the content of all COPY frames of the file `name` to `text`. Returns false if there is
 * no such frame. */
static bool collect(struct str copies, const char *name, struct buf *text)
{
    struct frame f = {0};
    struct err ignored = {0};
    bool found = false;

    while (frame_next(&copies, &f, &ignored) == 1) {
        struct str rest = f.payload;
        struct str head = {0};

        if (str_cut(&rest, '\0', &head) && str_eq_c(head, name)) {
            (void)buf_add_str(text, rest);
            found = true;
        }
    }
    return found && !text->overflowed;
}

/* Compares one file of claude's directory. */
static void compare(const char *dir, const char *name, struct str copies, struct str state,
                    struct not_kept *n, struct arena *a)
{
    const char *files = path_join(a, dir, "files");
    struct err ignored = {0};
    struct buf before;
    struct buf after;

    buf_init(&before, LIMIT_CLAUDE_JSON);
    buf_init(&after, LIMIT_CLAUDE_JSON);
    if (collect(copies, name, &after) &&
        file_read(path_join(a, files, name), &before, &ignored) == 0 &&
        !str_eq(buf_str(&before), buf_str(&after))) {
        if (str_starts(str_c(name), "settings.")) {
            not_kept_settings(n, buf_str(&before), buf_str(&after), state, a);
        } else {
            strv_add(&n->files, a, name);
        }
    }
    buf_wipe(&before);
    buf_wipe(&after);
}

void session_not_kept(const char *dir, struct str state, struct str copies, bool interactive,
                      struct arena *a, struct strv *lines)
{
    struct not_kept n = {0};
    struct err ignored = {0};
    struct buf base;

    buf_init(&base, LIMIT_CLAUDE_JSON);
    if (file_read(path_join(a, dir, JOURNAL_BASE), &base, &ignored) == 0 && state.len > 0) {
        not_kept_state(&n, buf_str(&base), state, a);
    }
    for (size_t i = 0; i < claude_state_count; i++) {
        if (claude_state[i].share == STATE_COPIED) {
            compare(dir, claude_state[i].name, copies, buf_str(&base), &n, a);
        }
    }
    buf_wipe(&base);
    if (!interactive) {
        n.keys.count = n.more_keys = 0;
    }
    not_kept_lines(&n, a, lines);
}
