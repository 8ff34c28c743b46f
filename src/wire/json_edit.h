/* SPDX-License-Identifier: MIT */
/* Changes to a JSON text that keep every other byte: order, spacing, spelling of numbers,
 * unknown members. The functions check their input. Pure. */
#ifndef WIRE_JSON_EDIT_H
#define WIRE_JSON_EDIT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* Copies `text` to out without the object members named `key`, at every depth, and without the
 * commas that belonged to them. Returns 0 on success and -1 on error; out then holds a part. */
int json_drop_key(struct str text, const char *key, struct buf *out, struct err *e);

/* A member of an object: `path` lists `depth` keys from the root down to the object. */
struct json_place {
    const char *const *path;
    size_t depth;
    const char *key;
};

/* Copies `text`, whose value must be an object, to out, with the member at `place` set to the
 * JSON value `value`. An existing member is replaced where it is; a new one is added at the
 * end. Missing objects on the way are added. Returns 0 on success and -1 on error; out then
 * holds a part. ERR_FORMAT means that something on the way is not an object. */
int json_set_member(struct str text, struct json_place place, struct str value, struct buf *out,
                    struct err *e);

#endif
