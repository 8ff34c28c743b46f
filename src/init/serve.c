/* SPDX-License-Identifier: MIT */
#include "init/serve.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/pty.h"
#include "init/final_wait.h"
#include "init/renewed.h"
#include "init/return_file.h"
#include "init/side_terminal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

enum {
    SLOT_SIG,
    SLOT_LINE_IN,
    SLOT_LINE_OUT,
    SLOT_IN,
    SLOT_OUT,
    SLOT_ERR,
    SLOT_ADOPT,
    SLOT_AGENT
};
enum { SLOTS = SLOT_AGENT + AGENT_FILTER_POLL };

enum { GRACE_MS = 2000, FLUSH_MS = 10000, DROP_SIZE = 16 << 10 };

/* The payload of TAKEN; and the room that output and TAKEN leave in the queue for other
 * frames. */
enum { TAKEN_LEN = 4, RESERVE = 4 << 10 };

struct server {
    struct job *j;
    struct line *l;
    struct adopt_listener *t;
    struct agent_filter *agent;
    struct sig *sig;
    struct buf input;   /* input that the command has not taken yet */
    struct buf output;  /* room for one read; empty between reads */
    bool input_ended;   /* cco has reported the end of input */
    int64_t kill_at_ms; /* when the command is killed; -1: never */
    struct buf renewed; /* the part of a new login or key that was received */
    struct pollfd fds[SLOTS];
};

/* Returns true while there is a line. */
static bool on_line(const struct server *s)
{
    return s->l->in >= 0;
}

/* Returns true if the command's bytes go through init. */
static bool carries(const struct server *s)
{
    return on_line(s) && !s->l->passed;
}

/* Returns true if the queue has room for a frame of output or TAKEN. A queue that overflows
 * takes no more frames at all. */
static bool has_room(const struct server *s, size_t payload)
{
    return buf_room(&s->l->tx) >= FRAME_HEAD + payload + RESERVE;
}

/* Closes a line that is lost. A command without a terminal must end soon; with a terminal, init
 * listens for a cco that adopts the session. */
static void lose_line(struct server *s)
{
    struct err e = {0};

    line_close(s->l);
    buf_drop(&s->input, s->input.len);
    if (!s->j->boot->tty) {
        job_signal(s->j, SIGHUP);
        s->kill_at_ms = clock_ms() + GRACE_MS;
        fd_close(&s->j->in);
    } else {
        adopt_listener_let_go(s->t);
        if (adopt_listener_listen(s->t, &e) < 0) {
            log_error("init: this session cannot be adopted: %s", e.text);
        }
    }
    if (s->j->stopped_from_outside) {
        job_signal(s->j, SIGCONT);
    }
}

/* Sets the size of the command's terminal. If that is its size already, nothing happens: the
 * kernel does not signal WINCH, so the command does not redraw. A cco that wants a redraw sends
 * another size first. */
static void set_size(struct server *s, unsigned rows, unsigned cols)
{
    if (s->j->terminal >= 0) {
        pty_set_size(s->j->terminal, rows, cols);
    }
}

/* Answers a question or a signal. If the answer does not fit, the frames that are queued are a
 * sign of life as well. */
static void give_sign_of_life(struct server *s)
{
    if (has_room(s, TAKEN_LEN)) {
        (void)frame_add_taken(&s->l->tx, 0); /* fits */
    }
}

/* Sends a signal to the command, and answers with a sign of life. */
static int signal_by_name(struct server *s, struct str name, struct err *e)
{
    int signo = sig_number(name);

    if (signo == 0) {
        return err_set(e, ERR_FORMAT, "unknown name of a signal");
    }
    job_signal(s->j, signo);
    give_sign_of_life(s);
    return 0;
}

