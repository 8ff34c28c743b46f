/* SPDX-License-Identifier: MIT */
#include "native/layout.h"

#include "base/path.h"
#include "native/tree.h"

#include <string.h>

enum { MODE_USUAL = 0755, MODE_ALL = 01777, MODE_OWN = 0700 };

struct drawer {
    const struct plan *p;
    struct arena *a;
    struct layout *out;
};

static struct step *add(struct drawer *d, enum step_kind kind, const char *path,
                        const char *why)
{
    struct layout *l = d->out;

    l->steps = list_grow(d->a, l->steps, l->count, &l->cap, sizeof(l->steps[0]));
    l->steps[l->count] = (struct step){.kind = kind, .path = path, .why = why};
    return &l->steps[l->count++];
}

static void grant(struct drawer *d, const char *path, enum landlock_grant what, bool optional)
{
    struct layout *l = d->out;

    l->grants = list_grow(d->a, l->grants, l->grant_count, &l->grant_cap, sizeof(l->grants[0]));
    l->grants[l->grant_count++] = (struct landlock_path){path, what, optional};
}

static void tree(struct drawer *d, const char *source, const char *path, bool is_dir,
                 unsigned flags, const char *why)
{
    struct step *s = add(d, STEP_TREE, path, why);

    s->source = source;
    s->is_dir = is_dir;
    s->flags = flags;
}

/* As it is on the host, where it is there. */
static void share(struct drawer *d, const char *path, const char *why)
{
    tree(d, path, path, true, TREE_READ_ONLY, why);
    d->out->steps[d->out->count - 1].optional = true;
}

static void memory(struct drawer *d, const char *path, unsigned mode, const char *why)
{
    add(d, STEP_MEMORY, path, why)->mode = mode;
    grant(d, path, LANDLOCK_WRITE, false);
}

static void link_to(struct drawer *d, const char *path, const char *target)
{
    add(d, STEP_LINK, path, "as everywhere")->source = target;
}

/* The programs of this machine, and how they are set up. */
static void system_directories(struct drawer *d)
{
    const struct fact_native *n = d->p->native;

    for (size_t i = 0; i < n->top_count; i++) {
        const struct fact_top *t = &n->tops[i];
        const char *path = path_join(d->a, "/", t->name);

        if (t->link != NULL) {
            link_to(d, path, t->link);
        } else {
            tree(d, path, path, true, TREE_READ_ONLY | (t->idmapped ? TREE_IDMAPPED : 0),
                 "programs of this machine");
        }
    }
    for (size_t i = 0; i < n->hidden_count; i++) {
        struct step *s = add(d, STEP_HIDE, n->hidden[i].path, "not everybody may read it");

        s->is_dir = n->hidden[i].is_dir;
    }
    share(d, "/var/lib/ca-certificates", "certificates, where /etc links to them");
    share(d, "/sys/devices/system", "how many processors there are");
}

/* The plan has something else there, or above. */
static bool is_covered(const struct plan *p, const char *path)
{
    bool covered = false;

    for (size_t i = 0; i < p->mount_count; i++) {
        covered = covered || path_is_inside(path, p->mounts[i].target);
    }
    return covered;
}

/* Where this machine's files do not have the user as the plan does (a directory service, another HOME), init adds him. */
static void accounts(struct drawer *d)
{
    static const char *const files[] = {"/etc/passwd", "/etc/group"};

    for (size_t i = 0; d->p->native->adds_user && i < sizeof(files) / sizeof(files[0]); i++) {
        if (!is_covered(d->p, files[i])) {
            add(d, STEP_COPY, files[i], "the user, who is not in the machine's own")->source =
                files[i];
        }
    }
}

/* What root's number may write there, which the sandbox has where cco is run by root: capabilities are not asked for. */
static void process_directory(struct drawer *d)
{
    static const char *const locked[] = {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys",
                                         "/proc/sysrq-trigger"};
    static const char *const dirs[] = {"/proc/acpi", "/proc/asound", "/proc/scsi"};
    static const char *const files[] = {
        "/proc/kcore",       "/proc/keys",       "/proc/key-users", "/proc/latency_stats",
        "/proc/sched_debug", "/proc/timer_list", "/proc/kallsyms",  "/proc/kmsg"};

    add(d, STEP_PROC, "/proc", "the sandbox's own processes")->flags = TREE_NOEXEC;
    grant(d, "/proc", LANDLOCK_DEVICE, false);
    if (d->p->allow_userns && d->p->uid != 0) {
        return; /* who has one with places covered gets no other in a namespace of his own; these are root's anyway */
    }
    for (size_t i = 0; i < sizeof(locked) / sizeof(locked[0]); i++) {
        struct step *s = add(d, STEP_LOCK, locked[i], "settings of the machine");

        s->is_dir = strcmp(locked[i], "/proc/sysrq-trigger") != 0;
        s->optional = true;
        s->flags = TREE_READ_ONLY | TREE_NOEXEC;
    }
    for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
        add(d, STEP_HIDE, dirs[i], "tells of the machine")->is_dir = true;
    }
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        (void)add(d, STEP_HIDE, files[i], "tells of the machine");
    }
}

