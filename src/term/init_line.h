/* SPDX-License-Identifier: MIT */
/* The host's end of the line to init (wire/frame.h), over either carrier. If init passed the
 * command's own descriptors, the command's bytes go through them and frames carry the rest.
 * Never blocks. Memory is bounded: it reads only when it is called, and takes input only while
 * it has room. */
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
    struct buf file;  /* the return file: complete once init has exited */
    bool file_broken; /* it was larger than the buffer and is incomplete */
    struct buf noise; /* what init printed outside of the protocol, for the user's stderr */
    size_t under_way; /* bytes of INPUT that init has not acknowledged */
    int in, out, err; /* passed descriptors; with a terminal, in and out are its master; -1 */
    bool passed;
    bool started; /* the command runs */
    bool resized; /* rows and cols are yet to be sent */
    unsigned rows, cols;
    unsigned answers;          /* received frames: signs of life */
    unsigned heard;            /* reads that brought bytes, whole frames or not */
    bool ended;                /* the line is closed in both directions */
    bool out_ended, err_ended; /* of the passed descriptors */
    bool stopped;              /* the command has stopped itself; the relay clears it */
    bool exited;               /* init has sent the exit frame: `exit` is valid */
    struct frame_exit exit;    /* its text is in `text` */
    char text[INIT_LINE_TEXT_MAX];
};

/* Looks for init's greeting, its first frame, at the start of `in`: the bytes that have come on
 * a line before the relay has it. `secret` is what init must know; NULL if no other process can
 * be on this line. Returns 1 if it is there, and adds the bytes that follow it to `early`; 0 if
 * more bytes are needed; -1 on error. ERR_REFUSED means that the peer is not the session's
 * init. Pure. */
int init_line_greets(struct str in, const char *secret, struct buf *early, struct err *e);

/* Initializes r for the session s, which is borrowed until init_line_close(), takes the bytes
 * in s->early, and queues the answer to init's greeting with this size: the command starts once
 * that is flushed. */
void init_line_open(struct init_line *r, struct session *s, unsigned rows, unsigned cols);

/* Closes the passed descriptors and wipes the queues. The carrier belongs to s and stays open.
 */
void init_line_close(struct init_line *r);

/* Reads the line once, if there is room. Sets `ended` at its end. Returns 0 on success and -1
 * on error: ERR_FORMAT if init breaks the protocol. */
int init_line_read(struct init_line *r, struct err *e);

/* Takes the next frame with output (OUTPUT, ERROUT) from what was read, and handles all other
 * frames itself. Returns 1 with the frame in *f, which is valid until the next call of any
 * function here; 0 if there is none; -1 if init breaks the protocol. */
int init_line_next(struct init_line *r, struct frame *f, struct err *e);

/* Moves as much of `input` to the command as possible: into the passed descriptor, or into tx.
 * Returns false once the command takes no more input; `input` is then emptied. */
bool init_line_input(struct init_line *r, struct buf *input);

/* Returns true if a line that the engine carries has room for input. Always false for other
 * lines: the caller polls the passed descriptor instead. */
bool init_line_takes_input(const struct init_line *r);

/* Returns true once it is decided whether input goes through frames or through a passed
 * descriptor. Before that, input and its end must wait. */
bool init_line_is_ready(const struct init_line *r);

/* Ends the command's input: the pipe is closed; init is asked to end a terminal's input. */
void init_line_end_input(struct init_line *r);

/* Output is no longer read: the command gets SIGPIPE when it writes. */
void init_line_end_output(struct init_line *r);

/* Sets the size of the command's terminal: at once if the terminal was passed, else with the
 * next flush, which sends only the last of several sizes. */
void init_line_resize(struct init_line *r, unsigned rows, unsigned cols);

/* Queues the signal for the command. A signal without a name in base/sig.h is not sent. */
void init_line_signal(struct init_line *r, int signo);

/* Sends the host's new login or key to an init that has its own copy. Returns false, and sends
 * nothing, if there is no room now. */
bool init_line_renew(struct init_line *r, enum frame_renewed which, struct str text);

/* Sends a question that init answers with a sign of life. */
void init_line_ping(struct init_line *r);

/* Writes as much of tx as the line takes. An error drops tx; init_line_read() reports the end
 * of the line. */
void init_line_flush(struct init_line *r);

#endif
