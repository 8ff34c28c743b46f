/* SPDX-License-Identifier: MIT */
/* Names in byte order, quickly: directories may have hundreds of thousands. Pure. */
#ifndef SYNC_SORT_H
#define SYNC_SORT_H

#include <stddef.h>
#include <stdint.h>

struct sort_name {
    uint64_t key; /* its first bytes, which mostly decide */
    const char *name;
};

struct sort_name sort_name(const char *name);

/* Sorts `count` of them in place; scratch has room for as many. */
void sort_names(struct sort_name *v, struct sort_name *scratch, size_t count);

#endif
