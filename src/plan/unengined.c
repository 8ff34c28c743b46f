/* SPDX-License-Identifier: MIT */
/* A sandbox out of this machine's own files: what only an engine can do is refused, and what the machine's directories show
 * can be hidden like everything else. */
#include "plan/build.h"

#include "base/path.h"

#include <string.h>

#define INSTEAD "Leave it out, or use a Docker engine: --engine docker"

struct refused {
    bool asked;
    const char *option;
    const char *why;
    const char *next;
};

static int refuse(const struct builder *b, const struct refused *r, struct err *e)
{
    const struct fact_native *n = &b->f->native;

    if (n->no_engine == NULL) {
        (void)err_set(e, ERR_USAGE, "%s: not with --engine native: %s", r->option, r->why);
        return err_hint(e, "%s", r->next);
    }
    (void)err_set(e, ERR_NOT_FOUND, "%s\n%s needs an engine: %s", n->no_engine, r->option,
                  r->why);
    return err_hint(e, "%s", n->no_engine_next != NULL ? n->no_engine_next : r->next);
}

static int check_subids(const struct builder *b, struct err *e)
{
    const struct fact_native *n = &b->f->native;

    if (n->newuidmap == NULL || n->newgidmap == NULL) {
        (void)err_set(e, ERR_NOT_FOUND, "--subids: there is no %s on this machine",
                      n->newuidmap == NULL ? "newuidmap" : "newgidmap");
        return err_hint(e,
                        "Install it (Debian: apt-get install uidmap), or leave --subids out.");
    }
    if (n->subuid_count == 0 || n->subgid_count == 0) {
        (void)err_set(e, ERR_NOT_FOUND, "--subids: %s has no range for %s",
                      n->subuid_count == 0 ? "/etc/subuid" : "/etc/subgid", b->f->user);
        return err_hint(e,
                        "Add one (usermod --add-subuids 100000-165535 --add-subgids "
                        "100000-165535 %s), or leave --subids out.",
                        b->f->user);
    }
    return 0;
}

int unengined_check(const struct builder *b, struct err *e)
{
    const struct opts *o = b->o;
    const struct refused all[] = {
        {o->sudo, "--sudo",
         "who runs in a sandbox of cco's own is you alone, and cannot become root", INSTEAD},
        {o->image != NULL, "--image", "the sandbox has the programs of this machine", INSTEAD},
        {o->packages.count > 0, "--packages",
         "the sandbox has the programs of this machine, and cannot install any",
         "Install them on this machine, or use a Docker engine: --engine docker"},
        {o->base != NULL, "--base", "there is no image to build", INSTEAD},
        {o->build_args.count > 0, "--build-arg", "there is no image to build", INSTEAD},
        {o->rebuild, "--rebuild", "there is no image to build",
         "To get the newest claude, run claude update on this machine."},
        {o->docker, "--docker", "there is no engine whose socket could be given", INSTEAD},
        {o->port_count > 0, "--publish", "there is no bridge to publish ports of",
         "With --network host, the default, what listens inside can be reached as it is: leave "
         "--publish out."},
        {o->network == NETWORK_BRIDGE, "--network bridge",
         "a sandbox of cco's own has no bridge",
         "Use --network host or none, or a Docker engine: --engine docker"},
    };

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        if (all[i].asked) {
            return refuse(b, &all[i], e);
        }
    }
    return o->subids ? check_subids(b, e) : 0;
}

bool unengined_shows(const struct builder *b, const char *path)
{
    const struct fact_native *n = b->p->native.facts;

    if (n == NULL) {
        return false;
    }
    for (size_t i = 0; i < n->top_count; i++) {
        if (n->tops[i].link == NULL &&
            path_is_inside(path, path_join(b->a, "/", n->tops[i].name))) {
            return true;
        }
    }
    for (size_t i = 0; i < n->program_count; i++) {
        if (!n->programs[i].shared && path_is_inside(path, n->programs[i].path)) {
            return true;
        }
    }
    return n->resolv_conf != NULL && strcmp(path, n->resolv_conf) == 0;
}

bool unengined_needs(const struct builder *b, const char *path)
{
    static const char *const optional[] = {"gnu", "nix", "opt", "snap"};
    const struct fact_native *n = b->p->native.facts;
    bool needed = false;

    for (size_t i = 0; n != NULL && i < n->top_count; i++) {
        if (strcmp(path, path_join(b->a, "/", n->tops[i].name)) == 0) {
            needed = true;
            for (size_t k = 0; k < sizeof(optional) / sizeof(optional[0]); k++) {
                needed = needed && strcmp(n->tops[i].name, optional[k]) != 0;
            }
        }
    }
    return needed;
}
