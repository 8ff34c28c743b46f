/* SPDX-License-Identifier: MIT */
#include "term/relay_signal.h"

#include "base/clock.h"
#include "term/raw.h"
#include "term/relay_terminal.h"
#include "wire/boot.h"

enum { CANCEL_COUNT = 3 };

void relay_size(const struct relay *r, unsigned *rows, unsigned *cols)
{
    int fd = r->out;

    if ((r->side & BOOT_SIDE_OUT) == 0 && r->side != 0) {
        fd = (r->side & BOOT_SIDE_ERR) != 0 ? r->err : r->in;
    }
    tty_size(fd, rows, cols);
}

/* Sends the size of this process's terminal to the command, if this process has one and if it
 * decides the size. */
static void send_size(struct relay *r)
{
    unsigned rows = 0;
    unsigned cols = 0;

    if ((!r->session->tty && r->side == 0) || !r->attached) {
        return;
    }
    relay_size(r, &rows, &cols);
    if (r->server == NULL) {
        init_line_resize(&r->line, rows, cols);
    } else if (session_server_local_size(r->server, rows, cols)) {
        init_line_resize(&r->line, r->server->rows, r->server->cols);
    }
}

void relay_hang_up(struct relay *r)
{
    if (!r->hung_up) {
        r->hung_up = true;
        init_line_signal(&r->line, SIGHUP);
        r->leave_deadline = clock_ms() + RELAY_GRACE_MS;
    }
}

void relay_stop(struct relay *r)
{
    if (r->leave_deadline < 0) {
        init_line_signal(&r->line, SIGTERM);
        init_line_signal(&r->line, SIGHUP);
        r->leave_deadline = clock_ms() + RELAY_STOP_MS;
    }
}

int relay_make_leave(struct relay *r, int64_t now, struct err *e)
{
    if (!r->killed && !r->line.ended) {
        r->killed = true;
        init_line_signal(&r->line, SIGKILL);
        r->leave_deadline = now + RELAY_GRACE_MS;
        return 0;
    }
    (void)err_set(e, ERR_CANCELED, "the command did not end, although it was asked to");
    e->code = SIGHUP;
    return -1;
}

/* Passes INT or TERM to the command. Returns -1 with ERR_CANCELED if the user has sent several
 * of them and init has given no sign of life (term/relay.h). */
static int interrupt(struct relay *r, int signo, struct err *e)
{
    int64_t now = clock_ms();

    if (r->answers != r->line.answers) {
        r->answers = r->line.answers;
        r->interrupts = 0;
    }
    if (r->interrupts == 0) {
        r->first_interrupt_ms = now;
    }
    r->interrupts++;
    if (r->interrupts >= CANCEL_COUNT ||
        (r->interrupts > 1 && now - r->first_interrupt_ms >= RELAY_PATIENCE_MS)) {
        (void)err_set(e, ERR_CANCELED, "gave up, because the engine does not answer");
        e->code = signo;
        return -1;
    }
    init_line_signal(&r->line, signo);
    return 0;
}

int relay_come_back(struct relay *r, struct err *e)
{
    struct err own = {0};

    if (r->away && tty_is_in_background(r->in)) {
        return 0;
    }
    r->away = false;
    if (!r->session->tty || tty_raw_again(r->in, &own) == 0) {
        return 0;
    }
    if (own.kind != ERR_CANCELED) {
        *e = own;
        return -1;
    }
    r->away = true; /* the signal is read next */
    return 0;
}

int relay_suspend(struct relay *r, bool by_itself, struct err *e)
{
    bool raw = tty_raw_is_active();

    if (!by_itself) {
        init_line_signal(&r->line, SIGTSTP);
        init_line_flush(&r->line);
    }
    relay_rest_terminal(r);
    tty_raw_restore();
    /* If the command was stopped by a key (Ctrl-Z), the shell expects the whole job to stop. */
    sig_stop(by_itself);
    r->modes.known = false;
    if (raw && relay_come_back(r, e) < 0) {
        return -1;
    }
    init_line_signal(&r->line, SIGCONT);
    send_size(r);
    return 0;
}

/* Notes the signal because of which this process's terminal leaves. */
static int leave(struct relay *r, int signo)
{
    r->left_by = signo;
    return RELAY_HUNG_UP;
}

static bool ends(int signo)
{
    return signo == SIGINT || signo == SIGTERM || signo == SIGQUIT || signo == SIGHUP;
}

static int take_signal(struct relay *r, int signo, struct err *e)
{
    if (r->only_waits && ends(signo)) {
        return leave(r, signo);
    }
    if (ends(signo) && r->attached && tty_is_in_background(r->in)) {
        r->away = true;
    }
    switch (signo) {
    case SIGWINCH:
        send_size(r);
        return RELAY_ENDED;
    case SIGINT:
    case SIGTERM:
        return interrupt(r, signo, e);
    case SIGHUP:
        if (r->server != NULL) {
            return r->attached ? leave(r, signo) : RELAY_ENDED;
        }
        relay_hang_up(r);
        return RELAY_ENDED;
    case SIGQUIT:
    case SIGUSR1:
    case SIGUSR2:
        init_line_signal(&r->line, signo);
        return RELAY_ENDED;
    case SIGTSTP:
        return r->attached ? relay_suspend(r, false, e) : RELAY_ENDED;
    case SIGCONT:
        if (tty_raw_is_active() && relay_come_back(r, e) < 0) {
            return -1;
        }
        send_size(r);
        return RELAY_ENDED;
    default: /* CHLD, PIPE, ALRM and XFSZ have no effect here */
        return RELAY_ENDED;
    }
}

int relay_take_signals(struct relay *r, struct err *e)
{
    int signo;
    int rc = RELAY_ENDED;

    while (rc == RELAY_ENDED && (signo = sig_next(r->sig)) != 0) {
        rc = take_signal(r, signo, e);
    }
    return rc;
}
