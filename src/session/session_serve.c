/* SPDX-License-Identifier: MIT */
#include "session/session_serve.h"

#include "base/clock.h"
#include "base/env.h"
#include "base/exit_status.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/path.h"
#include "host/look.h"
#include "session/session_keep.h"
#include "session/watch.h"
#include "term/raw.h"
#include "term/relay.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RENEWED_COUNT = FRAME_RENEWED_KEY + 1 };
enum { LOST_MS = 3000 };

/* The state that a session needs only while it is served. */
struct serving {
    struct session_serve *a;
    struct relay relay;
    struct session_server server;
    struct record record;
    struct watch watch;              /* of the login */
    struct session_keep keep;        /* of the session directory */
    struct stat sent[RENEWED_COUNT]; /* the copies that were sent, by enum frame_renewed */
    bool has_server;
    bool lost; /* the connection to the engine was lost */
};

int session_exit_status(const struct frame_exit *how)
{
    switch (how->reason) {
    case FRAME_OUT_OF_MEMORY:
        log_error(
            "the command was killed: out of memory.\n"
            "Raise --memory if the session has that limit. Otherwise this machine, or that of "
            "the engine, needs more memory.");
        break;
    case FRAME_NOT_STARTED:
        log_error("%.*s", (int)how->text.len, how->text.p);
        break;
    case FRAME_EXITED:
    case FRAME_SIGNALED:
        break;
    }
    return how->status;
}

int session_left_status(const char *name, bool hung_up, int signo)
{
    if (hung_up) {
        return EXIT_SIGNAL + (signo > 0 ? signo : SIGHUP);
    }
    log_info("detached; the session goes on. To attach to it again: cco attach %s", name);
    return 0;
}

/* Detaches this process from its terminal. */
static void become_server(void)
{
    int null = openat(AT_FDCWD, "/dev/null", O_RDWR | O_CLOEXEC);

    (void)setsid();
    (void)!chdir("/");
    for (int fd = 0; null >= 0 && fd <= 2; fd++) {
        (void)dup2(null, fd);
    }
    fd_close(&null);
    /* A process that waits until these descriptors are closed must not wait for the session. */
    fd_close_inherited();
}

/* Forks a child that goes on with the session. Returns 0 in the child, 1 in this process, and
 * -1 on error. */
static int split(struct serving *s, struct err *e)
{
    pid_t pid = fork();

    if (pid < 0) {
        return err_sys(e, "fork: the session cannot go on without this terminal");
    }
    if (pid == 0) {
        tty_raw_forget();
        become_server();
        s->a->served = true;
        watch_forked(&s->watch);
        relay_leave(&s->relay);
        return 0;
    }
    s->a->outcome = SESSION_LEFT;
    session_dir_forget(s->a->dir);
    return 1;
}

/* Returns the path of the session's copy of the login or the key. */
static const char *copy_of(const struct serving *s, int which, struct arena *a)
{
    const char *files = path_join(a, s->a->dir->dir, "files");

    return path_join(a, files, which == FRAME_RENEWED_KEY ? PLAN_API_KEY : "credentials.json");
}

/* Returns whether a copy is the file that was sent. */
static bool is_as_sent(const struct stat *sent, const struct stat *now)
{
    return sent->st_ino == now->st_ino && sent->st_size == now->st_size &&
           sent->st_mtim.tv_sec == now->st_mtim.tv_sec &&
           sent->st_mtim.tv_nsec == now->st_mtim.tv_nsec;
}

/* Sends the copies that have changed to init, which overwrites the sandbox's own copies; if the
 * sandbox sees a copy of this machine instead, init drops what it gets. A copy that is being
 * written at the moment is sent again by the next call. */
static void send_renewed(struct serving *s)
{
    struct arena a = {0};
    struct err ignored = {0};

    for (int i = 0; i < RENEWED_COUNT; i++) {
        const char *path = copy_of(s, i, &a);
        struct stat now;
        struct buf text;

        if (stat(path, &now) < 0 || now.st_size == 0 || is_as_sent(&s->sent[i], &now)) {
            continue;
        }
        buf_init(&text, LIMIT_CREDENTIALS);
        (void)buf_reserve(&text, (size_t)now.st_size + 1 < LIMIT_CREDENTIALS
                                     ? (size_t)now.st_size + 1
                                     : 0); /* growing would leave copies in memory */
        if (file_read(path, &text, &ignored) == 0 &&
            init_line_renew(&s->relay.line, (enum frame_renewed)i, buf_str(&text))) {
            s->sent[i] = now;
        }
        buf_wipe(&text);
    }
    arena_release(&a);
}

/* Records that init already has the present copies. */
static void note_sent(struct serving *s)
{
    struct arena a = {0};

    for (int i = 0; i < RENEWED_COUNT; i++) {
        (void)stat(copy_of(s, i, &a), &s->sent[i]); /* zeros without a copy */
    }
    arena_release(&a);
}

