/* SPDX-License-Identifier: MIT */
#include "session/remote_files.h"

#include "base/env.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/path.h"
#include "engine/docker_exec.h"
#include "engine/docker_volume.h"
#include "engine/progress.h"
#include "session/reports.h"
#include "sync/filter.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { LINES_MAX = 10 };

/* A synchronization and its progress display. `job` must be the first member, because
 * on_progress() converts its address to that of the whole struct. */
struct trip {
    struct sync_job job;
    struct progress *progress;
};

/* Makes a volume unless it exists. Sets *mark to its mark. */
static int make_volume(struct session_context *ctx, const char *name, const char **mark,
                       struct err *e)
{
    char *random = arena_alloc(ctx->arena, VOLUME_MARK_MAX + 1);
    const struct volume_make v = {
        .name = name,
        .project = ctx->facts->project,
        .owner = ctx->facts->owner_key,
        .uid = ctx->facts->uid,
        .random = random,
    };

    return random_hex(random, VOLUME_MARK_MAX, e) < 0
               ? -1
               : engine_volume_make(ctx->engine, &v, ctx->arena, mark, e);
}

/* Returns the mark of a volume of the plan. */
static const char *mark_of(const struct plan *p, const char *const *marks, const char *volume)
{
    for (size_t i = 0; i < p->files.mount_count; i++) {
        if (p->files.mounts[i].kind == MOUNT_VOLUME &&
            strcmp(p->files.mounts[i].source, volume) == 0) {
            return marks[i];
        }
    }
    return "";
}

static void add_tree(struct remote_files *t, struct arena *a, const struct plan_tree *from,
                     const char *mark)
{
    t->trees = list_grow(a, t->trees, t->count, &t->cap, sizeof(t->trees[0]));
    t->trees[t->count++] = (struct remote_tree){
        .id = arena_printf(a, "%s-%s", from->id, mark),
        .local_path = from->local_path,
        .remote_path = from->remote_path,
        .push = from->push,
        .pull = from->pull,
        .git = from->ignores,
        .memory = from->volume == NULL,
        .hidden = from->hidden,
    };
}

int remote_files_prepare(struct session_context *ctx, const struct plan *p,
                         struct remote_files *t, struct err *e)
{
    struct arena *a = ctx->arena;
    const char **marks = arena_array(a, p->files.mount_count + 1, sizeof(*marks));

    *t = (struct remote_files){
        .project = ctx->facts->project,
        .volume = "",
        .base_dir =
            path_join(a, path_join(a, ctx->facts->state_dir, "sync"), ctx->facts->project_key),
        .home = p->user.home,
        .uid = p->user.uid,
        .gid = p->user.gid,
    };
    for (size_t i = 0; i < p->files.mount_count; i++) {
        if (p->files.mounts[i].kind == MOUNT_VOLUME &&
            make_volume(ctx, p->files.mounts[i].source, &marks[i], e) < 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < p->remote.tree_count; i++) {
        const struct plan_tree *from = &p->remote.trees[i];

        add_tree(t, a, from, from->volume != NULL ? mark_of(p, marks, from->volume) : "memory");
        if (from->volume != NULL && strcmp(from->id, "project") == 0) {
            t->volume = from->volume;
        }
    }
    return t->count == 0 ? 0 : file_mkdirs(t->base_dir, 0700, e);
}

/* Removes the base of a tree in memory: a new container has none of the files. */
static void forget_base(const struct remote_files *t, const char *id)
{
    struct arena a = {0};

    (void)unlink(path_join(&a, t->base_dir, id));
    arena_release(&a);
}

/* Opens a tree's local directory as *fd, and makes the filter of what is not synchronized. */
static int open_filter(struct session_context *ctx, const struct remote_tree *t,
                       struct sync_filter **out, int *fd, struct err *e)
{
    struct err own = {0};

