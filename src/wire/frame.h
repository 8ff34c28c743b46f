/* SPDX-License-Identifier: MIT */
/* The session protocol: what init inside a sandbox and cco on the host say to each other (the
 * line), and what the server of a session and its clients say (`cco attach`). One format, the
 * same numbers. Pure.
 *
 *   frame   = type (1 byte) zero (3 bytes) length (4 bytes, big-endian) payload (length bytes,
 * at most FRAME_MAX)
 *
 * Any other byte in place of a zero, a longer length or a type that is not in enum frame_type
 * breaks the stream for good. Numbers are never reused. Each side sends HELLO first: its
 * version, a kind, and what the kind says. A side that does not know the other's version
 * closes.
 *
 * The line. Init speaks first, whoever carries it: a unix socket that cco listens at for the
 * handshake, or the engine's attach stream (standard output out, standard input in). init ->
 * cco   HELLO  version FRAME_HELLO_INIT, then the one-time secret of the boot file cco  -> init
 * HELLO  version FRAME_HELLO_HOST, then rows and columns as in SIZE: the terminal has them
 *                        before the command starts. The socket's name, its listener and the
 * boot file are gone by then. Only now does the command start. init -> cco   PASS   over a unix
 * socket only, with descriptors (SCM_RIGHTS) and one byte: 't' and the terminal's master, or
 * 'p' and three ends of pipes: standard input to write, standard output and standard error to
 * read. The bytes of these never become frames then. It tells that the command runs. Without
 * PASS: init -> cco   STARTED   the command runs cco  -> init  INPUT  bytes for the command At
 * most FRAME_WINDOW of them may be under way, so that a command that does not read its input
 * never keeps a SIGNAL waiting behind it. init -> cco   TAKEN  4 bytes, big-endian: so many
 * bytes of INPUT are with the command now init -> cco   OUTPUT, ERROUT   bytes of the command
 * (a terminal has only OUTPUT) cco  -> init  END    one byte: 0, the command's input is over;
 * 1, nobody reads its output cco  -> init  SIZE   rows and columns, 2 bytes each, big-endian
 *   cco  -> init  SIGNAL the name without "SIG"; answered by TAKEN of 0 bytes, as a sign of
 * life cco  -> init  PING   answered like SIGNAL, at once: who has said nothing for a while is
 * asked whether it is there init -> cco   STOPPED   the command stopped itself (job control);
 * SIGNAL CONT goes on init -> cco   EXIT   status (1 byte, as a shell has it), enum
 * frame_reason (1 byte), signal number (1 byte), then text for the user, which may be empty.
 * All output was sent before, and nothing of the command runs any more. cco  -> init  RENEWED
 * enum frame_renewed (1 byte), then bytes of the host's login, or of a key, as it is from now
 *                        on, where init has them in a file of its own (wire/boot.h): in order,
 * the last of them none init -> cco   FILE   before EXIT: bytes of the file that the boot file
 * wants back, in order; none where there is no such file any more
 *
 *   cco  -> init  STOP   after EXIT, where init was told to wait at the end (wire/boot.h): what
 * is to be fetched is fetched, and init goes. The end of the line means the same. On a line
 * that was taken over init waits for it too, for some seconds: EXIT has arrived.
 *
 * After the loss of the line a terminal's command runs on, its output dropped; init listens
 * inside the sandbox until somebody presents the session's key (HELLO version FRAME_HELLO_KEY,
 * the key) and with it the descriptors of a new carrier; then it starts over with HELLO on that
 * one.
 *
 * Clients. The client speaks first:
 *   client -> server  HELLO  version, enum frame_hello, rows, columns (2 bytes each), the
 * detach sequence as users spell it. A descriptor may come with its first byte (SCM_RIGHTS):
 * the client's terminal, in raw mode, of an open description of its own. The server then reads
 * and writes it itself, up to DETACH or EXIT: no INPUT and no OUTPUT. server -> client  HELLO
 * version FRAME_HELLO_HOST client -> server  INPUT, SIZE, SIGNAL; DETACH (no payload) asks to
 * be let go; STOP ends the session SIGNAL TSTP: the client stops; STOPPED answers once its
 * terminal is left alone. SIGNAL CONT: it goes on, and is shown the screen anew. server ->
 * client  OUTPUT the screen as it is, then everything that follows; EXIT as above; STOPPED;
 *                     DETACH you are let go; INFO one JSON object; ERROR text, the last frame
 */
