/* SPDX-License-Identifier: MIT */
/* Bundles (wire/bundle.h) in files: saves an image of an engine as a bundle, checks a bundle,
 * and loads the image of a bundle into an engine. The file is an open regular file, whose
 * position the functions change; the caller copies input from a pipe into a file first. All
 * functions may block for minutes, report their progress to `progress`, which must not be NULL,
 * and end at a signal of en->sig (ERR_CANCELED). They return 0 on success and -1 on error. */
#ifndef ENGINE_IMAGE_BUNDLE_H
#define ENGINE_IMAGE_BUNDLE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "engine/image_tar.h"
#include "wire/bundle.h"

struct engine;
struct progress;

/* The content of a new bundle. Borrowed for the time of bundle_save(). */
struct bundle_source {
    struct bundle b;     /* everything but b.files, which bundle_save() finds out */
    const char *exe;     /* the path of cco's own binary, which becomes a part of the bundle */
    uint64_t image_size; /* the approximate size of the image in bytes, for progress */
};

/* Writes a bundle with the engine's image source->b.tag to `fd`, an empty file that is open for
 * reading and writing. Checks the image as image_tar_end() does. The head of the bundle is
 * written last, so that the file is not a bundle after an error. `name` names the file in
 * messages. GET /images/{ref}/get. */
int bundle_save(struct engine *en, const struct bundle_source *source, int fd, const char *name,
                struct progress *progress, struct err *e);

/* A bundle to be checked. Borrowed. */
struct bundle_input {
    int fd;           /* open for reading */
    const char *name; /* of the file, for messages */
    const char *arch; /* that the bundle must have: the engine's; NULL: unknown, any */
};

/* A checked bundle. Texts are in the arena of bundle_check(). */
struct bundle_file_found {
    struct bundle b;
    uint64_t image_at;          /* the offset in the file at which the image's bytes begin */
    struct image_content image; /* what the image consists of */
};

/* Reads the whole file and checks everything: the entries, their sizes and sums, and the name,
 * labels and architecture of the image (engine/image_tar.h). Sends nothing to the engine; `en`
 * is used for its signals only. ERR_FORMAT, ERR_REFUSED, ERR_LIMIT and ERR_EOF say what is
 * wrong, most of them with a hint. After an error, *out must not be used. */
int bundle_check(struct engine *en, const struct bundle_input *in, struct progress *progress,
                 struct arena *a, struct bundle_file_found *out, struct err *e);

/* Sends the image of the checked bundle `found`, whose file is open as `fd`, to the engine, as
 * a new archive of what was checked (engine/image_tar_write.h). If a layer does not have the
 * digest that the image states, or the file has changed since the check, the archive stays
 * incomplete and the engine loads nothing; that is ERR_REFUSED. POST /images/load. */
int bundle_load(struct engine *en, const struct bundle_file_found *found, int fd,
                struct progress *progress, struct err *e);

#endif
