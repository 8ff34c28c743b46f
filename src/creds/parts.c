/* SPDX-License-Identifier: MIT */
#include "creds/parts.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/file_lock.h"
#include "base/list.h"
#include "base/num.h"
#include "base/path.h"
#include "base/str.h"
#include "creds/part_files.h"
#include "creds/prompt_history.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The stamp is a file of cco's directory. Its modification time is the start of the last
 * exchange, and its content is the size of the history at its end. */
#define STAMP ".exchanged"
#define STAMP_NEW ".exchanged.new"
#define TRANSCRIPT ".jsonl"
#define PLAN ".md"
#define SLUG "\"slug\":\""

/* A plan's name is three common words, so that a sandbox could guess it if it made millions of
 * transcripts. Only the newest PLANS_MAX ones are asked for their plans. */
enum {
    ID_LEN = 36,
    TAIL = 32 << 10,
    SLUG_MAX = 200,
    PLANS_MAX = 500,
    LOCK_MS = 5000,
    NUMBER_MAX = 24
};

/* A transcript, with its modification time. */
struct dated {
    const char *id;
    struct timespec time;
};

struct run {
    const struct parts *p;
    struct arena arena;
    struct part_files files;
    int own, host, transcripts; /* directories; -1: none */
    struct strv ids;            /* of the project's conversations, sorted */
    struct strv plans;          /* names of the conversations' plans, without ".md" */
    char *tail;                 /* TAIL bytes, for the end of a transcript */
    uint64_t history_seen;
};

static bool is_id(const char *s, size_t len)
{
    for (size_t i = 0; i < ID_LEN; i++) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const bool hex = (s[i] >= '0' && s[i] <= '9') || (s[i] >= 'a' && s[i] <= 'f');

        if (i >= len || (dash ? s[i] != '-' : !hex)) {
            return false;
        }
    }
    return true;
}

static int by_text(const void *a, const void *b)
{
    const char *const *x = a;
    const char *const *y = b;

    return strcmp(*x, *y);
}

static bool has_id(const struct run *r, const char *name)
{
    const char *id = name;
    char text[ID_LEN + 1];

    if (!is_id(name, strlen(name)) || r->ids.count == 0) {
        return false;
    }
    memcpy(text, name, ID_LEN);
    text[ID_LEN] = '\0';
    id = text;
    return bsearch(&id, r->ids.v, r->ids.count, sizeof(r->ids.v[0]), by_text) != NULL;
}

static void add_id(void *ctx, const char *name)
{
    struct run *r = ctx;
    const size_t len = strlen(name);

    if (len == ID_LEN + strlen(TRANSCRIPT) && is_id(name, len) &&
        strcmp(name + ID_LEN, TRANSCRIPT) == 0) {
        strv_add(&r->ids, &r->arena, arena_str(&r->arena, str_n(name, ID_LEN)));
    }
}

static const char *transcript_of(struct run *r, const char *id)
{
    return arena_printf(&r->arena, "%s" TRANSCRIPT, id);
}

static int newest_first(const void *a, const void *b)
{
    const struct timespec x = ((const struct dated *)a)->time;
    const struct timespec y = ((const struct dated *)b)->time;

    return x.tv_sec != y.tv_sec ? (x.tv_sec < y.tv_sec) - (x.tv_sec > y.tv_sec)
                                : (x.tv_nsec < y.tv_nsec) - (x.tv_nsec > y.tv_nsec);
}

/* Adds the name of the plan of a transcript, which claude repeats in each of its messages. */
static void add_plan(struct run *r, const char *id)
{
    struct str name = {0};
    ssize_t len = part_tail(r->transcripts, transcript_of(r, id), r->tail, TAIL);
    struct str rest = str_n(r->tail, len > 0 ? (size_t)len : 0);
    const char *at;

    while (rest.len > 0 && (at = memmem(rest.p, rest.len, SLUG, strlen(SLUG))) != NULL) {
        rest = str_drop(rest, (size_t)(at - rest.p) + strlen(SLUG));
        if (memchr(rest.p, '"', rest.len) != NULL) {
            (void)str_cut(&rest, '"', &name);
        }
    }
    if (name.len > 0 && name.len <= SLUG_MAX && memchr(name.p, '\\', name.len) == NULL) {
        const char *plan = arena_str(&r->arena, name);

        if (!strv_has(&r->plans, plan)) {
            strv_add(&r->plans, &r->arena, plan);
        }
    }
}

