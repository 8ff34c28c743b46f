/* SPDX-License-Identifier: MIT */
/* Reads git's configuration format, git-config(1), "Syntax": the way in which git itself reads
 * it, so that a file cannot mean one thing to git and another to cco. Includes are not
 * followed. The memory that it needs grows with the text only linearly. Pure. */
#ifndef HOST_GIT_CONFIG_H
#define HOST_GIT_CONFIG_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

/* One variable. All strings live in the arena. */
struct git_config_item {
    const char *section;    /* in lower case */
    const char *subsection; /* its bytes as they are; NULL if there is none */
    const char *key;        /* in lower case */
    /* Without quotes, escapes and comments. NULL if the variable has no '=', which means
     * true. */
    const char *value;
};

/* A position in a text. The caller sets `rest` and `a`, and all other members to zero. */
struct git_config {
    struct str rest;
    struct arena *a;
    const char *section;
    const char *subsection;
    char *scratch; /* as long as the text: what is read now is collected there */
    bool begun;
    /* git would refuse the text here, or it contains a NUL. No further variable is returned. */
    bool failed;
};

/* Reads the next variable into *out and returns true. Returns false at the end of the text, and
 * if the rest of the text is not valid; c->failed then distinguishes the two. */
bool git_config_next(struct git_config *c, struct git_config_item *out);

#endif
