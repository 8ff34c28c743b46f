/* SPDX-License-Identifier: MIT */
/* Pins: what the user has looked at and accepts, although the way to it leads through a tree
 * that an agent could write. A pin belongs to a path. It keeps what the path led to, the
 * identity of that object, and the SHA-256 of its content (trust/digest.h). If one of them is
 * different, the pin does not hold. Pins are records of the kind "pins"
 * (trust/trust_record.h). All functions block only as the file system does. */
#ifndef TRUST_PINS_H
#define TRUST_PINS_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "trust/lookup.h"

enum pin_state {
    PIN_NONE,    /* the path is not pinned */
    PIN_HOLDS,   /* it leads to the same object with the same content */
    PIN_CHANGED, /* it is pinned, but something is different */
};

struct pin {
    const char *path;   /* as the user named it, absolute and clean */
    const char *target; /* physical */
    const char *sha256; /* 64 hex digits */
    enum pin_state state;
    bool is_dir;
};

/* Pins `path`, which is absolute and clean, to what it leads to at this moment, and replaces
 * the pin that it had. Returns 0 on success and -1 on error: ERR_NOT_FOUND if nothing exists
 * there, the errors of digest_file() and digest_dir(), and those of trust_record_write(). */
int pin_make(const char *state_dir, const char *path, struct err *e);

/* Returns whether the pin of found->path holds for what was found. If it does, writes the
 * digest to `sha256`. Reads all of the pinned content. */
enum pin_state pin_check(const char *state_dir, const struct lookup *found,
                         char sha256[SHA256_HEX]);

/* Removes the pin of a path. Returns 1 if it existed, 0 if it did not, and -1 on error (those
 * of trust_record_remove()). */
int pin_remove(const char *state_dir, const char *path, struct err *e);

/* Returns all pins, sorted by path, in the arena, and sets *count. Reads all of the pinned
 * content. */
struct pin *pin_list(const char *state_dir, struct arena *a, size_t *count);

#endif
