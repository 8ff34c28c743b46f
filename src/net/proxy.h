/* SPDX-License-Identifier: MIT */
/* The way out through an HTTP proxy: which one the environment names for a URL, and a tunnel
 * through it. */
#ifndef NET_PROXY_H
#define NET_PROXY_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "net/conn.h"
#include "wire/url.h"

struct proxy {
    bool use;
    const char *variable; /* that named it, for messages */
    struct url url;
};

/* Finds the proxy for `to`. The first of HTTPS_PROXY, https_proxy, ALL_PROXY and all_proxy that
 * is set counts. There is no proxy if `to` is this machine, or if NO_PROXY or no_proxy names it
 * (net/no_proxy.h). Returns 0 on success and -1 on error. ERR_FORMAT names the variable without
 * its value, which may contain a password. */
int proxy_find(char *const *env, const struct url *to, struct arena *a, struct proxy *out,
               struct err *e);

/* Connects to the proxy and asks it for a connection to the host of `to`: what c carries then
 * is theirs. ERR_REFUSED: the proxy says no. RFC 9110 section 9.3.6 */
int proxy_connect(const struct proxy *p, struct conn *c, const struct url *to,
                  const struct net_wait *w, struct err *e);

#endif
