/* SPDX-License-Identifier: MIT */
/* The editors that have the project open (facts.ides). With claude's option --ide, the sandbox
 * gets what claude needs to connect to them. That is off by default, because the agent can then
 * use the editor's tools, which act on this machine. */
#include "plan/build.h"

#include "base/path.h"

#include <string.h>

/* Returns whether the sandbox reaches the localhost at which the editors listen. */
static bool reaches_localhost(const struct builder *b)
{
    const struct fact_engine *en = &b->f->engine;

    if (b->p->kind == SANDBOX_REMOTE_CONTAINER && en->own_network == NULL) {
        return false;
    }
    return b->p->network.mode == PLAN_NET_OWN ||
           (b->p->network.mode == PLAN_NET_HOST &&
            (en->own_network != NULL || en->host_network_real));
}

static void add_copies(struct builder *b)
{
    for (size_t i = 0; i < b->f->ide_count; i++) {
        const struct fact_ide *ide = &b->f->ides[i];
        struct plan_copy *s =
            mounts_add_copy(b, COPY_IDE, ide->path, arena_printf(b->a, "ide-%s", ide->port),
                            "how claude connects to an editor of this machine (--ide)");

        s->by_init = true;
        s->target = arena_printf(b->a, "%s/.claude/ide/%s.lock", b->p->user.home, ide->port);
    }
    if (b->f->ide_port != NULL) {
        env_fixed(b, "CLAUDE_CODE_SSE_PORT", b->f->ide_port);
        if (strv_has(&b->f->env_names, "ENABLE_IDE_INTEGRATION")) {
            env_fixed(b, "ENABLE_IDE_INTEGRATION", "true");
        }
    }
}

void ide_build(struct builder *b)
{
    const bool wanted = b->o->command == CMD_CLAUDE && strv_has(&b->o->args, "--ide");
    const bool reached = reaches_localhost(b);
    const char *next;

    if (b->f->ide_count == 0 || b->o->claude_subcommand) {
        return;
    }
    if (wanted && reached) {
        add_copies(b);
        return;
    }
    next =
        reached ? "To let the agent connect to it and use its tools: --ide"
        : b->f->engine.host_network_real && b->p->kind != SANDBOX_REMOTE_CONTAINER
            ? "The sandbox does not reach this machine's localhost. To let the agent connect "
              "to it and use its tools: --ide --network host"
            : "With this engine the sandbox does not reach this machine's localhost";
    missing_add(&b->p->missing, b->a, arena_printf(b->a, "ide %d", wanted),
                arena_printf(b->a, "/ide does not find %s, which has the project open. %s",
                             b->f->ides[0].name, next));
}