    *fd = openat(AT_FDCWD, t->local_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*fd < 0) {
        return err_sys(e, "%s", t->local_path);
    }
    if (t->git) {
        *out = sync_filter_open(*fd, t->local_path, ctx->facts->home,
                                env_value(ctx->env, "XDG_CONFIG_HOME"), &own);
        if (own.kind != ERR_NONE) {
            *e = own;
            return -1;
        }
    }
    for (size_t i = 0; i < t->hidden.count; i++) {
        sync_filter_hide(out, t->hidden.v[i]);
    }
    return 0;
}

static void on_progress(struct sync_job *job)
{
    struct trip *trip = (struct trip *)job; /* `job` is its first member */
    struct progress *p = trip->progress;

    if (job->bytes_total > 0) {
        p->transfer(p, str_c("files"), job->bytes, job->bytes_total);
    } else if (p->tick != NULL) {
        p->tick(p);
    }
}

/* Collects the trees to synchronize, with their filters and open directories. Returns their
 * number, and -1 on error. */
static long choose(struct session_context *ctx, const struct remote_files *t,
                   const struct remote_sync *run, struct sync_tree *trees, int *fds,
                   struct err *e)
{
    long count = 0;

    for (size_t i = 0; i < t->count; i++) {
        const struct remote_tree *from = &t->trees[i];
        struct sync_filter *filter = NULL;

        if ((run->way == REMOTE_FETCH && !from->pull) || (run->look && from->memory)) {
            continue;
        }
        if (from->memory) {
            forget_base(t, from->id);
        }
        if (open_filter(ctx, from, &filter, &fds[count], e) < 0) {
            trees[count++].filter = filter;
            return -1;
        }
        trees[count++] = (struct sync_tree){
            .id = from->id,
            .local_path = from->local_path,
            .remote_path = from->remote_path,
            .push = from->push,
            .pull = from->pull,
            .filter = filter,
            .git = from->git,
        };
    }
    return count;
}

/* Runs the local end of the synchronization over an exec in the container. */
static int lead(struct session_context *ctx, const char *container, struct trip *trip,
                enum remote_direction way, struct err *e)
{
    struct exec_sync x;
    int rc;

