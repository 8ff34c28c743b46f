/* SPDX-License-Identifier: MIT */
#include "base/secret.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void secret_wipe(void *p, size_t len)
{
    memset(p, 0, len);
    /* The compiler must assume that this statement reads the zeros, so it cannot drop them. */
    __asm__ volatile("" : : "r"(p) : "memory");
}

void secret_set(struct secret *s, struct str bytes)
{
    char *p = malloc(bytes.len + 1);

    if (p == NULL) {
        (void)fputs("cco: out of memory\n", stderr);
        abort();
    }
    if (bytes.len > 0) {
        memcpy(p, bytes.p, bytes.len);
    }
    p[bytes.len] = '\0';
    secret_release(s);
    s->p = p;
    s->len = bytes.len;
}

void secret_release(struct secret *s)
{
    if (s->p != NULL) {
        secret_wipe(s->p, s->len + 1);
        free(s->p);
    }
    *s = (struct secret){0};
}

bool secret_equal(struct str a, struct str b)
{
    unsigned differ = a.len == b.len ? 0 : 1;

    for (size_t i = 0; i < a.len && a.len == b.len; i++) {
        differ |= (unsigned)(unsigned char)a.p[i] ^ (unsigned char)b.p[i];
    }
    return differ == 0;
}
