/* SPDX-License-Identifier: MIT */
#include "init/passwd.h"

#include "base/num.h"

/* Returns field number n (from 0) of a line. */
static struct str field(struct str line, unsigned n)
{
    struct str head = {0};

    for (unsigned i = 0; i <= n; i++) {
        (void)str_cut(&line, ':', &head);
    }
    return head;
}

/* Returns true if field number n of a line is this ID. */
static bool has_id(struct str line, unsigned n, uint64_t id)
{
    uint64_t value = 0;

    return str_u64(field(line, n), 10, UINT32_MAX, &value) && value == id;
}

int passwd_set(struct str text, const struct passwd_user *u, struct buf *out)
{
    (void)buf_addf(out, "%s:x:%llu:%llu::%s:%s\n", u->name, (unsigned long long)u->uid,
                   (unsigned long long)u->gid, u->home, u->shell);
    while (text.len > 0) {
        struct str line = {0};

        (void)str_cut(&text, '\n', &line);
        /* The line of root stays even if the user has the uid 0, because sudo looks for the
         * name. */
        if (line.len == 0 || str_eq_c(field(line, 0), u->name) ||
            (has_id(line, 2, u->uid) && !str_eq_c(field(line, 0), "root"))) {
            continue;
        }
        (void)buf_add_str(out, line);
        (void)buf_add_byte(out, '\n');
    }
    return out->overflowed ? -1 : 0;
}

int group_set(struct str text, const struct passwd_user *u, struct buf *out)
{
    struct str rest = text;
    bool known = false;

    while (rest.len > 0) {
        struct str line = {0};

        (void)str_cut(&rest, '\n', &line);
        known = known || has_id(line, 2, u->gid);
    }
    if (!known) {
        (void)buf_addf(out, "%s:x:%llu:\n", u->name, (unsigned long long)u->gid);
    }
    while (text.len > 0) {
        struct str line = {0};

        (void)str_cut(&text, '\n', &line);
        if (line.len == 0 || (!known && str_eq_c(field(line, 0), u->name))) {
            continue;
        }
        (void)buf_add_str(out, line);
        (void)buf_add_byte(out, '\n');
    }
    return out->overflowed ? -1 : 0;
}
