/* SPDX-License-Identifier: MIT */
#include "sync/ignore_index.h"

#include "ignore_index.h"
#include "tap.h"

static const char *const sample[] = {"a", "a.b", "a/b", "a/c/d", "a/c/e", "a0", "sub", "x/y"};

static bool has(const struct ignore_index *ix, const char *path, bool is_dir)
{
    return ignore_index_has(ix, ignore_index_all(ix), str_c(path), is_dir);
}

static bool has_in(const struct ignore_index *ix, const char *dir, const char *path,
                   bool is_dir)
{
    struct ignore_index_range r = ignore_index_below(ix, ignore_index_all(ix), str_c(dir));

    return ignore_index_has(ix, r, str_c(path), is_dir);
}

static void one_version(unsigned version, size_t hash_size)
{
    struct index_file x;
    struct ignore_index ix;
    struct err e = {0};

    index_begin(&x, version, hash_size, sizeof(sample) / sizeof(sample[0]));
    for (size_t i = 0; i < sizeof(sample) / sizeof(sample[0]); i++) {
        index_add(&x, sample[i]);
    }
    index_extension(&x, "TREE", "abc", 3);
    ignore_index_init(&ix, false);
    ok(ignore_index_read(&ix, index_end(&x), hash_size, &e) == 0,
       "an index of version %u with hashes of %zu bytes is read: %s", version, hash_size,
       e.text);
    ignore_index_sort(&ix);
    is_int((long long)ix.count, sizeof(sample) / sizeof(sample[0]), "it has all names");
    ok(has(&ix, "a", false) && has(&ix, "a.b", false) && has(&ix, "x/y", false) &&
           has(&ix, "a/c/d", false),
       "its files are tracked");
    ok(!has(&ix, "b", false) && !has(&ix, "x", false) && !has(&ix, "a/c", false) &&
           !has(&ix, "x/y/z", false) && !has(&ix, "A", false),
       "other paths are not tracked");
    ok(has(&ix, "a/c", true) && has(&ix, "x", true) && has(&ix, "sub", true),
       "directories with tracked files, and submodules, are tracked");
    ok(!has(&ix, "a/b/c", true) && !has(&ix, "y", true) && !has(&ix, "a/", true),
       "other directories are not tracked");
    ok(has_in(&ix, "a", "a/b", false) && has_in(&ix, "a", "a/c", true) &&
           has_in(&ix, "a/c", "a/c/e", false),
       "tracked paths are found in the range of their directory");
    ok(!has_in(&ix, "a", "a/x", false) && !has_in(&ix, "y", "y/a", false),
       "other paths are not found there");
    ignore_index_release(&ix);
    buf_release(&x.out);
}

/* Makes an index with these entries and this extension, and reads it into *ix. Returns the
 * result of ignore_index_read(). */
static int read_one(struct ignore_index *ix, unsigned version, const char *const *names,
                    const char *extension, struct err *e)
{
    struct index_file x;
    uint32_t count = 0;
    int rc;

    while (names[count] != NULL) {
        count++;
    }
    index_begin(&x, version, GIT_SHA1_SIZE, count);
    for (uint32_t i = 0; i < count; i++) {
        index_add(&x, names[i]);
    }
    if (extension != NULL) {
        index_extension(&x, extension, "01234567890123456789", GIT_SHA1_SIZE);
    }
    rc = ignore_index_read(ix, index_end(&x), GIT_SHA1_SIZE, e);
    buf_release(&x.out);
    return rc;
}

static void parts(void)
{
    static const char *const shared[] = {"a/b", "d", NULL};
    static const char *const own[] = {"", "", "c", NULL};
    static const char *const dirs[] = {"a", "dir/", "e", NULL};
    struct ignore_index ix;
    struct err e = {0};

    ignore_index_init(&ix, false);
    ok(read_one(&ix, 2, own, "link", &e) == 0 && ix.split &&
           memcmp(ix.shared, "01234567890123456789", GIT_SHA1_SIZE) == 0,
       "a split index names its shared index %s", e.text);
    ok(read_one(&ix, 2, shared, NULL, &e) == 0 && !ix.split, "the shared index is read");
    ignore_index_sort(&ix);
    ok(has(&ix, "c", false) && has(&ix, "a/b", false) && has(&ix, "a", true) &&
           has(&ix, "d", false) && ix.count == 3,
       "the names of both are sorted");
    ignore_index_release(&ix);
    ok(read_one(&ix, 3, dirs, "sdir", &e) == 0, "a sparse index is read");
    ignore_index_sort(&ix);
    ok(has(&ix, "dir", true) && has_in(&ix, "dir", "dir/x", false) &&
           has_in(&ix, "dir", "dir/x", true) && !has(&ix, "di", true),
       "everything in a directory of a sparse index is tracked");
    ignore_index_release(&ix);
}

static void any_case(void)
{
    static const char *const names[] = {"B/x", "a/B", "a/C", NULL};
    struct ignore_index ix;
    struct err e = {0};

    ignore_index_init(&ix, true);
    ok(read_one(&ix, 2, names, NULL, &e) == 0, "an index for comparisons without case is read");
    ignore_index_sort(&ix);
    ok(has(&ix, "b/X", false) && has(&ix, "A/b", false) && has(&ix, "A", true) &&
           has_in(&ix, "b", "B/X", false) && !has(&ix, "a/d", false),
       "its paths are found in any case");
    ignore_index_release(&ix);
}

