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
    is_int((long long)out.len, 0, "a refused entry adds nothing");
}

static void small_file_is_written(void)
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
    is_int(tar_w_entry(&t, &entry, &e), 0, "an entry is added");
    is_int(tar_w_data(&t, "ab", 2, &e), 0, "a part of its data is added");
    ok(tar_w_entry(&t, &entry, &e) < 0 && e.kind == ERR_USAGE,
       "an entry in the middle of a file is refused");
    ok(tar_w_data(&t, "cde", 3, &e) < 0, "more data than its size are refused");
    is_int(tar_w_data(&t, "c", 1, &e), 0, "the rest of its data is added");
    is_int(tar_w_end(&t, &e), 0, "the end is added");
    ok(tar_w_end(&t, &e) < 0, "a second end is refused");
    is_int((long long)out.len, 512 + 512 + 1024,
           "the archive has a header, padded data and two blocks of zeros");
    b = buf_data(&out);
    is_str(b, "dir/a", "the header has the name");
    is_str(b + 100, "0000640", "the header has the mode");
    is_str(b + 108, "0000001", "the header has the uid");
    is_mem(b + 124, 12, "00000000003\0", 12, "the header has the size");
    is_mem(b + 136, 12, "11145401322\0", 12, "the header has the time");
    for (int i = 0; i < 512; i++) { /* the checksum's own field counts as blanks */
        sum += i >= 148 && i < 156 ? ' ' : (unsigned char)b[i];
    }
    (void)snprintf(checksum, sizeof(checksum) - 1, "%06o", sum);
    is_mem(b + 148, 8, checksum, 8, "the header has the checksum");
    is_mem(b + 257, 8, "ustar\00000", 8, "the header has the magic of ustar");
    is_mem(b + 512, 4, "abc\0", 4, "the data follow the header");
}

/* Adds an entry, and returns its pax records as text; "" if it has none. */
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

static void pax_records_are_written_where_ustar_fails(void)
{
    char deep[300];
    char want[400];
    struct tar_entry en = {.type = TAR_FILE, .path = str_c("a"), .mode = 0644};

    is_str(records(&en), "", "a plain entry needs no pax record");
    memset(deep, 'd', sizeof(deep));
    deep[150] = '/';
    en.path = str_n(deep, 240);
    is_str(records(&en), "", "a long path that splits at a slash needs no record");
    is_mem(buf_data(&out) + 345, 150, deep, 150, "the front of the path is in the prefix");
    deep[150] = 'd';
    en.path = str_n(deep, 101);
    (void)snprintf(want, sizeof(want), "111 path=%.101s\n", deep);
    is_str(records(&en), want,
           "a long path that does not split needs a record, whose length counts itself");
    en.path = str_c("\xc3\xa9");
    is_str(records(&en), "11 path=\xc3\xa9\n", "a name that is not ASCII needs a record");
    en.path = str_c("x\x80");
    is_str(records(&en), "11 path=x\x80\n", "0x80 is the first byte that is not ASCII");
    en.path = str_c("x\x7f");
    is_str(records(&en), "", "0x7f is ASCII");
    en.path = str_c("a");
    en.size = 8589934592ULL;
    is_str(records(&en), "19 size=8589934592\n", "a size of 8 GiB needs a record");
    en.size = 8589934591ULL;
    is_str(records(&en), "", "a size of one byte less needs no record");
    en.size = 0;
    en.mtime = -1;
    is_str(records(&en), "12 mtime=-1\n", "a time before 1970 needs a record");
    en.mtime_ns = 250000000;
    is_str(records(&en), "22 mtime=-0.750000000\n",
           "a time before 1970 with a fraction is counted from zero");
    en.mtime = 5;
    is_str(records(&en), "21 mtime=5.250000000\n", "a time with a fraction needs a record");
    en.mtime_ns = 0;
    en.uid = 2097152;
    en.gid = 4000000000;
    is_str(records(&en), "15 uid=2097152\n18 gid=4000000000\n", "large ids need records");
    en = (struct tar_entry){.type = TAR_SYMLINK, .path = str_c("l"), .link = str_n(deep, 120)};
    (void)snprintf(want, sizeof(want), "134 linkpath=%.120s\n", deep);
    is_str(records(&en), want, "a long target needs a record");
    en = (struct tar_entry){.type = TAR_DIR, .path = str_c("d"), .mode = 0755};
    (void)records(&en);
    is_str(buf_data(&out), "d/", "the path of a directory ends with '/'");
}

int main(void)
{
    struct tar_entry en = {.type = TAR_FILE, .path = str_c("a"), .size = 600};
    char *huge = malloc(LIMIT_TAR_PATH + 2U);

    buf_init(&out, 1 << 20);
    small_file_is_written();
    pax_records_are_written_where_ustar_fails();
    refuse("/a", 2, "an absolute path is refused");
    refuse("", 0, "an empty path is refused");
    refuse("..", 2, "'..' is refused");
    refuse("a/../b", 6, "'..' inside of a path is refused");
    refuse("a\0b", 3, "a NUL is refused");
    memset(huge, 'x', LIMIT_TAR_PATH + 1U);
    en.path = str_n(huge, LIMIT_TAR_PATH + 1U);
    fresh();
    ok(tar_w_entry(&t, &en, &e) < 0 && e.kind == ERR_LIMIT, "a path past the limit is refused");
    en = (struct tar_entry){.type = TAR_DIR, .path = str_n(huge, LIMIT_TAR_PATH)};
    ok(tar_w_entry(&t, &en, &e) < 0 && e.kind == ERR_LIMIT, "the '/' of a directory counts");
    en = (struct tar_entry){.type = TAR_FILE, .path = str_c("a"), .uid = UINT64_MAX};
    ok(tar_w_entry(&t, &en, &e) < 0 && e.kind == ERR_USAGE, "an id past 2^63 is refused");
    en = (struct tar_entry){.type = TAR_FILE, .size = 600};
    free(huge);
    en.path = str_c("..a/b..");
    is_int(tar_w_entry(&t, &en, &e), 0, "names may contain dots");
    ok(tar_w_end(&t, &e) < 0, "the end in the middle of a file is refused");
    is_int(tar_w_sent(&t, 600, &e), 0, "data that the caller sent are counted");
    is_int((long long)out.len, 512 + 424, "the padding is added to the buffer");
    buf_release(&out);
    buf_init(&out, 600);
    tar_w_init(&t, &out);
    is_int(tar_w_entry(&t, &en, &e), 0, "an entry that fits the buffer is added");
    t.left = 0;
    ok(tar_w_entry(&t, &en, &e) < 0 && e.kind == ERR_LIMIT && out.len == 512,
       "an entry that does not fit adds nothing");
    buf_release(&out);
    return done_testing();
}
