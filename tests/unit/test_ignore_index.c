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
    ok(ignore_index_read(&ix, index_end(&x), hash_size, &e) == 0, "version %u, %zu: %s",
       version, hash_size, e.text);
    ignore_index_sort(&ix);
    is_int((long long)ix.count, sizeof(sample) / sizeof(sample[0]), "all names");
    ok(has(&ix, "a", false) && has(&ix, "a.b", false) && has(&ix, "x/y", false) &&
           has(&ix, "a/c/d", false),
       "files");
    ok(!has(&ix, "b", false) && !has(&ix, "x", false) && !has(&ix, "a/c", false) &&
           !has(&ix, "x/y/z", false) && !has(&ix, "A", false),
       "others are not");
    ok(has(&ix, "a/c", true) && has(&ix, "x", true) && has(&ix, "sub", true),
       "directories with files in them, and submodules");
    ok(!has(&ix, "a/b/c", true) && !has(&ix, "y", true) && !has(&ix, "a/", true), "no others");
    ok(has_in(&ix, "a", "a/b", false) && has_in(&ix, "a", "a/c", true) &&
           has_in(&ix, "a/c", "a/c/e", false),
       "in the range of a directory");
    ok(!has_in(&ix, "a", "a/x", false) && !has_in(&ix, "y", "y/a", false), "nothing else");
    ignore_index_release(&ix);
    buf_release(&x.out);
}

/* Reads one that has these entries and this extension; the index for asking, or its refusal. */
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
       "a split index names its shared part %s", e.text);
    ok(read_one(&ix, 2, shared, NULL, &e) == 0 && !ix.split, "which is read too");
    ignore_index_sort(&ix);
    ok(has(&ix, "c", false) && has(&ix, "a/b", false) && has(&ix, "a", true) &&
           has(&ix, "d", false) && ix.count == 3,
       "the names of both, sorted");
    ignore_index_release(&ix);
    ok(read_one(&ix, 3, dirs, "sdir", &e) == 0, "a sparse index");
    ignore_index_sort(&ix);
    ok(has(&ix, "dir", true) && has_in(&ix, "dir", "dir/x", false) &&
           has_in(&ix, "dir", "dir/x", true) && !has(&ix, "di", true),
       "everything in a directory that stands in it is tracked");
    ignore_index_release(&ix);
}

static void any_case(void)
{
    static const char *const names[] = {"B/x", "a/B", "a/C", NULL};
    struct ignore_index ix;
    struct err e = {0};

    ignore_index_init(&ix, true);
    ok(read_one(&ix, 2, names, NULL, &e) == 0, "an index where case does not count");
    ignore_index_sort(&ix);
    ok(has(&ix, "b/X", false) && has(&ix, "A/b", false) && has(&ix, "A", true) &&
           has_in(&ix, "b", "B/X", false) && !has(&ix, "a/d", false),
       "is asked in any case");
    ignore_index_release(&ix);
}

/* git writes them sorted; those of a split index come in two rows. */
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
    ok(ignore_index_read(&ix, index_end(&x), GIT_SHA1_SIZE, &e) == 0, "names in no order");
    ignore_index_sort(&ix);
    for (int i = 0; i < 1100; i++) {
        char name[16];

        (void)snprintf(name, sizeof(name), "%d", i);
        good = good && has(&ix, name, true) == (i < 1000);
        (void)snprintf(name, sizeof(name), "%d/f", i);
        good = good && has(&ix, name, false) == (i < 1000);
    }
    ok(good, "are found all the same");
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
            ok(false, "cut off after %zu bytes", len);
            ignore_index_release(&ix);
        }
    }
    refuse(str_c("DIRC"), GIT_SHA1_SIZE, "not an index", "a file with only a signature");
    x.out.mem[0] = 'X';
    refuse(file, GIT_SHA1_SIZE, "not an index", "a file with another signature");
    x.out.mem[0] = 'D';
    x.out.mem[7] = 5;
    refuse(file, GIT_SHA1_SIZE, "version 5", "a later version");
    x.out.mem[7] = 1;
    refuse(file, GIT_SHA1_SIZE, "version 1", "an older one");
    x.out.mem[7] = 2;
    x.out.mem[8] = 1;
    refuse(file, GIT_SHA1_SIZE, "cut off", "more entries than there is room for");
    x.out.mem[8] = 0;
    x.out.mem[12 + 60] = 0x40;
    refuse(file, GIT_SHA1_SIZE, "later version", "flags that version 2 does not have");
    x.out.mem[12 + 60] = 0;
    x.out.mem[12 + 61] = 2;
    refuse(file, GIT_SHA1_SIZE, "lengths", "a length that is not the name's");
    buf_release(&x.out);
    index_begin(&x, 4, GIT_SHA1_SIZE, 1);
    index_add(&x, "abc");
    x.out.mem[12 + 62] = 1;
    refuse(index_end(&x), GIT_SHA1_SIZE, "cut off", "less of a name before than there is");
    buf_release(&x.out);
    index_begin(&x, 2, GIT_SHA1_SIZE, 0);
    index_extension(&x, "what", "", 0);
    refuse(index_end(&x), GIT_SHA1_SIZE, "unknown required extension",
           "an unknown required extension");
    buf_release(&x.out);
    index_begin(&x, 2, GIT_SHA1_SIZE, 0);
    index_extension(&x, "link", "", 0);
    refuse(index_end(&x), GIT_SHA1_SIZE, "cut off", "a split index that names no part");
    buf_release(&x.out);
    refused_name("/a", "an absolute name");
    refused_name("a/../b", "a name that leads out");
    refused_name("a//b", "an empty component");
    refused_name("./a", "a component that says nothing");
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
