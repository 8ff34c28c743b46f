/* SPDX-License-Identifier: MIT */
/* Changes a JSON text and keeps all other bytes of it: the order and spacing of members, the
 * spelling of numbers, unknown members. Each function checks with json_parse() that its text is
 * JSON. Pure. */
#ifndef WIRE_JSON_EDIT_H
#define WIRE_JSON_EDIT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* Copies `text` to out without the object members named `key`, at every depth, and without the
 * commas that belonged to them. Returns 0 on success and -1 on error. The errors are those of
 * json_parse(), with nothing added to out, and ERR_LIMIT if out's maximum is exceeded; out then
 * holds a part. */
int json_drop_key(struct str text, const char *key, struct buf *out, struct err *e);

/* A member of an object: `path` lists `depth` keys from the root down to the object, which has
 * the member `key`. With depth 0 the object is the root. */
struct json_place {
    const char *const *path;
    size_t depth;
    const char *key;
};

/* Copies `text` to out, with the member at `place` set to `value`. An existing member is
 * replaced where it is, and a new one is added behind the last member of its object. Objects of
 * the path that are missing are added. The value of `text` must be an object; `value` must be
 * valid JSON, which is not checked. If a key occurs twice in an object, the first member is
 * meant. Returns 0 on success and -1 on error. ERR_FORMAT means that `text` is not JSON, or
 * that its value or something on the path is not an object; nothing was added to out. ERR_LIMIT
 * means that `text` is too large or too deeply nested, or that out's maximum is exceeded; out
 * may then hold a part. */
int json_set_member(struct str text, struct json_place place, struct str value, struct buf *out,
                    struct err *e);

#endif
