/* SPDX-License-Identifier: MIT */
/* Bundles (wire/bundle.h) in files: written from an engine, checked, and given to an engine. The file is open, regular, and
 * whole: what comes through a pipe is put into one first. Long work: signals of the engine's `sig` end it, and
 * progress is told. */
#ifndef ENGINE_IMAGE_BUNDLE_H
#define ENGINE_IMAGE_BUNDLE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "wire/bundle.h"

struct engine;
struct progress;

/* What goes into one: `b` without its files. */
struct bundle_source {
    struct bundle b;
    const char *exe;     /* cco itself */
    uint64_t image_size; /* about, for progress */
};

/* Writes to `fd` (O_RDWR, empty) the image b.tag of the engine. The file is no bundle before this has succeeded: its
 * head is written last. `name` is for messages. */
int bundle_save(struct engine *en, const struct bundle_source *source, int fd, const char *name,
                struct progress *progress, struct err *e);

/* A bundle to be checked. */
struct bundle_input {
    int fd;
    const char *name; /* for messages */
    const char *arch; /* the engine's; NULL: not known */
};

/* One that was. */
struct bundle_file_found {
    struct bundle b;
    uint64_t image_at; /* where the image's bytes begin in the file */
};

/* Reads all of the file and believes nothing: entries, sizes, sums, what the image is called, that it is for the engine's architecture. The engine is
 * not asked. ERR_FORMAT, ERR_REFUSED, ERR_EOF say what is wrong, and hint. */
int bundle_check(struct engine *en, const struct bundle_input *in, struct progress *progress,
                 struct arena *a, struct bundle_file_found *out, struct err *e);

/* Gives the image to the engine: POST /images/load. Its last bytes go only when all of them have the sum that was
 * checked: a file that has changed since then loads nothing. */
int bundle_load(struct engine *en, const struct bundle_file_found *found, int fd,
                struct progress *progress, struct err *e);

#endif
