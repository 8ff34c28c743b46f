/* SPDX-License-Identifier: MIT */
/* The host's end of the line to a command's init (wire/frame.h), over either carrier. Where init passed the
 * command's own descriptors, bytes go through them and frames carry the rest. Never blocks; memory is bounded:
 * it reads when told to and takes input while it has room. */
#ifndef TERM_INIT_LINE_H
#define TERM_INIT_LINE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "term/session.h"
#include "wire/frame.h"
#include "wire/stdcopy.h"

enum { INIT_LINE_TEXT_MAX = 1024 };

struct init_line {
    struct session *s; /* borrowed */
    struct stdcopy wrap;
    struct buf rx, tx;
    struct buf raw;   /* in the engine's frames; empty between reads */
    struct buf file;  /* what init returned in the end: whole once it has exited */
    bool file_broken; /* more than fits: it is not whole */
    struct buf noise; /* what init printed beside the protocol: for the user's stderr */
    size_t under_way; /* bytes of INPUT that init has not taken */
    int in, out, err; /* passed ends; of a terminal all but err are its master; -1 */
    bool passed;
    bool started; /* the command runs */
    bool resized; /* rows and cols wait to be told */
    unsigned rows, cols;
    unsigned answers;          /* frames that came: signs of life */
    unsigned heard;            /* reads that brought something, whole frames or not */
    bool ended;                /* the line is over: nothing comes, nothing goes */
    bool out_ended, err_ended; /* of passed ends */
    bool stopped;              /* the command has stopped itself; the relay clears it */
    bool exited;               /* init told the end: exit is valid */
    struct frame_exit exit;    /* its text is in `text` */
    char text[INIT_LINE_TEXT_MAX];
};

/* Looks for init's greeting, its first frame, at the start of `in`: the bytes that have come on a line before the relay has it.
 * `secret` is what init must know; NULL if no other process can be on this line. Returns 1 if it is there, and adds the bytes
 * that follow it to `early`; 0 if more bytes are needed; -1 on error. ERR_REFUSED means that the peer is not the session's
 * init. Pure. */
int init_line_greets(struct str in, const char *secret, struct buf *early, struct err *e);

/* Answers init's greeting with this size: the command starts. */
void init_line_open(struct init_line *r, struct session *s, unsigned rows, unsigned cols);
void init_line_close(struct init_line *r);

/* Reads the line once. -1 ERR_FORMAT where it breaks the protocol; its end is `ended`. */
int init_line_read(struct init_line *r, struct err *e);

/* The next frame with output (OUTPUT, ERROUT) of what was read; everything else is taken in here. 1, 0
 * where there is none, -1 where the protocol is broken. The view lives until the next call of any. */
int init_line_next(struct init_line *r, struct frame *f, struct err *e);

/* Moves what can go from `input` to the command. False once it takes no more. */
bool init_line_input(struct init_line *r, struct buf *input);
bool init_line_takes_input(const struct init_line *r); /* frames of it would find room now */

/* Whether it is settled how input travels; before that it has to wait, its end too. */
bool init_line_is_ready(const struct init_line *r);

void init_line_end_input(struct init_line *r);
void init_line_end_output(
    struct init_line *r); /* nobody reads it: the command gets SIGPIPE when it writes */

/* A terminal's size: at once where we have the terminal, else the last of a burst with the next flush. */
void init_line_resize(struct init_line *r, unsigned rows, unsigned cols);
void init_line_signal(struct init_line *r, int signo);

/* The host's login, or a key, as it is from now on, for an init that has a copy of its own. False where there is no room
 * for it now: nothing was sent. */
bool init_line_renew(struct init_line *r, enum frame_renewed which, struct str text);

/* Asks init for a sign of life. */
void init_line_ping(struct init_line *r);

/* Writes what it can of tx. */
void init_line_flush(struct init_line *r);

#endif
