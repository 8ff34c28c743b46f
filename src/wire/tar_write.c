/* SPDX-License-Identifier: MIT */
#include "wire/tar.h"

#include "base/limits.h"
#include "wire/tar_block.h"

#include <stdio.h>
#include <string.h>

enum { ID_MAX = 07777777 };

static const uint64_t octal11_max = 077777777777ULL;

void tar_w_init(struct tar_w *t, struct buf *out)
{
    *t = (struct tar_w){.out = out};
}

static bool is_ascii(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if ((unsigned char)s.p[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

/* Writes `digits` octal digits and a NUL, which old readers need. */
static void put_octal(unsigned char *at, int digits, uint64_t n)
{
    char text[24];

    (void)snprintf(text, sizeof(text), "%0*llo", digits, (unsigned long long)n);
    memcpy(at, text, (size_t)digits + 1);
}

/* Returns the index of the slash at which a path splits into ustar's prefix and name; 0 if the
 * path fits into the name, and its length if it does not fit at all. */
static size_t split_point(struct str path)
{
    size_t at;

    if (path.len <= NAME_FIELD_LEN) {
        return 0;
    }
    at = path.len - NAME_FIELD_LEN - 1;
    while (at < path.len && path.p[at] != '/') {
        at++;
    }
    return at == 0 || at > PREFIX_FIELD_LEN || at + 1 >= path.len ? path.len : at;
}

static void put_block(unsigned char *b, const struct tar_entry *en, struct str path,
                      struct str link)
{
    size_t at = split_point(path);
    unsigned sum = 0;

    memset(b, 0, TAR_BLOCK);
    if (at > 0 && at < path.len) {
        memcpy(b + AT_PREFIX, path.p, at);
        path = str_drop(path, at + 1);
    }
    memcpy(b + AT_NAME, path.p, path.len < NAME_FIELD_LEN ? path.len : NAME_FIELD_LEN);
    if (link.len > 0) {
        memcpy(b + AT_LINK, link.p, link.len < NAME_FIELD_LEN ? link.len : NAME_FIELD_LEN);
    }
    put_octal(b + AT_MODE, 7, en->mode & 07777U);
    put_octal(b + AT_UID, 7, en->uid <= ID_MAX ? en->uid : 0);
    put_octal(b + AT_GID, 7, en->gid <= ID_MAX ? en->gid : 0);
    put_octal(b + AT_SIZE, 11, en->size <= octal11_max ? en->size : 0);
    put_octal(b + AT_MTIME, 11,
              en->mtime >= 0 && (uint64_t)en->mtime <= octal11_max ? (uint64_t)en->mtime : 0);
    b[AT_TYPE] = (unsigned char)en->type;
    memcpy(b + AT_MAGIC, "ustar\00000", 8);
    put_octal(b + AT_MAJOR, 7, 0);
    put_octal(b + AT_MINOR, 7, 0);
    memset(b + AT_SUM, ' ', 8);
    for (size_t i = 0; i < TAR_BLOCK; i++) {
        sum += b[i];
    }
    put_octal(b + AT_SUM, 6, sum);
    b[AT_SUM + 7] = ' ';
}

/* Adds the record "LEN key=value\n". LEN is the length of the record, including LEN itself. */
static void pax_record(struct buf *out, const char *key, struct str value)
{
    size_t rest = strlen(key) + value.len + 3;
    size_t len = rest;
    size_t before;

    do {
        char digits[24];

        before = len;
        len = rest + (size_t)snprintf(digits, sizeof(digits), "%zu", len);
    } while (len != before);
    (void)buf_addf(out, "%zu %s=", len, key); /* an overflow is sticky */
    (void)buf_add_str(out, value);
    (void)buf_add_byte(out, '\n');
}

static void pax_number(struct buf *out, const char *key, uint64_t n)
{
    char text[24];
    int len = snprintf(text, sizeof(text), "%llu", (unsigned long long)n);

    pax_record(out, key, str_n(text, (size_t)len));
}

/* Adds the time in seconds with a decimal fraction. In the notation of pax the sign applies to
 * the fraction, too: -1 s + 250 ms is "-0.75". */
static void pax_mtime(struct buf *out, int64_t s, unsigned ns)
{
    char text[48];
    bool negative = s < 0;
    uint64_t whole = negative ? 0 - (uint64_t)s : (uint64_t)s;
    int len;

    if (negative && ns > 0) {
        whole--;
        ns = 1000000000U - ns;
    }
    len = ns > 0 ? snprintf(text, sizeof(text), "%s%llu.%09u", negative ? "-" : "",
                            (unsigned long long)whole, ns)
                 : snprintf(text, sizeof(text), "%s%llu", negative ? "-" : "",
                            (unsigned long long)whole);
    pax_record(out, "mtime", str_n(text, (size_t)len));
}

/* Adds the records for values that ustar cannot express. */
static void pax_records(struct buf *out, const struct tar_entry *en, struct str path)
{
    if (!is_ascii(path) || split_point(path) == path.len) {
        pax_record(out, "path", path);
    }
    if (!is_ascii(en->link) || en->link.len > NAME_FIELD_LEN) {
        pax_record(out, "linkpath", en->link);
    }
    if (en->size > octal11_max) {
        pax_number(out, "size", en->size);
    }
    if (en->uid > ID_MAX) {
        pax_number(out, "uid", en->uid);
    }
    if (en->gid > ID_MAX) {
        pax_number(out, "gid", en->gid);
    }
    if (en->mtime < 0 || (uint64_t)en->mtime > octal11_max || en->mtime_ns > 0) {
        pax_mtime(out, en->mtime, en->mtime_ns);
    }
}

static bool has_dotdot(struct str path)
{
    while (path.len > 0) {
        struct str part = {0};

        (void)str_cut(&path, '/', &part);
        if (str_eq_c(part, "..")) {
            return true;
        }
    }
    return false;
}

static int check(const struct tar_w *t, const struct tar_entry *en, struct err *e)
{
    if (t->left > 0 || t->ended) {
        return err_set(e, ERR_USAGE, "tar: an entry in the middle of a file or after the end");
    }
    if (en->path.len == 0 || en->path.p[0] == '/' || has_dotdot(en->path) ||
        memchr(en->path.p, '\0', en->path.len) != NULL ||
        (en->link.len > 0 && memchr(en->link.p, '\0', en->link.len) != NULL) ||
        en->mtime_ns > 999999999 || en->uid > INT64_MAX || en->gid > INT64_MAX ||
        (en->type != TAR_FILE && en->size > 0)) {
        return err_set(e, ERR_USAGE, "tar: entry '%.*s' cannot be in an archive",
                       (int)(en->path.len < 200 ? en->path.len : 200), en->path.p);
    }
    if (en->path.len + (en->type == TAR_DIR ? 1 : 0) > LIMIT_TAR_PATH ||
        en->link.len > LIMIT_TAR_PATH) {
        return err_set(e, ERR_LIMIT, "tar: a path is past the limit of %d bytes",
                       LIMIT_TAR_PATH);
    }
    return 0;
}

static unsigned padding_for(uint64_t size)
{
    return (unsigned)((TAR_BLOCK - size % TAR_BLOCK) % TAR_BLOCK);
}

static void add_zeros(struct buf *out, size_t count)
{
    static const char zeros[TAR_BLOCK];

    (void)buf_add(out, zeros, count); /* an overflow is sticky */
}

/* Adds the header blocks of an entry to `all`, with the pax records in front. */
static void put_entry(const struct tar_entry *en, struct str path, struct buf *all)
{
    unsigned char block[TAR_BLOCK];
    struct buf pax;

    buf_init(&pax, LIMIT_TAR_HEADER);
    pax_records(&pax, en, path);
    if (pax.len > 0) {
        const struct tar_entry ext = {
            .type = (enum tar_type)'x', .size = pax.len, .mode = 0644, .mtime = 0};

        put_block(block, &ext, str_c("pax"), str_c(NULL));
        (void)buf_add(all, block, sizeof(block)); /* an overflow is sticky */
        (void)buf_add_str(all, buf_str(&pax));
        add_zeros(all, padding_for(pax.len));
    }
    all->overflowed = all->overflowed || pax.overflowed;
    buf_release(&pax);
    put_block(block, en, path, en->link);
    (void)buf_add(all, block, sizeof(block));
}

int tar_w_entry(struct tar_w *t, const struct tar_entry *en, struct err *e)
{
    struct buf path;
    struct buf all;
    int rc = -1;

    if (check(t, en, e) < 0) {
        return -1;
    }
    buf_init(&path, LIMIT_TAR_PATH + 2);
    buf_init(&all, LIMIT_TAR_HEADER + 4 * TAR_BLOCK);
    (void)buf_add_str(&path, en->path); /* fits: checked */
    if (en->type == TAR_DIR && !str_ends(en->path, "/")) {
        (void)buf_add_byte(&path, '/');
    }
    put_entry(en, buf_str(&path), &all);
    if (all.overflowed || all.len > buf_room(t->out) ||
        buf_add_str(t->out, buf_str(&all)) < 0) {
        (void)err_set(e, ERR_LIMIT, "tar: the header is past the limit");
        goto out;
    }
    t->left = en->type == TAR_FILE ? en->size : 0;
    t->padding = padding_for(t->left);
    rc = 0;
out:
    buf_release(&path);
    buf_release(&all);
    return rc;
}

static int pad(struct tar_w *t, struct err *e)
{
    if (t->left > 0 || t->padding == 0) {
        return 0;
    }
    add_zeros(t->out, t->padding);
    t->padding = 0;
    return t->out->overflowed ? err_set(e, ERR_LIMIT, "tar: past the limit") : 0;
}

int tar_w_sent(struct tar_w *t, size_t len, struct err *e)
{
    if (len > t->left) {
        return err_set(e, ERR_USAGE, "tar: more data than the entry's size");
    }
    t->left -= len;
    return pad(t, e);
}

int tar_w_data(struct tar_w *t, const void *p, size_t len, struct err *e)
{
    if (len > t->left) {
        return err_set(e, ERR_USAGE, "tar: more data than the entry's size");
    }
    if (buf_add(t->out, p, len) < 0) {
        return err_set(e, ERR_LIMIT, "tar: past the limit");
    }
    return tar_w_sent(t, len, e);
}

int tar_w_end(struct tar_w *t, struct err *e)
{
    if (t->left > 0 || t->ended) {
        return err_set(e, ERR_USAGE, "tar: the end in the middle of a file, or twice");
    }
    add_zeros(t->out, TAR_BLOCK);
    add_zeros(t->out, TAR_BLOCK);
    t->ended = true;
    return t->out->overflowed ? err_set(e, ERR_LIMIT, "tar: past the limit") : 0;
}
