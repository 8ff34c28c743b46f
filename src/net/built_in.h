/* SPDX-License-Identifier: MIT */
/* The files of vendor/roots, embedded in the binary: PEM files of certificate authorities.
 * scripts/embed generates the definition, which is constant. Pure. */
#ifndef NET_BUILT_IN_H
#define NET_BUILT_IN_H

#include <stddef.h>

struct built_in_file {
    const char *name;          /* relative to vendor/roots */
    const unsigned char *data; /* followed by a NUL byte that `len` does not count */
    size_t len;                /* bytes */
};

/* The files, sorted by the bytes of their names. An entry whose members are all NULL or 0
 * follows the last one; built_in_files_count does not count it. */
extern const struct built_in_file built_in_files[];
extern const size_t built_in_files_count;

#endif
