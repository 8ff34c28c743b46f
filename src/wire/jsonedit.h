/* SPDX-License-Identifier: MIT */
/* Changes to a JSON text that keep every byte they do not concern: order, spacing, spelling of
 * numbers, unknown members. Input must be valid (it is checked). Pure. */
#ifndef WIRE_JSONEDIT_H
#define WIRE_JSONEDIT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* Copies `text` to out without any object member named `key`, at every depth. The comma that
 * belonged to a dropped member goes with it. */
int json_drop_key(struct str text, const char *key, struct buf *out, struct err *e);

/* A member of an object: `path` lists `depth` keys from the root down to the object. */
struct json_place {
    const char *const *path;
    size_t depth;
    const char *key;
};

/* Copies `text`, whose value must be an object, with the member at `place` set to the JSON value
 * `value`: replaced where it is, else added at the end; objects missing on the way are added.
 * ERR_FORMAT where something on the way is no object. */
int json_set_member(struct str text, struct json_place place, struct str value, struct buf *out,
                    struct err *e);

#endif
