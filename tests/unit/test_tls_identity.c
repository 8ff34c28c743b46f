/* SPDX-License-Identifier: MIT */
#include "net/tls_identity.h"

#include "pairs.h"
#include "tap.h"
#include "tmpdir.h"

static struct err e;

static bool loads(const char *certificate, const char *key)
{
    struct identity *id;
    bool good;

    err_reset(&e);
    put_file(in_tmp("cert.pem"), certificate);
    put_file(in_tmp("key.pem"), key);
    id = identity_load(in_tmp("cert.pem"), in_tmp("key.pem"), &e);
    good = id != NULL;
    identity_free(id);
    return good;
}

int main(void)
{
    static char with_parameters[4096];

    tmpdir_make();
    (void)snprintf(
        with_parameters, sizeof(with_parameters),
        "-----BEGIN EC PARAMETERS-----\nBgUrgQQAIg==\n-----END EC PARAMETERS-----\n%s",
        ec_sec1);
    ok(loads(ec_pem, ec_pkcs8), "ECDSA, PKCS#8: %s", e.text);
    ok(loads(ec_pem, ec_sec1), "ECDSA, SEC1: %s", e.text);
    ok(loads(ec_pem, with_parameters), "with the curve in front: %s", e.text);
    ok(loads(rsa_pem, rsa_pkcs8), "RSA, PKCS#8: %s", e.text);
    ok(loads(rsa_pem, rsa_pkcs1), "RSA, PKCS#1: %s", e.text);

    ok(!loads(ec_pem, ec_encrypted) && e.kind == ERR_REFUSED &&
           strstr(e.text, "passphrase") != NULL && strstr(e.hint, "openssl pkey") != NULL,
       "%s", e.text);
    ok(!loads(ec_pem, ec_encrypted_old) && e.kind == ERR_REFUSED &&
           strstr(e.text, "passphrase") != NULL,
       "the older format: %s", e.text);
    ok(!loads(ec_pem, ed25519_key) && e.kind == ERR_REFUSED, "%s", e.text);
    ok(!loads(rsa_pem, ec_pkcs8) && e.kind == ERR_REFUSED &&
           strstr(e.text, "not the key") != NULL,
       "%s", e.text);
    ok(!loads(ec_pem, rsa_pkcs8) && e.kind == ERR_REFUSED, "%s", e.text);
    ok(!loads(ec_pem, address_key) && e.kind == ERR_REFUSED, "of another curve: %s", e.text);
    ok(!loads(address_pem, ec_pkcs8) && e.kind == ERR_REFUSED, "%s", e.text);
    ok(!loads("", ec_pkcs8) && e.kind == ERR_FORMAT && strstr(e.text, "cert.pem") != NULL, "%s",
       e.text);
    ok(!loads(ec_pem, ec_pem) && e.kind == ERR_FORMAT && strstr(e.text, "key.pem") != NULL,
       "%s", e.text);
    err_reset(&e);
    ok(identity_load(in_tmp("none"), in_tmp("key.pem"), &e) == NULL && e.kind == ERR_NOT_FOUND,
       "%s", e.text);
    err_reset(&e);
    ok(identity_load(in_tmp("cert.pem"), in_tmp("none"), &e) == NULL && e.kind == ERR_NOT_FOUND,
       "%s", e.text);
    identity_free(NULL);
    tmpdir_remove();
    return done_testing();
}