struct way {
    struct run *r;
    const char *kind; /* the directory of the other side, which is made when it is needed */
    int from, to;     /* to: -1 until then */
    bool to_host;
};

static void copy_any(void *ctx, const char *name)
{
    struct way *w = ctx;

    if (w->to < 0 && w->kind != NULL) {
        w->to = part_make_dir(w->to_host ? w->r->host : w->r->own, w->kind);
    }
    if (w->to >= 0) {
        part_copy(&w->r->files, w->from, w->to, name, w->to_host);
    }
}

static void copy_todo(void *ctx, const char *name)
{
    struct way *w = ctx;

    if (has_id(w->r, name) && name[ID_LEN] == '-') {
        copy_any(w, name);
    }
}

/* A plan has the name of its conversation, or that name, "-agent-" and an id for an agent of
 * it, and ends in ".md". */
static void copy_plan(void *ctx, const char *name)
{
    struct way *w = ctx;

    for (size_t i = 0; i < w->r->plans.count; i++) {
        const size_t len = strlen(w->r->plans.v[i]);

        if (strncmp(name, w->r->plans.v[i], len) == 0 &&
            (strcmp(name + len, PLAN) == 0 || strncmp(name + len, "-agent-", 7) == 0)) {
            copy_any(w, name);
            return;
        }
    }
}

/* Copies the files of one directory of ~/.claude for which `copy` decides. */
static void exchange_files(struct run *r, const char *kind, bool to_host,
                           void (*copy)(void *ctx, const char *name))
{
    struct way w = {.r = r,
                    .kind = kind,
                    .from = part_open_dir(to_host ? r->own : r->host, kind),
                    .to = -1,
                    .to_host = to_host};

    if (w.from >= 0) {
        part_list(w.from, copy, &w);
    }
    fd_close(&w.to);
    fd_close(&w.from);
}

/* Copies the files in the subdirectories that are named by the conversations' ids. */
static void exchange_dirs(struct run *r, const char *kind, bool to_host)
{
    int from = part_open_dir(to_host ? r->own : r->host, kind);
    int to = -1;

    for (size_t i = 0; from >= 0 && i < r->ids.count; i++) {
        struct way w = {
            .r = r, .from = part_open_dir(from, r->ids.v[i]), .to = -1, .to_host = to_host};

        if (w.from >= 0 && !part_is_empty(w.from)) {
            to = to >= 0 ? to : part_make_dir(to_host ? r->host : r->own, kind);
            w.to = to >= 0 ? part_make_dir(to, r->ids.v[i]) : -1;
            if (w.to >= 0) {
                part_list(w.from, copy_any, &w);
            }
        }
        fd_close(&w.to);
        fd_close(&w.from);
    }
    fd_close(&to);
    fd_close(&from);
}

/* Finds the plans only if one of both sides has any, because it reads each transcript. */
static void find_plans(struct run *r)
{
    int own = part_open_dir(r->own, "plans");
    int host = part_open_dir(r->host, "plans");
    struct dated *dated;
    struct stat st;

    if ((own >= 0 && !part_is_empty(own)) || (host >= 0 && !part_is_empty(host))) {
        r->tail = arena_alloc(&r->arena, TAIL);
        dated = arena_array(&r->arena, r->ids.count + 1, sizeof(dated[0]));
        for (size_t i = 0; i < r->ids.count; i++) {
            dated[i].id = r->ids.v[i];
            if (fstatat(r->transcripts, transcript_of(r, dated[i].id), &st,
                        AT_SYMLINK_NOFOLLOW) == 0) {
                dated[i].time = st.st_mtim;
            }
        }
        qsort(dated, r->ids.count, sizeof(dated[0]), newest_first);
        for (size_t i = 0; i < r->ids.count && i < PLANS_MAX; i++) {
            add_plan(r, dated[i].id);
        }
    }
    fd_close(&host);
    fd_close(&own);
}