/* git writes the names in order, but the names of a split index are in two files. */
static void any_order(void)
{
    struct index_file x;
    struct ignore_index ix;
    struct err e = {0};
    bool good = true;

    index_begin(&x, 2, GIT_SHA1_SIZE, 1000);
    for (int i = 1000; i-- > 0;) {
        char name[16];

        (void)snprintf(name, sizeof(name), "%d/f", i * 7919 % 1000);
        index_add(&x, name);
    }
    ignore_index_init(&ix, false);
    ok(ignore_index_read(&ix, index_end(&x), GIT_SHA1_SIZE, &e) == 0,
       "an index with unsorted names is read");
    ignore_index_sort(&ix);
    for (int i = 0; i < 1100; i++) {
        char name[16];

        (void)snprintf(name, sizeof(name), "%d", i);
        good = good && has(&ix, name, true) == (i < 1000);
        (void)snprintf(name, sizeof(name), "%d/f", i);
        good = good && has(&ix, name, false) == (i < 1000);
    }
    ok(good, "its names are found after sorting");
    ignore_index_release(&ix);
    buf_release(&x.out);
}

static void refuse(struct str file, size_t hash_size, const char *want, const char *name)
{
    struct ignore_index ix;
    struct err e = {0};

    ignore_index_init(&ix, false);
    ok(ignore_index_read(&ix, file, hash_size, &e) < 0 && strstr(e.text, want) != NULL &&
           ix.v == NULL,
       "%s: %s", name, e.text);
    ignore_index_release(&ix);
}

static void refused_name(const char *bad, const char *name)
{
    const char *const names[] = {bad, NULL};
    struct ignore_index ix;
    struct err e = {0};

    ignore_index_init(&ix, false);
    ok(read_one(&ix, 2, names, NULL, &e) < 0 && strstr(e.text, "name") != NULL, "%s: %s", name,
       e.text);
}

static void refused(void)
{
    struct index_file x;
    struct str file;

    index_begin(&x, 2, GIT_SHA1_SIZE, 1);
    index_add(&x, "abc");
    file = index_end(&x);
    for (size_t len = 0; len < file.len; len++) {
        struct ignore_index ix;
        struct err e = {0};

        ignore_index_init(&ix, false);
        if (ignore_index_read(&ix, str_n(file.p, len), GIT_SHA1_SIZE, &e) == 0) {
            ok(false, "an index that is cut after %zu bytes is refused", len);
            ignore_index_release(&ix);
        }
    }
    refuse(str_c("DIRC"), GIT_SHA1_SIZE, "not an index",
           "a file with only a signature is refused");
    x.out.mem[0] = 'X';
    refuse(file, GIT_SHA1_SIZE, "not an index", "a file with another signature is refused");
    x.out.mem[0] = 'D';
    x.out.mem[7] = 5;
    refuse(file, GIT_SHA1_SIZE, "version 5", "a later version is refused");
    x.out.mem[7] = 1;
    refuse(file, GIT_SHA1_SIZE, "version 1", "an older version is refused");
    x.out.mem[7] = 2;
    x.out.mem[8] = 1;
    refuse(file, GIT_SHA1_SIZE, "cut off",
           "a number of entries that exceeds the file is refused");
    x.out.mem[8] = 0;
    x.out.mem[12 + 60] = 0x40;
    refuse(file, GIT_SHA1_SIZE, "later version", "flags of a later version are refused");
    x.out.mem[12 + 60] = 0;
    x.out.mem[12 + 61] = 2;
    refuse(file, GIT_SHA1_SIZE, "lengths", "a wrong length of a name is refused");
    buf_release(&x.out);
    index_begin(&x, 4, GIT_SHA1_SIZE, 1);
    index_add(&x, "abc");
    x.out.mem[12 + 62] = 1;
    refuse(index_end(&x), GIT_SHA1_SIZE, "cut off",
           "an offset beyond the preceding name is refused");
    buf_release(&x.out);
    index_begin(&x, 2, GIT_SHA1_SIZE, 0);
    index_extension(&x, "what", "", 0);
    refuse(index_end(&x), GIT_SHA1_SIZE, "unknown required extension",
           "an unknown required extension is refused");
    buf_release(&x.out);
    index_begin(&x, 2, GIT_SHA1_SIZE, 0);
    index_extension(&x, "link", "", 0);
    refuse(index_end(&x), GIT_SHA1_SIZE, "cut off",
           "a split index without a digest is refused");
    buf_release(&x.out);
    refused_name("/a", "an absolute name is refused");
    refused_name("a/../b", "a name with a parent directory is refused");
    refused_name("a//b", "a name with an empty component is refused");
    refused_name("./a", "a name with a dot component is refused");
}

int main(void)
{
    one_version(2, GIT_SHA1_SIZE);
    one_version(3, GIT_SHA1_SIZE);
    one_version(4, GIT_SHA1_SIZE);
    one_version(2, GIT_SHA256_SIZE);
    one_version(4, GIT_SHA256_SIZE);
    parts();
    any_case();
    any_order();
    refused();
    return done_testing();
}
