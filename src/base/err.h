/* SPDX-License-Identifier: MIT */
/* The error value. The caller owns it, initializes it to {0} and passes it as the last
 * argument. A function that succeeds leaves it unchanged. The error is set once, where
 * something fails, and wrapped once per layer with the operation that this layer was
 * performing, so that the text reads from the outermost operation to the cause:
 * "attach c0ffee: read stream: Connection reset". The text is in lower case and has no newline.
 * These functions are pure: they do no I/O and allocate nothing. A text that does not fit is
 * cut between two characters. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

enum err_kind {
    ERR_NONE = 0,
    ERR_SYS,       /* a system call failed; `errnum` says how */
    ERR_USAGE,     /* an argument violates the contract of a function or of the command line */
    ERR_LIMIT,     /* a size, depth or count exceeds its limit */
    ERR_FORMAT,    /* bytes from outside violate their format */
    ERR_EOF,       /* the peer ended the stream too early */
    ERR_TIMEOUT,   /* a deadline passed */
    ERR_CANCELED,  /* a signal asked cco to stop; `code` is the signal's number */
    ERR_ENGINE,    /* the engine refused the request; `code` is the HTTP status */
    ERR_NOT_FOUND, /* the named object does not exist */
    ERR_REFUSED    /* a rule of cco forbids it (the project is "/", a file is hostile) */
};

enum { ERR_TEXT_MAX = 1024, ERR_HINT_MAX = 320 };

struct err {
    enum err_kind kind;
    int errnum; /* errno if kind is ERR_SYS, otherwise 0 */
    int code;   /* see ERR_CANCELED and ERR_ENGINE; otherwise 0 */
    char text[ERR_TEXT_MAX];
    char hint[ERR_HINT_MAX]; /* one line about what the user can do next; may be empty */
};

/* Sets the kind and the text, sets errnum and code to 0, and empties the hint. Always returns
 * -1, so that a caller can `return err_set(...)`. */
int err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Like err_set() with the kind ERR_SYS. Also stores errno in errnum and adds ": " and
 * strerror(errno) to the text. Always returns -1. Does not change errno. */
int err_sys(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Inserts the formatted text and ": " before the existing text. Kind, errnum, code and hint are
 * unchanged. Always returns -1. */
int err_wrap(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Replaces the hint, a whole sentence that names the next step. Everything else is unchanged.
 * Always returns -1. */
int err_hint(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Rewrites the error of a system call on a path of the command line: the text becomes
 * "what path: REASON", and the kind ERR_USAGE. If the path cannot be the reason, such as after
 * ENOSPC, only inserts `what` as err_wrap() does. Always returns -1. */
int err_of_path(struct err *e, const char *what, const char *path);

/* Resets *e to {0}. */
void err_reset(struct err *e);

#endif
