/* SPDX-License-Identifier: MIT */
/* The client's side of TLS 1.2 on a connection, by BearSSL: ECDHE with AES-GCM or
 * ChaCha20-Poly1305; certificates of servers and clients with RSA or ECDSA keys, for host names
 * and IP addresses. After tls_start() the connection is used like any other (net/conn.h).
 * Revocation of certificates is not checked. To stop trusting an authority, the user removes it
 * from the file that names it.
 *
 * A peer announces the end of the stream with a close message. If it closes the connection
 * without one, conn.cut is set together with conn.eof. An HTTP body that lasts until the end of
 * the connection may then be incomplete. */
#ifndef NET_TLS_H
#define NET_TLS_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "net/conn.h"

struct identity;
struct authorities;

struct tls_client {
    const char *host; /* the name or IP address for which the certificate must be; copied */
    /* The authorities that may certify the server. Must outlive the connection. If NULL, every
     * certificate is accepted. */
    const struct authorities *authorities;
    /* The client certificate, if the server requests one; NULL: none. Must outlive the
     * connection. */
    const struct identity *identity;
    int64_t now_s; /* clock_wall(), against which the validity of certificates is checked */
    /* For messages; both must outlive the connection. */
    const char *authority; /* the file from which `authorities` was read; NULL: the system's */
    const char *certificate; /* the file from which `identity` was read; NULL: none */
};

/* Performs the handshake on a connection without TLS whose buffer is empty. The connection then
 * owns the state of TLS. Returns 0 on success and -1 on error; the connection is then only good
 * for conn_close(). ERR_REFUSED means that the server is not the right one or does not accept
 * the client's certificate; the text is a sentence with the reason. ERR_FORMAT means that the
 * peer does not speak TLS or no common version or cipher, ERR_LIMIT that it sends more than
 * LIMIT_TLS_HANDSHAKE bytes or that the host's name is too long, ERR_EOF that it closed the
 * connection. ERR_SYS, ERR_TIMEOUT and ERR_CANCELED are as in net/wait.h. Blocks until the
 * deadline of w at most. */
int tls_start(struct conn *c, const struct tls_client *who, const struct net_wait *w,
              struct err *e);

/* The following functions are for net/conn.c. None of them blocks. */

/* Adds the bytes that can be read and decrypted without waiting to c->in, which must have room.
 * Returns 1 if bytes were added or the stream has ended (c->eof, c->cut), 0 if nothing has
 * arrived, and -1 on error. After 1, all decrypted bytes are in c->in, unless it is full. */
int tls_read(struct conn *c, struct err *e);

/* Encrypts and sends as much of *data as possible without waiting, and removes from *data the
 * bytes that it has accepted. Returns 1 if everything was sent, 0 if the caller must wait for
 * POLLOUT and call it again, and -1 on error. */
int tls_write(struct conn *c, struct str *data, struct err *e);

/* Returns the events of poll(2) for which the caller must wait before tls_read() can continue.
 * POLLOUT is among them while encrypted bytes wait to be sent. */
short tls_events(const struct tls *t);

/* Returns true if decrypted bytes wait for tls_read(), which poll(2) does not report. */
bool tls_has_bytes(const struct tls *t);

/* Wipes and frees t, and sends nothing to the peer, because another process continues to use
 * the connection. */
void tls_abandon(struct tls *t);

/* Sends the close message if that is possible without waiting (not if `fd` is -1), and wipes
 * and frees t. Does not close fd. */
void tls_free(struct tls *t, int fd);

#endif
