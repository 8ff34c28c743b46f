/* SPDX-License-Identifier: MIT */
/* Whose releases self-update believes, and where they are. The definitions are generated
 * (scripts/embed-key) and constant. Pure. */
#ifndef BASE_RELEASE_KEY_H
#define BASE_RELEASE_KEY_H

#include <stddef.h>

/* A key of base/ecdsa.h. Its length is 0 in a build that was given none: such a cco updates
 * nothing. */
extern const unsigned char release_key[];
extern const size_t release_key_len;

/* The directory of releases; "": only CCO_UPDATE_URL names one. */
extern const char release_url[];

#endif
