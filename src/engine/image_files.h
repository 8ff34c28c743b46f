/* SPDX-License-Identifier: MIT */
/* The files of image/, embedded in the binary. cco's own image is built from them.
 * scripts/embed generates the definition, which is constant. Pure. */
#ifndef ENGINE_IMAGE_FILES_H
#define ENGINE_IMAGE_FILES_H

#include <stddef.h>

struct image_file {
    const char *name;          /* relative to image/, with '/' between components */
    const unsigned char *data; /* followed by a NUL byte that `len` does not count */
    size_t len;                /* bytes */
    unsigned mode;             /* permission bits: 0755 if the file is executable, else 0644 */
};

/* The files, sorted by the bytes of their names. An entry whose members are all NULL or 0
 * follows the last one; image_files_count does not count it. */
extern const struct image_file image_files[];
extern const size_t image_files_count;

#endif
