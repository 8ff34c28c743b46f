/* SPDX-License-Identifier: MIT */
#include "sync/ignore_index.h"

#include "base/limits.h"
#include "base/num.h"
#include "sync/ignore_glob.h"

#include <stdlib.h>
#include <string.h>

enum {
    HEADER = 12,    /* bytes: signature, version, number of entries */
    STAT_SIZE = 40, /* bytes of an entry before its hash: times, inode, size and so on */
    FLAG_EXTENDED = 1 << 14, /* two more bytes of flags follow */
    NAME_MASK = 0xfff,       /* bits of the flags with the length of the name, at most 0xfff */
    VERSION_MIN = 2,
    VERSION_MAX = 4,
    EXTENSION_HEAD = 8 /* bytes: name, size */
};

/* The part of the file that was not read yet, without its checksum. */
struct reader {
    const unsigned char *p;
    size_t left;
    size_t hash_size;
    uint32_t version;
    size_t last_len; /* length of the preceding name, to which version 4 refers */
};

static void skip(struct reader *r, size_t n)
{
    r->p += n;
    r->left -= n;
}

static int broken(struct err *e, const char *what)
{
    return err_set(e, ERR_FORMAT, "git index: %s", what);
}

void ignore_index_init(struct ignore_index *ix, bool nocase)
{
    *ix = (struct ignore_index){.nocase = nocase};
    buf_init(&ix->names, LIMIT_GIT_INDEX);
}

void ignore_index_release(struct ignore_index *ix)
{
    bool nocase = ix->nocase;

    buf_release(&ix->names);
    free(ix->v);
    ignore_index_init(ix, nocase);
}

/* Reads the number of bytes at the end of the preceding name that this name does not share, in
 * git's encoding: 7 bits per byte, most significant first, and 1 is added for each further
 * byte. Returns false if it is malformed. */
static bool take_offset(struct reader *r, size_t *out)
{
    size_t n = 0;

    for (size_t i = 0; i < r->left && n <= LIMIT_GIT_INDEX; i++) {
        unsigned char b = r->p[i];

        n = (n << 7) + (b & 127U);
        if ((b & 128U) == 0) {
            skip(r, i + 1);
            *out = n;
            return true;
        }
        n++;
    }
    return false;
}

/* Returns true if s is a relative path without empty, "." and ".." components. A slash at the
 * end is allowed, because a sparse index contains directories. */
static bool is_name(struct str s)
{
    while (s.len > 0) {
        struct str part = {0};

        (void)str_cut(&s, '/', &part);
        if (part.len == 0 || str_eq_c(part, ".") || str_eq_c(part, "..")) {
            return false;
        }
    }
    return true;
}

static int add_name(struct ignore_index *ix, struct reader *r, size_t keep, struct str rest,
                    struct err *e)
{
    struct ignore_index_name *n = &ix->v[ix->count];
    char *p = buf_reserve(&ix->names, keep + rest.len);

    if (p == NULL) {
        return err_set(e, ERR_LIMIT, "git index: more than %d bytes of names", LIMIT_GIT_INDEX);
    }
    n->at = (uint32_t)ix->names.len;
    n->len = (uint32_t)(keep + rest.len);
    /* buf_reserve() may have moved the preceding name, so its address is computed here. */
    if (keep > 0) {
        memcpy(p, buf_data(&ix->names) + ix->v[ix->count - 1].at, keep);
    }
    if (rest.len > 0) {
        memcpy(p + keep, rest.p, rest.len);
    }
    buf_commit(&ix->names, n->len);
    if (!is_name(str_n(p, n->len))) {
        return broken(e, "not the name of a file");
    }
    ix->count++;
    r->last_len = n->len;
    return 0;
}

/* Reads the name of an entry, behind the fixed part of `fixed` bytes. */
static int read_name(struct ignore_index *ix, struct reader *r, size_t fixed, unsigned flags,
                     struct err *e)
{
    size_t len = flags & NAME_MASK;
    size_t keep = 0;
    size_t pad;
    struct str name;
    const unsigned char *end;