/* Handles END. */
static int take_end(struct server *s, struct str payload, struct err *e)
{
    if (payload.len != 1 || payload.p[0] > FRAME_END_OUTPUT) {
        return err_set(e, ERR_FORMAT, "the frame END is not valid");
    }
    if (payload.p[0] == FRAME_END_INPUT) {
        s->input_ended = true;
    } else if (!s->j->boot->tty) {
        fd_close(&s->j->out); /* the next write of the command gets SIGPIPE */
    }
    return 0;
}

/* Handles one frame of cco. Returns -1 if cco breaks the protocol. */
static int take_frame(struct server *s, struct frame f, struct err *e)
{
    unsigned rows = 0;
    unsigned cols = 0;

    switch (f.type) {
    case FRAME_INPUT:
        return buf_add_str(&s->input, f.payload) == 0
                   ? 0
                   : err_set(e, ERR_LIMIT, "more input than the window allows");
    case FRAME_END:
        return take_end(s, f.payload, e);
    case FRAME_SIZE:
        if (frame_size(f.payload, &rows, &cols, e) < 0) {
            return -1;
        }
        set_size(s, rows, cols);
        return 0;
    case FRAME_SIGNAL:
        return signal_by_name(s, f.payload, e);
    case FRAME_RENEWED:
        return renewed_take(&s->renewed, s->j->boot, f.payload, e);
    case FRAME_PING:
        give_sign_of_life(s);
        return 0;
    default:
        return err_set(e, ERR_FORMAT, "unexpected frame of type %u from cco", f.type);
    }
}

/* Handles the frames that are complete. Some may have come together with the greeting. */
static void take_frames(struct server *s)
{
    struct err e = {0};
    struct str in = buf_str(&s->l->rx);
    struct frame f = {0};
    int got;

    while ((got = frame_next(&in, &f, &e)) == 1 && take_frame(s, f, &e) == 0) {
    }
    if (got != 0) {
        lose_line(s);
        return;
    }
    buf_drop(&s->l->rx, s->l->rx.len - in.len);
}

static void read_line(struct server *s)
{
    if (line_read(s->l)) {
        take_frames(s);
    } else {
        lose_line(s);
    }
}

/* Writes input to the command and acknowledges it, if the queue has room for that. At the end
 * of input, closes the pipe. */
static void write_input(struct server *s)
{
    struct job *j = s->j;
    ssize_t sent;

    if (s->input.len > 0 && has_room(s, TAKEN_LEN)) {
        sent = j->in < 0 ? -1 : fd_write(j->in, buf_data(&s->input), s->input.len);
        if (sent < 0 && errno == EAGAIN && j->in >= 0) {
            return;
        }
        /* If the command does not read any more, input is acknowledged and dropped. */
        sent = sent < 0 ? (ssize_t)s->input.len : sent;
        buf_drop(&s->input, (size_t)sent);
        (void)frame_add_taken(&s->l->tx, (size_t)sent); /* fits: has_room() was true */
    }
    if (s->input.len == 0 && s->input_ended && !j->boot->tty &&
        (j->boot->side & BOOT_SIDE_IN) == 0) {
        fd_close(&j->in);
    }
}

/* Reads a stream of the command once, and queues the bytes as a frame. There must be room for
 * it. Returns false at the end of the stream. */
static bool read_output(struct server *s, int fd, enum frame_type type)
{
    char *bytes = buf_reserve(&s->output, FRAME_MAX); /* fits: the buffer is empty */
    ssize_t got = fd_read(fd, bytes, FRAME_MAX);

    if (got > 0) {
        /* It fits: has_room() was true. */
        (void)frame_add(&s->l->tx, type, str_n(bytes, (size_t)got));
    }
    return got > 0 || (got < 0 && errno == EAGAIN);
}

/* Reads and drops the output of a terminal, while no cco has the line. */
static void drop_output(const struct job *j)
{
    char bytes[DROP_SIZE / 4];

    while (fd_read(j->terminal, bytes, sizeof(bytes)) > 0) {
    }
}

/* Listens for a cco that adopts the session, although there is a line. The engine's streams can
 * stay open when the engine restarts or when its connection to cco is cut, and init then does
 * not notice that cco is lost. Therefore a process that presents the key gets the line at any
 * time. */
