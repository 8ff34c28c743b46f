/* SPDX-License-Identifier: MIT */
/* Computes the identity of cco's own image. */
#include "engine/image_context.h"

#include "base/hash.h"
#include "base/limits.h"
#include "engine/image_files.h"

#include <stdio.h>
#include <string.h>

enum { CA_MAX = 4 << 20 };

/* Adds a part with its length before it, so that two different lists of parts never give the
 * same bytes. */
static void add(struct sha256 *h, const void *p, size_t len)
{
    char head[32];
    int n = snprintf(head, sizeof(head), "%zu:", len);

    sha256_add(h, head, (size_t)n);
    sha256_add(h, p, len);
}

static void add_c(struct sha256 *h, const char *s)
{
    add(h, s, strlen(s));
}

/* Adds a list with its length before it, so that the parts after it cannot be taken for its
 * items. */
static void add_list(struct sha256 *h, const struct strv *l)
{
    char head[32];

    (void)snprintf(head, sizeof(head), "%zu", l->count);
    add_c(h, head);
    for (size_t i = 0; i < l->count; i++) {
        add_c(h, l->v[i]);
    }
}

int image_digest(const struct image_input *in, char digest[65], char inputs[65], struct err *e)
{
    struct sha256 h;
    struct buf text;
    int rc = 0;

    sha256_init(&h);
    add_c(&h, "cco image 2");
    add_c(&h, in->base);
    add_list(&h, in->packages);
    add_list(&h, in->build_args);
    for (size_t i = 0; i < image_files_count; i++) {
        add_c(&h, image_files[i].name);
        add_c(&h, image_files[i].mode == 0755 ? "x" : "-");
        if (strcmp(image_files[i].name, "Dockerfile") == 0) {
            struct str own = context_dockerfile(in);

            add(&h, own.p, own.len);
        } else {
            add(&h, image_files[i].data, image_files[i].len);
        }
    }
    sha256_hex(&h, inputs);
    buf_init(&text, CA_MAX);
    for (size_t i = 0; rc == 0 && i < in->ca_count; i++) {
        rc = context_read_ca(in, i, &text, e);
        add(&h, buf_data(&text), text.len);
    }
    buf_release(&text);
    sha256_hex(&h, digest);
    return rc < 0 ? err_wrap(e, "certificates of this machine") : 0;
}