/* Reads the stamp of the last exchange. Without one, everything counts as changed. */
static void read_stamp(struct run *r)
{
    char text[NUMBER_MAX];
    struct stat st;
    const ssize_t len = part_tail(r->own, STAMP, text, sizeof(text));

    if (len >= 0 && fstatat(r->own, STAMP, &st, AT_SYMLINK_NOFOLLOW) == 0) {
        r->files.since = st.st_mtim;
        if (!str_u64(str_n(text, (size_t)len), 10, INT64_MAX, &r->history_seen)) {
            r->history_seen = 0;
        }
    }
}

/* Makes the file of the next stamp, whose modification time is this moment in the clock of the
 * file system. Returns its descriptor, and -1 on error. */
static int begin_stamp(struct run *r, struct timespec *now)
{
    struct stat st;
    int fd;

    (void)unlinkat(r->own, STAMP_NEW, 0); /* of a killed cco */
    fd = openat(r->own, STAMP_NEW, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd >= 0 && fstat(fd, &st) < 0) {
        fd_close(&fd);
    }
    *now = fd >= 0 ? st.st_mtim : (struct timespec){0};
    return fd;
}

static void end_stamp(struct run *r, int fd, struct timespec now)
{
    const struct timespec times[2] = {now, now};
    struct err ignored = {0};
    const char *text = arena_printf(&r->arena, "%llu", (unsigned long long)r->history_seen);

    /* Without a new stamp, the next exchange looks at the same files again. */
    if (fd_write_all(fd, text, strlen(text), &ignored) == 0 && futimens(fd, times) == 0) {
        (void)renameat(r->own, STAMP_NEW, r->own, STAMP);
    }
}

static void exchange_all(struct run *r)
{
    for (int i = 0; i < 2; i++) {
        const bool to_host = i == 0;

        exchange_dirs(r, "tasks", to_host);
        exchange_dirs(r, "file-history", to_host);
        exchange_files(r, "todos", to_host, copy_todo);
        exchange_files(r, "plans", to_host, copy_plan);
    }
}

static int locked(struct run *r, struct err *e)
{
    const struct prompt_history history = {.host = r->host,
                                           .host_path = r->p->claude_dir,
                                           .own = r->own,
                                           .project = r->p->project};
    struct timespec now;
    int rc = 0;
    int fd;

    read_stamp(r);
    fd = begin_stamp(r, &now);
    if (fd < 0) {
        return err_sys(e, "%s/" STAMP_NEW, r->p->own);
    }
    if (r->transcripts >= 0) {
        part_list(r->transcripts, add_id, r);
        strv_sort(&r->ids);
        find_plans(r);
        exchange_all(r);
    }
    rc = prompt_history_exchange(&history, &r->history_seen, e);
    if (r->files.failed > 0 && rc == 0) {
        rc = err_set(e, ERR_SYS, "%zu files of conversations: %s", r->files.failed,
                     strerror(r->files.errnum));
    }
    if (rc == 0) {
        end_stamp(r, fd, now);
    }
    fd_close(&fd);
    return rc;
}

int parts_exchange(const struct parts *p, struct err *e)
{
    struct run r = {.p = p, .own = -1, .host = -1, .transcripts = -1};
    struct err own = {0};
    int lock = -1;
    int rc = 0;

    r.own = part_open_dir(AT_FDCWD, p->own);
    r.host = part_open_dir(AT_FDCWD, p->claude_dir);
    r.transcripts = part_open_dir(AT_FDCWD, p->transcripts);
    if (r.own >= 0 && r.host >= 0) {
        lock = file_lock_dir(p->own, clock_ms() + LOCK_MS, &own);
        if (lock < 0 && own.kind == ERR_TIMEOUT) {
            *e = own;
            rc = -1;
        } else {
            rc = locked(&r, e); /* NFS has no locks of directories */
        }
    }
    fd_close(&lock);
    fd_close(&r.transcripts);
    fd_close(&r.host);
    fd_close(&r.own);
    arena_release(&r.arena);
    return rc < 0 ? err_wrap(e, "exchange the state of conversations") : 0;
}
