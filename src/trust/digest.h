/* SPDX-License-Identifier: MIT */
/* The digest of a file, or of everything below a directory. The objects can be hostile: no link
 * is followed, nothing but regular files is read, and there are limits. All functions block
 * only as the file system does. After an error, the content of `out` is not specified, and
 * `text` may contain a part. */
#ifndef TRUST_DIGEST_H
#define TRUST_DIGEST_H

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"

enum {
    DIGEST_ENTRIES = 4096,   /* count of the objects below a directory */
    DIGEST_BYTES = 64 << 20, /* of all files together */
    DIGEST_DEPTH = 32        /* nested directories */
};

/* Writes the SHA-256 of the content of the regular file `path` to `out`, and adds the content
 * to `text` unless that is NULL. The digest is that of the bytes that were added, also if the
 * file changes meanwhile. Does not follow a link at the end of the path. Returns 0 on success
 * and -1 on error: ERR_REFUSED if it is not a regular file, ERR_LIMIT if it is larger than
 * DIGEST_BYTES or than the maximum of `text`, or the errors of file_open(). */
int digest_file(const char *path, struct buf *text, char out[SHA256_HEX], struct err *e);

/* Writes a digest of the directory `path`, which is physical, to `out`: of the names, types,
 * permissions, texts of links and contents of everything below it. Returns 0 on success and -1
 * on error: ERR_REFUSED if it contains something else than directories, regular files and
 * links, or a link that leads out of it; ERR_LIMIT if it exceeds one of the limits; or the
 * errors of the file system. */
int digest_dir(const char *path, char out[SHA256_HEX], struct err *e);

#endif
