/* SPDX-License-Identifier: MIT */
/* Images of an engine that has FEATURE_IMAGES: cco's own ones and others. */
#ifndef ENGINE_IMAGES_H
#define ENGINE_IMAGES_H

#include "engine/engine.h"

struct progress;
struct secret;

/* GET /images/{ref}/json; a missing image is success with present == false. */
int engine_image(struct engine *en, const char *ref, struct arena *a, struct fact_image *out,
                 struct err *e);

/* An image of cco's: it has cco's labels and a tag that only cco gives. An image that was built on top of it has the labels
 * too. */
struct engine_image {
    const char *id;
    struct strv
        tags;        /* cco's, at least one, without what some engines write in front of them */
    bool has_others; /* somebody gave it another name: it stays when ours go */
    const char *digest; /* labels, NULL where there is none */
    const char *inputs;
    const char *packages;
    int64_t created; /* seconds since 1970 */
    uint64_t size;
};

/* GET /images/json, the newest first. */
int engine_images(struct engine *en, struct arena *a, struct engine_image **out, size_t *count,
                  struct err *e);

/* "cco:..." without what some engines write in front of it ("localhost/"); NULL for a tag that is none of cco's. */
const char *engine_own_tag(const char *tag);

/* POST /images/{ref}/tag: `tag` is one of cco's. */
int engine_tag(struct engine *en, const char *ref, const char *tag, struct err *e);

/* DELETE /images/{tag}: the tag goes, and with its last one the image, unless a container uses it: ERR_REFUSED. A
 * missing one is success. Takes minutes where many files go. `progress` may be NULL. *deleted: whether the image went. What the classic builder left below it, nameless and of
 * no other use, goes along. */
int engine_untag(struct engine *en, const char *tag, struct progress *progress, bool *deleted,
                 struct err *e);

/* Ids of the images that containers were made of, running or not, of whomever. GET /containers/json. */
int engine_used_images(struct engine *en, struct arena *a, struct strv *out, struct err *e);

/* Bytes that the layers of all images take. GET /system/df; takes as long as the engine needs to count. `progress` may be
 * NULL. */
int engine_layers_size(struct engine *en, struct progress *progress, uint64_t *out,
                       struct err *e);

/* The version of the Claude Code in an image of cco's: as it was kept below `state_dir`, or from a container that is
 * made of the image and removed again, never started (some 50 ms, once for each image). NULL where there is none, or
 * nothing can be told. */
const char *engine_claude_version(struct engine *en, const char *image_id,
                                  const char *state_dir, struct arena *a);

/* The file below `state_dir` where it is kept; NULL for an id of another kind. */
const char *engine_version_file(const char *image_id, const char *state_dir, struct arena *a);

/* POST /images/create: pulls `ref`, its progress told through `progress`. `auth` is what registry_auth() found (engine/image_registry.h);
 * NULL or empty: none. */
int engine_pull(struct engine *en, const char *ref, const struct secret *auth,
                struct progress *progress, struct err *e);

/* Tags of cco's images are this and 12 digits: of the digest, of the inputs for one that was loaded, of the digest
 * of what could not be built, of the id of one that another took the tag from. */
#define ENGINE_TAG "cco:"
#define ENGINE_TAG_LOADED "cco:loaded-"
#define ENGINE_TAG_FAILED "cco:failed-"
#define ENGINE_TAG_OLD "cco:old-"
enum { ENGINE_TAG_DIGITS = 12 };

/* What goes into cco's own image. */
struct image_input {
    const char *base;
    const struct strv *packages;
    const struct strv *build_args;    /* "K=V", each K once, sorted */
    struct str dockerfile;            /* the user's; p NULL: that of image/ */
    const char *dockerfile_path;      /* of the user's, for messages */
    const struct fact_path *ca_files; /* certificates to trust in the build */
    size_t ca_count;
    /* what follows is no part of the identity */
    const char *exe; /* the cco that is baked in */
    const char *exe_digest;
    const char *refresh;        /* changes with --rebuild: claude's layer anew; "" otherwise */
    const struct strv *proxies; /* "HTTP_PROXY=..." build arguments */
    const struct strv *cache_from; /* images on the engine whose layers may serve again */
    bool host_network;
};

/* The identity of an image: a digest over Dockerfile, embedded files, base, build arguments, packages and CA
 * certificates. `inputs` is the same without the certificates, which differ from machine to machine: an image that was
 * loaded from a bundle is known by it. */
int image_digest(const struct image_input *in, char digest[65], char inputs[65], struct err *e);

/* POST /build with a context made on the fly; BuildKit where the engine has it, else the classic
 * builder; tagged `tag`, labelled. Progress as it comes. A failed step: ERR_ENGINE, after its output was
 * shown; the state before it is tagged "cco:failed-" and 12 digits of the digest then, and the hint
 * tells how to look around in there. */
int engine_build(struct engine *en, const struct image_input *in, const char *tag,
                 struct progress *progress, struct err *e);

#endif
