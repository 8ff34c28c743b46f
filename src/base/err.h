/* SPDX-License-Identifier: MIT */
/* The error value. The caller owns it, starts it as {0} and passes it last. Success leaves it
 * alone. It is set once where something goes wrong and wrapped once per layer with what that
 * layer was doing, so that the text reads from the outside in:
 * "attach c0ffee: read stream: Connection reset". Lower case, no newline.
 * Pure: no I/O, no allocation; a text that does not fit is cut. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

enum err_kind {
    ERR_NONE = 0,
    ERR_SYS,       /* a system call failed; errnum says how */
    ERR_USAGE,     /* an argument breaks the contract of a call or of the command line */
    ERR_LIMIT,     /* a size, depth or count is past its limit */
    ERR_FORMAT,    /* bytes from outside break their format */
    ERR_EOF,       /* the other side ended too early */
    ERR_TIMEOUT,   /* a deadline passed */
    ERR_CANCELED,  /* a signal asked us to stop; code is the signal's number */
    ERR_ENGINE,    /* the engine refused; code is the HTTP status */
    ERR_NOT_FOUND, /* a thing that was named does not exist */
    ERR_REFUSED    /* a rule of ours forbids it (a project of "/", a hostile file) */
};

enum { ERR_TEXT_MAX = 1024, ERR_HINT_MAX = 320 };

struct err {
    enum err_kind kind;
    int errnum; /* errno of ERR_SYS, else 0 */
    int code;   /* see the kinds */
    char text[ERR_TEXT_MAX];
    char hint[ERR_HINT_MAX]; /* what to do next, one line; may be empty */
};

/* Sets *e, hint emptied. Returns -1 always, so that a caller can `return err_set(...)`. */
int err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Sets ERR_SYS from errno and adds ": " and its text. Returns -1; errno is kept. */
int err_sys(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Puts "TEXT: " in front; kind, errnum, code and hint stay. Returns -1. */
int err_wrap(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Sets the hint: a whole sentence that names the next step. Returns -1. */
int err_hint(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Makes *e empty again. */
void err_reset(struct err *e);

#endif
