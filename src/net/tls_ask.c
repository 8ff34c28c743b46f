/* SPDX-License-Identifier: MIT */
#include "net/tls_ask.h"

#include <string.h>

static void on_names(const br_ssl_client_certificate_class **ctx)
{
    ((struct tls_ask *)ctx)->asked = true; /* ctx points to the first member */
}

static void on_name(const br_ssl_client_certificate_class **ctx, size_t len)
{
    /* The names of the authorities that the server accepts are ignored: there is only one
     * certificate to offer. */
    (void)ctx;
    (void)len;
}

static void on_name_bytes(const br_ssl_client_certificate_class **ctx,
                          const unsigned char *bytes, size_t len)
{
    (void)ctx;
    (void)bytes;
    (void)len;
}

static void on_name_end(const br_ssl_client_certificate_class **ctx)
{
    (void)ctx;
}

static void on_choose(const br_ssl_client_certificate_class **ctx,
                      const br_ssl_client_context *cc, uint32_t auth_types,
                      br_ssl_client_certificate *choices)
{
    const br_ssl_client_certificate_class **inner = ((struct tls_ask *)ctx)->inner;

    memset(choices, 0, sizeof(*choices));
    if (inner != NULL) {
        (*inner)->choose(inner, cc, auth_types, choices);
    }
}

/* BearSSL calls this for static ECDH, which identity_offer() does not allow. */
static uint32_t on_keyx(const br_ssl_client_certificate_class **ctx, unsigned char *data,
                        size_t *len)
{
    const br_ssl_client_certificate_class **inner = ((struct tls_ask *)ctx)->inner;

    return inner == NULL ? 0 : (*inner)->do_keyx(inner, data, len);
}

static size_t on_sign(const br_ssl_client_certificate_class **ctx, int hash_id, size_t hv_len,
                      unsigned char *data, size_t len)
{
    const br_ssl_client_certificate_class **inner = ((struct tls_ask *)ctx)->inner;

    return inner == NULL ? 0 : (*inner)->do_sign(inner, hash_id, hv_len, data, len);
}

static const br_ssl_client_certificate_class asking_class = {
    .context_size = sizeof(struct tls_ask),
    .start_name_list = on_names,
    .start_name = on_name,
    .append_name = on_name_bytes,
    .end_name = on_name_end,
    .end_name_list = on_name_end,
    .choose = on_choose,
    .do_keyx = on_keyx,
    .do_sign = on_sign,
};

void tls_ask_init(struct tls_ask *a, br_ssl_client_context *client)
{
    *a = (struct tls_ask){.vtable = &asking_class, .inner = client->client_auth_vtable};
    br_ssl_client_set_client_certificate(client, &a->vtable);
}
