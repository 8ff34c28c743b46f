/* SPDX-License-Identifier: MIT */
#include "tap.h"
#include "wire/tar.h"

/* Reads an archive in pieces of `step` bytes. Writes each entry to out as "|type path->link
 * size uid gid mtime.ns mode:data". Returns 0, -1 if the archive is malformed, and -2 if it was
 * cut off. */
static int list(struct str in, size_t step, struct buf *out)
{
    struct tar_r t;
    struct err e = {0};
    int rc = 0;

    tar_r_init(&t);
    buf_reset(out);
    while (rc == 0 && in.len > 0) {
        struct str piece = str_n(in.p, in.len < step ? in.len : step);

        while (rc == 0 && piece.len > 0) {
            struct str data;
            bool ready = false;
            size_t used = 0;

            rc = tar_r_in(&t, piece, &used, &ready, &data, &e);
            if (ready) {
                const struct tar_entry *en = &t.entry;

                (void)buf_addf(out, "|%c %.*s->%.*s %llu %llu %llu %lld.%u %o:", (int)en->type,
                               (int)en->path.len, en->path.p, (int)en->link.len, en->link.p,
                               (unsigned long long)en->size, (unsigned long long)en->uid,
                               (unsigned long long)en->gid, (long long)en->mtime, en->mtime_ns,
                               en->mode);
            }
            (void)buf_add_str(out, data);
            piece = str_drop(piece, used);
            in = str_drop(in, used);
        }
    }
    if (rc == 0 && t.state != TAR_END) {
        rc = -2; /* cut off */
    }
    tar_r_release(&t);
    return rc;
}

static void add(struct tar_w *w, const struct tar_entry *en, const char *data)
{
    struct err e = {0};

    if (tar_w_entry(w, en, &e) < 0 || tar_w_data(w, data, (size_t)en->size, &e) < 0) {
        ok(false, "%s", e.text);
    }
}

static void sample(struct buf *out)
{
    struct tar_w w;
    struct err e = {0};
    char name[251];

    memset(name, 'n', sizeof(name));
    tar_w_init(&w, out);
    add(&w, &(struct tar_entry){.type = TAR_DIR, .path = str_c("d"), .mode = 0755}, "");
    add(&w,
        &(struct tar_entry){.type = TAR_FILE,
                            .path = str_c("d/f"),
                            .size = 3,
                            .mode = 0600,
                            .uid = 5,
                            .gid = 3000000,
                            .mtime = -2,
                            .mtime_ns = 5},
        "xyz");
    add(&w, &(struct tar_entry){.type = TAR_FILE, .path = str_n(name, 251), .mode = 04711}, "");
    add(&w,
        &(struct tar_entry){.type = TAR_SYMLINK, .path = str_c("l"), .link = str_c("\xc3\xa9")},
        "");
    (void)tar_w_end(&w, &e);
}

static void fix_sum(char *block)
{
    unsigned sum = 0;

    memset(block + 148, ' ', 8);
    for (int i = 0; i < 512; i++) {
        sum += (unsigned char)block[i];
    }
    (void)snprintf(block + 148, 8, "%06o", sum);
}

/* Reads an archive with one entry, after it has changed `len` bytes of the header at `at`. */
static int patched(size_t at, const char *bytes, size_t len, struct buf *out)
{
    struct buf tar;
    struct tar_w w;
    struct err e = {0};
    char copy[2048];
    int rc;

    buf_init(&tar, 4096);
    tar_w_init(&w, &tar);
    add(&w, &(struct tar_entry){.type = TAR_FILE, .path = str_c("a"), .mode = 0644}, "");
    (void)tar_w_end(&w, &e);
    memcpy(copy, buf_data(&tar), tar.len);
    memcpy(copy + at, bytes, len);
    fix_sum(copy);
    rc = list(str_n(copy, tar.len), 512, out);
    buf_release(&tar);
    return rc;
}

/* In an archive of GNU tar, an entry of type 'L' or 'K' contains the long path or link of the
 * entry that follows it. */
