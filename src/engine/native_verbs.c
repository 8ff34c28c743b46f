/* SPDX-License-Identifier: MIT */
/* Sandboxes without an engine, by the verbs of one. */
#include "engine/native_verbs.h"

#include "base/fd.h"
#include "native/native.h"

#include <sys/socket.h>

void engine_native(struct engine *en, struct sig *sig, struct fact_engine *out)
{
    en->sig = sig;
    conn_init(&en->conn);
    en->native = true;
    en->address = "native";
    en->chosen = "--engine native";
    en->api_minor = ENGINE_API_MAX;
    *out = (struct fact_engine){
        .address = en->address,
        .name = "cco's own sandbox",
        .native = true,
        .api_minor = ENGINE_API_MAX,
        .host_network_real = true,
        .os_type = "linux",
    };
}

int native_container_start(struct container *c, const struct engine_boot *how, struct err *e)
{
    int line[2] = {-1, -1};
    int rc = -1;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line) < 0) {
        return err_sys(e, "a line to init");
    }
    if (native_start(c->native, c->plan, line[1], c->engine->sig, e) == 0 &&
        fd_nonblock(line[0], e) == 0) {
        rc = native_greet(c->native, line[0], how->secret, c->engine->sig, e);
        line[0] = -1;
    }
    fd_close(&line[0]);
    return rc;
}
