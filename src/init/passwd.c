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

/* Returns true if a line of `text` has this gid or, if `name` is not empty, this name. */
static bool has_group(struct str text, uint64_t gid, struct str name)
{
    while (text.len > 0) {
        struct str line = {0};

        (void)str_cut(&text, '\n', &line);
        if (name.len > 0 ? str_eq(field(line, 0), name) : has_id(line, 2, gid)) {
            return true;
        }
    }
    return false;
}

/* Adds the supplementary groups that `text` lacks, each with the user as a member. */
static void add_groups(struct str text, const struct passwd_user *u, struct buf *out)
{
    const struct str none = {NULL, 0};

    for (size_t i = 0; i < u->groups.count; i++) {
        struct str name = str_c(u->groups.v[i]);
        struct str number = {0};
        uint64_t gid = 0;

        (void)str_cut(&name, ':', &number);
        if (!str_u64(number, 10, UINT32_MAX, &gid) || gid == u->gid ||
            has_group(text, gid, none)) {
            continue;
        }
        if (name.len > 0 && !str_eq_c(name, u->name) && !has_group(text, 0, name)) {
            (void)buf_add_str(out, name);
        } else {
            (void)buf_addf(out, "g%llu", (unsigned long long)gid);
        }
        (void)buf_addf(out, ":x:%llu:%s\n", (unsigned long long)gid, u->name);
    }
}

int group_set(struct str text, const struct passwd_user *u, struct buf *out)
{
    const struct str none = {NULL, 0};
    const bool known = has_group(text, u->gid, none);

    if (!known) {
        (void)buf_addf(out, "%s:x:%llu:\n", u->name, (unsigned long long)u->gid);
    }
    add_groups(text, u, out);
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
