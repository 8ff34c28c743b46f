/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "tap.h"
#include "wire/tar.h"

#include <stdlib.h>

static struct tar_w t;
static struct buf out;
static struct err e;

static void fresh(void)
{
    buf_reset(&out);
    e = (struct err){0};
    tar_w_init(&t, &out);
}

static void refuse(const char *path, size_t len, const char *name)
{
    const struct tar_entry entry = {.type = TAR_FILE, .path = str_n(path, len)};

    fresh();
    ok(tar_w_entry(&t, &entry, &e) < 0 && e.kind == ERR_USAGE, "%s", name);
    is_int((long long)out.len, 0, "and nothing was added");
}

static void small_file(void)
{
    const struct tar_entry entry = {.type = TAR_FILE,
                                    .path = str_c("dir/a"),
                                    .size = 3,
                                    .mode = 0640,
                                    .uid = 1,
                                    .gid = 2,
                                    .mtime = 1234567890};
    char checksum[8] = {[7] = ' '};
    unsigned sum = 0;
    const char *b;

    fresh();
    is_int(tar_w_entry(&t, &entry, &e), 0, "an entry");
    is_int(tar_w_data(&t, "ab", 2, &e), 0, "a part of its data");
    ok(tar_w_entry(&t, &entry, &e) < 0 && e.kind == ERR_USAGE, "no other one in the middle");
    ok(tar_w_data(&t, "cde", 3, &e) < 0, "not more than its size");
    is_int(tar_w_data(&t, "c", 1, &e), 0, "the rest of its data");
    is_int(tar_w_end(&t, &e), 0, "the end");
    ok(tar_w_end(&t, &e) < 0, "only once");
    is_int((long long)out.len, 512 + 512 + 1024, "header, padded data, two blocks of zeros");
    b = buf_data(&out);
    is_str(b, "dir/a", "name");
    is_str(b + 100, "0000640", "mode");
    is_str(b + 108, "0000001", "uid");
    is_mem(b + 124, 12, "00000000003\0", 12, "size");
    is_mem(b + 136, 12, "11145401322\0", 12, "mtime");
    for (int i = 0; i < 512; i++) { /* as if its own field were blank */
        sum += i >= 148 && i < 156 ? ' ' : (unsigned char)b[i];
    }
    (void)snprintf(checksum, sizeof(checksum) - 1, "%06o", sum);
    is_mem(b + 148, 8, checksum, 8, "checksum");
    is_mem(b + 257, 8, "ustar\00000", 8, "ustar's magic");
    is_mem(b + 512, 4, "abc\0", 4, "data");
}

/* Where the pax records of the first entry are, as text. */
static const char *records(const struct tar_entry *entry)
{
    static char text[LIMIT_TAR_HEADER];
    const char *b;

    fresh();
    memset(text, 0, sizeof(text));
    if (tar_w_entry(&t, entry, &e) < 0) {
        return e.text;
    }
    b = buf_data(&out);
    if (b[156] == 'x') {
        memcpy(text, b + 512, strtoul(b + 124, NULL, 8));
    }
    return text;
}

static void extensions(void)
{
    char deep[300];
    char want[400];
    struct tar_entry en = {.type = TAR_FILE, .path = str_c("a"), .mode = 0644};

    is_str(records(&en), "", "ustar is enough for plain entries");
    memset(deep, 'd', sizeof(deep));
    deep[150] = '/';
    en.path = str_n(deep, 240);
    is_str(records(&en), "", "a long path that splits at a slash fits ustar");
    is_mem(buf_data(&out) + 345, 150, deep, 150, "its front goes into the prefix");
    deep[150] = 'd';
    en.path = str_n(deep, 101);
    (void)snprintf(want, sizeof(want), "111 path=%.101s\n", deep);
    is_str(records(&en), want, "one that does not needs a record, whose length counts itself");
    en.path = str_c("\xc3\xa9");
    is_str(records(&en), "11 path=\xc3\xa9\n", "names that are not ASCII as well");
    en.path = str_c("x\x80");
    is_str(records(&en), "11 path=x\x80\n", "0x80 is the first byte that is not ASCII");
    en.path = str_c("x\x7f");
    is_str(records(&en), "", "0x7f is ASCII");
    en.path = str_c("a");
    en.size = 8589934592ULL;
    is_str(records(&en), "19 size=8589934592\n", "8 GiB and more");
    en.size = 8589934591ULL;
    is_str(records(&en), "", "one byte less is ustar's");
    en.size = 0;
    en.mtime = -1;
    is_str(records(&en), "12 mtime=-1\n", "before 1970");
    en.mtime_ns = 250000000;
    is_str(records(&en), "22 mtime=-0.750000000\n", "with a fraction, counted from zero");
    en.mtime = 5;
    is_str(records(&en), "21 mtime=5.250000000\n", "after 1970 with a fraction");
    en.mtime_ns = 0;
    en.uid = 2097152;
    en.gid = 4000000000;
    is_str(records(&en), "15 uid=2097152\n18 gid=4000000000\n", "large ids");
    en = (struct tar_entry){.type = TAR_SYMLINK, .path = str_c("l"), .link = str_n(deep, 120)};
    (void)snprintf(want, sizeof(want), "134 linkpath=%.120s\n", deep);
    is_str(records(&en), want, "a long target");
    en = (struct tar_entry){.type = TAR_DIR, .path = str_c("d"), .mode = 0755};
    (void)records(&en);
    is_str(buf_data(&out), "d/", "directories end in a slash");
}

int main(void)
{
    struct tar_entry en = {.type = TAR_FILE, .path = str_c("a"), .size = 600};
    char *huge = malloc(LIMIT_TAR_PATH + 2U);

    buf_init(&out, 1 << 20);
    small_file();
    extensions();
    refuse("/a", 2, "an absolute path is refused");
    refuse("", 0, "an empty path is refused");
    refuse("..", 2, "'..' is refused");
    refuse("a/../b", 6, "also inside");
    refuse("a\0b", 3, "a NUL is refused");
    memset(huge, 'x', LIMIT_TAR_PATH + 1U);
    en.path = str_n(huge, LIMIT_TAR_PATH + 1U);
    fresh();
    ok(tar_w_entry(&t, &en, &e) < 0 && e.kind == ERR_LIMIT, "a path past the limit");
    en = (struct tar_entry){.type = TAR_DIR, .path = str_n(huge, LIMIT_TAR_PATH)};
    ok(tar_w_entry(&t, &en, &e) < 0 && e.kind == ERR_LIMIT, "a directory's slash counts");
    en = (struct tar_entry){.type = TAR_FILE, .path = str_c("a"), .uid = UINT64_MAX};
    ok(tar_w_entry(&t, &en, &e) < 0 && e.kind == ERR_USAGE, "an id that no reader takes");
    en = (struct tar_entry){.type = TAR_FILE, .size = 600};
    free(huge);
    en.path = str_c("..a/b..");
    is_int(tar_w_entry(&t, &en, &e), 0, "dots in names are fine");
    ok(tar_w_end(&t, &e) < 0, "no end in the middle of a file");
    is_int(tar_w_sent(&t, 600, &e), 0, "data that went another way is counted");
    is_int((long long)out.len, 512 + 424, "and padded here");
    buf_release(&out);
    buf_init(&out, 600);
    tar_w_init(&t, &out);
    is_int(tar_w_entry(&t, &en, &e), 0, "an entry fits the buffer");
    t.left = 0;
    ok(tar_w_entry(&t, &en, &e) < 0 && e.kind == ERR_LIMIT && out.len == 512,
       "the next one does not, and nothing of it was added");
    buf_release(&out);
    return done_testing();
}