static void devices(struct drawer *d)
{
    static const char *const shared[] = {"/dev/null",   "/dev/zero",    "/dev/full",
                                         "/dev/random", "/dev/urandom", "/dev/tty"};
    struct step *s = add(d, STEP_MEMORY, "/dev", "devices, few");

    s->mode = MODE_USUAL;
    s->flags = TREE_DEVICES | TREE_NOEXEC;
    for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++) {
        tree(d, shared[i], shared[i], false, TREE_DEVICES | TREE_NOEXEC, "a harmless device");
    }
    add(d, STEP_PTS, "/dev/pts", "terminals of its own")->flags = TREE_DEVICES | TREE_NOEXEC;
    link_to(d, "/dev/ptmx", "pts/ptmx");
    link_to(d, "/dev/fd", "/proc/self/fd");
    link_to(d, "/dev/stdin", "/proc/self/fd/0");
    link_to(d, "/dev/stdout", "/proc/self/fd/1");
    link_to(d, "/dev/stderr", "/proc/self/fd/2");
    grant(d, "/dev", LANDLOCK_DEVICE, false);
    memory(d, "/dev/shm", MODE_ALL, "shared memory");
}

static void own_directories(struct drawer *d)
{
    memory(d, "/tmp", MODE_ALL, "temporary files");
    memory(d, "/var/tmp", MODE_ALL, "temporary files");
    memory(d, "/run", MODE_USUAL, "sockets and the like");
    link_to(d, "/var/run", "/run");
    for (size_t i = 0; i < d->p->native->run_link_count; i++) {
        const struct fact_top *t = &d->p->native->run_links[i];

        link_to(d, path_join(d->a, "/run", t->name), t->link);
    }
    if (d->p->native->resolv_conf != NULL) {
        tree(d, d->p->native->resolv_conf, d->p->native->resolv_conf, false, TREE_READ_ONLY,
             "name servers, where /etc links to them");
    }
    if (strcmp(d->p->home, "/") != 0) {
        memory(d, d->p->home, MODE_OWN, "the home, empty");
    }
}

/* Claude, where it is not among the programs of the machine. */
static void programs(struct drawer *d)
{
    const struct fact_native *n = d->p->native;

    for (size_t i = 0; i < n->program_count; i++) {
        const struct fact_program *p = &n->programs[i];

        if (!p->shared) {
            tree(d, p->path, p->path, p->is_dir, TREE_READ_ONLY, "what claude needs to run");
        }
        if (p->link != NULL) {
            link_to(d, p->link, p->target);
        }
    }
}

static void plan_mounts(struct drawer *d)
{
    const struct plan *p = d->p;

    for (size_t i = 0; i < p->mount_count; i++) {
        const struct plan_mount *m = &p->mounts[i];

        if (m->kind == MOUNT_TMPFS) {
            add(d, STEP_MEMORY, m->target, m->why)->mode = MODE_USUAL;
            d->out->steps[d->out->count - 1].flags = m->read_only ? TREE_READ_ONLY : 0;
        } else {
            tree(d, m->source, m->target, m->is_dir, m->read_only ? TREE_READ_ONLY : 0, m->why);
        }
        if (!m->read_only) {
            grant(d, m->target, LANDLOCK_WRITE, false);
        }
    }
}

int layout_make(const struct plan *p, struct arena *a, struct layout *out, struct err *e)
{
    struct drawer d = {p, a, out};

    *out = (struct layout){0};
    for (size_t i = 0; i < p->mount_count; i++) {
        if (p->mounts[i].kind == MOUNT_VOLUME) {
            return err_set(e, ERR_USAGE, "%s: there are no volumes without an engine",
                           p->mounts[i].target);
        }
    }
    grant(&d, "/", LANDLOCK_READ, false);
    system_directories(&d);
    accounts(&d);
    process_directory(&d);
    devices(&d);
    own_directories(&d);
    programs(&d);
    plan_mounts(&d);
    return 0;
}
