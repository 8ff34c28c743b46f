/* SPDX-License-Identifier: MIT */
#include "session/session_audit.h"

#include "base/env.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/file_lock.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/path.h"
#include "base/sig.h"
#include "host/audit.h"
#include "host/audit_scope.h"
#include "plan/caches.h"
#include "session/resume.h"
#include "session/runtime_dirs.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#define AUDIT_FILE_NAME "audit"
#define STRICT_FILE_NAME "strict"
#define RESULT_FILE_NAME "result"

/* The number of lines about changes. More would scroll the first ones off the screen. */
enum { LINES_MAX = 20, TURN_MS = 20 };

static struct audit_scope scope_of(const struct session_context *ctx, const struct strv *kept,
                                   struct arena *a)
{
    const struct facts *f = ctx->facts;
    struct audit_scope scope = {0};

    audit_scope_add_tree(&scope, a, f->project, false);
    if (f->git_common_dir != NULL) {
        audit_scope_add_tree(&scope, a, f->git_common_dir, true);
    }
    for (size_t i = 0; i < f->git_outside.count && !trust_state_is_safe(f->trust); i++) {
        if (f->git_outside.v[i].writable) {
            audit_scope_add_tree(&scope, a, f->git_outside.v[i].path, true);
        }
    }
    for (size_t i = 0; i < f->option_path_count && i < ctx->opts->path_count; i++) {
        const struct fact_option_path *path = &f->option_paths[i];

        if (ctx->opts->paths[i].access == ACCESS_WRITE && path->type == FACT_DIR &&
            path->physical != NULL) {
            audit_scope_add_tree(&scope, a, path->physical, false);
        }
    }
    for (size_t i = 0; i < kept->count; i++) {
        struct stat st;

        if (lstat(kept->v[i], &st) == 0 && S_ISDIR(st.st_mode)) {
            audit_scope_add_tree(&scope, a, kept->v[i], false);
        }
    }
    /* A cache has too many files to walk through, and the host runs none of them unless
     * something in another tree leads there. Of a directory of git, only what leads into it and
     * git's own few files are examined, and a directory of caches has no such files. */
    if (ctx->opts->caches && file_is_dir(caches_dir(f, a))) {
        audit_scope_add_tree(&scope, a, caches_dir(f, a), true);
    }
    audit_scope_add_leads(&scope, a, f->home, env_value(ctx->env, "PATH"));
    return scope;
}

static bool same_trees(const struct audit_scope *x, const struct audit_scope *y)
{
    for (size_t i = 0; i < x->tree_count && x->tree_count == y->tree_count; i++) {
        if (strcmp(x->trees[i].path, y->trees[i].path) != 0) {
            return false;
        }
    }
    return x->tree_count == y->tree_count;
}

/* Reads the state before another session that runs, and can write the same trees, into *text.
 * Returns false, and *text is empty, if there is none. */
static bool read_shared(struct session_context *ctx, const struct session_dir *s,
                        const struct audit_scope *scope, struct buf *text)
{
    struct arena a = {0};
    struct err ignored = {0}; /* without a list, no other session is known */
    struct session_dir_found *all;
    size_t count;
    bool found = false;

    (void)runtime_dirs_list(ctx->facts, &a, &all, &count, &ignored);
    for (size_t i = 0; i < count && !found; i++) {
        const char *dir = path_join(&a, all[i].runtime_dir, all[i].name);
        struct audit before = {0};

        if (session_dir_is_lost(&all[i]) || strcmp(dir, s->dir) == 0) {
            continue;
        }
        found = file_read(path_join(&a, dir, AUDIT_FILE_NAME), text, &ignored) == 0 &&
                audit_decode(buf_str(text), &a, &before, &ignored) == 0 &&
                same_trees(&before.scope, scope);
        if (!found) {
            buf_reset(text);
        }
    }
    arena_release(&a);
    return found;
}

int session_audit_prepare(struct session_context *ctx, const struct strv *kept,
                          const struct session_dir *s, struct err *e)
{
    struct arena a = {0};
    struct audit_scope scope = scope_of(ctx, kept, &a);
    struct audit before = {0};
    struct buf text;
    int rc = -1;

    /* The other session may begin or end while the snapshot is taken. */
    buf_init(&text, AUDIT_TEXT_MAX);
    if (read_shared(ctx, s, &scope, &text) ||
        (audit_take(&scope, &a, &before, e) == 0 &&
         (read_shared(ctx, s, &scope, &text) || audit_encode(&before, &text, e) == 0))) {
        rc = file_write_new(path_join(&a, s->dir, AUDIT_FILE_NAME), buf_str(&text), 0600, e);
    }
    if (rc == 0) {
        rc = file_write_new(path_join(&a, s->dir, RESULT_FILE_NAME), str_c(""), 0600, e);
    }
    if (rc == 0 && ctx->opts->strict) {
        rc = file_write_new(path_join(&a, s->dir, STRICT_FILE_NAME), str_c(""), 0600, e);
    }
    buf_release(&text);
    arena_release(&a);
    return rc < 0 ? err_wrap(e, "examine the project") : 0;
}