static void listen_beside(struct server *s)
{
    struct err e = {0};

    if (s->j->boot->tty && carries(s) && adopt_listener_listen(s->t, &e) < 0) {
        log_error("init: this session cannot be adopted: %s", e.text);
    }
}

/* Passes the terminal's descriptor to the cco that adopts the session, if the line can do
 * that. */
static int pass_again(struct server *s, struct err *e)
{
    return adopt_listener_is_direct(s->t) ? line_pass(s->l, 't', &s->j->terminal, 1, e) : 0;
}

/* Makes two descriptors the new line, after a cco has presented the key with them. */
static void adopted(struct server *s, int in, int out)
{
    struct err e = {0};

    line_close(s->l); /* the old line may still seem to be open */
    buf_drop(&s->input, s->input.len);
    if (line_adopt(s->l, in, out, &e) < 0 || pass_again(s, &e) < 0) {
        log_error("init: %s", e.text);
        lose_line(s);
        return;
    }
    set_size(s, s->l->rows, s->l->cols);
    listen_beside(s);
    take_frames(s);
}

/* Returns true if a signal to init is forwarded to the command. WINCH is not, because the
 * kernel signals the terminal's foreground group itself. PIPE, ALRM and XFSZ are not, because
 * init causes them. */
static bool is_for_command(int signo)
{
    return signo != SIGWINCH && signo != SIGPIPE && signo != SIGALRM && signo != SIGXFSZ;
}

static void take_signals(struct server *s)
{
    int signo;

    while ((signo = sig_next(s->sig)) != 0) {
        if (signo != SIGCHLD) {
            if (is_for_command(signo)) {
                job_signal(s->j, signo);
            }
            continue;
        }
        if (!job_reap(s->j)) {
            continue;
        }
        if (!s->j->boot->tty || !on_line(s)) {
            job_signal(s->j, SIGCONT);                  /* no cco could continue the command */
        } else if (buf_room(&s->l->tx) >= FRAME_HEAD) { /* else many are queued already */
            (void)frame_add(&s->l->tx, FRAME_STOPPED, str_n(NULL, 0)); /* fits */
        }
    }
}

static void want(struct server *s, int slot, int fd, short events)
{
    s->fds[slot] = (struct pollfd){.fd = events != 0 ? fd : -1, .events = events};
}

static void prepare(struct server *s)
{
    struct job *j = s->j;
    bool room = carries(s) && has_room(s, FRAME_MAX);
    bool writes = s->input.len > 0 && j->in >= 0 && has_room(s, TAKEN_LEN);
    bool drops = !on_line(s) && j->boot->tty;

    want(s, SLOT_SIG, s->sig->fd, POLLIN);
    want(s, SLOT_LINE_IN, s->l->in, on_line(s) ? POLLIN : 0);
    want(s, SLOT_LINE_OUT, s->l->out, s->l->tx.len > 0 ? POLLOUT : 0);
    want(s, SLOT_IN, j->in, writes ? POLLOUT : 0);
    want(s, SLOT_OUT, j->out, j->out >= 0 && (room || drops) ? POLLIN : 0);
    want(s, SLOT_ERR, j->err, j->err >= 0 && room ? POLLIN : 0);
    want(s, SLOT_ADOPT, adopt_listener_fd(s->t), adopt_listener_fd(s->t) >= 0 ? POLLIN : 0);
    agent_filter_prepare(s->agent, &s->fds[SLOT_AGENT]);
}

static void move_output(struct server *s)
{
    struct job *j = s->j;

    if (s->fds[SLOT_OUT].revents != 0 && j->out >= 0) {
        if (!on_line(s)) {
            drop_output(j);
        } else if (carries(s) && has_room(s, FRAME_MAX) &&
                   !read_output(s, j->out, FRAME_OUTPUT) && !j->boot->tty) {
            fd_close(&j->out);
        }
    }
    if (s->fds[SLOT_ERR].revents != 0 && carries(s) && j->err >= 0 && has_room(s, FRAME_MAX) &&
        !read_output(s, j->err, FRAME_ERROUT)) {
        fd_close(&j->err);
    }
}

