/* SPDX-License-Identifier: MIT */
/* Listings: the entries of a tree that two ends synchronize, as bytes. The ends compare, send
 * and store listings. PROTOCOL.md, "Listings", specifies the format. The reader checks
 * everything, because its bytes can come from the other end. Pure. */
#ifndef WIRE_SYNCLIST_H
#define WIRE_SYNCLIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* Numbers are never reused. */
enum sync_type {
    SYNC_GONE = 0, /* the path does not exist */
    SYNC_FILE = 1, /* a regular file */
    SYNC_DIR = 2,
    SYNC_LINK = 3, /* a symbolic link */
    SYNC_LEFT = 4, /* the path exists, and it and everything below it is left alone */
    SYNC_TYPE_COUNT
};

/* The state of a path. */
struct sync_entry {
    enum sync_type type;
    unsigned mode;     /* permission bits of a file or directory, 0 to 0777; otherwise 0 */
    uint64_t size;     /* bytes of a file, below 2^63; otherwise 0 */
    int64_t mtime;     /* of a file, directory or link: seconds since 1970 */
    unsigned mtime_ns; /* and nanoseconds */
    struct str target; /* of a link: a view; not empty, without NUL, below LIMIT_PATH bytes */
};

/* Returns true if a and b are the same state for a synchronization: both GONE; files with the
 * same size, mode and time; directories with the same mode; links with the same target. An
 * entry that is LEFT is not the same as any other, and not the same as itself. */
bool sync_same(const struct sync_entry *a, const struct sync_entry *b);

/* Compares two paths in the order of listings: by bytes, with '/' before every other byte, so
 * that a directory is followed by its content. Returns -1, 0 or 1. */
int sync_path_cmp(struct str a, struct str b);

/* Returns true if `path` is below the directory `dir`, and false if both are equal. The root is
 * "". */
bool sync_is_below(struct str path, struct str dir);

/* Checks that `path` can be in a listing. Returns 0 if it can, otherwise -1. ERR_LIMIT means
 * that it exceeds LIMIT_SYNC_PATH or LIMIT_SYNC_DEPTH, or that a component has more than 255
 * bytes. ERR_FORMAT means that it is empty (the root is not in a listing), begins or ends with
 * '/', contains a NUL, or has a component that is empty, "." or "..". */
int sync_path_check(struct str path, struct err *e);

/* The writer. */
struct synclist_w {
    struct buf *out; /* borrowed */
    struct buf last; /* the path of the entry before; empty at first */
    uint64_t count;  /* entries added */
};

/* Starts a listing in out, which must live as long as *w is used. */
void synclist_w_init(struct synclist_w *w, struct buf *out);

/* Frees what the writer holds; `out` is left unchanged. A second call does nothing. */
void synclist_w_release(struct synclist_w *w);

/* Adds an entry. The caller adds paths in order, and only paths that sync_path_check() accepts;
 * neither is checked here. Returns 0 on success. Returns -1 and ERR_LIMIT if the path is longer
 * than LIMIT_SYNC_PATH, out's maximum is exceeded, or there are more than LIMIT_SYNC_ENTRIES
 * entries; the listing is then useless. */
int synclist_add(struct synclist_w *w, struct str path, const struct sync_entry *entry,
                 struct err *e);

/* The reader. */
struct synclist_r {
    struct str in;           /* the bytes that were not read yet */
    struct buf path;         /* of the entry; its content changes with synclist_next() */
    struct sync_entry entry; /* its target is a view into the listing */
    uint64_t count;          /* entries read */
    bool has; /* path and entry are valid; false before the first entry and after the last */
};

/* Starts to read the listing `in`, which must live as long as *r is used. */
void synclist_r_init(struct synclist_r *r, struct str in);

/* Frees what the reader holds. A second call does nothing. */
void synclist_r_release(struct synclist_r *r);

/* Reads the next entry; at the end, r->has becomes false. Returns 0 on success, and -1, with
 * r->has false, on error: ERR_FORMAT if the bytes are not a listing, or the path is malformed
 * or out of order; ERR_LIMIT if a path has no bytes of its own or is too long, or if there are
 * more than LIMIT_SYNC_ENTRIES entries. */
int synclist_next(struct synclist_r *r, struct err *e);

/* The parts of which entries and messages consist (PROTOCOL.md, "Numbers and texts").
 *
 * These functions add one part to out. If out's maximum is exceeded, out->overflowed is set and
 * the bytes are useless. sync_put_entry() adds the type and the fields. */
void sync_put_number(struct buf *out, uint64_t n);
void sync_put_text(struct buf *out, struct str text);
void sync_put_entry(struct buf *out, const struct sync_entry *entry);

/* These functions take one part from the front of *in and move *in behind it. Texts and targets
 * are views. They return true on success, and false if the part is malformed or cut off, or if
 * the number is larger than `max`; *in is then undefined. */
bool sync_take_number(struct str *in, uint64_t max, uint64_t *n);
bool sync_take_text(struct str *in, struct str *text);
bool sync_take_entry(struct str *in, struct sync_entry *entry);

#endif