    if (r->version == 4) {
        size_t drop = 0;

        if (!take_offset(r, &drop) || drop > r->last_len) {
            return broken(e, "cut off");
        }
        keep = r->last_len - drop;
    }
    end = r->left > 0 ? memchr(r->p, '\0', r->left) : NULL;
    if (end == NULL) {
        return broken(e, "cut off");
    }
    name = str_n((const char *)r->p, (size_t)(end - r->p));
    if (len < NAME_MASK ? keep + name.len != len : keep + name.len < len) {
        return broken(e, "lengths that differ");
    }
    pad = r->version == 4 ? 1 : 8 - (fixed + name.len) % 8;
    if (r->left < name.len + pad) {
        return broken(e, "cut off");
    }
    skip(r, name.len + pad);
    /* In a split index, an entry that replaces one of the shared index has no name. */
    return keep + name.len > 0 ? add_name(ix, r, keep, name, e) : 0;
}

static int read_entry(struct ignore_index *ix, struct reader *r, struct err *e)
{
    size_t fixed = STAT_SIZE + r->hash_size + 2;
    unsigned flags;

    if (r->left < fixed + 2) {
        return broken(e, "cut off");
    }
    flags = (unsigned)r->p[fixed - 2] << 8 | r->p[fixed - 1];
    if ((flags & FLAG_EXTENDED) != 0) {
        if (r->version < 3) {
            return broken(e, "flags of a later version");
        }
        fixed += 2;
    }
    skip(r, fixed);
    return read_name(ix, r, fixed, flags, e);
}

/* Reads an extension. Those whose name begins with a capital letter are optional. Of the
 * required ones, this reader supports "link" (a split index) and "sdir" (a sparse index). */
static int read_extension(struct ignore_index *ix, struct reader *r, struct err *e)
{
    size_t size;
    bool link;

    if (r->left < EXTENSION_HEAD) {
        return broken(e, "cut off");
    }
    size = be32_get(r->p + 4);
    link = memcmp(r->p, "link", 4) == 0;
    if (!link && memcmp(r->p, "sdir", 4) != 0 && (r->p[0] < 'A' || r->p[0] > 'Z')) {
        return broken(e, "an unknown required extension");
    }
    skip(r, EXTENSION_HEAD);
    if (size > r->left || (link && size < r->hash_size)) {
        return broken(e, "cut off");
    }
    if (link) {
        memcpy(ix->shared, r->p, r->hash_size);
        ix->split = !str_is_zeros(str_n((const char *)r->p, r->hash_size));
    }
    skip(r, size);
    return 0;
}

static int read_file(struct ignore_index *ix, struct reader *r, struct err *e)
{
    size_t entries = be32_get(r->p + 8);
    size_t least = STAT_SIZE + r->hash_size + 2 + 2; /* minimum size of an entry in bytes */
    struct ignore_index_name *v;

    skip(r, HEADER);
    if (entries > r->left / least) {
        return broken(e, "cut off");
    }
    v = realloc(ix->v, (ix->count + entries + 1) * sizeof(*v));
    if (v == NULL) {
        abort();
    }
    ix->v = v;
    for (size_t i = 0; i < entries; i++) {
        if (read_entry(ix, r, e) < 0) {
            return -1;
        }
    }
    while (r->left > 0) {
        if (read_extension(ix, r, e) < 0) {
            return -1;
        }
    }
    return 0;
}

int ignore_index_read(struct ignore_index *ix, struct str file, size_t hash_size, struct err *e)
{
    struct reader r = {.p = (const unsigned char *)file.p, .hash_size = hash_size};
    int rc = -1;

    ix->split = false;
    if (file.len < HEADER + hash_size || memcmp(r.p, "DIRC", 4) != 0) {
        rc = broken(e, "not an index");
    } else {
        r.version = be32_get(r.p + 4);
        r.left = file.len - hash_size;
        rc = r.version < VERSION_MIN || r.version > VERSION_MAX
                 ? err_set(e, ERR_FORMAT, "git index: version %u is not supported", r.version)
                 : read_file(ix, &r, e);
    }
    if (rc < 0) {
        ignore_index_release(ix);
    }
    return rc;
}

static struct str name_at(const struct ignore_index *ix, size_t i)
{
    return str_n(buf_data(&ix->names) + ix->v[i].at, ix->v[i].len);
}

static bool is_sorted(const struct ignore_index *ix)
{
    for (size_t i = 1; i < ix->count; i++) {
        if (str_cmp(name_at(ix, i - 1), name_at(ix, i)) > 0) {
            return false;
        }
    }
    return true;
}

