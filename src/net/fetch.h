/* SPDX-License-Identifier: MIT */
/* Gets files from the web: https, by proxies and redirects. Plain http is for this machine's
 * own servers (loopback) only; a redirect never leads from https to http.
 *
 * Proxies are asked by CONNECT (net/proxy.h): they see no more than the host's name.
 *
 * Nothing here waits for ever. Each hop has `connect_ms` from looking up the name to the
 * reply's head; from then on each `window_ms` must bring `window_bytes` or the end. Signals of
 * `sig` end any wait (net/wait.h). */
#ifndef NET_FETCH_H
#define NET_FETCH_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "net/call.h"
#include "net/conn.h"
#include "wire/url.h"

struct sig;
struct trust;

enum {
    FETCH_REDIRECTS_MAX = 5,
    FETCH_CONNECT_MS = 20000,
    FETCH_WINDOW_MS = 20000,
    FETCH_WINDOW_BYTES = 20 << 10
};

struct fetch {
    char *const *env;
    struct sig *sig; /* NULL: nothing ends a wait early */
    int64_t connect_ms, window_ms;
    uint64_t window_bytes;
    /* of fetch_open(): */
    uint64_t total; /* the body's length; 0: not told */
    /* inside */
    struct arena arena;
    struct trust *trust; /* read when it is first needed */
    struct conn conn;
    struct call call;
    struct url url; /* where the reply came from, redirects followed */
    uint64_t max, got;
    uint64_t window_got; /* in this window */
    struct net_wait wait;
};

void fetch_init(struct fetch *f, char *const *env, struct sig *sig);

/* Asks for the file; returns when the head of a 200 is there. A body that is told to be past
 * `max` bytes is ERR_LIMIT. ERR_NOT_FOUND: 404 and 410, or no such host; ERR_ENGINE with the
 * status as code: another refusal; ERR_REFUSED: who the server is, or where it leads to; errors
 * of net/conn.h and net/tls.h. */
int fetch_open(struct fetch *f, const struct url *url, uint64_t max, struct err *e);

/* The next run of the body: a view that lives until the next call; empty at its end. ERR_EOF:
 * it ended early, ERR_LIMIT: it is past `max`, ERR_TIMEOUT: it comes too slowly. */
int fetch_body(struct fetch *f, struct str *data, struct err *e);

/* All of a small file, added to out, whose room is the limit. */
int fetch_all(struct fetch *f, const struct url *url, struct buf *out, struct err *e);

void fetch_release(struct fetch *f);

#endif
