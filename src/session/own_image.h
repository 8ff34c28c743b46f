/* SPDX-License-Identifier: MIT */
/* cco's own image, for the options and this machine: what goes into it, which one serves, how it comes to be. The Dockerfile
 * is ${XDG_CONFIG_HOME:-~/.config}/cco/Dockerfile where there is one. */
#ifndef SESSION_OWN_IMAGE_H
#define SESSION_OWN_IMAGE_H

#include <stdbool.h>

#include "base/err.h"

struct app;
struct engine_image;
struct secret;

/* Reads the user's Dockerfile and computes facts.image_digest and facts.image_inputs. ERR_REFUSED for a Dockerfile that is
 * found by way of the project: an agent may have planted it. */
int own_image_identify(struct app *app, struct err *e);

/* The tag of an image that is built here and now; in the arena. */
const char *own_image_tag(struct app *app);

/* Looks which image serves: the one with this digest, else one that was loaded from a bundle and was made of the same but for
 * certificates of another machine; with --rebuild only the former. Sets facts.image and facts.image_ref. app_engine()
 * comes first. An image whose label does not match its tag is as good as none. */
int own_image_find(struct app *app, struct err *e);

/* Builds it, with progress; own_image_find() comes first. What had its tag before is called cco:old-... afterwards. */
int own_image_build(struct app *app, struct err *e);

/* Gives what has `tag` now the name cco:old-..., so that it can be found and pruned once another image has the tag; that
 * name, or NULL. And takes it away again: NULL is fine. */
const char *own_image_keep_old(struct app *app, const char *tag, const char *id);
void own_image_drop_old(struct app *app, const char *old);

/* Whether it has a tag of this kind: ENGINE_TAG, ENGINE_TAG_OLD, ... */
bool own_image_has_tag(const struct engine_image *image, const char *kind);

/* What `docker login` left for the registry of `ref`, for engine_pull(); empty where there is nothing. What goes wrong is
 * told as a warning: without a login much can still be pulled. */
void registry_login(struct app *app, const char *ref, struct secret *out);

/* Pulls an image with progress and with that login. */
int image_pull(struct app *app, const char *ref, struct err *e);

/* `name` in cco's directory of configuration; NULL without a home. *planted: it is there, and the way to it leads through
 * the current directory, where an agent may have written. */
const char *config_path(struct app *app, const char *name, bool *planted);

#endif
