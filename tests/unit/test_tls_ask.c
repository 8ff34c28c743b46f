/* SPDX-License-Identifier: MIT */
#include "net/tls_ask.h"

#include "net/tls_identity.h"
#include "pairs.h"
#include "tap.h"
#include "tmpdir.h"

enum { ECDSA_SHA256 = 1 << (8 + br_sha256_ID), RSA_SHA256 = 1 << br_sha256_ID };

static br_ssl_client_context client;

int main(void)
{
    const br_ssl_client_certificate_class **c;
    struct tls_ask ask;
    struct identity *id;
    struct err e = {0};
    br_ssl_client_certificate choice;
    size_t len = 0;

    br_ssl_client_zero(&client);
    tls_ask_init(&ask, &client);
    c = client.client_auth_vtable;
    ok(!ask.asked && c == &ask.vtable, "the object is set in the client");
    (*c)->start_name_list(c);
    (*c)->start_name(c, 3);
    (*c)->append_name(c, (const unsigned char *)"abc", 3);
    (*c)->end_name(c);
    (*c)->end_name_list(c);
    ok(ask.asked, "the request of the server is recorded");
    memset(&choice, 1, sizeof(choice));
    (*c)->choose(c, &client, ECDSA_SHA256 | RSA_SHA256, &choice);
    ok((*c)->do_keyx(c, NULL, &len) == 0, "there is no key exchange");
    ok(choice.chain_len == 0 && (*c)->do_sign(c, br_sha256_ID, 32, NULL, 0) == 0,
       "without an identity the answer is empty");

    tmpdir_make();
    put_file(in_tmp("c"), ec_pem);
    put_file(in_tmp("k"), ec_sec1);
    id = identity_load(in_tmp("c"), in_tmp("k"), &e);
    ok(id != NULL, "an identity is read %s", e.text);
    br_ssl_client_zero(&client);
    identity_offer(id, &client);
    tls_ask_init(&ask, &client);
    c = client.client_auth_vtable;
    (*c)->choose(c, &client, ECDSA_SHA256, &choice);
    ok(choice.chain_len == 1 && choice.auth_type == BR_AUTH_ECDSA, "the identity is offered");
    ok(!ask.asked, "`asked` is set only by the list of names");
    identity_free(id);
    tmpdir_remove();
    return done_testing();
}