static void long_names_of_gnu_tar_are_read(void)
{
    char name[151];
    char want[400];
    struct buf tar;
    struct buf out;
    struct tar_w w;
    struct err e = {0};

    memset(name, 'g', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    buf_init(&tar, 1 << 16);
    buf_init(&out, 1 << 16);
    tar_w_init(&w, &tar);
    for (int i = 0; i < 2; i++) {
        const size_t at = tar.len;

        add(&w,
            &(struct tar_entry){
                .type = TAR_FILE, .path = str_c("././@LongLink"), .size = sizeof(name)},
            name);
        tar.mem[at + 156] = "LK"[i];
        fix_sum(tar.mem + at);
    }
    add(&w,
        &(struct tar_entry){.type = TAR_SYMLINK, .path = str_c("cut"), .link = str_c("cut")},
        "");
    add(&w, &(struct tar_entry){.type = TAR_FILE, .path = str_c("next")}, "");
    (void)tar_w_end(&w, &e);
    is_int(list(buf_str(&tar), 512, &out), 0, "an archive with long names of GNU tar is read");
    (void)snprintf(want, sizeof(want), "|2 %s->%s 0 0 0 0.0 0:|0 next-> 0 0 0 0.0 0:", name,
                   name);
    ok(str_eq_c(buf_str(&out), want), "the long names apply to the next entry only: %.*s",
       (int)out.len, buf_data(&out));
    buf_release(&tar);
    buf_release(&out);
}

/* Adds an extension header with this type and content. */
static void add_extension(struct tar_w *w, struct buf *tar, char type, const char *text)
{
    const size_t at = tar->len;

    add(w, &(struct tar_entry){.type = TAR_FILE, .path = str_c("x"), .size = strlen(text)},
        text);
    tar->mem[at + 156] = type;
    fix_sum(tar->mem + at);
}

/* Reads an archive with the extension headers of `types`, whose contents are `texts`, followed
 * by the entries a and c. Without `entries`, the archive ends after the headers. */
static int extended(const char *types, const char *const *texts, bool entries, struct buf *out)
{
    struct buf tar;
    struct tar_w w;
    struct err e = {0};
    int rc;

    buf_init(&tar, 1 << 16);
    tar_w_init(&w, &tar);
    for (size_t i = 0; types[i] != '\0'; i++) {
        add_extension(&w, &tar, types[i], texts[i]);
    }
    if (entries) {
        add(&w, &(struct tar_entry){.type = TAR_FILE, .path = str_c("a")}, "");
        add(&w, &(struct tar_entry){.type = TAR_FILE, .path = str_c("c")}, "");
    }
    (void)tar_w_end(&w, &e);
    rc = list(buf_str(&tar), 512, out);
    buf_release(&tar);
    return rc;
}

static void records_apply_to_one_entry(void)
{
    struct buf out;

    buf_init(&out, 1 << 16);
    is_int(extended("x", (const char *[]){"17 comment=hello\n9 path=b\n"}, true, &out), 0,
           "a comment is not an error");
    ok(str_eq_c(buf_str(&out), "|0 b-> 0 0 0 0.0 0:|0 c-> 0 0 0 0.0 0:"),
       "the path beside it applies to one entry: %.*s", (int)out.len, buf_data(&out));
    is_int(extended("g", (const char *[]){"17 comment=hello\n"}, true, &out), 0,
           "a comment for all entries is not an error");
    is_int(extended("KL", (const char *[]){"to", "b"}, true, &out), 0,
           "both long names of GNU tar may stand before an entry");
    is_int(extended("LK", (const char *[]){"b", "to"}, true, &out), 0, "in any order");
    buf_release(&out);
}

/* Go's archive/tar uses the last of several extended headers, GNU tar and others merge them,
 * and sparse records and global headers change names and sizes for some programs only. */
static void what_programs_read_differently_is_refused(void)
{
    static const struct {
        const char *types, *first, *second;
    } all[] = {
        {"xx", "9 path=b\n", "17 comment=hello\n"},
        {"xx", "17 comment=hello\n", "9 path=b\n"},
        {"xL", "9 path=b\n", "d"},
        {"Lx", "d", "9 path=b\n"},
        {"xK", "14 linkpath=b\n", "d"},
        {"LL", "a", "b"},
        {"KK", "a", "b"},
        {"xg", "9 path=b\n", "17 comment=hello\n"},
        {"g", "9 path=b\n", NULL},
        {"x", "9 path=b\n9 path=c\n", NULL},
        {"x", "25 GNU.sparse.name=other\n", NULL},
    };
    struct buf out;

    buf_init(&out, 1 << 16);
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        ok(extended(all[i].types, (const char *[]){all[i].first, all[i].second}, true, &out) ==
               -1,
           "headers %zu of the types %s are refused", i, all[i].types);
    }
    is_int(extended("x", (const char *[]){"9 path=b\n"}, false, &out), -1,
           "an extended header without an entry is refused");
    is_int(patched(156, "5\0", 1, &out), 0, "a directory without data is read");
    is_int(patched(0, "a/\0", 3, &out), -1, "a file with the name of a directory is refused");
    buf_release(&out);
}

