/* SPDX-License-Identifier: MIT */
#include "wire/tar_pax.h"

#include "base/limits.h"
#include "tap.h"

/* Reads the records, and returns what is wrong with them, or NULL. */
static const char *read_records(struct tar_r *t, const char *records, bool is_global)
{
    tar_r_release(t);
    tar_r_init(t);
    return tar_pax_read(t, str_c(records), is_global);
}

static void accepted(struct tar_r *t)
{
    ok(read_records(t, "9 path=b\n12 size=100\n8 uid=5\n13 mtime=1.5\n", false) == NULL,
       "the records of an entry are read");
    ok(t->has_path && str_eq_c(buf_str(&t->path), "b"), "the path is stored");
    ok(t->has_size && t->pax.size == 100, "the size is stored");
    ok(t->has_uid && t->pax.uid == 5 && !t->has_gid, "the uid is stored");
    ok(t->has_mtime && t->pax.mtime == 1 && t->pax.mtime_ns == 500000000, "the time is stored");
    ok(read_records(t,
                    "13 atime=1.5\n14 uname=root\n17 comment=hello\n"
                    "29 SCHILY.xattr.user.x=value\n",
                    false) == NULL,
       "records that do not change the entry are ignored");
    ok(!t->has_path && !t->has_mtime, "they store nothing");
    ok(read_records(t, "17 comment=hello\n", true) == NULL,
       "a global header may have a comment");
}

static void refused(struct tar_r *t)
{
    static const struct {
        const char *records, *says;
        bool is_global;
    } all[] = {
        {"25 GNU.sparse.name=other\n", "sparse", false},
        {"22 GNU.sparse.major=1\n", "sparse", false},
        {"26 GNU.sparse.realsize=10\n", "sparse", false},
        {"9 path=a\n9 path=b\n", "repeated", false},
        {"9 size=1\n9 size=2\n", "repeated", false},
        {"9 path=a\n", "global", true},
        {"9 size=1\n", "global", true},
        {"22 SCHILY.realsize=10\n", "unknown", false},
        {"21 hdrcharset=BINARY\n", "unknown", false},
        {"9 Path=a\n", "unknown", false},
        {"8 path=\n", "malformed", false},
        {"10 path=a ", "malformed", false},
        {"11 path=a\n", "malformed", false},
        {"8 path=a\n", "malformed", false},
        {"x path=a\n", "malformed", false},
        {"6 path\n", "malformed", false},
        {"6 =abc\n", "malformed", false},
        {"11 size=-1\n", "malformed", false},
        {"11 mtime=x\n", "malformed", false},
        {"-1 path=a\n", "malformed", false},
    };

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        const char *why = read_records(t, all[i].records, all[i].is_global);

        ok(why != NULL && strstr(why, all[i].says) != NULL, "record %zu is refused: %s", i,
           why != NULL ? why : "accepted");
    }
}

static void long_names(struct tar_r *t)
{
    static char longest[LIMIT_TAR_PATH + 2];

    memset(longest, 'n', sizeof(longest) - 1);
    ok(tar_long_name(&t->path, str_n(longest, LIMIT_TAR_PATH)) == NULL,
       "a name of LIMIT_TAR_PATH bytes is stored");
    ok(t->path.len == LIMIT_TAR_PATH, "it has its length");
    ok(tar_long_name(&t->path, str_n(longest, LIMIT_TAR_PATH + 1)) != NULL,
       "a longer name is refused");
    ok(tar_long_name(&t->path, str_c("")) != NULL, "an empty name is refused");
    ok(tar_long_name(&t->path, str_n("a\0b", 3)) != NULL, "a name with a NUL is refused");
}

int main(void)
{
    struct tar_r t;

    tar_r_init(&t);
    accepted(&t);
    refused(&t);
    long_names(&t);
    tar_r_release(&t);
    return done_testing();
}
