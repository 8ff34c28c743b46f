/* SPDX-License-Identifier: MIT */
/* The public key with which self-update verifies a release, and the address of the releases.
 * scripts/embed-key generates the definitions during the build. Constant. */
#ifndef BASE_RELEASE_KEY_H
#define BASE_RELEASE_KEY_H

#include <stddef.h>

/* A public key in the form of base/ecdsa.h. Its length is 0 if the build was given no key; such
 * a cco cannot update itself. */
extern const unsigned char release_key[];
extern const size_t release_key_len;

/* The URL of the directory of releases. If it is "", only CCO_UPDATE_URL can name one. */
extern const char release_url[];

#endif
