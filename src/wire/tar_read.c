/* SPDX-License-Identifier: MIT */
#include "wire/tar.h"

#include "base/limits.h"
#include "base/num.h"
#include "wire/tar_block.h"
#include "wire/tar_pax.h"

#include <string.h>

enum { LONG_MAX_LEN = 2 * LIMIT_TAR_PATH };

/* The types of extension headers: long names of old GNU tar, and the two of pax. */
enum { EXT_PATH = 'L', EXT_LINK = 'K', EXT_PAX = 'x', EXT_GLOBAL = 'g' };

void tar_r_init(struct tar_r *t)
{
    memset(t, 0, sizeof(*t));
    buf_init(&t->path, LONG_MAX_LEN);
    buf_init(&t->link, LONG_MAX_LEN);
    buf_init(&t->ext, LIMIT_TAR_HEADER);
}

void tar_r_release(struct tar_r *t)
{
    buf_release(&t->path);
    buf_release(&t->link);
    buf_release(&t->ext);
}

static int fail(struct tar_r *t, const char *why, struct err *e)
{
    t->state = TAR_FAILED;
    return err_set(e, ERR_FORMAT, "broken tar archive: %s", why);
}

/* Returns the text of a field, up to its first NUL. */
static struct str text_at(const unsigned char *p, size_t len)
{
    const unsigned char *end = memchr(p, '\0', len);

    return str_n((const char *)p, end != NULL ? (size_t)(end - p) : len);
}

/* Reads a number: octal digits between blanks and NULs, or base 256 if the top bit is set. An
 * empty field is 0. */
static bool number_at(const unsigned char *p, size_t len, int64_t *out)
{
    struct str s;
    uint64_t n = 0;

    if ((p[0] & 0x80) != 0) {
        bool negative = (p[0] & 0x40) != 0;

        n = negative ? UINT64_MAX : 0;
        for (size_t i = 0; i < len; i++) {
            unsigned char byte =
                i == 0 ? (unsigned char)((p[0] & 0x3f) | (negative ? 0xc0 : 0)) : p[i];

            if (i + 8 < len && byte != (negative ? 0xff : 0x00)) {
                return false; /* the number has more than 64 bits */
            }
            n = n << 8 | byte;
        }
        if ((n >> 63 != 0) != negative) {
            return false;
        }
        *out = negative ? -(int64_t)(~n) - 1 : (int64_t)n;
        return true;
    }
    s = str_trim(text_at(p, len));
    if (s.len == 0) {
        *out = 0;
        return true;
    }
    if (!str_u64(s, 8, INT64_MAX, &n)) {
        return false;
    }
    *out = (int64_t)n;
    return true;
}

static bool sum_is_right(const unsigned char *b)
{
    int64_t want = 0;
    int64_t sum = 0;

    if (!number_at(b + AT_SUM, 8, &want)) {
        return false;
    }
    for (size_t i = 0; i < TAR_BLOCK; i++) {
        sum += i >= AT_SUM && i < AT_SUM + 8 ? ' ' : b[i];
    }
    return sum == want;
}

static bool is_zero(const unsigned char *b)
{
    for (size_t i = 0; i < TAR_BLOCK; i++) {
        if (b[i] != 0) {
            return false;
        }
    }
    return true;
}

/* Takes the values for the next entry from a complete extension header. Returns NULL on
 * success, and otherwise what is wrong. */
static const char *take_extension(struct tar_r *t)
{
    struct str s = buf_str(&t->ext);
    const char *why = NULL;

    switch (t->ext_type) {
    case EXT_PATH:
        t->has_path = true;
        why = tar_long_name(&t->path, text_at((const unsigned char *)s.p, s.len));
        break;
    case EXT_LINK:
        t->has_link = true;
        why = tar_long_name(&t->link, text_at((const unsigned char *)s.p, s.len));
        break;
    default:
        why = tar_pax_read(t, s, t->ext_type == EXT_GLOBAL);
        break;
    }
    t->ext_type = 0;
    buf_reset(&t->ext);
    return why;
}

