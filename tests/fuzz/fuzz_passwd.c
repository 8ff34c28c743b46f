/* SPDX-License-Identifier: MIT */
/* passwd_set() and group_set(): the user is there exactly once, and a second time changes nothing. */
#include "fuzz.h"

#include "base/num.h"
#include "init/passwd.h"

#include <stdlib.h>

enum { LINE_MAX_LEN = 256 };

static const struct passwd_user user = {
    .name = "dev", .uid = 1000, .gid = 1000, .home = "/home/dev", .shell = "/bin/sh"};

struct count {
    size_t names; /* lines of the user's name */
    size_t ids;   /* lines whose third field is the user's number */
    size_t empty;
};

static struct count count(struct str text)
{
    struct count c = {0};

    while (text.len > 0) {
        struct str line = {0};
        struct str name = {0};
        struct str skip = {0};
        struct str id = {0};
        uint64_t n = 0;

        (void)str_cut(&text, '\n', &line);
        c.empty += line.len == 0 ? 1 : 0;
        (void)str_cut(&line, ':', &name);
        (void)str_cut(&line, ':', &skip);
        (void)str_cut(&line, ':', &id);
        c.names += str_eq_c(name, user.name) ? 1 : 0;
        c.ids += str_u64(id, 10, UINT32_MAX, &n) && n == user.uid ? 1 : 0;
    }
    return c;
}

static struct count check(struct str in,
                          int (*set)(struct str, const struct passwd_user *, struct buf *),
                          struct buf *out)
{
    struct buf once;
    struct buf twice;
    struct count c;

    buf_init(&once, in.len + LINE_MAX_LEN);
    buf_init(&twice, in.len + 2 * LINE_MAX_LEN);
    if (set(in, &user, &once) < 0 || set(buf_str(&once), &user, &twice) < 0 ||
        !str_eq(buf_str(&once), buf_str(&twice))) {
        abort();
    }
    c = count(buf_str(&once));
    if (c.empty > 0 || (once.len > 0 && !str_ends(buf_str(&once), "\n"))) {
        abort();
    }
    (void)buf_add_str(out, buf_str(&once));
    buf_release(&once);
    buf_release(&twice);
    return c;
}

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct count before = count(in);
    struct count after = check(in, passwd_set, out);

    (void)step;
    if (after.names != 1 || after.ids != 1) {
        abort();
    }
    (void)buf_add_c(out, "--\n");
    after = check(in, group_set, out);
    if (before.ids > 0 ? after.names != before.names || after.ids != before.ids
                       : after.names != 1 || after.ids != 1) {
        abort();
    }
}