    exec_sync_init(&x);
    trip->progress->begin(trip->progress, way == REMOTE_FETCH ? "fetching what changed"
                                                              : "sending the project");
    rc = exec_sync_open(&x, ctx->engine, container, e);
    if (rc == 0) {
        rc = sync_lead(&x.io, &trip->job, e);
    }
    trip->progress->end(trip->progress, rc == 0);
    exec_sync_close(&x);
    return rc;
}

int remote_files_sync(struct session_context *ctx, const struct remote_files *t,
                      const char *container, struct remote_sync *run, struct err *e)
{
    struct sync_tree *trees = arena_array(ctx->arena, t->count + 1, sizeof(*trees));
    int *fds = arena_array(ctx->arena, t->count + 1, sizeof(*fds));
    struct trip trip = {
        .job =
            {
                .trees = trees,
                .base_dir = t->base_dir,
                .remote_base_dir = PLAN_SYNC_DIR,
                .uid = t->uid,
                .gid = t->gid,
                .remote_home = t->home,
                .arena = ctx->arena,
                .look = run->look,
                .progress = on_progress,
            },
        .progress = ctx->progress,
    };
    long count;
    int rc;

    for (size_t i = 0; i <= t->count; i++) {
        fds[i] = -1;
    }
    count = choose(ctx, t, run, trees, fds, e);
    trip.job.tree_count = count < 0 ? 0 : (size_t)count;
    rc = count > 0 ? lead(ctx, container, &trip, run->way, e) : (int)count;
    run->report = trip.job.report;
    for (size_t i = 0; i <= t->count; i++) {
        sync_filter_free(trees[i].filter);
        fd_close(&fds[i]);
    }
    return rc < 0
               ? err_wrap(e, "%s",
                          run->way == REMOTE_FETCH ? "fetch what changed" : "send the project")
               : 0;
}

static const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

static void add_count(struct buf *out, uint64_t n, const char *what)
{
    if (n > 0) {
        (void)buf_addf(out, "%s%llu %s", out->len > 0 ? ", " : "", (unsigned long long)n, what);
    }
}

/* Adds a line for each of the first LINES_MAX names, and one with the number of the others. */
static void tell_names(const struct strv *names, uint64_t all, const char *before,
                       const char *more, struct arena *a, struct strv *lines)
{
    size_t shown = names->count < LINES_MAX ? names->count : LINES_MAX;

    for (size_t i = 0; i < shown; i++) {
        strv_add(lines, a, arena_printf(a, "%s%s", before, names->v[i]));
    }
    if (all > shown) {
        strv_add(lines, a,
                 arena_printf(a, "%llu more %s%s", (unsigned long long)(all - shown), more,
                              plural(all - shown)));
    }
}

void remote_files_report(const struct sync_report *r, struct arena *a, struct strv *lines)
{
    const struct sync_count *c = &r->to_local;
    struct buf text;

    buf_init(&text, 512);
    if (c->changed > 0) {
        (void)buf_addf(&text, "%llu file%s changed", (unsigned long long)c->changed,
                       plural(c->changed));
    }
    add_count(&text, c->created, "new");
    add_count(&text, c->deleted, "deleted");
    if (text.len > 0) {
        strv_add(lines, a, arena_printf(a, "fetched from the session: %s", buf_c(&text)));
    }
    buf_release(&text);
    tell_names(&r->kept, r->conflicts,
               "changed on both sides: the session's version is kept as ", "conflict", a,
               lines);
    tell_names(&r->failed_names, r->failed, "not synchronized: ", "file", a, lines);
}

/* Returns whether the engine mounts the project itself. That is possible if cco runs in a
 * container of the same engine, and the project is mounted into that container. */
static bool sees_project(const struct plan *p)
{
    for (size_t i = 0; i < p->files.mount_count; i++) {
        if (strcmp(p->files.mounts[i].target, p->command.workdir) == 0) {
            return p->files.mounts[i].kind == MOUNT_BIND;
        }
    }
    return false;
}

void remote_files_warn(struct session_context *ctx, const struct plan *p)
{
    const char *why = ctx->facts->engine.remote_why;
    struct arena *a = ctx->arena;
    const char *what = strv_join(&p->remote.left_out, ", ", a);

    if (p->kind != SANDBOX_REMOTE_CONTAINER) {
        return;
    }
    if (what[0] != '\0') {
        what = arena_printf(a, "\nNot available in the sandbox: %s.", what);
    }
    if (sees_project(p)) {
        what = arena_printf(a,
                            "the engine sees the project, but not all of this machine's files "
                            "(%s). cco sends it the others.%s",
                            why, what);
    } else {
        what = arena_printf(a,
                            "the engine does not see this machine's files (%s). cco sends them "
                            "to it, and fetches what changes.%s",
                            why, what);
    }
    reports_once(ctx, what);
}

int remote_files_send(struct session_context *ctx, const struct remote_files *t,
                      const struct sandbox *c, struct err *e)
{
    struct remote_sync run = {.way = REMOTE_SEND};
    struct strv lines = {0};
    int rc = remote_files_sync(ctx, t, c->id, &run, e);

    remote_files_report(&run.report, ctx->arena, &lines);
    for (size_t i = 0; i < lines.count; i++) {
        log_warn("%s", lines.v[i]);
    }
    timing_mark(ctx->timing, "send");
    return rc;
}

void remote_files_fetch(struct session_context *ctx, const struct remote_files *t,
                        struct sandbox *c, struct strv *lines)
{
    struct remote_sync run = {.way = REMOTE_FETCH};
    struct arena *a = ctx->arena;
    struct err e = {0};

    if (remote_files_sync(ctx, t, c->id, &run, &e) < 0) {
        strv_add(
            lines, a,
            arena_printf(a,
                         "%s.\nThe session's changes are still on the engine's machine "
                         "(volume %s). To fetch them, run cco sync in %s or start a session "
                         "there.",
                         e.text, t->volume, t->project));
    }
    remote_files_report(&run.report, a, lines);
    engine_let_go(c);
}
