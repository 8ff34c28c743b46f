/* SPDX-License-Identifier: MIT */
/* Internal to net/tls.c: turns BearSSL's error numbers into messages that say what the user can
 * do. Pure. */
#ifndef NET_TLS_TELL_H
#define NET_TLS_TELL_H

#include <stdbool.h>

#include "base/err.h"

/* The state of a connection when the error occurred. The texts are borrowed. */
struct tls_story {
    const char *host;
    const char *authority;   /* the file with the trusted authorities; NULL: the system's */
    const char *certificate; /* the file with the client's certificate; NULL: none */
    bool asked;              /* the server has requested a client certificate */
    bool other;              /* the first byte of the server is not the beginning of TLS */
};

/* Sets *e for the error `number` of BearSSL, and always returns -1. The kind is ERR_REFUSED if
 * one side does not accept the certificate of the other, or the server does not know the host's
 * name; ERR_FORMAT if the two sides have no version or cipher in common, or the peer violates
 * the protocol or does not speak TLS; and ERR_SYS if this system has no random numbers. */
int tls_tell(const struct tls_story *s, int number, struct err *e);

#endif
