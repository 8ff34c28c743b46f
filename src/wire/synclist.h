/* SPDX-License-Identifier: MIT */
/* Listings of a tree: what the two ends of a synchronization (sync/sync.h) have, send and
 * remember. Pure.
 *
 *   listing = entry*
 *   entry   = shared (number) rest (text) type (1 byte) fields
 *   fields  = file: mode size mtime ns     directory: mode mtime ns
 *             link: mtime ns target (text)    gone, left: none
 *   number  = seven bits a byte, least significant first; the top bit says that more follow; as
 * short as can be, below 2^64. mtime is signed: 2n, or -2n - 1 below 0. text    = length
 * (number), so many bytes
 *
 * A path is the first `shared` bytes of the path before it and `rest`; shared is as long as can
 * be, so that every listing has one form only. Paths are relative, without empty, "." and ".."
 * components, NULs and slashes at an end, components up to 255 bytes. They are in strict order:
 * by bytes, with '/' before all others, which is a directory, then what is in it, then what
 * follows. */
#ifndef WIRE_SYNCLIST_H
#define WIRE_SYNCLIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum sync_type {
    SYNC_GONE = 0, /* no such path */
    SYNC_FILE = 1,
    SYNC_DIR = 2,
    SYNC_LINK = 3,
    SYNC_LEFT = 4, /* there is something, which is left alone, as is all below it */
    SYNC_TYPE_COUNT
};

struct sync_entry {
    enum sync_type type;
    unsigned mode; /* 0..0777; of links 0 */
    uint64_t size; /* of files, below 2^63 */
    int64_t mtime;
    unsigned mtime_ns;
    struct str target; /* of links: a view, no NULs, not empty */
};

/* The same state of a path: see sync/sync.h. Nothing is the same as something left alone. */
bool sync_same(const struct sync_entry *a, const struct sync_entry *b);

/* The order of paths. */
int sync_path_cmp(struct str a, struct str b);

/* True where path lies below dir; not where they are equal. "" is the root. */
bool sync_is_below(struct str path, struct str dir);

/* ERR_FORMAT, or ERR_LIMIT past LIMIT_SYNC_PATH or LIMIT_SYNC_DEPTH, unless it is as above. */
int sync_path_check(struct str path, struct err *e);

/* The writer. `last` is the path before. */
struct synclist_w {
    struct buf *out;
    struct buf last;
    uint64_t count;
};

void synclist_w_init(struct synclist_w *w, struct buf *out);
void synclist_w_release(struct synclist_w *w); /* out stays */

/* Paths must come in order. ERR_LIMIT past out's maximum or LIMIT_SYNC_ENTRIES. */
int synclist_add(struct synclist_w *w, struct str path, const struct sync_entry *entry,
                 struct err *e);

/* The reader, of bytes that nobody vouches for. What it reads must stay. */
struct synclist_r {
    struct str in;           /* what is left */
    struct buf path;         /* of the entry; views of it live until the next */
    struct sync_entry entry; /* target is a view of what is read */
    uint64_t count;
    bool has; /* an entry is here; false before the first and behind the last */
};

void synclist_r_init(struct synclist_r *r, struct str in);
void synclist_r_release(struct synclist_r *r);

/* Goes to the next entry; r->has is false at the end. 0, or -1: ERR_FORMAT, ERR_LIMIT. */
int synclist_next(struct synclist_r *r, struct err *e);

/* The parts of entries and messages. The takers remove what they take from the front of *in;
 * false, *in undefined, where it is not well-formed. */
void sync_put_number(struct buf *out, uint64_t n);
void sync_put_text(struct buf *out, struct str text);
void sync_put_entry(struct buf *out, const struct sync_entry *entry); /* type and fields */
bool sync_take_number(struct str *in, uint64_t max, uint64_t *n);
bool sync_take_text(struct str *in, struct str *text);
bool sync_take_entry(struct str *in, struct sync_entry *entry);

#endif
