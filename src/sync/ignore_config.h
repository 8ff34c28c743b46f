/* SPDX-License-Identifier: MIT */
/* Reads git's configuration files (git-config(1), "Syntax"), one variable after the other. What
 * git would stop at with an error ends the file here: what came before it counts. Pure. */
#ifndef SYNC_IGNORE_CONFIG_H
#define SYNC_IGNORE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

enum { IGNORE_CONFIG_NAME_MAX = 128 };

struct ignore_config {
    struct str rest;
    /* "section.key", or "section.subsection.key" with the subsection as it stands and all else
     * in lower case; longer ones are passed over, for nobody asks for them. */
    char name[IGNORE_CONFIG_NAME_MAX];
    size_t
        section_len; /* of name, its dot included; 0: a section whose variables do not count */
    struct buf value;
    bool has_value; /* `key` alone says "true" */
};

void ignore_config_init(struct ignore_config *c, struct str text); /* the text is borrowed */

/* The next variable: name, value and has_value until the next call. False at the end. */
bool ignore_config_next(struct ignore_config *c);

void ignore_config_release(struct ignore_config *c);

/* The value as git reads a boolean; `otherwise` for what is none. */
bool ignore_config_bool(const struct ignore_config *c, bool otherwise);

#endif
