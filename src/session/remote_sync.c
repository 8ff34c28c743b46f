/* SPDX-License-Identifier: MIT */
#include "session/remote_sync.h"

#include "base/path.h"
#include "engine/docker_volume.h"
#include "session/runtime_dirs.h"
#include "session/session_boot.h"
#include "session/session_end.h"
#include "session/session_plan.h"

#include <string.h>

/* Sets *has to whether the engine has a volume of this project. */
static int has_volumes(struct session_context *ctx, bool *has, struct err *e)
{
    struct engine_volume *all = NULL;
    size_t count = 0;

    *has = false;
    if (engine_volumes(ctx->engine, ctx->facts->owner_key, ctx->arena, &all, &count, e) < 0) {
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        *has = *has || strcmp(all[i].project, ctx->facts->project) == 0;
    }
    return 0;
}

/* Reads the note of the session `name` into *t. Returns false if there is none. */
static bool read_note(struct session_context *ctx, const char *name, struct remote_files *t)
{
    const struct strv dirs = runtime_dirs(ctx->facts, ctx->arena);
    struct err ignored = {0};
    bool found = false;

    for (size_t i = 0; i < dirs.count && !found; i++) {
        found = remote_note_read(path_join(ctx->arena, dirs.v[i], name), ctx->arena, t,
                                 &ignored) == 1;
    }
    return found;
}

/* Finds a running session of this project. Returns the id of its container and reads its note
 * into *t. Returns NULL if there is none. */
static const char *find_running(struct session_context *ctx, struct remote_files *t)
{
    struct engine_found *all = NULL;
    struct err ignored = {0};
    size_t count = 0;

    if (engine_list(ctx->engine, ctx->facts->uid, ctx->arena, &all, &count, &ignored) < 0) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        if (strcmp(all[i].project, ctx->facts->project) == 0 &&
            strcmp(all[i].state, "running") == 0 && read_note(ctx, all[i].name, t)) {
            return all[i].id;
        }
    }
    return NULL;
}

/* Removes the command, the login, the settings and the network from the plan, because only the
 * project's files are needed. */
static void leave_out(struct plan *p, struct arena *a)
{
    p->files.copy_count = p->remote.file_count = p->env.count = 0;
    p->login.inside = p->remote.key_file = NULL;
    p->command.argv = (struct strv){0};
    strv_add(&p->command.argv, a, "true");
    p->command.tty = p->privileges.sudo = p->command.login_shell = false;
    p->network.port_count = 0;
    p->network.mode = PLAN_NET_NONE;
    p->network.host_gateway = false;
}

static int make_plan(struct session_context *ctx, struct plan *p, struct err *e)
{
    if (session_plan(ctx, SESSION_PLAN_DRAFT, p, e) < 0 ||
        session_plan(ctx, SESSION_PLAN_IMAGE, p, e) < 0) {
        return -1;
    }
    if (!ctx->facts->image.present) {
        (void)err_set(e, ERR_NOT_FOUND, "the engine does not have the image %s", p->image.ref);
        return err_hint(e, "Name an image that it has: cco sync --image REF");
    }
    leave_out(p, ctx->arena);
    return 0;
}

/* Synchronizes in a container of its own, in which only init runs. */
static int sync_alone(struct session_context *ctx, const struct plan *p,
                      struct remote_sync *run, struct err *e)
{
    struct session_boot boot;
    struct session_end end = {.name = p->name, .project = "", .outcome = SESSION_FAILED};
    struct strv warnings = {0};
    struct remote_files t;
    int rc = -1;

    session_boot_init(&boot);
    if (session_boot_make(&boot, ctx, p, e) < 0 || remote_files_prepare(ctx, p, &t, e) < 0) {
        goto out;
    }
    end.sandbox = engine_create(ctx->engine, p, ctx->facts->exe, ctx->arena, &warnings, e);
    if (end.sandbox != NULL) {
        const struct engine_boot how = {.secret = boot.once, .stream = buf_str(&boot.bytes)};

        rc = engine_start(end.sandbox, &how, e);
        rc = rc < 0 ? -1 : remote_files_sync(ctx, &t, end.sandbox->id, run, e);
        engine_let_go(end.sandbox);
    }
out:
    (void)session_end(ctx, &end); /* removes the container; there are no changes to report */
    session_boot_release(&boot);
    return rc;
}

int remote_sync_project(struct session_context *ctx, struct remote_sync *run, bool *has,
                        struct err *e)
{
    struct remote_files t = {0};
    struct plan p;
    const char *running;

    if (has_volumes(ctx, has, e) < 0) {
        return -1;
    }
    if (!*has) {
        return 0;
    }
    /* The project has a volume, so an earlier session found out that the engine is remote. */
    ctx->facts->engine.kind = SANDBOX_REMOTE_CONTAINER;
    running = find_running(ctx, &t);
    if (running != NULL) {
        return remote_files_sync(ctx, &t, running, run, e);
    }
    return make_plan(ctx, &p, e) < 0 ? -1 : sync_alone(ctx, &p, run, e);
}
