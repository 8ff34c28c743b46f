/* SPDX-License-Identifier: MIT */
/* The row of native: sandboxes that this process makes itself from this machine's own files. */
#include "engine/native_sandbox.h"

#include "base/fd.h"
#include "host/probe.h"
#include "native/subids.h"

#include <string.h>

static int native_open(struct engine *en, const struct engine_env *env, struct arena *a,
                       struct err *e)
{
    struct native_own *own = en->own;

    (void)e; /* there is nothing to connect to */
    if (own == NULL) {
        own = arena_alloc(a, sizeof(*own));
        *own = (struct native_own){.idmap = -1};
        en->own = own;
    }
    own->env = env->env;
    own->subids = env->subids;
    en->address = PLAN_NATIVE;
    en->chosen = "--engine native";
    return 0;
}

/* Returns whether each of the directories that host_native_hide() examines, if it exists, is
 * mounted with an id map in which every owner is nobody. */
static bool is_idmapped(const struct fact_native *n)
{
    static const char *const examined[] = {"etc", "opt", "usr"};
    bool all = true;

    for (size_t i = 0; i < n->top_count; i++) {
        for (size_t k = 0; k < sizeof(examined) / sizeof(examined[0]); k++) {
            all = all && (n->tops[i].idmapped || n->tops[i].link != NULL ||
                          strcmp(n->tops[i].name, examined[k]) != 0);
        }
    }
    return all;
}

static void find_limits(struct native_own *own, struct arena *a, struct fact_engine *out)
{
    cgroup_find("", a, &own->place);
    out->no_memory_limit = (own->place.can & CGROUP_MEMORY) == 0;
    out->no_cpu_limit = (own->place.can & CGROUP_CPU) == 0;
    out->pids_limit = (own->place.can & CGROUP_PIDS) != 0;
    out->no_limit_why = own->place.why;
}

static int native_probe(struct engine *en, struct arena *a, struct facts *f, struct err *e)
{
    struct native_own *own = en->own;

    (void)e; /* a fact that cannot be found is missing, or makes the start of a sandbox fail */
    f->engine = (struct fact_engine){
        .address = en->address,
        .name = "cco's own sandbox",
        .kind = SANDBOX_NATIVE,
        .api_minor = ENGINE_API_MAX,
        .host_network_real = true,
    };
    find_limits(own, a, &f->engine);
    host_native(own->env, a, f);
    if (f->uid == 0) {
        native_find_idmapped(own, &f->native, a);
    }
    if (!is_idmapped(&f->native)) {
        host_native_hide(a, f);
    }
    if (own->subids) {
        subids_find("", a, f);
    }
    f->image.present = true;
    return 0;
}

static void native_close_own(struct engine *en)
{
    struct native_own *own = en->own;

    fd_close(&own->idmap);
    en->own = NULL;
}

/* Init does not wait after its command, because its line is a socket: what it has sent stays
 * readable after its end. */
static void native_let_go(struct sandbox *s)
{
    (void)s;
}

static const struct engine_lack lacks[] = {
    {FEATURE_SUDO, "a sandbox of cco's own runs as your user, which cannot become root", NULL},
    {FEATURE_IMAGES, "it has no images", NULL},
    {FEATURE_ANY_IMAGE, "the sandbox has the programs of this machine", NULL},
    {FEATURE_PACKAGES, "the sandbox has the programs of this machine, and cannot install any",
     "Install them on this machine."},
    {FEATURE_BUILD, "there is no image to build", NULL},
    {FEATURE_SOCKET, "there is no engine whose socket could be mounted", NULL},
    {FEATURE_PUBLISH, "a sandbox of cco's own has no bridge whose ports could be published",
     "With --network host, the default, ports of the sandbox are ports of this machine: leave "
     "--publish out."},
    {FEATURE_BRIDGE, "a sandbox of cco's own has no bridge", "Use --network host or none."},
    {FEATURE_SYNC,
     "the sandbox uses the project itself, so that there is nothing to synchronize", NULL},
    {0, NULL, NULL},
};

const struct engine_ops native_engine = {
    .name = PLAN_NATIVE,
    .lacks = lacks,
    .open = native_open,
    .probe = native_probe,
    .close = native_close_own,
    .create = native_sandbox_create,
    .start = native_sandbox_start,
    .adopt = native_sandbox_adopt,
    .let_go = native_let_go,
    .remove = native_sandbox_remove,
    .leave = native_sandbox_leave,
    .free = native_sandbox_free,
    .end = native_sandbox_end,
};
