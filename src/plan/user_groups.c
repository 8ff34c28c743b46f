/* SPDX-License-Identifier: MIT */
/* The supplementary groups of the command, and what its user may not write. */
#include "plan/build.h"

#include "base/str.h"

#include <string.h>

/* Returns true if members of the group can become root on this machine. The agent does not get
 * such a group, because it could make setgid files of that group in the project. */
static bool is_strong(const struct builder *b, struct str gid, struct str name)
{
    static const char *const names[] = {"admin",  "disk",    "docker", "incus",  "incus-admin",
                                        "kmem",   "libvirt", "lxd",    "podman", "root",
                                        "shadow", "sudo",    "wheel"};
    const char *engines =
        arena_printf(b->a, "%llu", (unsigned long long)b->f->engine.socket_gid);

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (str_eq_c(name, names[i])) {
            return true;
        }
    }
    return str_eq_c(gid, "0") || str_eq_c(gid, engines);
}

/* Returns true if the engine cannot give a container a group of this machine: the ids of a
 * rootless engine are others, and it can map only the user's own. */
static bool cannot_map(const struct builder *b)
{
    return b->p->kind == SANDBOX_LOCAL_CONTAINER && b->f->engine.rootless &&
           b->f->engine.own_userns == NULL;
}

/* Reports that the command does not have the group by which the user may write to the
 * project. */
static void report(struct builder *b, const char *why)
{
    const char *group = b->f->project_group;
    const char *colon = strchr(group, ':');

    missing_add(&b->p->missing, b->a, arena_printf(b->a, "group %s", group),
                arena_printf(
                    b->a,
                    "you may write to the project as a member of the group %s, which "
                    "%s: the project is read-only inside. To keep your groups: --engine native",
                    colon != NULL ? colon + 1 : group, why));
}

/* Reports that root inside, which has no capability, cannot write to another user's project. */
static void report_owner(struct builder *b)
{
    const char *owner = b->f->project_owner;

    if (owner != NULL && b->p->kind != SANDBOX_REMOTE_CONTAINER && !b->o->sudo) {
        missing_add(&b->p->missing, b->a, arena_printf(b->a, "owner %s", b->f->project),
                    arena_printf(b->a,
                                 "the project belongs to %s, and root in the sandbox cannot "
                                 "write to it; run cco as its owner, for example with sudo -u",
                                 owner));
    }
}

void user_groups_build(struct builder *b)
{
    const char *project = b->f->project_group;

    report_owner(b);
    if (cannot_map(b) && project != NULL) {
        report(b, "a rootless engine cannot pass on");
    }
    if (b->p->kind != SANDBOX_LOCAL_CONTAINER || b->f->engine.desktop || cannot_map(b)) {
        return;
    }
    for (size_t i = 0; i < b->f->groups.count; i++) {
        const char *group = b->f->groups.v[i];
        struct str name = str_c(group);
        struct str gid = {0};

        (void)str_cut(&name, ':', &gid);
        if (!is_strong(b, gid, name)) {
            strv_add(&b->p->user.groups, b->a, group);
        } else if (project != NULL && strcmp(project, group) == 0) {
            report(b, "containers do not get, because its members can become root");
        }
    }
}
