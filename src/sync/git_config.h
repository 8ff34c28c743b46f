/* SPDX-License-Identifier: MIT */
/* Reads git's configuration files (git-config(1), "Syntax"), one variable after the other. What
 * git would stop at with an error ends the file here: what came before it counts. Pure. */
#ifndef SYNC_GIT_CONFIG_H
#define SYNC_GIT_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

enum { GIT_CONFIG_NAME_MAX = 128 };

struct git_config {
    struct str rest;
    /* "section.key", or "section.subsection.key" with the subsection as it stands and all else
     * in lower case; longer ones are passed over, for nobody asks for them. */
    char name[GIT_CONFIG_NAME_MAX];
    size_t
        section_len; /* of name, its dot included; 0: a section whose variables do not count */
    struct buf value;
    bool has_value; /* `key` alone says "true" */
};

void git_config_init(struct git_config *c, struct str text); /* the text is borrowed */

/* The next variable: name, value and has_value until the next call. False at the end. */
bool git_config_next(struct git_config *c);

void git_config_release(struct git_config *c);

/* The value as git reads a boolean; `otherwise` for what is none. */
bool git_config_bool(const struct git_config *c, bool otherwise);

#endif
