/* SPDX-License-Identifier: MIT */
/* cco's own image, for the options and this machine: what goes into it, which one serves, how it comes to be. The Dockerfile
 * is ${XDG_CONFIG_HOME:-~/.config}/cco/Dockerfile where there is one. */
#ifndef SESSION_OWN_IMAGE_H
#define SESSION_OWN_IMAGE_H

#include <stdbool.h>

#include "base/err.h"
#include "session/session_context.h"

struct engine_image;
struct image_input;

/* Reads the user's Dockerfile and computes facts.image_digest and facts.image_inputs. ERR_REFUSED for a Dockerfile that is
 * found by way of the project: an agent may have planted it. */
int own_image_identify(struct session_context *ctx, struct err *e);

/* What goes into it, from options, facts and what own_image_identify() has read; in the arena. */
struct image_input own_image_input(struct session_context *ctx);

/* The tag of an image that is built here and now; in the arena. */
const char *own_image_tag(struct session_context *ctx);

/* Looks which image serves: the one with this digest, else one that was loaded from a bundle and was made of the same but for
 * certificates of another machine; with --rebuild only the former. Sets facts.image and facts.image_ref. session_engine_open()
 * comes first. An image whose label does not match its tag is as good as none. */
int own_image_find(struct session_context *ctx, struct err *e);

/* Builds it, with progress; own_image_find() comes first. What had its tag before is called cco:old-... afterwards. */
int own_image_build(struct session_context *ctx, struct err *e);

/* Gives what has `tag` now the name cco:old-..., so that it can be found and pruned once another image has the tag; that
 * name, or NULL. And takes it away again: NULL is fine. */
const char *own_image_keep_old(struct session_context *ctx, const char *tag, const char *id);
void own_image_drop_old(struct session_context *ctx, const char *old);

/* Whether it has a tag of this kind: ENGINE_TAG, ENGINE_TAG_OLD, ... */
bool own_image_has_tag(const struct engine_image *image, const char *kind);

/* Whether own_image_find() would choose it. own_image_identify() comes first. */
bool own_image_would_serve(const struct session_context *ctx, const struct engine_image *image);

#endif
