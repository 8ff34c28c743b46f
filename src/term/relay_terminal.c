/* SPDX-License-Identifier: MIT */
#include "term/relay_terminal.h"

#include "base/log.h"
#include "term/tty_drain.h"
#include "term/tty_reset.h"
#include "wire/boot.h"

#include <stdlib.h>
#include <unistd.h>

/* Returns the watch of the bytes that this process's terminal got: the server's, or the relay's
 * own. */
static struct output_watch *watch_of(struct relay *r)
{
    return r->server != NULL ? &r->server->watch : &r->watch;
}

void relay_open_terminal(struct relay *r)
{
    if (r->safe) {
        r->filters = calloc(2, sizeof(*r->filters));
        if (r->filters == NULL) {
            abort();
        }
    }
    buf_init(&r->shown, 2 * RELAY_READ_MAX + OUTPUT_FILTER_MORE);
    r->out_is_terminal = r->attached && isatty(r->out) == 1;
    r->err_is_terminal = r->attached && isatty(r->err) == 1;
}

void relay_close_terminal(struct relay *r)
{
    buf_release(&r->shown);
    free(r->filters);
    r->filters = NULL;
}

void relay_deliver(struct relay *r, enum frame_type type, struct str bytes)
{
    const bool error = type == FRAME_ERROUT;
    const bool shown = error ? r->err_is_terminal : r->session->tty || r->out_is_terminal;

    r->status_deadline = -1; /* output still comes, so it is not late */
    if (shown && r->filters != NULL) {
        buf_reset(&r->shown);
        output_filter(&r->filters[error ? 1 : 0], bytes, &r->shown);
        bytes = buf_str(&r->shown);
    }
    if (r->server != NULL && !error) {
        session_server_output(r->server, bytes);
    } else if (shown) {
        output_watch(watch_of(r), bytes);
    }
    if (r->record != NULL) {
        record_lines(r->record, bytes);
    }
    stdio_end_output(&r->stdio, type, bytes);
}

/* Returns the queue that leads to this process's terminal, and NULL if there is none. */
static struct relay_out *terminal_of(struct relay *r)
{
    struct relay_out *out = r->out_is_terminal ? &r->stdio.out : &r->stdio.err;

    if (!r->attached || (!r->out_is_terminal && !r->err_is_terminal) || out->broken ||
        out->fd < 0 || (r->session->tty && r->stdio.in.ended)) {
        return NULL;
    }
    return out;
}

/* Discards the answers that the terminal may still send. */
static void drain(struct relay *r)
{
    if (!output_watch_expects_answers(watch_of(r))) {
        return;
    }
    if (r->session->tty) {
        tty_drain(r->in, r->out);
    } else {
        tty_drain_cooked(r->out_is_terminal ? r->out : r->err);
    }
}

void relay_rest_terminal(struct relay *r)
{
    struct relay_out *out = terminal_of(r);
    struct buf text;

    if (out == NULL) {
        return;
    }
    buf_init(&text, TTY_RESET_MAX);
    tty_reset_text(watch_of(r), &text);
    if (stdio_end_say(out, buf_str(&text), RELAY_LEAVE_MS)) {
        drain(r);
    }
    buf_release(&text);
}

/* Adds the bytes that move the cursor from the end of the command's output to a new line. */
static void add_lead(struct relay *r, struct buf *lead)
{
    const struct output_watch *w = watch_of(r);

    if ((w->marks & OUTPUT_ORIGIN) != 0 ||
        (r->server == NULL && (w->marks & OUTPUT_MOVED) != 0)) {
        (void)buf_add_c(lead, "\033[9999B\r\n");
    } else if (r->server != NULL) {
        screen_go_below(r->server->screen, false, lead);
    } else if (w->midline) {
        (void)buf_add_c(lead, "\r\n");
    }
}

void relay_restore_terminal(struct relay *r, bool left)
{
    struct relay_out *out = terminal_of(r);
    struct buf text;

    if (out == NULL) {
        return;
    }
    buf_init(&text, TTY_RESET_MAX);
    /* If the terminal does not accept the output, its state is not known. */
    if (r->stdio.stale || !stdio_end_say(out, str_n(NULL, 0), RELAY_LEAVE_MS)) {
        tty_reset_any(&text);
    } else if (left && r->server != NULL) {
        session_server_leave(r->server, true, &text);
    } else {
        tty_reset(watch_of(r), &text);
    }
    if (stdio_end_say(out, buf_str(&text), RELAY_LEAVE_MS)) {
        drain(r);
    }
    buf_reset(&text);
    if (!left && r->err_is_terminal && !r->stdio.stale) {
        add_lead(r, &text);
    }
    log_set_lead(buf_str(&text),
                 r->err_is_terminal && (watch_of(r)->marks & OUTPUT_MOVED) != 0);
    buf_release(&text);
}

bool relay_follows_modes(const struct relay *r)
{
    return (r->side & BOOT_SIDE_IN) != 0 && r->attached && r->line.passed && r->line.in >= 0;
}

void relay_follow_modes(struct relay *r)
{
    if (relay_follows_modes(r)) {
        side_modes_follow(&r->modes, r->line.in, r->in);
    }
}

void relay_pass_broken_pipe(struct relay *r)
{
    if (r->stdio.out.broken && !r->session->tty && !r->output_closed &&
        init_line_is_ready(&r->line)) {
        r->output_closed = true;
        init_line_end_output(&r->line);
        init_line_flush(&r->line);
    }
}
