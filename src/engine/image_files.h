/* SPDX-License-Identifier: MIT */
/* The files of image/, embedded in the binary: what an image is built from. The definition is
 * generated (scripts/embed) and constant. Pure. */
#ifndef ENGINE_IMAGE_FILES_H
#define ENGINE_IMAGE_FILES_H

#include <stddef.h>

struct image_file {
    const char *name;          /* relative to image/, '/'-separated */
    const unsigned char *data; /* a NUL follows, not counted */
    size_t len;
    unsigned mode; /* permission bits: 0755 where the source is executable, else 0644 */
};

/* Sorted by name, byte by byte. An all-NULL entry follows the last one. */
extern const struct image_file image_files[];
extern const size_t image_files_count;

#endif
