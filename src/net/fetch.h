/* SPDX-License-Identifier: MIT */
/* Downloads files by https, through proxies and redirects. Plain http is allowed only to
 * servers on this machine (loopback), and a redirect from https to http is refused.
 *
 * A proxy gets a CONNECT request (net/proxy.h), so it learns only the host's name and port.
 *
 * No function here waits for ever. Each redirect and the final request may take `connect_ms`
 * from the lookup of the name to the head of the reply. Afterwards, at least `window_bytes` of
 * the body, or its end, must arrive within each period of `window_ms`. Signals of `sig` end any
 * wait (net/wait.h): ERR_CANCELED. Functions that return int return 0 on success and -1 on
 * error. */
#ifndef NET_FETCH_H
#define NET_FETCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "net/call.h"
#include "net/conn.h"
#include "wire/url.h"

struct sig;
struct authorities;

enum {
    FETCH_REDIRECTS_MAX = 5,
    FETCH_CONNECT_MS = 20000,
    FETCH_WINDOW_MS = 20000,
    FETCH_WINDOW_BYTES = 20 << 10
};

struct fetch {
    char *const *env; /* for proxies and certificate authorities; borrowed */
    struct sig *sig;  /* borrowed; NULL: no signal ends a wait */
    /* The limits of time and speed, as above. fetch_init() sets FETCH_CONNECT_MS and so on. */
    int64_t connect_ms, window_ms;
    uint64_t window_bytes;
    /* Set by the caller after fetch_init() if it needs them; borrowed. */
    const char *accept; /* the value of the field Accept; NULL: any type */
    /* A whole field "Authorization: ...", a secret. It is sent only to the server that
     * fetch_open() names, and not to another one after a redirect. NULL: none. */
    const char *authorization;
    const char *ca_file; /* a file with more certificate authorities; NULL: none */
    bool built_in;       /* trust only the authorities that cco contains (net/authorities.h) */
    bool hides_paths;    /* errors name only the server, because a path may contain a secret */
    uint64_t from;       /* the first byte of the file that is wanted (RFC 9110, section 14) */
    /* Set by fetch_open(): bytes of the body; 0: the server did not send its length. */
    uint64_t total;
    bool partial; /* the body begins at byte `from`; false: it is the whole file */
    /* Internal to fetch.c. */
    struct arena arena;
    struct authorities *authorities; /* owned; NULL until it is needed */
    struct conn conn;
    struct call call;
    struct url first;    /* as fetch_open() got it */
    struct url url;      /* of the current request; after fetch_open(), of the reply */
    uint64_t max, got;   /* bytes of the body: allowed, received */
    uint64_t window_got; /* bytes received in the current period */
    struct net_wait wait;
};

/* Sets the initial state. *f must not be moved afterwards. The caller may then change the
 * limits of time and speed. */
void fetch_init(struct fetch *f, char *const *env, struct sig *sig);

/* Requests the file at `url` and follows at most FETCH_REDIRECTS_MAX redirects. Returns when a
 * reply with status 200 begins, or 206 if f->from is not 0. The strings of *url must live until
 * fetch_release(). ERR_LIMIT means that the body is longer than `max` bytes or that there are
 * too many redirects, ERR_NOT_FOUND status 404 or 410 or an unknown host, ERR_ENGINE another
 * status (e->code), ERR_REFUSED a server that is not trusted or a redirect that is not allowed.
 * The other errors are those of net/conn.h, net/proxy.h, net/tls.h and net/authorities.h. Can
 * be called again with the same f, for another file; the connection for the file before is then
 * closed.
 */
int fetch_open(struct fetch *f, const struct url *url, uint64_t max, struct err *e);

/* Waits for the next bytes of the body and sets *data to a view of them, which is valid until
 * the next call. At the end of the body *data is empty. ERR_EOF means that the connection ended
 * early, ERR_LIMIT that the body is longer than `max`, ERR_TIMEOUT that it arrives too
 * slowly. */
int fetch_body(struct fetch *f, struct str *data, struct err *e);

/* Downloads a whole file and adds it to `out`. ERR_LIMIT means that `out` does not have enough
 * room. After an error, `out` may contain a part. The other errors are as above. */
int fetch_all(struct fetch *f, const struct url *url, struct buf *out, struct err *e);

/* Closes the connection and frees everything that f holds. */
void fetch_release(struct fetch *f);

#endif