/* Examines the session directory if that is due. If it was made again, the session server
 * listens there. */
static void look_after_place(struct serving *s)
{
    struct session_dir *dir = s->a->dir;
    struct err e = {0};

    if (session_keep_is_due(&s->keep) && session_keep_check(&s->keep, dir, s->a->ctx->facts) &&
        session_server_move(&s->server, dir->sock, &e) < 0) {
        log_verbose("%s", e.text); /* the next look tries again */
    }
    s->relay.watch_fds[1] = s->keep.fd;
    s->relay.watch_at_ms = s->keep.due_ms;
}

/* Runs the relay until something else than a change of a login or of the session directory
 * happens. Handles those changes. */
static int run_watched(struct serving *s, struct err *e)
{
    int rc;

    while ((rc = relay_run(&s->relay, e)) == RELAY_WATCHED) {
        watch_step(&s->watch);
        send_renewed(s);
        look_after_place(s);
    }
    return rc;
}

/* Runs the relay to the end of the session, in this process or, after the terminal has left, in
 * a child. Returns an exit status, and -1 on error. */
static int run_relay(struct serving *s, struct err *e)
{
    for (;;) {
        int rc = run_watched(s, e);

        if (rc == RELAY_ENDED || rc < 0) {
            /* An engine that answers with an error is not lost. */
            s->lost = rc < 0 && s->relay.engine_lost &&
                      (e->kind == ERR_EOF || e->kind == ERR_SYS || e->kind == ERR_TIMEOUT);
            return rc < 0 ? -1 : s->relay.line.exit.status;
        }
        relay_restore_terminal(&s->relay, true);
        tty_raw_restore();
        log_set_raw(false);
        switch (split(s, e)) {
        case 0:
            continue;
        case 1:
            return session_left_status(s->a->name, rc == RELAY_HUNG_UP, s->relay.left_by);
        default:
            return -1;
        }
    }
}

/* Opens the session server. If the command has no terminal, it serves no terminals. */
static int open_server(struct serving *s, struct err *e)
{
    struct session_serve *a = s->a;
    const struct session_server_info info = {
        .name = a->name,
        .project = a->project,
        .engine = a->ctx->engine->address,
        .started = session_dir_started(a->dir),
        .piped = !a->tty,
    };

    if (session_server_open(&s->server, a->dir->sock, &info, e) < 0) {
        return err_wrap(e, "session socket");
    }
    s->has_server = true;
    if (a->tty) {
        s->relay.server = &s->server;
        s->server.record = a->ctx->opts->record != NULL ? &s->record : NULL;
    } else {
        s->relay.queries = &s->server;
        s->relay.record = a->ctx->opts->record != NULL ? &s->record : NULL;
    }
    return 0;
}

static int open_keys(struct serving *s, struct err *e)
{
    const char *spec = s->a->ctx->opts->detach_keys;

    s->relay.keys = (struct keys){.deadline_ms = -1};
    return s->a->tty ? keys_parse(&s->relay.keys, spec != NULL ? spec : KEYS_DEFAULT, e) : 0;
}

/* Sets the size of a session that starts in the background: that of the terminal at stderr,
 * until a terminal attaches. */
static void start_size(struct serving *s)
{
    unsigned rows = 0;
    unsigned cols = 0;

    tty_size(STDERR_FILENO, &rows, &cols);
    if (s->a->tty && rows > 0 && cols > 0) {
        (void)session_server_local_size(&s->server, rows, cols);
        (void)session_server_local_leaves(&s->server);
    }
}

/* Prepares everything that the relay needs. Returns 0 on success and -1 on error. */
static int start(struct serving *s, struct err *e)
{
    struct session_serve *a = s->a;

    struct err why = {0};

    record_init(&s->record);
    watch_init(&s->watch);
    if (a->ctx->opts->record != NULL) {
        const char *path = look_target(a->ctx->arena, a->ctx->facts, a->ctx->opts->record, e);

        if (path == NULL) {
            return err_of_path(e, "--record", a->ctx->opts->record);
        }
        if (record_open(&s->record, path, env_value(a->ctx->env, "TERM"), e) < 0) {
            return -1;
        }
    }
    s->relay = (struct relay){
        .session = a->session,
        .sig = a->ctx->sig,
        .in = STDIN_FILENO,
        .out = STDOUT_FILENO,
        .err = STDERR_FILENO,
        .forward_input = !a->read_only,
        .attached = !a->background,
        .only_waits = a->background && !a->ctx->opts->detach,
        .until_started = a->background && a->ctx->opts->detach,
        .adopted = a->adopted,
        .safe = a->safe_terminal,
        .side = a->side,
    };
    if (open_server(s, e) < 0 || open_keys(s, e) < 0) {
        return -1;
    }
    watch_open(&s->watch, a->dir->dir, a->ctx->safe_env, &why);
    s->relay.watch_fds[0] = s->watch.fd;
    if (why.kind != ERR_NONE) {
        log_warn("%s", why.text);
    }
    if (a->tty && !a->background) {
        if (tty_raw_enter(STDIN_FILENO, e) < 0) {
            return -1;
        }
        log_set_raw(true);
    } else {
        start_size(s);
    }
    s->keep.due_ms = s->relay.watch_at_ms = clock_ms() + SESSION_KEEP_MS;
    relay_open(&s->relay);
    if (a->adopted) {
        send_renewed(s); /* since the former cco was killed, no changes were sent */
    } else {
        note_sent(s);
    }
    a->begun = true;
    return 0;
}

