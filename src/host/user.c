/* SPDX-License-Identifier: MIT */
#include "host/user.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/num.h"

bool user_find(uint64_t uid, struct arena *a, struct user_entry *out)
{
    struct err ignored = {0};
    struct buf text;
    struct str rest;
    bool found = false;

    buf_init(&text, LIMIT_FILE_SMALL);
    if (file_read("/etc/passwd", &text, &ignored) < 0) {
        buf_release(&text);
        return false;
    }
    rest = buf_str(&text);
    while (!found && rest.len > 0) {
        struct str line = {0};
        struct str field[6] = {{0}};
        uint64_t id = 0;

        (void)str_cut(&rest, '\n', &line);
        for (size_t i = 0; i < 6; i++) {
            (void)str_cut(&line, ':', &field[i]);
        }
        if (str_u64(field[2], 10, UINT32_MAX, &id) && id == uid && field[0].len > 0) {
            out->name = arena_str(a, field[0]);
            out->home = field[5].len > 0 ? arena_str(a, field[5]) : NULL;
            found = true;
        }
    }
    buf_release(&text);
    return found;
}
