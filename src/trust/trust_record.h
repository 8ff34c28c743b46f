/* SPDX-License-Identifier: MIT */
/* Records of what the user has decided to trust: small files that outlive every session.
 *
 * A record belongs to a key, which is the path that it is about, and has a few fields: a name
 * with a text. All records of one kind are in the directory STATE/trust/KIND, where STATE is
 * cco's state directory (facts.state_dir). Each is one file with a JSON object, whose name is
 * the SHA-256 of the key. The directories have mode 0700 and the files 0600.
 *
 * No sandbox can write there. Nevertheless a file is read without following a link, only if it
 * is a regular file of this user, and only up to TRUST_RECORD_MAX bytes. A file that does not
 * meet this, or that does not have the form of a record, counts as missing: cco then asks the
 * user again. A record is replaced as a whole, so that a reader never sees a part of it.
 *
 * `kind` is a word of cco's, such as "projects". All functions block only as the file system
 * does. */
#ifndef TRUST_TRUST_RECORD_H
#define TRUST_TRUST_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

enum {
    TRUST_RECORD_MAX = 256 << 10, /* bytes of a file */
    TRUST_RECORD_FIELDS = 16,     /* count of the fields of a record */
    TRUST_RECORDS_MAX = 64 << 10  /* count of the records that trust_record_list() returns */
};

struct trust_field {
    const char *name;  /* [a-z_]+, but not "key" */
    const char *value; /* any bytes */
};

struct trust_record {
    const char *key; /* any bytes */
    const struct trust_field *fields;
    size_t count;
};

/* Writes the record, and replaces the record that its key had. The data is on the disk when the
 * function returns. A field whose value is NULL is left out. Returns 0 on success and -1 on
 * error; the old record is then unchanged. ERR_LIMIT means that the record is too large;
 * ERR_REFUSED means that a directory of the records is a link or belongs to another user;
 * otherwise ERR_SYS. */
int trust_record_write(const char *state_dir, const char *kind, const struct trust_record *r,
                       struct err *e);

/* Reads the record of `key` into *out, whose strings are in the arena. Returns true on success.
 * Returns false, with *out unchanged, if no valid record exists. */
bool trust_record_read(const char *state_dir, const char *kind, const char *key,
                       struct arena *a, struct trust_record *out);

/* Returns the value of a field, or NULL if the record does not have the field. */
const char *trust_record_get(const struct trust_record *r, const char *name);

/* Removes the record of `key`. Returns 0 on success, also if it does not exist, and -1 on error
 * (ERR_SYS). */
int trust_record_remove(const char *state_dir, const char *kind, const char *key,
                        struct err *e);

/* Returns all valid records of a kind, sorted by key, in the arena, and sets *count to their
 * number: 0 if the directory does not exist or cannot be read. If the directory has more than
 * TRUST_RECORDS_MAX records, the others are left out. */
struct trust_record *trust_record_list(const char *state_dir, const char *kind, struct arena *a,
                                       size_t *count);

#endif