#ifndef WIRE_FRAME_H
#define WIRE_FRAME_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum {
    FRAME_HEAD = 8,
    FRAME_MAX = 16 << 10,
    FRAME_VERSION = 1,
    FRAME_SIZE_LEN = 4, /* of SIZE's payload */
    FRAME_SECRET = 64,
    FRAME_WINDOW = 64 << 10
};

enum frame_type {
    FRAME_NONE = 0,
    FRAME_HELLO = 1,
    FRAME_INPUT = 2,
    FRAME_OUTPUT = 3,
    FRAME_ERROUT = 4,
    FRAME_END = 5,
    FRAME_SIZE = 6,
    FRAME_SIGNAL = 7,
    FRAME_EXIT = 8,
    FRAME_PASS = 9,
    FRAME_STOPPED = 10,
    FRAME_DETACH = 11,
    FRAME_STOP = 12,
    FRAME_INFO = 13,
    FRAME_ERROR = 14,
    FRAME_TAKEN = 15,
    FRAME_STARTED = 16,
    FRAME_FILE = 17,
    FRAME_PING = 18,
    FRAME_RENEWED = 20,
    FRAME_TYPE_COUNT
};

/* The second byte of a HELLO. */
enum frame_hello {
    FRAME_HELLO_INIT = 'i',
    FRAME_HELLO_HOST = 'h',
    FRAME_HELLO_KEY = 'k',
    FRAME_HELLO_ATTACH = 'a',
    FRAME_HELLO_READ_ONLY = 'r',
    FRAME_HELLO_WAIT = 'w', /* only the exit status */
    FRAME_HELLO_ASK = '?'   /* INFO, or STOP */
};

enum frame_reason {
    FRAME_EXITED = 0,
    FRAME_SIGNALED = 1,
    FRAME_OUT_OF_MEMORY = 2,
    FRAME_NOT_STARTED = 3 /* the text says why */
};

enum frame_renewed { FRAME_RENEWED_LOGIN = 0, FRAME_RENEWED_KEY = 1 };

enum { FRAME_END_INPUT = 0, FRAME_END_OUTPUT = 1 };

struct frame {
    unsigned type;      /* enum frame_type; which of them one may get depends on who one is */
    struct str payload; /* a view into the bytes it was taken from */
};

struct frame_exit {
    int status;
    enum frame_reason reason;
    int signo;
    struct str text; /* a view */
};

/* Adds one frame. -1 with out overflowed, nothing added, where it does not fit; payload at most
 * FRAME_MAX. */
int frame_add(struct buf *out, enum frame_type type, struct str payload);

/* Adds bytes of any length as frames of one type. All or nothing. */
int frame_add_bytes(struct buf *out, enum frame_type type, struct str bytes);

/* How many bytes frame_add_bytes() may take so that they fit into out. */
size_t frame_room(const struct buf *out);

int frame_add_hello(struct buf *out, enum frame_hello kind, struct str rest);
int frame_add_size(struct buf *out, unsigned rows, unsigned cols);
int frame_add_exit(struct buf *out, const struct frame_exit *x);
int frame_add_taken(struct buf *out, size_t bytes);

/* Takes the frame at the front of *in, which then begins behind it. 1, 0 when it is not whole
 * yet (*in stays), -1 ERR_FORMAT. */
int frame_next(struct str *in, struct frame *f, struct err *e);

/* Payloads. -1 ERR_FORMAT where one is not as it must be. */
int frame_hello(struct frame f, enum frame_hello *kind, struct str *rest, struct err *e);
int frame_size(struct str payload, unsigned *rows, unsigned *cols, struct err *e);
int frame_exit(struct frame f, struct frame_exit *x, struct err *e);
int frame_taken(struct frame f, size_t *bytes, struct err *e);

#endif
