/* SPDX-License-Identifier: MIT */
/* Inside of the tar reader: the records of pax extended headers (POSIX.1-2001), and long names.
 * wire/tar.h says which records are accepted. Pure. */
#ifndef WIRE_TAR_PAX_H
#define WIRE_TAR_PAX_H

#include "wire/tar.h"

/* Stores the values of all records in `rest`, the content of an extended header, in t->path,
 * t->link and t->pax, and sets the members has_* of t. The records of a global header must be
 * comments. Returns NULL on success, and a constant text that says what is wrong on error; the
 * members of t are then undefined. */
const char *tar_pax_read(struct tar_r *t, struct str rest, bool is_global);

/* Replaces the content of `b` by a path or link target. Returns NULL on success, and a constant
 * text on error: the name is empty, longer than LIMIT_TAR_PATH, or contains a NUL. */
const char *tar_long_name(struct buf *b, struct str value);

#endif
