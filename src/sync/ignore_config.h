/* SPDX-License-Identifier: MIT */
/* Reads git's configuration files (git-config(1), "Syntax"), one variable after the other. If
 * git would stop at an error, the file ends there, and the variables before it count. Pure. */
#ifndef SYNC_IGNORE_CONFIG_H
#define SYNC_IGNORE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

enum { IGNORE_CONFIG_NAME_MAX = 128 };

struct ignore_config {
    struct str rest;
    /* "section.key", or "section.subsection.key" with the subsection as written and all else in
     * lower case. Longer names are skipped, because no caller asks for them. */
    char name[IGNORE_CONFIG_NAME_MAX];
    /* Length of the section in name, including its dot; 0: the variables of this section do not
     * count. */
    size_t section_len;
    struct buf value;
    bool has_value; /* `key` alone says "true" */
};

void ignore_config_init(struct ignore_config *c, struct str text); /* the text is borrowed */

/* Goes to the next variable: name, value and has_value are valid until the next call. Returns
 * false at the end. */
bool ignore_config_next(struct ignore_config *c);

void ignore_config_release(struct ignore_config *c);

/* Returns the value as git reads a boolean, and `otherwise` if it is not one. */
bool ignore_config_bool(const struct ignore_config *c, bool otherwise);

#endif