static void dispatch(struct server *s)
{
    int in = -1;
    int out = -1;

    take_signals(s);
    if (s->fds[SLOT_LINE_IN].revents != 0 && on_line(s)) {
        read_line(s);
    }
    if (s->fds[SLOT_ADOPT].revents != 0 &&
        adopt_listener_step(s->t, s->j->boot->key, &in, &out) == 1) {
        adopted(s, in, out);
    }
    agent_filter_dispatch(s->agent, &s->fds[SLOT_AGENT]);
    if (carries(s)) {
        write_input(s);
    }
    side_terminal_step(s->j, s->input_ended && s->input.len == 0);
    move_output(s);
    if (on_line(s) && !line_write(s->l)) {
        lose_line(s);
    }
}

/* Sends the output that is left in the pipes or the terminal after all processes of the sandbox
 * have ended. Waits for cco without a time limit, as a program waits for the reader of a
 * pipeline. A stream from which poll(2) reports nothing is at its end. */
static void drain(struct server *s)
{
    struct job *j = s->j;
    bool out = carries(s) && j->out >= 0;
    bool err = carries(s) && j->err >= 0;

    while (out || err) {
        if (!has_room(s, FRAME_MAX)) {
            line_drain(s->l, -1);
            if (!has_room(s, FRAME_MAX)) {
                return; /* the line is lost */
            }
        }
        struct pollfd fds[2] = {{.fd = out ? j->out : -1, .events = POLLIN},
                                {.fd = err ? j->err : -1, .events = POLLIN}};

        if (poll(fds, 2, FLUSH_MS) <= 0) {
            return;
        }
        out = out && (fds[0].revents == 0 || read_output(s, j->out, FRAME_OUTPUT));
        err = err && (fds[1].revents == 0 || !has_room(s, FRAME_MAX) ||
                      read_output(s, j->err, FRAME_ERROUT));
    }
}

int serve(struct job *j, struct line *l, struct adopt_listener *t, struct agent_filter *agent,
          struct sig *sig)
{
    struct server s = {.j = j, .l = l, .t = t, .agent = agent, .sig = sig, .kill_at_ms = -1};

    buf_init(&s.input, FRAME_WINDOW);
    buf_init(&s.output, FRAME_MAX);
    buf_init(&s.renewed, LIMIT_CREDENTIALS);
    listen_beside(&s);
    if (on_line(&s)) {
        take_frames(&s);
    }
    if (carries(&s)) {
        write_input(&s);
    }
    while (!j->ended) {
        prepare(&s);
        const bool waits = side_terminal_waits(j, s.input_ended && s.input.len == 0);

        if (poll(s.fds, SLOTS, waits ? SIDE_TERMINAL_MS : clock_poll_timeout(s.kill_at_ms)) >=
            0) {
            dispatch(&s);
        }
        if (s.kill_at_ms >= 0 && clock_ms() >= s.kill_at_ms) {
            job_signal(j, SIGKILL);
            s.kill_at_ms = -1;
        }
    }
    job_sweep(j, adopt_listener_carrier(t));
    drain(&s);
    if (on_line(&s)) {
        return_files(j->boot, l);
        line_drain(l, -1);
        (void)frame_add_exit(&l->tx, &j->exit); /* fits: tx is empty, or the line is lost */
        line_drain(l, -1);
        if (j->boot->final_wait && l->in >= 0) {
            final_wait(l);
        } else if (adopt_listener_carrier(t) != 0 && l->in >= 0) {
            final_wait_adopted(l);
        }
    }
    buf_wipe(&s.input);
    buf_wipe(&s.renewed);
    buf_release(&s.output);
    return j->exit.status;
}