/* Takes the files that init returned, if they came as a whole. */
static void keep_returned_files(struct serving *s)
{
    const struct init_line *line = &s->relay.line;

    if (line->exited && !line->file_broken && line->file.len > 0) {
        (void)buf_add_str(&s->a->returned_file,
                          buf_str(&line->file)); /* fits: it has the same limit */
    }
    if (line->exited && !line->copies.overflowed) {
        (void)buf_add_str(&s->a->returned_copies, buf_str(&line->copies)); /* fits as well */
    }
}

/* If the engine is lost, shortens the timeout of further requests to it, and adds a hint. */
static void note_lost(const struct serving *s, struct err *e)
{
    struct engine *engine = s->a->ctx->engine;

    if (s->lost && engine->timeout_ms > LOST_MS) {
        engine->timeout_ms = LOST_MS;
    }
    if (s->lost && s->a->tty) {
        (void)err_hint(
            e, "The session may still run. Once the engine answers, cco attach %s adopts it.",
            s->a->name);
    }
}

static enum session_outcome outcome_of(const struct serving *s, int status)
{
    const struct session_serve *a = s->a;

    if (status >= 0) {
        return SESSION_ENDED;
    }
    return (s->lost && a->tty) || (a->adopted && !a->begun) ? SESSION_LOST : SESSION_FAILED;
}

/* Restores the terminal and releases everything. Returns `status`. */
static int finish(struct serving *s, int status, struct err *e)
{
    struct session_serve *a = s->a;
    struct err second = {0};

    if (a->outcome == SESSION_LEFT) {
        return status; /* the child has the session, its files and its connections */
    }
    relay_restore_terminal(&s->relay, false);
    tty_raw_restore();
    log_set_raw(false);
    if (record_close(&s->record, &second) < 0) {
        log_warn("%s: %s", a->ctx->opts->record, second.text);
    }
    if (status >= 0) {
        a->not_started = s->relay.line.exit.reason == FRAME_NOT_STARTED;
        (void)session_exit_status(&s->relay.line.exit);
    }
    a->outcome = outcome_of(s, status);
    note_lost(s, e);
    keep_returned_files(s);
    relay_close(&s->relay);
    watch_close(&s->watch);
    session_keep_release(&s->keep, a->dir);
    if (s->has_server) {
        a->end_is_seen = s->server.end_is_seen;
        session_server_close(&s->server);
    }
    return status;
}

/* Runs a session of --detach in the foreground until its command runs, so that errors are
 * printed, and then forks. Returns 1 in this process then, and 0 in the child. Returns 0 in
 * this process if the command has ended already, and -1 on error. */
static int begin_in_background(struct serving *s, struct err *e)
{
    int rc = run_watched(s, e);

    if (rc != RELAY_STARTED || s->relay.line.exited || s->relay.line.ended) {
        return rc < 0 ? -1 : 0;
    }
    rc = split(s, e);
    if (rc == 1) {
        (void)printf("%s\n", s->a->name);
    }
    return rc;
}

int session_serve(struct session_serve *a, struct err *e)
{
    struct serving *s = calloc(1, sizeof(*s)); /* too large for the stack */
    int status;

    if (s == NULL) {
        abort();
    }
    s->a = a;
    a->outcome = SESSION_FAILED;
    a->begun = a->served = a->not_started = a->end_is_seen = false;
    buf_init(&a->returned_file, LIMIT_CLAUDE_JSON);
    buf_init(&a->returned_copies, LIMIT_CLAUDE_JSON);
    status = start(s, e);
    if (status == 0 && s->relay.until_started) {
        status = begin_in_background(s, e);
        if (status == 1) {
            status = finish(s, 0, e);
            goto out;
        }
    }
    if (status == 0) {
        status = run_relay(s, e);
    }
    status = finish(s, status, e);
out:
    free(s);
    return status;
}

void session_serve_release(struct session_serve *s)
{
    buf_wipe(&s->returned_file);
    buf_wipe(&s->returned_copies);
}
