/* SPDX-License-Identifier: MIT */
#include "wire/synclist.h"

#include "base/limits.h"
#include "tap.h"

#include <stdlib.h>

static struct buf b;

static const struct {
    const char *path;
    struct sync_entry entry;
} sample[] = {
    {"a", {SYNC_FILE, 0644, 5, 1700000000, 999999999, {0}}},
    {"d", {SYNC_DIR, 0755, 0, -1, 5, {0}}},
    {"d/x", {SYNC_LINK, 0, 0, 0, 0, STR("/else/where")}},
    {"d/x\xff", {SYNC_FILE, 0, INT64_MAX, INT64_MIN, 0, {0}}},
    {"d.c", {SYNC_FILE, 0777, 0, INT64_MAX, 0, {0}}},
    {"e", {SYNC_LEFT, 0, 0, 0, 0, {0}}},
    {"f", {SYNC_GONE, 0, 0, 0, 0, {0}}},
};
enum { SAMPLES = sizeof(sample) / sizeof(sample[0]) };

static bool equal(const struct sync_entry *a, const struct sync_entry *c)
{
    return a->type == c->type && a->mode == c->mode && a->size == c->size &&
           a->mtime == c->mtime && a->mtime_ns == c->mtime_ns && str_eq(a->target, c->target);
}

enum { NAME_LONGEST = 255 }; /* bytes; the limit of Linux for a name */

static void entries_are_written_and_read(void)
{
    struct synclist_w w;
    struct synclist_r r;
    struct err e = {0};
    bool good = true;

    buf_reset(&b);
    synclist_w_init(&w, &b);
    for (size_t i = 0; i < SAMPLES; i++) {
        good = good && synclist_add(&w, str_c(sample[i].path), &sample[i].entry, &e) == 0;
    }
    ok(good, "an entry of every type is added");
    synclist_r_init(&r, buf_str(&b));
    for (size_t i = 0; i < SAMPLES; i++) {
        good = synclist_next(&r, &e) == 0 && r.has &&
               str_eq_c(buf_str(&r.path), sample[i].path) && equal(&r.entry, &sample[i].entry);
        ok(good, "the entry %s is read", sample[i].path);
    }
    ok(synclist_next(&r, &e) == 0 && !r.has, "the listing ends after the last entry");
    synclist_r_release(&r);
    synclist_w_release(&w);
}

static int read_all(struct str in, struct err *e)
{
    struct synclist_r r;
    int rc;

    synclist_r_init(&r, in);
    do {
        rc = synclist_next(&r, e);
    } while (rc == 0 && r.has);
    synclist_r_release(&r);
    return rc;
}

static void mutated_listings_do_no_harm(void)
{
    char *copy = malloc(b.len);
    struct buf again;
    unsigned accepted = 0;

    buf_init(&again, 1 << 20);
    for (size_t i = 0; i < b.len; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            struct err e = {0};

            memcpy(copy, buf_data(&b), b.len);
            copy[i] = (char)((unsigned char)copy[i] ^ 1U << bit);
            accepted += read_all(str_n(copy, b.len), &e) == 0;
        }
    }
    ok(accepted > 0, "listings with flipped bits are read or refused (%u read)", accepted);
    for (size_t len = 0; len < b.len; len++) {
        struct err e = {0};
        char *cut = malloc(len > 0 ? len : 1);

        memcpy(cut, buf_data(&b), len);
        (void)read_all(str_n(cut, len), &e);
        free(cut);
    }
    ok(true, "truncated listings are read or refused");
    free(copy);
    buf_release(&again);
}

