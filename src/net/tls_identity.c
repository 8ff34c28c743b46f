/* SPDX-License-Identifier: MIT */
#include "net/tls_identity.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/secret.h"
#include "wire/pem.h"

#include <bearssl.h>
#include <stdlib.h>
#include <string.h>

enum { CHAIN_MAX = 8, RSA_MAX = 4096 / 8 };

struct identity {
    br_x509_certificate chain[CHAIN_MAX];
    size_t count;
    br_skey_decoder_context key;  /* contains the decoded private key */
    br_x509_decoder_context leaf; /* the first certificate, decoded */
};

void identity_free(struct identity *id)
{
    if (id == NULL) {
        return;
    }
    for (size_t i = 0; i < id->count; i++) {
        free(id->chain[i].data);
    }
    secret_wipe(id, sizeof(*id));
    free(id);
}

static int add_certificate(struct identity *id, struct str der, const char *path, struct err *e)
{
    unsigned char *copy;

    if (id->count == CHAIN_MAX) {
        return err_set(e, ERR_LIMIT, "%s: more than %d certificates", path, CHAIN_MAX);
    }
    copy = malloc(der.len + 1);
    if (copy == NULL) {
        abort();
    }
    memcpy(copy, der.p, der.len);
    id->chain[id->count++] = (br_x509_certificate){copy, der.len};
    return 0;
}

static int read_chain(struct identity *id, struct str text, const char *path, struct err *e)
{
    struct pem block;
    int rc = 0;

    pem_init(&block);
    while (rc == 0 && pem_next(&text, &block)) {
        if (str_eq_c(block.label, "CERTIFICATE") && block.der.len > 0) {
            rc = add_certificate(id, buf_str(&block.der), path, e);
        }
    }
    pem_release(&block);
    if (rc == 0 && id->count == 0) {
        rc = err_set(e, ERR_FORMAT, "%s: contains no certificate", path);
    }
    return rc;
}

static int refuse_passphrase(const char *path, struct err *e)
{
    (void)err_set(e, ERR_REFUSED, "%s: the key has a passphrase, which cco cannot use", path);
    return err_hint(e,
                    "Write the key without a passphrase, readable only by you: (umask 077; "
                    "openssl pkey -in key.pem -out plain.pem), and use plain.pem as key.pem.");
}

/* Decodes a PEM block. Returns 1 if it is a key that cco supports, 0 if it is not a key, and -1
 * if it is a key that cannot be used. */
static int take_key(struct identity *id, const struct pem *block, const char *path,
                    struct err *e)
{
    if (!str_ends(block->label, "PRIVATE KEY")) {
        return 0; /* an "EC PARAMETERS" block precedes some keys */
    }
    if (block->encrypted) {
        return refuse_passphrase(path, e);
    }
    br_skey_decoder_init(&id->key);
    br_skey_decoder_push(&id->key, buf_data(&block->der), block->der.len);
    if (br_skey_decoder_key_type(&id->key) == 0) {
        return err_set(e, ERR_REFUSED,
                       "%s: not a key that cco supports (RSA, or ECDSA on P-256, P-384 "
                       "or P-521)",
                       path);
    }
    return 1;
}

static int read_key(struct identity *id, struct str text, const char *path, struct err *e)
{
    struct pem block;
    int got = 0;

    pem_init(&block);
    while (got == 0 && pem_next(&text, &block)) {
        got = take_key(id, &block, path, e);
    }
    pem_release(&block);
    if (got == 0) {
        return err_set(e, ERR_FORMAT, "%s: contains no private key", path);
    }
    return got < 0 ? -1 : 0;
}

static bool same_rsa(const br_x509_pkey *certified, const br_rsa_private_key *key)
{
    unsigned char n[RSA_MAX];
    size_t len = br_rsa_i31_compute_modulus(NULL, key);

    return certified->key_type == BR_KEYTYPE_RSA && len > 0 && len <= sizeof(n) &&
           br_rsa_i31_compute_modulus(n, key) == len && len == certified->key.rsa.nlen &&
           memcmp(n, certified->key.rsa.n, len) == 0;
}

static bool same_ec(const br_x509_pkey *certified, const br_ec_private_key *key)
{
    unsigned char q[BR_EC_KBUF_PUB_MAX_SIZE];
    br_ec_public_key public;
    size_t len = 0;

    if ((br_ec_prime_i31.supported_curves >> key->curve & 1U) != 0) {
        len = br_ec_compute_pub(&br_ec_prime_i31, &public, q, key);
    }
    return certified->key_type == BR_KEYTYPE_EC && len > 0 &&
           certified->key.ec.curve == key->curve && certified->key.ec.qlen == len &&
           memcmp(q, certified->key.ec.q, len) == 0;
}

static bool belongs(struct identity *id)
{
    const br_rsa_private_key *rsa = br_skey_decoder_get_rsa(&id->key);
    const br_ec_private_key *ec = br_skey_decoder_get_ec(&id->key);
    const br_x509_pkey *certified;

    br_x509_decoder_init(&id->leaf, NULL, NULL);
    br_x509_decoder_push(&id->leaf, id->chain[0].data, id->chain[0].data_len);
    certified = br_x509_decoder_get_pkey(&id->leaf);
    if (certified == NULL) {
        return false;
    }
    return rsa != NULL ? same_rsa(certified, rsa) : ec != NULL && same_ec(certified, ec);
}

static int read_both(struct identity *id, const char *certificate, const char *key,
                     struct err *e)
{
    struct buf text;
    int rc = -1;

    buf_init(&text, LIMIT_FILE_SMALL);
    (void)buf_reserve(&text, text.max); /* a buffer that grows would leave copies of the key */
    if (file_read(certificate, &text, e) == 0 &&
        read_chain(id, buf_str(&text), certificate, e) == 0) {
        buf_reset(&text);
        if (file_read(key, &text, e) == 0) {
            rc = read_key(id, buf_str(&text), key, e);
        }
    }
    buf_wipe(&text);
    return rc;
}

struct identity *identity_load(const char *certificate, const char *key, struct err *e)
{
    struct identity *id = calloc(1, sizeof(*id));

    if (id == NULL) {
        abort();
    }
    if (read_both(id, certificate, key, e) == 0) {
        if (belongs(id)) {
            return id;
        }
        (void)err_set(e, ERR_REFUSED, "%s is not the key of the certificate in %s", key,
                      certificate);
        (void)err_hint(e, "Get both files as a pair from the operator of the engine.");
    }
    identity_free(id);
    return NULL;
}

void identity_offer(const struct identity *id, void *client)
{
    br_ssl_client_context *cc = client;
    const br_rsa_private_key *rsa = br_skey_decoder_get_rsa(&id->key);
    const br_ec_private_key *ec = br_skey_decoder_get_ec(&id->key);

    if (rsa != NULL) {
        br_ssl_client_set_single_rsa(cc, id->chain, id->count, rsa, br_rsa_i31_pkcs1_sign);
    } else if (ec != NULL) {
        /* The kind of the issuer's key (here 0) is used only for static ECDH, which net/tls.c
         * does not offer. */
        br_ssl_client_set_single_ec(cc, id->chain, id->count, ec, BR_KEYTYPE_SIGN, 0,
                                    &br_ec_prime_i31, br_ecdsa_i31_sign_asn1);
    }
}
