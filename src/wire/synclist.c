/* SPDX-License-Identifier: MIT */
#include "wire/synclist.h"

#include "base/limits.h"

#include <string.h>

enum {
    NAME_LONGEST = 255,
    MODE_MAX = 0777,
    NS_MAX = 999999999,
    NUMBER_LONGEST = 10, /* bytes of a number of 64 bits */
    SHIFT_LAST = 63      /* of the last byte, which has only one bit of the number */
};

bool sync_same(const struct sync_entry *a, const struct sync_entry *b)
{
    if (a->type != b->type) {
        return false;
    }
    switch (a->type) {
    case SYNC_GONE:
        return true;
    case SYNC_FILE:
        return a->size == b->size && a->mtime == b->mtime && a->mtime_ns == b->mtime_ns &&
               a->mode == b->mode;
    case SYNC_DIR:
        return a->mode == b->mode;
    case SYNC_LINK:
        return str_eq(a->target, b->target);
    case SYNC_LEFT:
    case SYNC_TYPE_COUNT:
        break;
    }
    return false;
}

/* Returns how many bytes at the start of a and b are equal. */
static size_t common(struct str a, struct str b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    size_t i = 0;

    while (i < len && a.p[i] == b.p[i]) {
        i++;
    }
    return i;
}

/* Returns the position of a byte in the order of paths. Names contain no NUL, so '/' can have
 * 0. */
static unsigned rank(char c)
{
    return c == '/' ? 0 : (unsigned char)c;
}

int sync_path_cmp(struct str a, struct str b)
{
    size_t i;

    if (a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0)) {
        return 0;
    }
    i = common(a, b);
    if (i == a.len || i == b.len) {
        return a.len < b.len ? -1 : 1;
    }
    return rank(a.p[i]) < rank(b.p[i]) ? -1 : 1;
}

bool sync_is_below(struct str path, struct str dir)
{
    return dir.len == 0 ? path.len > 0
                        : path.len > dir.len && path.p[dir.len] == '/' &&
                              memcmp(path.p, dir.p, dir.len) == 0;
}

/* Checks the components of a path, beginning with the component that contains the offset
 * `from`. The components before it are valid. */
static int check_components(struct str path, size_t from, struct err *e)
{
    struct str rest;
    struct str name;

    while (from > 0 && path.p[from - 1] != '/') {
        from--;
    }
    if (path.len == 0 || path.p[path.len - 1] == '/') {
        return err_set(e, ERR_FORMAT, "a path that is empty or ends with '/'");
    }
    rest = str_drop(path, from);
    if (memchr(rest.p, '\0', rest.len) != NULL) {
        return err_set(e, ERR_FORMAT, "a path with a NUL");
    }
    while (rest.len > 0) {
        (void)str_cut(&rest, '/', &name);
        if (name.len == 0 || str_eq_c(name, ".") || str_eq_c(name, "..")) {
            return err_set(e, ERR_FORMAT, "a path with the component '%.*s'", (int)name.len,
                           name.p);
        }
        if (name.len > NAME_LONGEST) {
            return err_set(e, ERR_LIMIT, "a name of %zu bytes", name.len);
        }
    }
    return 0;
}

static int check_size(struct str path, struct err *e)
{
    size_t depth = 1;

    if (path.len > LIMIT_SYNC_PATH) {
        return err_set(e, ERR_LIMIT, "a path of %zu bytes", path.len);
    }
    if (path.len < LIMIT_SYNC_DEPTH) { /* too short to be too deep */
        return 0;
    }
    for (size_t i = 0; i < path.len; i++) {
        depth += path.p[i] == '/' ? 1 : 0;
    }
    return depth > LIMIT_SYNC_DEPTH ? err_set(e, ERR_LIMIT, "a path %zu levels deep", depth)
                                    : 0;
}

int sync_path_check(struct str path, struct err *e)
{
    return check_size(path, e) < 0 ? -1 : check_components(path, 0, e);
}