size_t session_audit_compare(const char *dir, struct arena *a, struct strv *lines)
{
    struct audit before = {0};
    struct audit after = {0};
    struct audit_report report = {0};
    struct err e = {0};
    struct buf text;
    const char *path = path_join(a, dir, AUDIT_FILE_NAME);
    int rc;

    if (!file_exists(path)) {
        return 0;
    }
    buf_init(&text, AUDIT_TEXT_MAX);
    rc = file_read(path, &text, &e);
    if (rc == 0) {
        rc = audit_decode(buf_str(&text), a, &before, &e);
    }
    if (rc == 0) {
        rc = audit_take(&before.scope, a, &after, &e);
    }
    buf_release(&text);
    if (rc < 0) {
        strv_add(lines, a,
                 arena_printf(a, "cannot find out what changed in the project: %s", e.text));
        return 1;
    }
    audit_diff(&before, &after, a, &report);
    audit_lines(&report, LINES_MAX, a, lines);
    return report.count;
}

bool session_audit_is_strict(const char *dir, struct arena *a)
{
    return file_exists(path_join(a, dir, STRICT_FILE_NAME));
}

/* The result is "STRICT CHANGES" and a newline, and then the lines. A NUL, which no line can
 * contain, and an id may follow. */
void session_audit_publish(const char *dir, size_t changed, bool strict,
                           const struct strv *lines, size_t first, const char *resume)
{
    struct arena a = {0};
    struct err ignored = {0}; /* the process that waits then gets the status of the command */
    struct buf text;
    int fd =
        file_open(path_join(&a, dir, RESULT_FILE_NAME), O_WRONLY | O_NOFOLLOW, 0, &ignored);

    buf_init(&text, LIMIT_FILE_SMALL);
    (void)buf_addf(&text, "%d %zu\n", strict ? 1 : 0, changed);
    for (size_t i = first; i < lines->count; i++) {
        (void)buf_addf(&text, "%s\n", lines->v[i]);
    }
    if (resume != NULL) {
        (void)buf_add_byte(&text, '\0');
        (void)buf_add_c(&text, resume);
    }
    if (fd >= 0) {
        (void)fd_write_all(fd, buf_data(&text), text.len, &ignored);
    }
    fd_close(&fd);
    buf_release(&text);
    arena_release(&a);
}

int session_audit_open(const struct session_context *ctx, const char *runtime_dir,
                       const char *name)
{
    struct err ignored = {0};
    const char *dir = path_join(ctx->arena, runtime_dir, name);

    return file_open(path_join(ctx->arena, dir, RESULT_FILE_NAME), O_RDONLY | O_NOFOLLOW, 0,
                     &ignored);
}

/* Reads the result. Returns the number of changes. */
static uint64_t read_result(struct session_context *ctx, int fd, bool *strict,
                            struct strv *lines, const char **resume)
{
    struct err ignored = {0};
    struct buf text;
    struct str rest;
    struct str line = {0};
    uint64_t changed = 0;

    buf_init(&text, LIMIT_FILE_SMALL);
    if (file_read_fd(fd, RESULT_FILE_NAME, 0, &text, &ignored) == 0) {
        struct str id = buf_str(&text);

        (void)str_cut(&id, '\0', &rest);
        *resume = resume_is_id(id) ? arena_str(ctx->arena, id) : NULL;
        (void)str_cut(&rest, '\n', &line);
        *strict = str_starts(line, "1 ");
        (void)str_u64(str_drop(line, 2), 10, SIZE_MAX, &changed);
        while (rest.len > 0) {
            (void)str_cut(&rest, '\n', &line);
            strv_add(lines, ctx->arena, arena_str(ctx->arena, line));
        }
    }
    buf_release(&text);
    return changed;
}

bool session_audit_wait(struct session_context *ctx, const char *lock, int fd,
                        struct strv *lines, const char **resume)
{
    struct pollfd signals = {.fd = ctx->sig->fd, .events = POLLIN};
    bool strict = false;
    struct stat st;

    *resume = NULL;
    if (fd < 0) {
        return false;
    }
    /* The result is complete when its file is removed with the session directory. If the lock
     * of the session is free, no process will write it any more. */
    while (fstat(fd, &st) == 0 && st.st_nlink > 0 && file_is_locked(lock)) {
        int signo = poll(&signals, 1, TURN_MS) > 0 ? sig_next(ctx->sig) : 0;

        if (signo == SIGINT || signo == SIGTERM || signo == SIGHUP || signo == SIGQUIT) {
            return false;
        }
    }
    return read_result(ctx, fd, &strict, lines, resume) > 0 && (strict || ctx->opts->strict);
}