static void forget_extensions(struct tar_r *t)
{
    t->has_path = t->has_link = t->has_size = t->has_mtime = t->has_uid = t->has_gid = false;
    t->pax = (struct tar_entry){.type = TAR_FILE};
    t->pending_len = 0;
}

static bool take_numbers(struct tar_r *t, int64_t *size)
{
    const unsigned char *b = t->block;
    struct tar_entry *en = &t->entry;
    int64_t mode = 0;
    int64_t uid = 0;
    int64_t gid = 0;

    if (!number_at(b + AT_MODE, 8, &mode) || !number_at(b + AT_UID, 8, &uid) ||
        !number_at(b + AT_GID, 8, &gid) || !number_at(b + AT_SIZE, 12, size) ||
        !number_at(b + AT_MTIME, 12, &en->mtime) || mode < 0 || uid < 0 || gid < 0 ||
        *size < 0) {
        return false;
    }
    en->mode = (unsigned)(mode & 07777);
    en->uid = t->has_uid ? t->pax.uid : (uint64_t)uid;
    en->gid = t->has_gid ? t->pax.gid : (uint64_t)gid;
    en->mtime = t->has_mtime ? t->pax.mtime : en->mtime;
    en->mtime_ns = t->has_mtime ? t->pax.mtime_ns : 0;
    return true;
}

static bool take_names(struct tar_r *t)
{
    const unsigned char *b = t->block;
    struct str prefix = memcmp(b + AT_MAGIC, "ustar\0", 6) == 0
                            ? text_at(b + AT_PREFIX, PREFIX_FIELD_LEN)
                            : str_c(NULL);
    if (!t->has_path) {
        buf_reset(&t->path);
        if (prefix.len > 0) {
            (void)buf_add_str(&t->path, prefix); /* fits */
            (void)buf_add_byte(&t->path, '/');
        }
        (void)buf_add_str(&t->path, text_at(b + AT_NAME, NAME_FIELD_LEN));
    }
    if (!t->has_link) {
        buf_reset(&t->link);
        (void)buf_add_str(&t->link, text_at(b + AT_LINK, NAME_FIELD_LEN));
    }
    t->entry.path = buf_str(&t->path);
    t->entry.link = buf_str(&t->link);
    return t->entry.path.len > 0;
}

static unsigned padding_for(uint64_t size)
{
    return (unsigned)((TAR_BLOCK - size % TAR_BLOCK) % TAR_BLOCK);
}

/* Returns true if an extension header of this type may follow those that were read since the
 * last entry. Of several headers, some programs use the last one, and others use all of them.
 * Only the two long names of GNU tar belong together. */
static bool may_follow(const struct tar_r *t, char type)
{
    return t->pending_len == 0 ||
           (t->pending_len == 1 && ((type == EXT_PATH && t->pending[0] == EXT_LINK) ||
                                    (type == EXT_LINK && t->pending[0] == EXT_PATH)));
}

static int begin_extension(struct tar_r *t, int64_t size, struct err *e)
{
    const char type = (char)t->block[AT_TYPE];

    if (size == 0 || size > LIMIT_TAR_HEADER) {
        return fail(t, "an extended header that is empty or too large", e);
    }
    if (!may_follow(t, type)) {
        return fail(t, "two extended headers in a row, which programs read differently", e);
    }
    if (type != EXT_GLOBAL) {
        t->pending[t->pending_len++] = type;
    }
    t->ext_type = type;
    t->left = (uint64_t)size;
    t->padding = padding_for(t->left);
    t->state = TAR_DATA;
    return 0;
}

static bool is_known(unsigned char type)
{
    return type == 0 || type == '7' || (type >= TAR_FILE && type <= TAR_FIFO);
}

