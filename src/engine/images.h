/* SPDX-License-Identifier: MIT */
/* Images of an engine that has FEATURE_IMAGES: cco's own and others. Functions that get an
 * engine and return int return 0 on success and -1 on error; ERR_ENGINE is a refusal, with the
 * engine's message. They block for the engine's timeout at most, or for as long as the engine
 * answers pings if they get a `progress`, and a signal of en->sig ends them. Results are in the
 * arena `a`. `progress` may be NULL for engine_untag() and engine_layers_size(), but not for
 * engine_pull() and engine_build(). */
#ifndef ENGINE_IMAGES_H
#define ENGINE_IMAGES_H

#include "engine/engine.h"

struct progress;
struct secret;

/* Describes the image `ref`, a tag or an id. If the engine does not have it, returns 0 and sets
 * out->present to false. GET /images/{ref}/json. */
int engine_image(struct engine *en, const char *ref, struct arena *a, struct fact_image *out,
                 struct err *e);

/* An image of cco's: it has cco's labels and a tag that only cco gives. An image that a user
 * built on top of it has the labels too, but no such tag. The image of a failed build is cco's
 * also if it has no tag any more: it lacks the label cco.digest, which an image built on top of
 * a finished one inherits. Texts are in the arena. */
struct engine_image {
    const char *id;
    /* Those of cco, in the form of engine_own_tag(), sorted. Only the id if the image of a
     * failed build has no tag; every function of the engine accepts it in the place of a tag.
     */
    struct strv tags;
    bool has_others;      /* it has a tag that cco did not give, so it outlives cco's tags */
    const char *digest;   /* the label cco.digest; NULL: it has no such label */
    const char *inputs;   /* the label cco.inputs, or NULL */
    const char *packages; /* the label cco.packages, or NULL */
    int64_t created;      /* seconds since 1970; 0: unknown */
    uint64_t size;        /* bytes; 0: unknown */
};

/* Lists cco's images in *out and *count, the newest first. GET /images/json. */
int engine_images(struct engine *en, struct arena *a, struct engine_image **out, size_t *count,
                  struct err *e);

/* Returns a tag of cco's as "cco:...", without the prefix that some engines show in front of it
 * ("localhost/", "docker.io/library/"). The result is a part of `tag`. Returns NULL if cco does
 * not give such tags. Pure. */
const char *engine_own_tag(const char *tag);

/* Adds the tag `tag`, which has the form "REPOSITORY:NAME", to the image `ref`. If another
 * image has the tag, it loses it. POST /images/{ref}/tag. */
int engine_tag(struct engine *en, const char *ref, const char *tag, struct err *e);

/* Removes a tag. If it was the last tag of its image, the engine removes the image, with those
 * untagged images below it that the classic builder left and that nothing else uses; *deleted
 * says whether any image was removed. A tag that does not exist counts as success. ERR_REFUSED
 * means that a container uses the image. May take minutes if the image has many files. DELETE
 * /images/{tag}. */
int engine_untag(struct engine *en, const char *tag, struct progress *progress, bool *deleted,
                 struct err *e);

/* Adds the ids of the images of all containers to `out`: running or not, of any user; an id can
 * occur more than once. GET /containers/json. */
int engine_used_images(struct engine *en, struct arena *a, struct strv *out, struct err *e);

/* Sets *out to the bytes that the layers of all images use together. The engine counts them,
 * which may take minutes. GET /system/df. */
int engine_layers_size(struct engine *en, struct progress *progress, uint64_t *out,
                       struct err *e);

/* Returns the version of Claude Code in the image `image_id` of cco's: from the file of
 * engine_version_file(), or from the image itself, and then writes that file. To look into the
 * image, cco creates a container and removes it without starting it, which takes about 50 ms,
 * once for each image. Returns NULL if the image has no Claude Code, if `image_id` is not a
 * SHA-256, and on error. */
