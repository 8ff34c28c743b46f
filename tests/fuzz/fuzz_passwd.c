/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "init/passwd.h"

#include <stdint.h>
#include <stdlib.h>

static void check(int (*set)(struct str, const struct passwd_user *, struct buf *),
                  struct str in, const char *part, size_t max, struct buf *out)
{
    static const struct passwd_user ann = {
        .name = "ann", .uid = 1000, .gid = 1000, .home = "/home/ann", .shell = "/bin/sh"};
    struct buf text;
    struct str rest;
    size_t found = 0;

    buf_init(&text, 4 << 20);
    if (set(in, &ann, &text) == 0) {
        rest = buf_str(&text);
        while (rest.len > 0) {
            struct str one = {0};

            (void)str_cut(&rest, '\n', &one);
            found += str_starts(one, "ann:") ? 1U : 0U;
        }
        if (found > max || !str_contains(buf_str(&text), part)) {
            abort(); /* the user or the group is known afterwards */
        }
        (void)buf_add_str(out, buf_str(&text));
    }
    buf_release(&text);
}

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    (void)step;
    check(passwd_set, in, "ann:x:1000:1000::/home/ann:/bin/sh\n", 1, out);
    check(group_set, in, "1000", SIZE_MAX, out); /* by another name, if it had one */
}
