/* SPDX-License-Identifier: MIT */
/* Feeds bytes as a certificate and as a PEM text. Properties: nothing is read past their end,
 * and an address that is found is in the bytes. */
#include "fuzz.h"

#include "wire/certificate.h"
#include "wire/pem.h"

#include <stdlib.h>
#include <string.h>

static void look(struct str der, struct buf *out)
{
    static const char address[] = {(char)192, 0, 2, 7};
    /* Copied to a heap block of its size, so that a sanitizer detects a read past its end. */
    char *copy = malloc(der.len + 1);
    bool has;

    if (copy == NULL) {
        abort();
    }
    memcpy(copy, der.len > 0 ? der.p : "", der.len);
    has = certificate_has_address(str_n(copy, der.len), str_n(address, sizeof(address)));
    if (has && memmem(copy, der.len, address, sizeof(address)) == NULL) {
        abort();
    }
    (void)buf_addf(out, "%d\n", has);
    free(copy);
}

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct pem p;
    struct str text = in;

    (void)step;
    look(in, out);
    pem_init(&p);
    while (pem_next(&text, &p)) {
        if (p.der.len > PEM_BLOCK_MAX || text.len >= in.len) {
            abort();
        }
        (void)buf_addf(out, "%.*s %d %zu\n", (int)p.label.len, p.label.p, p.encrypted,
                       p.der.len);
        look(buf_str(&p.der), out);
    }
    pem_release(&p);
}
