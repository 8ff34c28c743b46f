/* SPDX-License-Identifier: MIT */
/* tar archives: ustar (POSIX.1-1988) with pax extended headers (POSIX.1-2001) where ustar
 * cannot say it: paths and link targets past 100 bytes that do not split at a slash, non-ASCII
 * names, sizes past 8 GiB, mtimes before 1970 or with fractions, ids past 2097151.
 * Deterministic: same calls, same bytes. No I/O: the writer adds to a buf, which the caller
 * drains. Pure. */
#ifndef WIRE_TAR_H
#define WIRE_TAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum { TAR_BLOCK = 512 };

enum tar_type {
    TAR_FILE = '0',
    TAR_HARDLINK = '1',
    TAR_SYMLINK = '2',
    TAR_CHAR = '3',
    TAR_BLOCK_DEV = '4',
    TAR_DIR = '5',
    TAR_FIFO = '6'
};

/* What an entry says about itself. Paths are relative and '/'-separated, any byte but NUL. */
struct tar_entry {
    enum tar_type type;
    struct str path;
    struct str link; /* target of links */
    uint64_t size;   /* of TAR_FILE; 0 for all others */
    unsigned mode;   /* permission bits, 0..07777 */
    uint64_t uid, gid;
    int64_t mtime; /* seconds since 1970 */
    unsigned mtime_ns;
};

struct tar_w {
    struct buf *out;
    uint64_t left;    /* data bytes of the current file still to come */
    unsigned padding; /* zero bytes after them */
    bool ended;
};

void tar_w_init(struct tar_w *t, struct buf *out);

/* Adds an entry's header. A TAR_FILE's `size` bytes must then come through tar_w_data(), or be
 * sent by the caller itself and counted with tar_w_sent(). ERR_USAGE for an absolute path, a
 * ".." component, an empty path, a NUL, or an unfinished file before; ERR_LIMIT past out's
 * maximum or LIMIT_TAR_PATH. On failure nothing was added. */
int tar_w_entry(struct tar_w *t, const struct tar_entry *entry, struct err *e);
int tar_w_data(struct tar_w *t, const void *p, size_t len, struct err *e);

/* `len` bytes of the current file's data went out another way. Padding is added to out when the
 * file is complete. */
int tar_w_sent(struct tar_w *t, size_t len, struct err *e);

/* The two zero blocks. */
int tar_w_end(struct tar_w *t, struct err *e);

/* The reader: ustar, old GNU numbers (base-256) and long names ('L', 'K'), pax ('x', 'g': path,
 * linkpath, size, mtime, uid, gid; others are skipped). Any split of the input. It only reads:
 * what paths may be written to disk is the caller's rule. Once failed, stays failed. */
enum tar_state { TAR_HEADER, TAR_DATA, TAR_END, TAR_FAILED };
struct tar_r {
    enum tar_state state;
    struct tar_entry entry; /* views into the reader; valid until the next header is begun */
    uint64_t left;
    unsigned padding;
    unsigned zero_blocks;
    size_t block_len;
    unsigned char block[TAR_BLOCK];
    struct buf path, link, ext; /* long values */
    char ext_type;              /* kind of extension header being read, 0: none */
    bool has_path, has_link, has_size, has_mtime, has_uid, has_gid;
    struct tar_entry pax;
};
void tar_r_init(struct tar_r *t);
void tar_r_release(struct tar_r *t);

/* Takes bytes; *used says how many. *entry_ready is set when a new entry's header is complete
 * (in t->entry); data bytes come as *data, a view into in. Call again with the rest while used
 * > 0. */
int tar_r_in(struct tar_r *t, struct str in, size_t *used, bool *entry_ready, struct str *data,
             struct err *e);

#endif