const char *engine_claude_version(struct engine *en, const char *image_id,
                                  const char *state_dir, struct arena *a);

/* Returns the path of the file below `state_dir` (facts.state_dir) that keeps the version of an
 * image. Returns NULL if `image_id` is not a SHA-256, with or without "sha256:". Pure. */
const char *engine_version_file(const char *image_id, const char *state_dir, struct arena *a);

/* Pulls the image `ref` from its registry; without a tag or digest the tag is "latest". `auth`
 * is a login in the engine's form, from registry_look_up() or registry_helper_said()
 * (engine/image_registry.h); NULL or empty means without a login. Blocks until the engine has
 * the image. POST /images/create. */
int engine_pull(struct engine *en, const char *ref, const struct secret *auth,
                struct progress *progress, struct err *e);

/* A tag of cco's is one of these prefixes and ENGINE_TAG_DIGITS hex digits. After ENGINE_TAG
 * they are the first digits of the image's digest (image_digest()), after _LOADED those of its
 * inputs, after _FAILED those of the digest of an image whose build failed, and after _OLD
 * those of the image's id: cco gives it to an image before it moves the image's tag to another
 * image. */
#define ENGINE_TAG "cco:"
#define ENGINE_TAG_LOADED "cco:loaded-"
#define ENGINE_TAG_FAILED "cco:failed-"
#define ENGINE_TAG_OLD "cco:old-"
enum { ENGINE_TAG_DIGITS = 12 };

/* The inputs of a build of cco's own image. Everything is borrowed. No pointer is NULL unless
 * stated. */
struct image_input {
    const char *base; /* the image to build on: build argument BASE */
    /* Names of more Debian packages, sorted, because their order is a part of the identity. */
    const struct strv *packages;
    const struct strv *build_args; /* "K=V", each K once, sorted */
    struct str dockerfile;         /* the user's; p NULL: the one of image/ */
    const char *dockerfile_path;   /* path of the user's Dockerfile, for messages; or NULL */
    /* Files with certificates that the image and its build trust. */
    const struct fact_path *ca_files;
    size_t ca_count;
    /* The following members are not a part of the image's identity. */
    const char *exe;        /* the path of the cco that the image gets */
    const char *exe_digest; /* facts.exe_digest, for a label */
    /* A text that differs with each --rebuild, so that the layer with Claude Code is made
     * again; otherwise "". */
    const char *refresh;
    const struct strv *proxies; /* "HTTP_PROXY=..." build arguments */
    /* Images on the engine whose layers may be used again. They are not used if the engine
     * would look for them in registries only. */
    const struct strv *cache_from;
    bool host_network; /* the steps of the build use the host's network */
};

/* Computes the identity of an image. `digest` is a SHA-256 over the Dockerfile, the embedded
 * files, base, build arguments, packages and CA certificates. `inputs` is a SHA-256 over the
 * same without the certificates, which differ from machine to machine: it identifies an image
 * that was loaded from a bundle. Both are 64 hex digits and a NUL. Reads the certificate files.
 * Returns 0 on success and -1 on error: a file that cannot be read; the digests have no meaning
 * then. */
int image_digest(const struct image_input *in, char digest[65], char inputs[65], struct err *e);

/* Builds an image and gives it the tag `tag` and cco's labels. Uses BuildKit if the engine has
 * it, and otherwise the classic builder. The build context is made while it is sent. If a step
 * fails, the error is ERR_ENGINE, and the output of the step has been reported to `progress`.
 * If the stream named the step, this function then builds the steps before it again, from the
 * cache, and gives the result a tag of ENGINE_TAG_FAILED; it removes the image that had this
 * tag before, unless that image has other tags or is in use. The hint says how to open a shell
 * in it. If that is not possible, there is neither such a tag nor a hint. May block for many
 * minutes. POST /build. */
int engine_build(struct engine *en, const struct image_input *in, const char *tag,
                 struct progress *progress, struct err *e);

#endif
