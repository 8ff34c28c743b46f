/* SPDX-License-Identifier: MIT */
/* The host's end of the line to init (src/wire/PROTOCOL.md), over either carrier: a unix
 * socket, or the engine's streams. If init passed the command's own descriptors, the command's
 * bytes go through them, and frames carry only the rest. No function blocks. Memory is bounded:
 * the line is read only when the caller asks for it, and input is taken only if there is
 * room. */
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
    struct session *s;   /* borrowed */
    struct stdcopy wrap; /* the position in the engine's log frames */
    struct buf rx, tx;   /* frames that were read and not handled; frames to be written */
    struct buf raw;      /* bytes read with the engine's log frames; empty between reads */
    struct buf file;     /* the return file; complete once init has exited */
    bool file_broken;    /* the return file was larger than the buffer and is incomplete */
    struct buf copies;   /* the COPY frames, as they came; complete once init has exited */
    struct buf noise;    /* text that init printed outside of the protocol; for stderr */
    size_t under_way;    /* bytes of INPUT that init has not acknowledged */
    /* The passed descriptors, which belong to this struct; -1: not passed, or closed. With a
     * terminal, in and out are both its master, and err is -1. */
    int in, out, err;
    bool passed;   /* init has passed the command's descriptors: the three above are valid */
    bool started;  /* the command runs */
    unsigned side; /* streams that are the side terminal (wire/boot.h); set by the relay */
    bool resized;  /* rows and cols are yet to be sent */
    unsigned rows, cols; /* the size that the command's terminal has, or should have */
    unsigned answers;    /* counts the received frames, which are signs of life */
    unsigned heard;      /* counts the reads that brought bytes, whole frames or not */
    bool ended;          /* the line is closed, in both directions */
    /* The passed descriptors are at their end. The reader of the descriptors sets these. */
    bool out_ended, err_ended;
    bool stopped;                  /* the command has stopped itself; the relay clears it */
    bool exited;                   /* init has sent the exit frame: `exit` is valid */
    struct frame_exit exit;        /* the command's end; exit.text points into `text` */
    char text[INIT_LINE_TEXT_MAX]; /* ends with NUL; a longer text is cut */
};

/* Looks for init's greeting, its first frame, at the start of `in`: the bytes that have come on
 * a line before the relay has it. `secret` is the text that the greeting must contain, and NULL
 * if no other process can be on this line. Returns 1 if the greeting is complete, and adds the
 * bytes that follow it to `early`. Returns 0 if more bytes are needed. Returns -1 on error:
 * ERR_REFUSED if the peer is not the session's init, ERR_FORMAT if the bytes are not a greeting
 * of this version. `early` is unchanged unless the result is 1. Pure. */
int init_line_greets(struct str in, const char *secret, struct buf *early, struct err *e);

/* Initializes r for the session s, which is borrowed until init_line_close(). Takes the bytes
 * in s->early and releases that buffer. Queues the answer to init's greeting with this size (0
 * and 0 if it is not known). The command starts once init_line_flush() has written the
 * answer. */
void init_line_open(struct init_line *r, struct session *s, unsigned rows, unsigned cols);

/* Closes the passed descriptors and wipes the queues. s->fd stays open. */
void init_line_close(struct init_line *r);

/* Reads the line once if there is room. Sets `ended` at the end of the line. Returns 0 on
 * success, also if nothing was read, and -1 on error: ERR_EOF if the engine's stream ends
 * inside a log frame, ERR_FORMAT if the log frames are broken, ERR_SYS if reading fails. */
int init_line_read(struct init_line *r, struct err *e);

/* Takes the next frame with output (OUTPUT or ERROUT) from the bytes that were read, and
 * handles all other frames itself. Returns 1 with the frame in *f, which is valid until the
 * next call of any function of this header. Returns 0 if no frame with output is complete.
 * Returns -1 on error: ERR_FORMAT if init breaks the protocol, ERR_SYS if a passed descriptor
 * cannot be set to non-blocking. */
int init_line_next(struct init_line *r, struct frame *f, struct err *e);

/* Moves as many bytes of `input` as possible into the passed descriptor, or else, as frames,
 * into tx. What does not fit stays in `input`. Returns false once the command takes no more
 * input; `input` is emptied then. */
bool init_line_input(struct init_line *r, struct buf *input);

/* Returns true if a line that the engine carries has room for input. Always returns false for
 * other lines: the caller polls the passed descriptor instead. */
bool init_line_takes_input(const struct init_line *r);

/* Returns true once it is decided whether input goes through frames or through a passed
 * descriptor. Until then the caller must not call init_line_input(), init_line_end_input() or
 * init_line_end_output(). */
bool init_line_is_ready(const struct init_line *r);

/* Ends the input of a command without a terminal: closes the passed pipe, or asks init to close
 * its own. Init ignores this for a command with a terminal. */
void init_line_end_input(struct init_line *r);

/* Closes the reading end of the command's standard output, here or in init, so that the command
 * gets SIGPIPE when it writes. Init ignores this for a command with a terminal. */
void init_line_end_output(struct init_line *r);

/* Sets the size of the command's terminal. If the terminal was passed, sets it at once;
 * otherwise sends it with the next flush, and then only the last of several sizes. */
void init_line_resize(struct init_line *r, unsigned rows, unsigned cols);

/* Queues the signal for the command. Drops it if it has no name in base/sig.h, if the line or
 * the command has ended, or if the queue is full. */
void init_line_signal(struct init_line *r, int signo);

/* Queues the host's new login or key for an init that has a copy of its own. Returns true if it
 * is queued. Returns false, and queues nothing, if there is not enough room for it now, or if
 * the line or the command has ended. */
bool init_line_renew(struct init_line *r, enum frame_renewed which, struct str text);

/* Queues a question that init answers with a sign of life. */
void init_line_ping(struct init_line *r);

/* Writes as much of tx as the line takes now. If writing fails, drops tx; init_line_read()
 * reports the end of the line. */
void init_line_flush(struct init_line *r);

#endif
