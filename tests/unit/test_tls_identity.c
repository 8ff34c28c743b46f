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
    ok(loads(ec_pem, ec_pkcs8), "an ECDSA key in PKCS#8 is read: %s", e.text);
    ok(loads(ec_pem, ec_sec1), "an ECDSA key in SEC1 is read: %s", e.text);
    ok(loads(ec_pem, with_parameters), "a block with the curve before the key is skipped: %s",
       e.text);
    ok(loads(rsa_pem, rsa_pkcs8), "an RSA key in PKCS#8 is read: %s", e.text);
    ok(loads(rsa_pem, rsa_pkcs1), "an RSA key in PKCS#1 is read: %s", e.text);

    ok(!loads(ec_pem, ec_encrypted) && e.kind == ERR_REFUSED &&
           strstr(e.text, "passphrase") != NULL && strstr(e.hint, "openssl pkey") != NULL,
       "an encrypted key is refused: %s", e.text);
    ok(!loads(ec_pem, ec_encrypted_old) && e.kind == ERR_REFUSED &&
           strstr(e.text, "passphrase") != NULL,
       "the older format of an encrypted key is refused: %s", e.text);
    ok(!loads(ec_pem, ed25519_key) && e.kind == ERR_REFUSED, "an Ed25519 key is refused: %s",
       e.text);
    ok(!loads(rsa_pem, ec_pkcs8) && e.kind == ERR_REFUSED &&
           strstr(e.text, "not the key") != NULL,
       "an ECDSA key for an RSA certificate is refused: %s", e.text);
    ok(!loads(ec_pem, rsa_pkcs8) && e.kind == ERR_REFUSED,
       "an RSA key for an ECDSA certificate is refused: %s", e.text);
    ok(!loads(ec_pem, address_key) && e.kind == ERR_REFUSED,
       "a key on another curve is refused: %s", e.text);
    ok(!loads(address_pem, ec_pkcs8) && e.kind == ERR_REFUSED,
       "a key of another certificate is refused: %s", e.text);
    ok(!loads("", ec_pkcs8) && e.kind == ERR_FORMAT && strstr(e.text, "cert.pem") != NULL,
       "a file without a certificate is refused: %s", e.text);
    ok(!loads(ec_pem, ec_pem) && e.kind == ERR_FORMAT && strstr(e.text, "key.pem") != NULL,
       "a file without a key is refused: %s", e.text);
    err_reset(&e);
    ok(identity_load(in_tmp("none"), in_tmp("key.pem"), &e) == NULL && e.kind == ERR_NOT_FOUND,
       "a missing certificate is an error: %s", e.text);
    err_reset(&e);
    ok(identity_load(in_tmp("cert.pem"), in_tmp("none"), &e) == NULL && e.kind == ERR_NOT_FOUND,
       "a missing key is an error: %s", e.text);
    identity_free(NULL);
    tmpdir_remove();
    return done_testing();
}
