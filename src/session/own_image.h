/* SPDX-License-Identifier: MIT */
/* cco's own image, which cco builds for the options and this machine: what goes into it,
 * whether the engine has it already, and how it is built. An image "fits" if it was built from
 * the same inputs. The user's Dockerfile is ${XDG_CONFIG_HOME:-~/.config}/cco/Dockerfile; if it
 * exists, it replaces cco's own one. */
#ifndef SESSION_OWN_IMAGE_H
#define SESSION_OWN_IMAGE_H

#include <stdbool.h>

#include "base/err.h"
#include "session/session_context.h"

struct engine_image;
struct image_input;

/* Computes which image fits: reads the user's Dockerfile and the certificates of this machine,
 * and sets facts.image_digest, facts.image_inputs and, if there is a Dockerfile of the user's,
 * ctx->dockerfile and ctx->dockerfile_path. Returns 0 on success and -1 on error. ERR_REFUSED
 * means that the Dockerfile is empty or binary, or that its path leads through the project,
 * because an agent may have put it there. */
int own_image_identify(struct session_context *ctx, struct err *e);

/* Returns the inputs of the image, from the options, the facts and the Dockerfile that
 * own_image_identify() has read. The strings live in the arena or are shared with the options
 * and facts. */
struct image_input own_image_input(struct session_context *ctx);

/* Returns the tag that own_image_build() gives to the image, in the arena. The caller calls
 * own_image_identify() first. */
const char *own_image_tag(struct session_context *ctx);

/* Finds the image that fits, and sets facts.image and facts.image_ref. It is the image whose
 * tag has the digest. Without --rebuild, an image that was loaded from a bundle and differs
 * only in the certificates of the machine that built it fits, too; facts.image_ref is then its
 * tag, otherwise NULL. An image whose label does not match its tag does not fit. Returns 0 on
 * success, with facts.image.present false if no such image exists, and -1 on error. The
 * caller calls own_image_identify() and opens an engine first. Blocks while the engine is
 * asked. */
int own_image_find(struct session_context *ctx, struct err *e);

/* Builds the image, shows the progress, and sets facts.image to the result. If another image
 * had the tag before, it gets a tag of the kind ENGINE_TAG_OLD. Pulls the base image first if
 * the registry needs a login. Returns 0 on success and -1 on error. If the build fails, the tag
 * stays with the image that had it; engine_build() says what else is left. The caller calls
 * own_image_find() first. Blocks for minutes. */
int own_image_build(struct session_context *ctx, struct err *e);

/* Gives the image `id`, which has the tag `tag`, a second tag of the kind ENGINE_TAG_OLD, so
 * that `cco image prune` finds it after another image has got `tag`. Returns the second tag in
 * the arena, or NULL if the engine could not set it. */
const char *own_image_keep_old(struct session_context *ctx, const char *tag, const char *id);

/* Removes a tag that own_image_keep_old() has returned. Does nothing if `old` is NULL. If the
 * engine cannot remove the tag, it stays. */
void own_image_drop_old(struct session_context *ctx, const char *old);

/* Returns whether the image has one of cco's own tags of the kind `kind`: ENGINE_TAG,
 * ENGINE_TAG_LOADED, ENGINE_TAG_FAILED or ENGINE_TAG_OLD. */
bool own_image_has_tag(const struct engine_image *image, const char *kind);

/* Returns whether own_image_find() would choose this image without --rebuild. The caller calls
 * own_image_identify() first. */
bool own_image_would_serve(const struct session_context *ctx, const struct engine_image *image);

#endif
