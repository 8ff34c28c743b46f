/* SPDX-License-Identifier: MIT */
#include "sync/listing.h"

#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>

/* Writes a listing from a text such as "a:1 d:d d/x:2". Behind the path, a digit is the size of
 * a file, d means a directory, and - means GONE. */
static void list(const char *text, struct buf *out)
{
    struct str rest = str_c(text);
    struct synclist_w w;
    struct err e = {0};

    buf_init(out, 1 << 20);
    synclist_w_init(&w, out);
    while (rest.len > 0) {
        struct sync_entry entry = {.type = SYNC_FILE, .mode = 0644};
        struct str one;
        struct str path;

        (void)str_cut(&rest, ' ', &one);
        (void)str_cut(&one, ':', &path);
        if (one.p[0] == 'd') {
            entry = (struct sync_entry){.type = SYNC_DIR, .mode = 0755};
        } else if (one.p[0] == '-') {
            entry = (struct sync_entry){.type = SYNC_GONE};
        } else {
            entry.size = (uint64_t)(one.p[0] - '0');
        }
        (void)synclist_add(&w, path, &entry, &e);
    }
    synclist_w_release(&w);
}

static const struct {
    const char *from, *to, *diff;
} table[] = {
    {"", "", ""},
    {"", "a:1", "a:1"},
    {"a:1", "", "a:-"},
    {"a:1 b:2", "a:1 b:3", "b:3"},
    {"a:1", "b:1", "a:- b:1"},
    {"d:d d/x:1 e:1", "d:d d/y:1 e:1", "d/x:- d/y:1"},
    {"d:1", "d:d d/x:1", "d:d d/x:1"},
};

static void differences(void)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct buf from;
        struct buf to;
        struct buf want;
        struct buf diff;
        struct buf back;
        struct err e = {0};

        list(table[i].from, &from);
        list(table[i].to, &to);
        list(table[i].diff, &want);
        buf_init(&diff, 1 << 20);
        buf_init(&back, 1 << 20);
        ok(listing_diff(buf_str(&from), buf_str(&to), &diff, &e) == 0 &&
               str_eq(buf_str(&diff), buf_str(&want)),
           "the difference from '%s' to '%s' is right", table[i].from, table[i].to);
        ok(listing_apply(buf_str(&from), buf_str(&diff), &back, &e) == 0 &&
               str_eq(buf_str(&back), buf_str(&to)),
           "applying it gives the second listing");
        buf_release(&from);
        buf_release(&to);
        buf_release(&want);
        buf_release(&diff);
        buf_release(&back);
    }
}

static void parents(void)
{
    static const struct {
        const char *text;
        bool whole;
    } trees[] = {
        {"a:1 d:d d/e:d d/e/f:1 d/g:1 h:1", true},
        {"d/x:1", false},
        {"d:1 d/x:1", false},
        {"d:d d/e/f:1", false},
        {"d:d d/e:d d/e/f:1 g/x:1", false},
    };

    for (size_t i = 0; i < sizeof(trees) / sizeof(trees[0]); i++) {
        struct err e = {0};
        struct buf b;

        list(trees[i].text, &b);
        ok((listing_check(buf_str(&b), true, &e) == 0) == trees[i].whole, "%s: %s",
           trees[i].text,
           trees[i].whole ? "all parents are in the listing" : "a parent is missing");
        ok(listing_check(buf_str(&b), false, &e) == 0, "it is well-formed");
        buf_release(&b);
    }
}

static void bases(void)
{
    char digest[SYNC_DIGEST + 1];
    char tree[LISTING_TREE];
    char other[LISTING_TREE];
    struct base b = {0};
    struct err e = {0};
    struct buf l;
    int fd = open(tmpdir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int fd2;

    list("a:1 d:d", &l);
    listing_digest(buf_str(&l), digest);
    base_tree_of(fd, tree);
    ok(base_load(&b, in_tmp("base"), tree, &e) == 0 && !b.has && strspn(b.digest, "0") == 64,
       "a missing file is not a base");
    is_int(base_save(in_tmp("base"), tree, digest, buf_str(&l), &e), 0, "a base is saved");
    ok(base_load(&b, in_tmp("base"), tree, &e) == 0 && b.has && strcmp(b.digest, digest) == 0 &&
           str_eq(b.listing, buf_str(&l)),
       "it is loaded");
    is_int(mode_of(in_tmp("base")), 0600, "its file has the mode 0600");
    base_release(&b);
    ok(base_load(&b, in_tmp("base"), "", &e) == 0 && b.has,
       "it is loaded if any tree is accepted");
    base_release(&b);
    (void)mkdir(in_tmp("other"), 0755);
    fd2 = open(in_tmp("other"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    base_tree_of(fd2, other);
    ok(base_load(&b, in_tmp("base"), other, &e) == 0 && !b.has,
       "it is not loaded for another tree");
    put_file(in_tmp("base"), "ccosync1");
    ok(base_load(&b, in_tmp("base"), "", &e) == 0 && !b.has,
       "an incomplete file is not a base");
    put_file(in_tmp("base"), "something else altogether");
    ok(base_load(&b, in_tmp("base"), "", &e) == 0 && !b.has, "another file is no base");
    base_release(&b);
    (void)close(fd);
    (void)close(fd2);
    buf_release(&l);
}

int main(void)
{
    tmpdir_make();
    differences();
    parents();
    bases();
    tmpdir_remove();
    return done_testing();
}