static void data_of_a_directory_are_refused(void)
{
    struct buf tar;
    struct buf out;
    struct tar_w w;
    struct err e = {0};

    buf_init(&tar, 1 << 16);
    buf_init(&out, 1 << 16);
    for (const char *type = "12345"; *type != '\0'; type++) {
        buf_reset(&tar);
        tar_w_init(&w, &tar);
        add(&w, &(struct tar_entry){.type = TAR_FILE, .path = str_c("a"), .size = 3}, "abc");
        (void)tar_w_end(&w, &e);
        tar.mem[tar.head + 156] = *type;
        fix_sum(tar.mem + tar.head);
        ok(list(buf_str(&tar), 512, &out) == -1, "data of an entry of the type %c are refused",
           *type);
    }
    buf_release(&tar);
    buf_release(&out);
}

int main(void)
{
    static const char want_start[] =
        "|5 d/-> 0 0 0 0.0 755:|0 d/f-> 3 5 3000000 -2.5 600:xyz|0 nnn";
    struct buf tar;
    struct buf out;
    struct buf whole;
    bool same = true;
    char long_path[3 + 251 + 3] = "|0 ";

    memcpy(long_path + 3 + 251, "->", 3);
    long_names_of_gnu_tar_are_read();
    records_apply_to_one_entry();
    what_programs_read_differently_is_refused();
    data_of_a_directory_are_refused();
    buf_init(&tar, 1 << 16);
    buf_init(&out, 1 << 16);
    buf_init(&whole, 1 << 16);
    sample(&tar);
    is_int(list(buf_str(&tar), tar.len, &whole), 0, "the writer's archive is read");
    is_mem(buf_data(&whole), sizeof(want_start) - 1, want_start, sizeof(want_start) - 1,
           "the entries are the same");
    memset(long_path + 3, 'n', 251);
    ok(str_contains(buf_str(&whole), long_path), "a path that is too long for ustar is read");
    ok(str_contains(buf_str(&whole), "|2 l->\xc3\xa9 0 0 0 0.0 0:"),
       "links are read with their targets");
    for (size_t step = 1; step < 1100 && same; step += step < 40 ? 1 : 37) {
        same = list(buf_str(&tar), step, &out) == 0 &&
               str_cmp(buf_str(&out), buf_str(&whole)) == 0;
    }
    ok(same, "every split gives the same entries");
    is_int(list(str_n(buf_data(&tar), tar.len - 1024), 512, &out), -2,
           "an archive without its end is detected");

    is_int(patched(124, "\x80\0\0\0\0\0\0\0\0\0\2\0", 12, &out), -2,
           "a size in base 256 is read, and its data are missing");
    ok(str_contains(buf_str(&out), " 512 "), "the size is 512");
    is_int(patched(136, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12, &out), 0,
           "a negative time in base 256 is read");
    ok(str_contains(buf_str(&out), " -1.0 "), "the time is -1");
    is_int(patched(124, "\x80\1\0\0\0\0\0\0\0\0\0\0", 12, &out), -1,
           "a size past 64 bits is refused");
    is_int(patched(124, "00000000009\0", 12, &out), -1,
           "a number that is not octal is refused");
    is_int(patched(156, "\0", 1, &out), 0, "a type of NUL is a file");
    is_int(patched(156, "7", 1, &out), 0, "a contiguous file is a file");
    is_int(patched(156, "\1", 1, &out), -1, "the byte 1 is not a type");
    is_int(patched(156, "Z", 1, &out), -1, "an unknown type is refused");
    is_int(patched(0, "\0", 1, &out), -1, "an entry without a name is refused");
    is_int(patched(156, "x", 1, &out), -1, "an empty pax header is refused");
    memcpy(tar.mem + 148, "000000", 6);
    is_int(list(buf_str(&tar), 512, &out), -1, "a wrong checksum is refused");
    buf_release(&tar);
    buf_release(&out);
    buf_release(&whole);
    return done_testing();
}
