/* SPDX-License-Identifier: MIT */
#include "wire/tar_pax.h"

#include "base/limits.h"
#include "base/num.h"

#include <string.h>

#define MALFORMED "a malformed extended header"

/* Reads a time of pax, "1234567890.25", possibly with a sign. Digits beyond nanoseconds are
 * dropped. */
static bool pax_time(struct str value, int64_t *s, unsigned *ns)
{
    bool negative = str_starts(value, "-");
    struct str fraction = str_drop(value, negative ? 1 : 0);
    struct str whole = {0};
    uint64_t n = 0;
    unsigned nanos = 0;

    (void)str_cut(&fraction, '.', &whole);
    if (!str_u64(whole, 10, (uint64_t)INT64_MAX + (negative ? 1 : 0), &n)) {
        return false;
    }
    for (size_t i = 0; i < 9; i++) {
        char c = i < fraction.len ? fraction.p[i] : '0';

        if (c < '0' || c > '9') {
            return false;
        }
        nanos = nanos * 10 + (unsigned)(c - '0');
    }
    /* Computed so that INT64_MIN fits as well. */
    *s = !negative ? (int64_t)n : n == 0 ? 0 : -(int64_t)(n - 1) - 1;
    *ns = nanos;
    if (negative && nanos > 0) {
        if (*s == INT64_MIN) {
            return false;
        }
        *s -= 1;
        *ns = 1000000000U - nanos;
    }
    return true;
}

static bool set_long(struct buf *b, struct str value)
{
    buf_reset(b);
    return value.len <= LIMIT_TAR_PATH && value.len > 0 &&
           memchr(value.p, '\0', value.len) == NULL && buf_add_str(b, value) == 0;
}

const char *tar_long_name(struct buf *b, struct str value)
{
    return set_long(b, value) ? NULL : MALFORMED;
}

/* Stores a value for the next entry. A second record with the same key is an error, because
 * programs do not agree on which of them counts. */
static bool set_value(struct tar_r *t, struct str key, struct str value, bool *used)
{
    const struct {
        const char *key;
        bool *has;
    } keys[] = {{"path", &t->has_path}, {"linkpath", &t->has_link}, {"size", &t->has_size},
                {"uid", &t->has_uid},   {"gid", &t->has_gid},       {"mtime", &t->has_mtime}};
    size_t i = 0;

    while (i < sizeof(keys) / sizeof(keys[0]) && !str_eq_c(key, keys[i].key)) {
        i++;
    }
    *used = i < sizeof(keys) / sizeof(keys[0]);
    if (!*used) {
        return true;
    }
    if (*keys[i].has) {
        return false;
    }
    *keys[i].has = true;
    switch (i) {
    case 0:
        return set_long(&t->path, value);
    case 1:
        return set_long(&t->link, value);
    case 2:
        return str_u64(value, 10, INT64_MAX, &t->pax.size);
    case 3:
        return str_u64(value, 10, INT64_MAX, &t->pax.uid);
    case 4:
        return str_u64(value, 10, INT64_MAX, &t->pax.gid);
    default:
        return pax_time(value, &t->pax.mtime, &t->pax.mtime_ns);
    }
}

/* Returns true for records that change neither the name, nor the type, nor the content of an
 * entry. */
static bool is_harmless(struct str key)
{
    static const char *const known[] = {"atime", "ctime", "uname", "gname", "comment"};

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (str_eq_c(key, known[i])) {
            return true;
        }
    }
    return str_starts(key, "SCHILY.xattr.");
}

/* Takes one record. Returns NULL on success, and otherwise what is wrong. */
static const char *pax_value(struct tar_r *t, struct str key, struct str value, bool is_global)
{
    bool used = false;

    if (is_global) {
        return str_eq_c(key, "comment") ? NULL
                                        : "a global extended header with more than a comment, "
                                          "which programs read differently";
    }
    if (str_starts(key, "GNU.sparse.")) {
        return "a sparse file, whose name and size programs read differently";
    }
    if (!set_value(t, key, value, &used)) {
        return "a malformed or repeated record in an extended header";
    }
    return used || is_harmless(key) ? NULL : "an extended header with an unknown record";
}

const char *tar_pax_read(struct tar_r *t, struct str rest, bool is_global)
{
    const char *why = NULL;

    while (rest.len > 0 && why == NULL) {
        struct str digits = str_n(rest.p, str_index(rest, ' '));
        struct str record;
        struct str key = {0};
        uint64_t len = 0;

        if (!str_u64(digits, 10, rest.len, &len) || len < digits.len + 4) {
            return MALFORMED;
        }
        record = str_n(rest.p + digits.len + 1, (size_t)len - digits.len - 1);
        if (!str_ends(record, "\n")) {
            return MALFORMED;
        }
        record.len--;
        if (!str_cut(&record, '=', &key) || key.len == 0) {
            return MALFORMED;
        }
        why = pax_value(t, key, record, is_global);
        rest = str_drop(rest, (size_t)len);
    }
    return why;
}
