/* SPDX-License-Identifier: MIT */
/* Reads the variables of a git configuration file (git-config(1), "Syntax"), one after the
 * other. At an error at which git would stop, the reader ends as at the end of the file. Pure.
 */
#ifndef SYNC_IGNORE_CONFIG_H
#define SYNC_IGNORE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

enum { IGNORE_CONFIG_NAME_MAX = 128 };

struct ignore_config {
    struct str rest; /* the text that was not read yet */
    /* "section.key" or "section.subsection.key". The subsection is as in the file, the rest in
     * lower case. Variables with a longer name are skipped, because no caller needs them. */
    char name[IGNORE_CONFIG_NAME_MAX];
    /* Length of the section in `name`, including the last dot; 0: the name of this section is
     * too long, so its variables are skipped. */
    size_t section_len;
    struct buf value;
    bool has_value; /* false: the line has no '='; git takes this for the boolean true */
};

/* Starts to read `text`, which is borrowed until ignore_config_release(). */
void ignore_config_init(struct ignore_config *c, struct str text);

/* Reads the next variable. Returns true if there is one; `name`, `value` and `has_value` are
 * then valid until the next call. Returns false at the end. */
bool ignore_config_next(struct ignore_config *c);

void ignore_config_release(struct ignore_config *c);

/* Returns the value as a boolean: true, yes, on, 1 or no value; false, no, off, 0 or an empty
 * value; upper and lower case are equal. Returns `otherwise` for every other value. git also
 * accepts other numbers, which this function does not. */
bool ignore_config_bool(const struct ignore_config *c, bool otherwise);

#endif
