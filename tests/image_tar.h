/* SPDX-License-Identifier: MIT */
/* Makes tar archives like those that engines save, from names and texts. */
#ifndef TESTS_IMAGE_TAR_H
#define TESTS_IMAGE_TAR_H

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "wire/tar.h"

#define D16 "0123456789abcdef"
#define D64 D16 D16 D16 D16
#define E64 "f123456789abcdef" D16 D16 D16
#define TAG "cco:0123456789ab"
#define CONFIG_NAME "config.json"
#define MANIFEST(tags)                                                                         \
    "[{\"Config\":\"" CONFIG_NAME "\",\"RepoTags\":[" tags "],\"Layers\":[]}]"
#define CONFIG(arch, digest)                                                                   \
    "{\"architecture\":\"" arch                                                                \
    "\",\"config\":{\"Labels\":{\"cco\":\"1\",\"cco.digest\":\"" digest                        \
    "\",\"cco.inputs\":\"" E64 "\"}}}"

/* The SHA-256 of the text "layer", and of the configuration LAYERED. */
#define L64 "dac1d7cfa95021764849fd102524e141488c5e3a90f861dbb5a12d9ac8584f85"
#define C64 "d08455bd44d6f8fc90c1f7ec719e080eee7f494b24463bc38f786440a4262e91"
#define LAYERED                                                                                \
    "{\"architecture\":\"amd64\",\"config\":{\"Labels\":{\"cco\":\"1\",\"cco.digest\":\"" D64  \
    "\",\"cco.inputs\":\"" E64 "\"}},\"rootfs\":{\"diff_ids\":[\"sha256:" L64                  \
    "\",\"sha256:" L64 "\"]}}"

/* A manifest.json with the two layers of LAYERED. */
#define LAYERS(config, first, second)                                                          \
    "[{\"Config\":\"" config "\",\"RepoTags\":[\"" TAG "\"],\"Layers\":[\"" first              \
    "\",\"" second "\"]}]"

struct piece {
    enum tar_type type;
    const char *name;
    const char *text; /* the content of a file, or the target of a link */
};

/* Adds an entry. `text` is the content of a file, or the target of a link. */
__attribute__((unused)) static void put_entry(struct tar_w *t, enum tar_type type,
                                              const char *name, struct str text)
{
    const struct str none = {NULL, 0};
    const struct tar_entry entry = {.type = type,
                                    .path = str_c(name),
                                    .link = type == TAR_FILE ? none : text,
                                    .size = type == TAR_FILE ? text.len : 0,
                                    .mode = 0644};
    struct err e = {0};

    if (tar_w_entry(t, &entry, &e) < 0 ||
        (type == TAR_FILE && tar_w_data(t, text.p, text.len, &e) < 0)) {
        abort();
    }
}

/* Writes the archive of the pieces to `out`, up to a piece whose name is NULL. */
__attribute__((unused)) static void put_pieces(const struct piece *p, struct buf *out)
{
    struct tar_w t;
    struct err e = {0};

    buf_init(out, 1 << 20);
    tar_w_init(&t, out);
    for (; p->name != NULL; p++) {
        put_entry(&t, p->type, p->name, str_c(p->text));
    }
    if (tar_w_end(&t, &e) < 0) {
        abort();
    }
}

#endif
