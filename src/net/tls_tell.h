/* SPDX-License-Identifier: MIT */
/* Inside of net/tls.c: what BearSSL's numbers mean to somebody who wants to know what to do. */
#ifndef NET_TLS_TELL_H
#define NET_TLS_TELL_H

#include <stdbool.h>

#include "base/err.h"

/* What is known when it ends; texts are borrowed. */
struct tls_story {
    const char *host;
    const char *authority;   /* the file that says whom to trust; NULL: the system does */
    const char *certificate; /* ours, a file; NULL: none */
    bool asked;              /* the server wanted to see one */
    bool other;              /* what it sends is no TLS */
};

/* Sets the error for a number of BearSSL's; returns -1. ERR_REFUSED where it is about who the
 * server is, or who we are; ERR_FORMAT where the two cannot understand each other. */
int tls_tell(const struct tls_story *s, int number, struct err *e);

#endif
