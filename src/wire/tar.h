/* SPDX-License-Identifier: MIT */
/* Writes and reads tar archives: ustar (POSIX.1-1988), with pax extended headers (POSIX.1-2001)
 * for what ustar cannot express: paths and link targets of more than 100 bytes that do not
 * split at a slash, names that are not ASCII, sizes past 8 GiB, times before 1970 or with
 * fractions, and ids past 2097151. The same calls give the same bytes. The writer adds to a
 * buf, which the caller empties as it likes; the reader takes bytes in any split. Pure. */
#ifndef WIRE_TAR_H
#define WIRE_TAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum { TAR_BLOCK = 512 }; /* archives consist of blocks of this many bytes */

/* The values are the type flags of the format. */
enum tar_type {
    TAR_FILE = '0',
    TAR_HARDLINK = '1',
    TAR_SYMLINK = '2',
    TAR_CHAR = '3',      /* the writer writes the device number 0, and the reader ignores it */
    TAR_BLOCK_DEV = '4', /* the same */
    TAR_DIR = '5',
    TAR_FIFO = '6'
};

struct tar_entry {
    enum tar_type type;
    struct str path;   /* components separated by '/'; any bytes but NUL */
    struct str link;   /* the target of a TAR_HARDLINK or TAR_SYMLINK */
    uint64_t size;     /* bytes of a TAR_FILE; 0 for all other types */
    unsigned mode;     /* permission bits, 0 to 07777; other bits are dropped */
    uint64_t uid, gid; /* at most INT64_MAX */
    int64_t mtime;     /* seconds since 1970, negative before */
    unsigned mtime_ns; /* and nanoseconds, 0 to 999999999 */
};

/* The writer. */
struct tar_w {
    struct buf *out;  /* borrowed */
    uint64_t left;    /* bytes of the current file that are still to come */
    unsigned padding; /* zero bytes that follow the current file */
    bool ended;       /* tar_w_end() was called */
};

/* Starts an archive in `out`, which must live as long as *t is used. The writer has nothing to
 * release. Its functions return 0 on success and -1 on error. */
void tar_w_init(struct tar_w *t, struct buf *out);

/* Adds the header of an entry; a directory's path gets a '/' at its end. If it is a TAR_FILE,
 * the caller must then pass exactly `size` bytes through tar_w_data() and tar_w_sent()
 * together. ERR_USAGE means that the path is empty, absolute, or contains "..", that a text
 * contains a NUL, that `size`, an id or mtime_ns is not in the range that struct tar_entry
 * states, that the file before is not complete, or that the archive has ended. ERR_LIMIT means
 * that the path or the link is longer than LIMIT_TAR_PATH or that out has no room for the
 * header. After an error, t and out are unchanged. */
int tar_w_entry(struct tar_w *t, const struct tar_entry *entry, struct err *e);

/* Adds `len` bytes of the current file, and the padding once the file is complete. ERR_USAGE
 * means that they are more than the file has left; nothing is added. ERR_LIMIT means that out's
 * maximum is exceeded; the archive is then useless. */
int tar_w_data(struct tar_w *t, const void *p, size_t len, struct err *e);

/* Counts `len` bytes of the current file that the caller sends itself behind the content of
 * out, and adds the padding once the file is complete: the caller must send those bytes before
 * it sends the padding. Errors as for tar_w_data(). */
int tar_w_sent(struct tar_w *t, size_t len, struct err *e);

/* Adds the end of the archive, two blocks of zeros. ERR_USAGE means that the current file is
 * not complete or that the archive has ended already; ERR_LIMIT as for tar_w_data(). */
int tar_w_end(struct tar_w *t, struct err *e);

/* The reader. It accepts ustar, numbers in base 256 and long names ('L', 'K') of old GNU tar,
 * and the pax header 'x'. Of an 'x' header it uses path, linkpath, size, mtime, uid and gid; it
 * ignores atime, ctime, uname, gname, comment and extended attributes. The reader is strict: it
 * refuses what other programs may read as other entries. That is a second extended header
 * before the entry (except 'L' beside 'K'), a record that occurs twice or is none of these
 * (such as GNU.sparse.name), a 'g' header with more than comments, data of an entry that is not
 * a file, a file whose path ends with '/', an entry of an unknown type, and a path or link in
 * an extended header that is longer than LIMIT_TAR_PATH. Apart from that a path can be anything
 * but empty, and that of a directory may end with '/': the caller decides which of them it
 * writes to a disk, and whether it accepts a path twice. */
enum tar_state {
    TAR_HEADER, /* the next bytes belong to a header */
    TAR_DATA,   /* the next bytes belong to a file, or are padding */
    TAR_END,    /* the archive is complete */
    TAR_FAILED  /* the archive is broken; this state is final */
};

struct tar_r {
    enum tar_state state;
    /* The current entry. Its texts are views into this struct, valid until tar_r_in() takes the
     * next header. */
    struct tar_entry entry;
    /* The reader's own. */
    uint64_t left;        /* bytes of the current entry that are still to come */
    unsigned padding;     /* and the zero bytes behind them */
    unsigned zero_blocks; /* blocks of zeros read in a row */
    size_t block_len;     /* bytes in `block` */
    unsigned char block[TAR_BLOCK];
    struct buf path, link; /* of the current entry, or from an extension header for the next */
    struct buf ext;        /* the content of an extension header */
    char ext_type;         /* the type of the extension header that is being read; 0: none */
    char pending[2];       /* the types of the extension headers for the next entry */
    unsigned pending_len;  /* how many they are */
    bool has_path, has_link, has_size, has_mtime, has_uid, has_gid; /* an extension set it */
    struct tar_entry pax; /* the values that extension headers set for the next entry */
};

void tar_r_init(struct tar_r *t);

/* Frees the buffers. A second call does nothing. */
void tar_r_release(struct tar_r *t);

/* Takes bytes from the front of `in`, and sets *used to how many. Sets *entry_ready to whether
 * a header is complete; its entry is then in t->entry. Sets *data to bytes of the current file,
 * a view into `in`, which may be empty. The caller drops *used bytes and calls again with the
 * rest until `in` is empty. After the end of the archive all bytes are taken and ignored. When
 * its input ends, the caller checks that the state is TAR_END; otherwise the archive was cut
 * off. Returns 0 on success, and -1 with ERR_FORMAT, and the state TAR_FAILED, on error. */
int tar_r_in(struct tar_r *t, struct str in, size_t *used, bool *entry_ready, struct str *data,
             struct err *e);

#endif
