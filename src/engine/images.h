/* SPDX-License-Identifier: MIT */
/* Images of an engine that has FEATURE_IMAGES: cco's own and others. All functions that take an
 * engine return 0 on success and -1 on error, with the engine's own message if it refused
 * (ERR_ENGINE), and obey its timeout and signals. Results are in the arena. `progress` may be
 * NULL for engine_untag() and engine_layers_size(), but not for engine_pull() and
 * engine_build(). */
#ifndef ENGINE_IMAGES_H
#define ENGINE_IMAGES_H

#include "engine/engine.h"

struct progress;
struct secret;

/* Finds an image. A missing image is success with out->present == false. GET
 * /images/{ref}/json. */
int engine_image(struct engine *en, const char *ref, struct arena *a, struct fact_image *out,
                 struct err *e);

/* An image of cco's: it has cco's labels and a tag that only cco gives. An image that was built
 * on top of it has the labels, too, but no such tag. */
struct engine_image {
    const char *id;
    struct strv tags;   /* cco's, at least one; without what some engines add in front */
    bool has_others;    /* it has a tag of the user's, and therefore outlives cco's tags */
    const char *digest; /* labels; NULL if it has none of that name */
    const char *inputs;
    const char *packages;
    int64_t created; /* seconds since 1970 */
    uint64_t size;   /* bytes */
};

/* Lists cco's images, the newest first. GET /images/json. */
int engine_images(struct engine *en, struct arena *a, struct engine_image **out, size_t *count,
                  struct err *e);

/* Returns "cco:..." without what some engines add in front of it ("localhost/"). NULL if the
 * tag is not one of cco's. Pure. */
const char *engine_own_tag(const char *tag);

/* Gives the image `ref` the tag `tag`, which is one of cco's. POST /images/{ref}/tag. */
int engine_tag(struct engine *en, const char *ref, const char *tag, struct err *e);

/* Removes a tag, and with its last tag the image: *deleted. The nameless images below it that
 * the classic builder left, and that nothing else uses, are removed too. A missing tag is
 * success. ERR_REFUSED means that a container uses the image. Takes minutes if the image has
 * many files. DELETE /images/{tag}. */
int engine_untag(struct engine *en, const char *tag, struct progress *progress, bool *deleted,
                 struct err *e);

/* Lists the ids of the images of all containers, running or not, of any user. GET
 * /containers/json. */
int engine_used_images(struct engine *en, struct arena *a, struct strv *out, struct err *e);

/* Counts the bytes of the layers of all images. Takes as long as the engine needs to count. GET
 * /system/df. */
int engine_layers_size(struct engine *en, struct progress *progress, uint64_t *out,
                       struct err *e);

/* Returns the version of the Claude Code in an image of cco's: from the file of
 * engine_version_file(), else from a container that is created from the image and removed again
 * without being started (about 50 ms, once for each image). NULL if it has none, or on
 * error. */
const char *engine_claude_version(struct engine *en, const char *image_id,
                                  const char *state_dir, struct arena *a);

/* Returns the path of the file that keeps the version, below `state_dir`. NULL if the id is not
 * a SHA-256 of an image. */
const char *engine_version_file(const char *image_id, const char *state_dir, struct arena *a);

/* Pulls the image `ref`; without a tag or digest the tag is "latest". `auth` is a login in the
 * engine's form, from registry_look_up() or registry_helper_said() (engine/image_registry.h);
 * NULL or empty: none. Blocks until the engine has the image. POST /images/create. */
int engine_pull(struct engine *en, const char *ref, const struct secret *auth,
                struct progress *progress, struct err *e);

/* A tag of cco's is one of these and 12 digits: ENGINE_TAG the digits of the image's digest,
 * LOADED those of its inputs, FAILED those of the digest of an image whose build failed, OLD
 * those of the id of an image whose tag another image got. */
#define ENGINE_TAG "cco:"
#define ENGINE_TAG_LOADED "cco:loaded-"
#define ENGINE_TAG_FAILED "cco:failed-"
#define ENGINE_TAG_OLD "cco:old-"
enum { ENGINE_TAG_DIGITS = 12 };

/* The content of cco's own image. */
struct image_input {
    const char *base;
    const struct strv *packages;
    const struct strv *build_args;    /* "K=V", each K once, sorted */
    struct str dockerfile;            /* the user's; p NULL: the one of image/ */
    const char *dockerfile_path;      /* of the user's, for messages */
    const struct fact_path *ca_files; /* certificates to trust in the build */
    size_t ca_count;
    /* The following is not a part of the image's identity. */
    const char *exe; /* the cco that the image contains */
    const char *exe_digest;
    const char *refresh; /* differs with each --rebuild, to replace claude's layer; else "" */
    const struct strv *proxies;    /* "HTTP_PROXY=..." build arguments */
    const struct strv *cache_from; /* images on the engine whose layers may be used again */
    bool host_network;
};

/* Computes the identity of an image: a digest over Dockerfile, embedded files, base, build
 * arguments, packages and CA certificates. `inputs` is the same without the certificates, which
 * differ from machine to machine; it identifies an image that was loaded from a bundle. Both
 * are 64 hex digits and a NUL. Reads the certificates. Returns 0 on success and -1 on error. */
int image_digest(const struct image_input *in, char digest[65], char inputs[65], struct err *e);

/* Builds an image, with BuildKit if the engine has it, else with the classic builder, and tags
 * and labels it. The build context is made while it is sent. If a step fails (ERR_ENGINE), its
 * output has been shown, the state before that step has a tag of ENGINE_TAG_FAILED, and the
 * hint says how to look around in it. Blocks for minutes. POST /build. */
int engine_build(struct engine *en, const struct image_input *in, const char *tag,
                 struct progress *progress, struct err *e);

#endif
