/* SPDX-License-Identifier: MIT */
#include "wire/npm_metadata.h"

#include "base/ecdsa.h"
#include "wire/base64.h"
#include "wire/json.h"
#include "wire/url.h"
#include "wire/version.h"

#include <string.h>

enum {
    SIGNATURES_MAX = 16,    /* that are examined of one version */
    SIGNATURE_SIZE = 128,   /* bytes of one, in DER */
    INTEGRITY_MAX = 1 << 10 /* bytes of the text that names the digests */
};

static const unsigned char point[ECDSA_KEY_SIZE] = {
    0x04, 0x63, 0xa6, 0x1a, 0xed, 0x6f, 0xbe, 0xed, 0xa5, 0x0f, 0xce, 0xf3, 0x13,
    0xad, 0xec, 0xc7, 0xe9, 0x87, 0x31, 0xdd, 0xcf, 0x87, 0x38, 0xa6, 0x02, 0x70,
    0xd1, 0xb2, 0x6c, 0x96, 0x52, 0x08, 0x9a, 0xbf, 0x7d, 0xde, 0xd0, 0x6b, 0xcb,
    0xae, 0x00, 0xab, 0x5d, 0x22, 0x45, 0x10, 0xb5, 0x08, 0x84, 0x28, 0x44, 0x61,
    0x02, 0x61, 0x39, 0x94, 0xc3, 0x09, 0x84, 0xff, 0x0e, 0x90, 0x33, 0x9a, 0xda};

const struct npm_key npm_key = {.id = "SHA256:DhQ8wR5APBvFHLF/+Tc+AYvPOdTpcIDqOhxsBHRwC7U",
                                .point = point};

/* Finds the digest by SHA-512 among the digests of `integrity`, which blanks separate. Returns
 * true on success. */
static bool find_sha512(const char *integrity, unsigned char out[SHA512_SIZE])
{
    static const char prefix[] = "sha512-";
    struct str rest = str_c(integrity);
    struct str word = {0};
    struct err ignored = {0};
    bool found = false;

    while (!found && rest.len > 0) {
        struct buf sum;

        (void)str_cut(&rest, ' ', &word);
        if (!str_starts(word, prefix)) {
            continue;
        }
        word = str_drop(word, sizeof(prefix) - 1);
        word.len = str_index(word, '?'); /* options may follow */
        buf_init(&sum, SHA512_SIZE);
        found = base64_decode(word, false, &sum, &ignored) == 0 && sum.len == SHA512_SIZE;
        if (found) {
            memcpy(out, buf_data(&sum), SHA512_SIZE);
        }
        buf_release(&sum);
    }
    return found;
}

static bool is_signed(const char *text, const char *signature, const struct npm_key *key)
{
    struct err ignored = {0};
    struct buf der;
    bool valid;

    buf_init(&der, SIGNATURE_SIZE);
    valid = base64_decode(str_c(signature), false, &der, &ignored) == 0 &&
            ecdsa_is_valid(str_n((const char *)key->point, ECDSA_KEY_SIZE), str_c(text),
                           buf_str(&der));
    buf_release(&der);
    return valid;
}

/* Examines the signatures of the text, and sets out->signature and out->key_id. */
static void check_signatures(struct json list, const char *text, const struct npm_key *key,
                             struct arena *a, struct npm_version *out)
{
    struct json_iter it = json_iter(list);
    struct json item;

    for (size_t i = 0; i < SIGNATURES_MAX && json_next(&it, NULL, &item); i++) {
        const char *id = json_string_dup(json_get(item, "keyid"), a);
        const char *signature = json_string_dup(json_get(item, "sig"), a);

        if (id == NULL || signature == NULL) {
            continue;
        }
        if (strcmp(id, key->id) == 0) {
            out->signature =
                is_signed(text, signature, key) ? NPM_SIGNATURE_VALID : NPM_SIGNATURE_INVALID;
            return;
        }
        out->signature = NPM_SIGNATURE_OTHER;
        out->key_id = id;
    }
}

static int bad(const char *what, const char *name, const char *version, struct err *e)
{
    return err_set(e, ERR_FORMAT, "the registry names no %s of %s %s", what, name, version);
}

/* Takes the address, the digest and the signature from the member `dist` of a version. */
static int take_dist(struct json dist, const struct npm_wanted *w, struct arena *a,
                     struct npm_version *v, struct err *e)
{
    const char *integrity = json_string_dup(json_get(dist, "integrity"), a);
    struct url url;
    struct err ignored = {0};

    v->tarball = json_string_dup(json_get(dist, "tarball"), a);
    if (v->tarball == NULL || url_parse_web(str_c(v->tarball), a, &url, &ignored) < 0) {
        return bad("address", w->name, v->version, e);
    }
    if (integrity == NULL || strlen(integrity) > INTEGRITY_MAX ||
        !find_sha512(integrity, v->sha512)) {
        return bad("SHA-512", w->name, v->version, e);
    }
    check_signatures(json_get(dist, "signatures"),
                     arena_printf(a, "%s@%s:%s", w->name, v->version, integrity), w->key, a, v);
    return 0;
}

int npm_metadata_find(struct str text, const struct npm_wanted *w, struct arena *a,
                      struct npm_version *out, struct err *e)
{
    struct npm_version found = {.version = w->version};
    struct version parsed;
    struct json root;
    struct json entry;

    if (json_parse(text, &root, e) < 0) {
        return err_wrap(e, "the registry's document of %s", w->name);
    }
    if (found.version == NULL) {
        found.version = json_string_dup(json_path(root, "dist-tags.latest"), a);
    }
    if (found.version == NULL || !version_parse(str_c(found.version), &parsed)) {
        return err_set(e, ERR_FORMAT, "the registry names no latest version of %s", w->name);
    }
    entry = json_get(json_get(root, "versions"), found.version);
    if (entry.type != JSON_OBJECT) {
        return err_set(e, ERR_NOT_FOUND, "the registry has no version %s of %s", found.version,
                       w->name);
    }
    if (take_dist(json_get(entry, "dist"), w, a, &found, e) < 0) {
        return -1;
    }
    *out = found;
    return 0;
}