static void malformed_listings_and_paths_are_refused(void)
{
    static const struct {
        const char *name;
        struct str bytes;
    } table[] = {
        {"shared past the path before", STR("\x01\x01"
                                            "a\x00")},
        {"no rest", STR("\x00\x00\x00")},
        {"a rest that is longer than the text", STR("\x00\x05"
                                                    "a\x00")},
        {"no type", STR("\x00\x01"
                        "a")},
        {"an unknown type", STR("\x00\x01"
                                "a\x05")},
        {"a number that could be shorter", STR("\x80\x00\x01"
                                               "a\x00")},
        {"a number past 64 bits", STR("\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f")},
        {"a mode past 0777", STR("\x00\x01"
                                 "a\x02\x80\x08\x00\x00")},
        {"nanoseconds past a second", STR("\x00\x01"
                                          "a\x02\x01\x00\x80\x94\xeb\xdc\x03")},
        {"a link to nothing", STR("\x00\x01"
                                  "a\x03\x00\x00\x00")},
        {"the same path twice", STR("\x00\x01"
                                    "a\x00\x00\x01"
                                    "a\x00")},
        {"a path out of order", STR("\x00\x01"
                                    "b\x00\x00\x01"
                                    "a\x00")},
        {"shared bytes that are written out", STR("\x00\x02"
                                                  "aa\x00\x00\x02"
                                                  "ab\x00")},
        {"a slash after its sibling", STR("\x00\x02"
                                          "a.\x00\x01\x02"
                                          "/b\x00")},
    };
    static const char *const paths[] = {"",    "/",  "/a",   "a/",   "a//b",   ".",
                                        "a/.", "..", "a/..", "../a", "a/../b", "./a"};
    static const char *const good[] = {"a",     "a/b",      "...", ".a",
                                       "a/..b", "\xff\xfe", " ",   "a\n"};
    static char deep[2 * LIMIT_SYNC_DEPTH + 2];

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct err e = {0};

        ok(read_all(table[i].bytes, &e) < 0, "refused: %s", table[i].name);
    }
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        struct err e = {0};

        ok(sync_path_check(str_c(paths[i]), &e) < 0, "not a path: '%s'", paths[i]);
    }
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        struct err e = {0};

        ok(sync_path_check(str_c(good[i]), &e) == 0, "a path: '%s'", good[i]);
    }
    for (size_t i = 0; i < sizeof(deep) - 1; i++) {
        deep[i] = i % 2 == 0 ? 'a' : '/';
    }
    deep[sizeof(deep) - 1] = '\0';
    {
        struct err e = {0};

        ok(sync_path_check(str_n(deep, 2 * LIMIT_SYNC_DEPTH - 1), &e) == 0,
           "the deepest permitted path is accepted");
        ok(sync_path_check(str_n(deep, 2 * LIMIT_SYNC_DEPTH + 1), &e) < 0 &&
               e.kind == ERR_LIMIT,
           "a path one level deeper is refused");
    }
}

static void components_have_a_limit(void)
{
    char name[NAME_LONGEST + 1];
    struct err e = {0};

    memset(name, 'n', sizeof(name));
    is_int(sync_path_check(str_n(name, NAME_LONGEST), &e), 0,
           "the longest permitted component is accepted");
    ok(sync_path_check(str_n(name, sizeof(name)), &e) < 0 && e.kind == ERR_LIMIT,
       "a component with one byte more is refused");
}

static void paths_are_ordered(void)
{
    ok(sync_path_cmp(str_c("a"), str_c("a/b")) < 0, "a directory comes before its content");
    ok(sync_path_cmp(str_c("a/b"), str_c("a.b")) < 0,
       "the content of a directory comes before its siblings");
    ok(sync_path_cmp(str_c("a/z"), str_c("a\x01")) < 0, "'/' comes before every other byte");
    ok(sync_path_cmp(str_c("a\x7f"), str_c("a\xff")) < 0, "bytes are compared as unsigned");
    ok(sync_path_cmp(str_c("a"), str_c("a")) == 0, "equal paths compare equal");
    ok(sync_is_below(str_c("a/b"), str_c("a")) && !sync_is_below(str_c("ab"), str_c("a")) &&
           !sync_is_below(str_c("a"), str_c("a")) && sync_is_below(str_c("a"), str_c("")),
       "sync_is_below() compares whole components");
}

static void states_are_compared(void)
{
    const struct sync_entry gone = {.type = SYNC_GONE};
    struct sync_entry a = {SYNC_FILE, 0644, 5, 1, 2, {0}};
    struct sync_entry c = a;
    struct sync_entry left = {.type = SYNC_LEFT};

    ok(sync_same(&a, &c), "equal files are the same");
    c.mtime_ns++;
    ok(!sync_same(&a, &c), "files whose times differ by a nanosecond differ");
    a.type = c.type = SYNC_DIR;
    ok(sync_same(&a, &c), "times of directories are ignored");
    c.mode = 0700;
    ok(!sync_same(&a, &c), "modes of directories are compared");
    a.type = c.type = SYNC_LINK;
    ok(sync_same(&a, &c), "modes and times of links are ignored");
    c.target = str_c("x");
    ok(!sync_same(&a, &c), "targets of links are compared");
    ok(sync_same(&gone, &gone), "two missing paths are the same");
    ok(!sync_same(&gone, &left) && !sync_same(&a, &gone),
       "a missing path differs from every other state");
    ok(!sync_same(&left, &left), "a path that is left alone differs even from itself");
}

int main(void)
{
    buf_init(&b, 1 << 20);
    entries_are_written_and_read();
    mutated_listings_do_no_harm();
    malformed_listings_and_paths_are_refused();
    components_have_a_limit();
    paths_are_ordered();
    states_are_compared();
    buf_release(&b);
    return done_testing();
}
