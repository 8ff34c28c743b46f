/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: checks the JSON texts of an image that an engine saved as a tar
 * archive (engine/image_tar.h). Engines and cco must read the same from a text, so that it is
 * refused if a member occurs twice, if two members differ only in their case, or if a name is
 * written with escapes. The functions return 0 on success and -1 on error: ERR_FORMAT for a
 * text that is not complete, ERR_REFUSED for another image or an ambiguous text, ERR_LIMIT.
 * Pure. */
#ifndef ENGINE_IMAGE_MANIFEST_H
#define ENGINE_IMAGE_MANIFEST_H

#include "base/arena.h"
#include "base/err.h"
#include "base/list.h"
#include "base/str.h"

/* The image that the archive has to contain. Borrowed. */
struct image_want {
    const char *tag;    /* its only name: "cco:0123456789ab" */
    const char *digest; /* the value of its label cco.digest */
    const char *inputs; /* the value of its label cco.inputs */
    const char *arch;   /* its architecture: "amd64" */
};

/* The parts of the image. Texts are in the arena. */
struct image_layers {
    const char *config;  /* the name of the entry with the configuration; not checked */
    struct strv names;   /* of the entries with the layers, in their order; not checked */
    struct strv digests; /* the SHA-256 of each uncompressed layer: 64 hex digits */
};

/* Checks that manifest.json has exactly one image with exactly one name, which is want->tag,
 * possibly with the registry that engines write in front of it. Sets out->config and
 * out->names. */
int image_manifest_check(struct str text, const struct image_want *want, struct arena *a,
                         struct image_layers *out, struct err *e);

/* Checks that OCI's index.json, which newer engines use, gives the image no other name. */
int image_index_check(struct str text, const struct image_want *want, struct arena *a,
                      struct err *e);

/* Checks the architecture and the labels in the image's configuration, and that it has as many
 * layers as out->names. Sets out->digests. */
int image_config_check(struct str text, const struct image_want *want, struct arena *a,
                       struct image_layers *out, struct err *e);

#endif
