/* SPDX-License-Identifier: MIT */
/* The new root, step by step: which directories, links and mounts a sandbox consists of. A function of the plan alone; root.c
 * carries it out. Plain data in one arena. Pure. */
#ifndef NATIVE_LAYOUT_H
#define NATIVE_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "confine/landlock.h"
#include "plan/facts.h"
#include "plan/plan.h"

enum step_kind {
    STEP_DIR,    /* a directory, with those above it */
    STEP_LINK,   /* a symbolic link to `source` */
    STEP_TREE,   /* a copy of the host's `source`, recursive; a device where the flags say so */
    STEP_COPY,   /* a file of its own, with the text of the host's `source` */
    STEP_MEMORY, /* an empty tmpfs */
    STEP_PROC,   /* proc of the pid namespace */
    STEP_PTS,    /* terminals of its own */
    STEP_LOCK,   /* what is there already, read-only from now on */
    STEP_HIDE    /* something unreadable over what is there: a directory or a file */
};

struct step {
    enum step_kind kind;
    const char *path;   /* inside */
    const char *source; /* on the host; of a link: where it leads */
    unsigned flags;     /* enum tree_flags */
    unsigned mode;      /* of STEP_DIR and STEP_MEMORY */
    bool is_dir;        /* of STEP_TREE and STEP_HIDE */
    bool
        optional; /* where `source` is missing, or what is to be locked, the step is left out */
    const char *why;
};

struct layout {
    struct step *steps; /* what is above comes first */
    size_t count, cap;
    struct landlock_path *grants; /* the second wall: the same once more */
    size_t grant_count, grant_cap;
};

int layout_make(const struct plan *p, struct arena *a, struct layout *out, struct err *e);

#endif