/* Writes a number to `to`, and returns its length in bytes. */
static size_t number(unsigned char *to, uint64_t n)
{
    size_t len = 0;

    while (n > 0x7f) {
        to[len++] = (unsigned char)(n & 0x7f) | 0x80;
        n >>= 7;
    }
    to[len++] = (unsigned char)n;
    return len;
}

void sync_put_number(struct buf *out, uint64_t n)
{
    unsigned char bytes[NUMBER_LONGEST];

    (void)buf_add(out, bytes, number(bytes, n)); /* the caller checks out->overflowed */
}

void sync_put_text(struct buf *out, struct str text)
{
    sync_put_number(out, text.len);
    (void)buf_add_str(out, text);
}

void sync_put_entry(struct buf *out, const struct sync_entry *entry)
{
    unsigned char bytes[1 + 4 * NUMBER_LONGEST]; /* one call of buf_add() is faster than five */
    uint64_t time = (uint64_t)entry->mtime;
    size_t len = 1;

    bytes[0] = (unsigned char)entry->type;
    if (entry->type == SYNC_FILE || entry->type == SYNC_DIR) {
        len += number(bytes + len, entry->mode);
    }
    if (entry->type == SYNC_FILE) {
        len += number(bytes + len, entry->size);
    }
    if (entry->type == SYNC_FILE || entry->type == SYNC_DIR || entry->type == SYNC_LINK) {
        len += number(bytes + len, entry->mtime < 0 ? ~time << 1 | 1 : time << 1);
        len += number(bytes + len, entry->mtime_ns);
    }
    (void)buf_add(out, bytes, len); /* the caller checks out->overflowed */
    if (entry->type == SYNC_LINK) {
        sync_put_text(out, entry->target);
    }
}

bool sync_take_number(struct str *in, uint64_t max, uint64_t *n)
{
    const unsigned char *p = (const unsigned char *)in->p;
    uint64_t value = 0;
    size_t i = 0;
    unsigned shift = 0;

    for (;; shift += 7) {
        if (i == in->len || i == NUMBER_LONGEST || (shift == SHIFT_LAST && p[i] > 1)) {
            return false;
        }
        value |= (uint64_t)(p[i] & 0x7f) << shift;
        if (p[i++] < 0x80) {
            break;
        }
    }
    if (value > max || (i > 1 && p[i - 1] == 0)) {
        return false;
    }
    *in = str_drop(*in, i);
    *n = value;
    return true;
}

bool sync_take_text(struct str *in, struct str *text)
{
    uint64_t len;

    if (!sync_take_number(in, in->len, &len) || len > in->len) {
        return false;
    }
    *text = str_n(in->p, (size_t)len);
    *in = str_drop(*in, (size_t)len);
    return true;
}

static bool take_mode(struct str *in, struct sync_entry *entry)
{
    uint64_t n = 0;

    if (!sync_take_number(in, MODE_MAX, &n)) {
        return false;
    }
    entry->mode = (unsigned)n;
    return true;
}

static bool take_time(struct str *in, struct sync_entry *entry)
{
    uint64_t n = 0;
    uint64_t ns = 0;

    if (!sync_take_number(in, UINT64_MAX, &n) || !sync_take_number(in, NS_MAX, &ns)) {
        return false;
    }
    entry->mtime = (n & 1) != 0 ? -(int64_t)(n >> 1) - 1 : (int64_t)(n >> 1);
    entry->mtime_ns = (unsigned)ns;
    return true;
}

