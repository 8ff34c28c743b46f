/* SPDX-License-Identifier: MIT */
/* Sorts names in byte order, quickly, because a directory may have hundreds of thousands of
 * entries. Pure. */
#ifndef SYNC_SORT_H
#define SYNC_SORT_H

#include <stddef.h>
#include <stdint.h>

struct sort_name {
    uint64_t key;     /* the first eight bytes of the name, which usually decide */
    const char *name; /* borrowed */
};

struct sort_name sort_name(const char *name);

/* Sorts the `count` names in `v` in place. `scratch` has room for `count` names. */
void sort_names(struct sort_name *v, struct sort_name *scratch, size_t count);

#endif
