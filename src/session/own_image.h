/* SPDX-License-Identifier: MIT */
/* cco's own image for the options and this machine: what goes into it, which image serves, and
 * building it. The user's Dockerfile is ${XDG_CONFIG_HOME:-~/.config}/cco/Dockerfile, if it
 * exists. */
#ifndef SESSION_OWN_IMAGE_H
#define SESSION_OWN_IMAGE_H

#include <stdbool.h>

#include "base/err.h"
#include "session/session_context.h"

struct engine_image;
struct image_input;

/* Reads the user's Dockerfile and the certificates of this machine, and sets facts.image_digest
 * and facts.image_inputs. Returns 0 on success and -1 on error: ERR_REFUSED if the Dockerfile
 * is empty or binary, or if the way to it leads through the project, because an agent may have
 * planted it. */
int own_image_identify(struct session_context *ctx, struct err *e);

/* Returns what goes into the image, from options, facts and what own_image_identify() has read;
 * in the arena. */
struct image_input own_image_input(struct session_context *ctx);

/* Returns the tag of an image that is built now; in the arena. */
const char *own_image_tag(struct session_context *ctx);

/* Finds the image that serves, and sets facts.image and facts.image_ref: the one with the
 * digest; without --rebuild also one that was loaded from a bundle and differs only in the
 * certificates of another machine. An image whose label does not match its tag does not serve.
 * Returns 0 on success, also if there is none, and -1 on error. own_image_identify() and an
 * engine come first. */
int own_image_find(struct session_context *ctx, struct err *e);

/* Builds the image, shows the progress, and sets facts.image to the result. Another image that
 * had its tag gets a name of the kind ENGINE_TAG_OLD. Returns 0 on success and -1 on error.
 * own_image_find() comes first. Blocks for minutes. */
int own_image_build(struct session_context *ctx, struct err *e);

/* Gives the image `id`, which has the tag `tag` now, a name of the kind ENGINE_TAG_OLD, so that
 * it can be pruned once another image has the tag. Returns that name, or NULL if it could not
 * be given. */
const char *own_image_keep_old(struct session_context *ctx, const char *tag, const char *id);

/* Removes such a name; NULL does nothing. If the engine cannot remove it, the name stays. */
void own_image_drop_old(struct session_context *ctx, const char *old);

/* Returns whether the image has a tag of this kind: ENGINE_TAG, ENGINE_TAG_OLD and so on. */
bool own_image_has_tag(const struct engine_image *image, const char *kind);

/* Returns whether own_image_find() would choose this image without --rebuild.
 * own_image_identify() comes first. */
bool own_image_would_serve(const struct session_context *ctx, const struct engine_image *image);

#endif
