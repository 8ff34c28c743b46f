/* SPDX-License-Identifier: MIT */
#include "session/session_attach.h"

#include "base/exit_status.h"
#include "base/fd.h"
#include "base/log.h"
#include "session/resume.h"
#include "session/session_audit.h"
#include "session/session_serve.h"
#include "term/attach_client.h"
#include "term/raw.h"
#include "term/tty_reset.h"

#include <signal.h>
#include <unistd.h>

/* Resets the terminal from any state, and discards what it still sends. Used if the server has
 * disappeared: then it is not known which state the terminal has. */
static void abandon_screen(struct attach_client *v)
{
    struct buf text;
    struct err ignored = {0};

    attach_client_close(v); /* the server must not read the terminal any more */
    buf_init(&text, TTY_RESET_MAX);
    tty_reset_any(&text);
    /* The terminal itself may have disappeared. */
    if (fd_write_all(STDOUT_FILENO, buf_data(&text), text.len, &ignored) == 0) {
        v->queried = true;
    }
    buf_release(&text);
}

/* Returns the exit status for a result of attach_client_run(). */
static int status_of(const struct attach_client *v, const struct session_found *f, int rc)
{
    switch (rc) {
    case ATTACH_CLIENT_ENDED:
        return session_exit_status(&v->exit);
    case ATTACH_CLIENT_DETACHED:
    case ATTACH_CLIENT_HUNG_UP:
        return session_left_status(f->name, rc == ATTACH_CLIENT_HUNG_UP, v->signo);
    default:
        return -1;
    }
}

/* Waits for the audit of a session that has ended, and prints its lines. Returns the exit
 * status.
 */
static int status_after_audit(struct session_context *ctx, const struct session_found *f,
                              int result, int status)
{
    struct strv lines = {0};
    const char *resume = NULL;
    bool strict = session_audit_wait(ctx, f->lock, result, &lines, &resume);

    for (size_t i = 0; i < lines.count; i++) {
        log_report("%s", lines.v[i]);
    }
    if (!ctx->opts->wait && !ctx->opts->read_only) {
        resume_tell(resume);
    }
    return strict && status >= 0 ? EXIT_STRICT : status;
}

int session_attach(struct session_context *ctx, const struct session_found *f, struct err *e)
{
    const char *keys = ctx->opts->detach_keys;
    struct attach_client v = {
        .fd = -1,
        .kind = ctx->opts->wait        ? FRAME_HELLO_WAIT
                : ctx->opts->read_only ? FRAME_HELLO_READ_ONLY
                                       : FRAME_HELLO_ATTACH,
        .sig = ctx->sig,
        .in = STDIN_FILENO,
        .out = STDOUT_FILENO,
        .keys_spec = keys != NULL ? keys : KEYS_DEFAULT,
    };
    int result = session_audit_open(ctx, f->runtime_dir, f->name);
    int status;
    int rc;

    /* The terminal has to be raw before the server may read from it. */
    if (!ctx->opts->wait && tty_raw_enter(STDIN_FILENO, e) < 0) {
        return -1;
    }
    if (attach_client_open(&v, f->sock, ctx->facts->rows, ctx->facts->cols, e) < 0) {
        tty_raw_restore();
        attach_client_close(&v);
        fd_close(&result);
        return err_wrap(e, "session %s", f->name);
    }
    log_set_raw(!ctx->opts->wait);
    rc = attach_client_run(&v, e);
    if (!ctx->opts->wait && (rc < 0 || (rc == ATTACH_CLIENT_HUNG_UP && v.signo != SIGHUP))) {
        abandon_screen(&v);
    }
    attach_client_drain(&v);
    tty_raw_restore();
    log_set_raw(false);
    attach_client_close(&v);
    status = rc < 0 ? -1 : status_of(&v, f, rc);
    if (rc == ATTACH_CLIENT_ENDED) {
        status = status_after_audit(ctx, f, result, status);
    }
    fd_close(&result);
    if (rc < 0) {
        (void)err_hint(
            e, "cco sessions shows whether it still runs. To attach to it again: cco attach %s",
            f->name);
        return err_wrap(e, "session %s", f->name);
    }
    return status;
}
