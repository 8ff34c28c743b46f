/* SPDX-License-Identifier: MIT */
#include "plan/build.h"

#include "wire/loopback.h"

#include <string.h>

enum { NAMED_MAX = 6 }; /* names in the line; a .env can have many */

/* Returns whether the value of the variable is an address on this machine's localhost. */
static bool is_local(const struct builder *b, const struct plan_var *v)
{
    struct str value = {0};
    struct str name = {0};

    switch (v->from) {
    case ENV_FIXED:
        return false;
    case ENV_DOTENV:
        return b->f->dotenv[v->index].local;
    case ENV_HOST:
        return strv_has(&b->f->local_variables, v->name);
    case ENV_OPTION:
        break;
    }
    value = str_c(b->o->env.v[v->index]);
    return str_cut(&value, '=', &name) && loopback_is_address(value);
}

static const char *advice(const struct builder *b)
{
    if (b->p->kind == SANDBOX_REMOTE_CONTAINER) {
        return "Use an address of this machine that the engine's machine reaches";
    }
    if (b->f->engine.host_network_real) {
        return b->p->network.host_gateway
                   ? "Use --network host, or host.docker.internal as the name if the server "
                     "does not listen on localhost alone"
                   : "Use --network host";
    }
    return "Use host.docker.internal as the name";
}

void local_addresses_build(struct builder *b)
{
    struct strv list = {0};

    if (b->p->network.mode != PLAN_NET_BRIDGE) {
        return;
    }
    for (size_t i = 0; i < b->p->env.count; i++) {
        if (is_local(b, &b->p->env.vars[i])) {
            strv_add(&list, b->a, b->p->env.vars[i].name);
        }
    }
    if (list.count > 0) {
        const char *names = strv_some(&list, NAMED_MAX, b->a);

        missing_add(&b->p->missing, b->a, arena_printf(b->a, "localhost %s", names),
                    arena_printf(b->a,
                                 "%s %s this machine's localhost, which a bridge does not "
                                 "reach. %s",
                                 names, list.count == 1 ? "names" : "name", advice(b)));
    }
}
