/* SPDX-License-Identifier: MIT */
#include "term/relay_end.h"

#include "base/clock.h"
#include "term/relay_signal.h"

bool relay_is_over(const struct relay *r)
{
    return r->line.exited || r->session->ended;
}

/* Returns true if all output of the command has been read. */
static bool line_is_drained(const struct init_line *line)
{
    bool passed_over = line->out_ended && (line->err < 0 || line->err_ended);

    return (line->exited || line->ended) && (!line->passed || passed_over);
}

/* RELAY_STATUS_MS are over. Without a status this is an error. With a status, a stream has not
 * ended in time, and the relay treats it as ended. */
static int too_late(struct relay *r, struct err *e)
{
    if (relay_is_over(r)) {
        r->line.ended = true;
        r->line.out_ended = r->line.err_ended = true;
        r->status_deadline = -1;
        return 0;
    }
    return err_set(e, ERR_TIMEOUT,
                   "the command's output has ended, but the engine reports no exit status");
}

/* Sends a question on a silent line that the engine carries. A line that is a unix socket ends
 * when its peer ends, so it needs no keepalive. Returns -1 if the engine is lost. */
static int keepalive(struct relay *r, bool room, int64_t now, struct err *e)
{
    const struct init_line *line = &r->line;
    unsigned max = line->started ? KEEPALIVE_MISSED_MAX : KEEPALIVE_STARTING_MAX;

    if (!r->session->wrapped || line->ended || relay_is_over(r) || !room) {
        keepalive_rest(&r->keepalive);
        return 0;
    }
    switch (keepalive_step(&r->keepalive, line->heard, max, now)) {
    case KEEPALIVE_ASK:
        init_line_ping(&r->line);
        return 0;
    case KEEPALIVE_LOST:
        r->engine_lost = true;
        (void)err_set(&r->lost, ERR_TIMEOUT,
                      "lost the engine: nothing has come from it for %u seconds",
                      KEEPALIVE_EVERY_MS * (max + 1) / 1000);
        *e = r->lost;
        return -1;
    case KEEPALIVE_QUIET:
    default:
        return 0;
    }
}

/* No more output comes: sends the end to every client, and waits until all terminals have
 * received everything. Returns 1 then, and 0 before. */
static int wind_up(struct relay *r, int64_t now)
{
    struct session_server *server = r->server != NULL ? r->server : r->queries;
    struct init_line *line = &r->line;

    if (!line->exited) {
        line->exit = (struct frame_exit){.status = r->session->status};
        line->exited = true; /* the engine has reported it, not init */
    }
    if (server != NULL && !session_server_end(server, &line->exit, now)) {
        return 0;
    }
    return stdio_end_is_drained(&r->stdio) ? 1 : 0;
}

int relay_finished(struct relay *r, bool room, struct err *e)
{
    struct init_line *line = &r->line;
    int64_t now = clock_ms();
    bool known = relay_is_over(r);

    if (known && line_is_drained(line)) {
        return wind_up(r, now);
    }
    if (r->leave_deadline >= 0 && now >= r->leave_deadline && !known) {
        return relay_make_leave(r, now, e);
    }
    if (!known && line->ended && r->engine_lost) {
        *e = r->lost;
        return -1;
    }
    if (keepalive(r, room, now, e) < 0) {
        return -1;
    }
    if ((!known && !line->ended) || !room) {
        r->status_deadline = -1; /* the command runs, or the relay itself reads nothing now */
        return 0;
    }
    if (r->status_deadline < 0) {
        r->status_deadline = now + RELAY_STATUS_MS;
    }
    if (now < r->status_deadline) {
        return 0;
    }
    /* Winds up in the same turn, because no event would wake poll(2) for another one. */
    return too_late(r, e) < 0 ? -1 : wind_up(r, now);
}
