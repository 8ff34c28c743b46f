/* SPDX-License-Identifier: MIT */
/* Reads the document of a package of an npm registry (GET REGISTRY/NAME, also in the
 * abbreviated form), and checks the registry's signature of one version.
 *
 * A registry signs the text NAME@VERSION:INTEGRITY of each version with ECDSA on P-256
 * (https://docs.npmjs.com/about-registry-signatures). The integrity contains the SHA-512 of the
 * package, so that the signature covers every byte of it. Pure. */
#ifndef WIRE_NPM_METADATA_H
#define WIRE_NPM_METADATA_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"

enum npm_signature {
    NPM_SIGNATURE_NONE,   /* the registry sent no signature */
    NPM_SIGNATURE_OTHER,  /* it sent only signatures by other keys than the pinned one */
    NPM_SIGNATURE_VALID,  /* a signature by the pinned key is correct */
    NPM_SIGNATURE_INVALID /* a signature by the pinned key is wrong */
};

/* A public key with which a registry signs. */
struct npm_key {
    const char *id;             /* as the registry names it: "SHA256:..." */
    const unsigned char *point; /* ECDSA_KEY_SIZE bytes (base/ecdsa.h) */
};

/* The key of registry.npmjs.org since 2025, as the TUF repository of sigstore.dev publishes it
 * (the target registry.npmjs.org/keys.json, which npm itself contains). */
extern const struct npm_key npm_key;

/* A version of a package, as the document describes it. */
struct npm_version {
    const char *version; /* a text that version_parse() accepts */
    const char *tarball; /* the address of the package, as the registry wrote it */
    unsigned char sha512[SHA512_SIZE];
    enum npm_signature signature;
    const char *key_id; /* of the last signature by another key; NULL: none */
};

/* A version of a package that the caller looks for. */
struct npm_wanted {
    const char *name;          /* of the package */
    const char *version;       /* NULL: the version of the tag "latest" */
    const struct npm_key *key; /* the pinned key */
};

/* Finds the wanted version in the document `text`. The strings of *out are in the arena, or are
 * those of *w. Returns 0 on success, and -1, with *out unchanged, on error: ERR_NOT_FOUND if
 * the package has no such version, ERR_FORMAT or ERR_LIMIT if the document, or this version in
 * it, is not usable; a version without a SHA-512 is not. */
int npm_metadata_find(struct str text, const struct npm_wanted *w, struct arena *a,
                      struct npm_version *out, struct err *e);

#endif