/* Moves the name at `top` down to its place in the heap of the first `count` names. */
static void sift(struct ignore_index *ix, size_t top, size_t count)
{
    for (size_t child = 2 * top + 1; child < count; child = 2 * top + 1) {
        struct ignore_index_name swap = ix->v[top];

        if (child + 1 < count && str_cmp(name_at(ix, child), name_at(ix, child + 1)) < 0) {
            child++;
        }
        if (str_cmp(name_at(ix, top), name_at(ix, child)) >= 0) {
            return;
        }
        ix->v[top] = ix->v[child];
        ix->v[child] = swap;
        top = child;
    }
}

void ignore_index_sort(struct ignore_index *ix)
{
    char *p = ix->names.len > 0 ? ix->names.mem + ix->names.head : NULL;

    for (size_t i = 0; ix->nocase && i < ix->names.len; i++) {
        p[i] = (char)ignore_glob_fold((unsigned char)p[i]);
    }
    if (is_sorted(ix)) { /* git writes the names in the order of their bytes */
        return;
    }
    /* Heapsort, because no hostile order makes it slow, and because qsort(3) has no way to pass
     * ix to the comparison. */
    for (size_t top = ix->count / 2; top-- > 0;) {
        sift(ix, top, ix->count);
    }
    for (size_t last = ix->count - 1; last > 0; last--) {
        struct ignore_index_name swap = ix->v[0];

        ix->v[0] = ix->v[last];
        ix->v[last] = swap;
        sift(ix, 0, last);
    }
}

struct ignore_index_range ignore_index_all(const struct ignore_index *ix)
{
    return (struct ignore_index_range){.to = ix->count};
}

/* Compares name i with `key`, to which the byte `tail` is appended unless it is -1. Returns a
 * number below, equal to or above 0, as str_cmp() does. */
static int compare(const struct ignore_index *ix, size_t i, struct str key, int tail)
{
    struct str name = name_at(ix, i);
    size_t common = name.len < key.len ? name.len : key.len;

    for (size_t k = 0; k < common; k++) {
        unsigned char b = (unsigned char)key.p[k];

        b = ix->nocase ? ignore_glob_fold(b) : b;
        if ((unsigned char)name.p[k] != b) {
            return (unsigned char)name.p[k] < b ? -1 : 1;
        }
    }
    if (name.len < key.len || (name.len == key.len && tail >= 0)) {
        return -1;
    }
    if (name.len > key.len && tail >= 0 && (unsigned char)name.p[key.len] != tail) {
        return (unsigned char)name.p[key.len] < tail ? -1 : 1;
    }
    return name.len == key.len + (tail >= 0 ? 1 : 0) ? 0 : 1;
}

/* Returns the index of the first name in the range that is not less than `key` with `tail`
 * appended as in compare(). Returns range.to if all names are less. */
static size_t lower_bound(const struct ignore_index *ix, struct ignore_index_range range,
                          struct str key, int tail)
{
    while (range.from < range.to) {
        size_t middle = range.from + (range.to - range.from) / 2;

        if (compare(ix, middle, key, tail) < 0) {
            range.from = middle + 1;
        } else {
            range.to = middle;
        }
    }
    return range.from;
}

struct ignore_index_range ignore_index_below(const struct ignore_index *ix,
                                             struct ignore_index_range around, struct str dir)
{
    struct ignore_index_range r = around;

    if (r.all || r.from == r.to) {
        return r;
    }
    r.from = lower_bound(ix, r, dir, '/');
    r.to = lower_bound(ix, r, dir, '/' + 1); /* the byte that follows '/' in the order */
    r.all = r.from < r.to && ix->v[r.from].len == dir.len + 1;
    return r;
}

bool ignore_index_has(const struct ignore_index *ix, struct ignore_index_range range,
                      struct str path, bool is_dir)
{
    struct ignore_index_range below;
    size_t at;

    if (range.all || range.from == range.to) {
        return range.all;
    }
    at = lower_bound(ix, range, path, -1);
    if (at < range.to && compare(ix, at, path, -1) == 0) {
        return true;
    }
    below = is_dir ? ignore_index_below(ix, range, path) : (struct ignore_index_range){0};
    return below.all || below.from < below.to;
}