static int take_header(struct tar_r *t, bool *ready, struct err *e)
{
    unsigned char type = t->block[AT_TYPE];
    int64_t size = 0;

    if (is_zero(t->block)) {
        if (t->pending_len > 0) {
            return fail(t, "an extended header without an entry", e);
        }
        if (++t->zero_blocks == 2) {
            t->state = TAR_END;
        }
        return 0;
    }
    if (t->zero_blocks > 0) {
        return fail(t, "an entry after a block of zeros", e);
    }
    if (!sum_is_right(t->block)) {
        return fail(t, "a header's checksum is wrong", e);
    }
    if (!take_numbers(t, &size)) {
        return fail(t, "a malformed number in a header", e);
    }
    if (type == EXT_PAX || type == EXT_GLOBAL || type == EXT_PATH || type == EXT_LINK) {
        return begin_extension(t, size, e);
    }
    if (!is_known(type)) {
        return fail(t, "an entry of unknown type", e);
    }
    if (!take_names(t)) {
        return fail(t, "an entry without a name", e);
    }
    t->entry.type = type == 0 || type == '7' ? TAR_FILE : (enum tar_type)type;
    if (t->entry.type == TAR_FILE && type == 0 && str_ends(t->entry.path, "/")) {
        t->entry.type = TAR_DIR; /* before ustar, only the slash marked a directory */
    }
    if (t->entry.type == TAR_FILE && str_ends(t->entry.path, "/")) {
        return fail(t, "a file with the name of a directory", e);
    }
    t->entry.size = t->has_size ? t->pax.size : (uint64_t)size;
    if (t->entry.type != TAR_FILE && t->entry.size > 0) {
        return fail(t, "data of an entry that is not a file, which programs read differently",
                    e);
    }
    t->left = t->entry.size;
    t->padding = padding_for(t->left);
    t->state = t->left + t->padding > 0 ? TAR_DATA : TAR_HEADER;
    forget_extensions(t);
    *ready = true;
    return 0;
}

/* Takes data or padding, up to the end of the input or of the entry. */
static int take_data(struct tar_r *t, struct str *in, struct str *data, struct err *e)
{
    size_t n;

    if (t->left > 0) {
        n = in->len < t->left ? in->len : (size_t)t->left;
        if (t->ext_type == 0) {
            *data = str_n(in->p, n);
        } else if (buf_add(&t->ext, in->p, n) < 0) {
            return fail(t, "an extended header is too long", e);
        }
        t->left -= n;
    } else {
        n = in->len < t->padding ? in->len : t->padding;
        t->padding -= (unsigned)n;
    }
    *in = str_drop(*in, n);
    if (t->left == 0 && t->padding == 0) {
        t->state = TAR_HEADER;
        if (t->ext_type != 0) {
            const char *why = take_extension(t);

            return why == NULL ? 0 : fail(t, why, e);
        }
    }
    return 0;
}

int tar_r_in(struct tar_r *t, struct str in, size_t *used, bool *entry_ready, struct str *data,
             struct err *e)
{
    size_t all = in.len;
    int rc = 0;

    *used = 0;
    *entry_ready = false;
    *data = str_n(in.p, 0);
    if (t->state == TAR_FAILED) {
        return fail(t, "it was broken before", e);
    }
    if (t->state == TAR_END) {
        *used = in.len; /* padding up to the writer's block size */
        return 0;
    }
    while (rc == 0 && in.len > 0 && !*entry_ready && data->len == 0 && t->state != TAR_END) {
        if (t->state == TAR_DATA) {
            rc = take_data(t, &in, data, e);
            continue;
        }
        size_t n = TAR_BLOCK - t->block_len;

        n = in.len < n ? in.len : n;
        memcpy(t->block + t->block_len, in.p, n);
        t->block_len += n;
        in = str_drop(in, n);
        if (t->block_len == TAR_BLOCK) {
            t->block_len = 0;
            rc = take_header(t, entry_ready, e);
        }
    }
    *used = all - in.len;
    return rc;
}
