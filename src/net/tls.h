/* SPDX-License-Identifier: MIT */
/* TLS 1.2 on a connection, the client's half, by BearSSL: ECDHE with AES-GCM or
 * ChaCha20-Poly1305, servers and clients with RSA or ECDSA certificates, for names and for IP
 * addresses. After tls_start() the connection is used as any other (net/conn.h). Certificates
 * that were revoked are not looked for: an authority that is no longer trusted must go from
 * where it is named.
 *
 * TLS says when a stream is over. Where the other side just closes, conn.eof comes with
 * conn.cut, and a body whose end is the connection's must not be believed. */
#ifndef NET_TLS_H
#define NET_TLS_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "net/conn.h"

struct identity;
struct trust;

struct tls_client {
    const char *host; /* the name or the IP address that the certificate must have; copied */
    const struct trust
        *trust; /* must outlive the connection; NULL: whoever answers is believed */
    const struct identity
        *identity;           /* ours, where the server asks for it; NULL: none. As trust */
    int64_t now_s;           /* clock_wall(): certificates end */
    const char *authority;   /* for messages: the file behind trust; NULL: the system */
    const char *certificate; /* for messages: the file behind identity. As trust */
};

/* The handshake, on a connected plain conn whose buffer is empty. ERR_REFUSED where the server
 * is not who it should be, or does not accept who we are, with the reason as a sentence;
 * ERR_FORMAT for what is no TLS; ERR_EOF, ERR_SYS, ERR_TIMEOUT, ERR_CANCELED. On failure the
 * connection is good for conn_close() only. */
int tls_start(struct conn *c, const struct tls_client *who, const struct net_wait *w,
              struct err *e);

/* For net/conn.c. */

/* Adds what can be read without waiting to c->in, which has room. 1: something came, or it
 * ended (c->eof, c->cut); 0: nothing there; -1: error. All that was decrypted is in c->in then,
 * unless that is full. */
int tls_read(struct conn *c, struct err *e);

/* Sends of *data what can be sent without waiting, and drops it. 1: everything has gone out; 0:
 * wait for POLLOUT. */
int tls_write(struct conn *c, struct str *data, struct err *e);

/* What to poll(2) for before tls_read() can do more. */
short tls_events(const struct tls *t);

/* Something that was decrypted, which poll(2) does not tell of, waits for tls_read(). */
bool tls_has_bytes(const struct tls *t);

/* Forgets the connection without a word to the other side: another process has it now. */
void tls_abandon(struct tls *t);

/* Says goodbye to the other side, as far as that takes no waiting, and wipes the keys. */
void tls_free(struct tls *t, int fd);

#endif