bool sync_take_entry(struct str *in, struct sync_entry *entry)
{
    unsigned char type = in->len > 0 ? (unsigned char)in->p[0] : SYNC_TYPE_COUNT;

    if (type >= SYNC_TYPE_COUNT) {
        return false;
    }
    *in = str_drop(*in, 1);
    *entry = (struct sync_entry){.type = (enum sync_type)type};
    switch (entry->type) {
    case SYNC_FILE:
        return take_mode(in, entry) && sync_take_number(in, INT64_MAX, &entry->size) &&
               take_time(in, entry);
    case SYNC_DIR:
        return take_mode(in, entry) && take_time(in, entry);
    case SYNC_LINK:
        return take_time(in, entry) && sync_take_text(in, &entry->target) &&
               entry->target.len > 0 && entry->target.len < LIMIT_PATH &&
               memchr(entry->target.p, '\0', entry->target.len) == NULL;
    case SYNC_GONE:
    case SYNC_LEFT:
    case SYNC_TYPE_COUNT:
        break;
    }
    return true;
}

void synclist_w_init(struct synclist_w *w, struct buf *out)
{
    w->out = out;
    w->count = 0;
    buf_init(&w->last, LIMIT_SYNC_PATH);
}

void synclist_w_release(struct synclist_w *w)
{
    buf_release(&w->last);
}

int synclist_add(struct synclist_w *w, struct str path, const struct sync_entry *entry,
                 struct err *e)
{
    size_t shared = common(path, buf_str(&w->last));

    if (path.len > LIMIT_SYNC_PATH) {
        return err_set(e, ERR_LIMIT, "a path of %zu bytes", path.len);
    }
    sync_put_number(w->out, shared);
    sync_put_text(w->out, str_drop(path, shared));
    sync_put_entry(w->out, entry);
    w->last.len = shared;
    (void)buf_add_str(&w->last, str_drop(path, shared)); /* fits */
    if (w->out->overflowed || ++w->count > LIMIT_SYNC_ENTRIES) {
        return err_set(e, ERR_LIMIT, "more than %d entries, or their names are too long",
                       LIMIT_SYNC_ENTRIES);
    }
    return 0;
}

void synclist_r_init(struct synclist_r *r, struct str in)
{
    *r = (struct synclist_r){.in = in};
    buf_init(&r->path, LIMIT_SYNC_PATH + 1); /* a NUL fits behind it */
}

void synclist_r_release(struct synclist_r *r)
{
    buf_release(&r->path);
}

/* Replaces the path in r by the next one, which has `shared` bytes of it and `rest`. Checks
 * that the new path comes after the old one, and that it cannot share more bytes. */
static int next_path(struct synclist_r *r, size_t shared, struct str rest, struct err *e)
{
    struct str old = buf_str(&r->path);

    if (rest.len == 0 || rest.len > LIMIT_SYNC_PATH - shared) {
        return err_set(e, ERR_LIMIT, "a path of %zu bytes in a listing", shared + rest.len);
    }
    if (shared < old.len && rank(rest.p[0]) <= rank(old.p[shared])) {
        return err_set(e, ERR_FORMAT, "a listing that is out of order after '%.*s'",
                       (int)old.len, old.p);
    }
    r->path.len = shared;
    (void)buf_add_str(&r->path, rest); /* fits */
    if (check_size(buf_str(&r->path), e) < 0) {
        return -1;
    }
    return check_components(buf_str(&r->path), shared, e);
}

int synclist_next(struct synclist_r *r, struct err *e)
{
    uint64_t shared = 0;
    struct str rest = {0};

    r->has = false;
    if (r->in.len == 0) {
        return 0;
    }
    if (++r->count > LIMIT_SYNC_ENTRIES) {
        return err_set(e, ERR_LIMIT, "a listing of more than %d entries", LIMIT_SYNC_ENTRIES);
    }
    if (!sync_take_number(&r->in, r->path.len, &shared) || !sync_take_text(&r->in, &rest)) {
        return err_set(e, ERR_FORMAT, "a malformed listing");
    }
    if (next_path(r, (size_t)shared, rest, e) < 0) {
        return -1;
    }
    if (!sync_take_entry(&r->in, &r->entry)) {
        return err_set(e, ERR_FORMAT, "a malformed entry '%.*s' in a listing", (int)r->path.len,
                       buf_data(&r->path));
    }
    r->has = true;
    return 0;
}
