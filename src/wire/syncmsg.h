/* SPDX-License-Identifier: MIT */
/* The messages between the two ends of a synchronization (sync/sync.h): the local end on the
 * host and the remote end in the sandbox. PROTOCOL.md, "Synchronization", specifies which end
 * sends which message when, and what its payload contains. This module adds messages to a buf
 * and takes them from bytes. Pure. */
#ifndef WIRE_SYNCMSG_H
#define WIRE_SYNCMSG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "wire/synclist.h"

enum {
    SYNC_VERSION = 1,
    SYNC_HEAD = 5,       /* bytes in front of the payload */
    SYNC_DIGEST = 64,    /* a SHA-256 in lower-case hex digits */
    SYNC_BUSY = 64 << 20 /* the remote end sends BUSY about once for so many hashed bytes */
};

/* Numbers are never reused. */
enum sync_msg_type {
    SYNC_MSG_NONE = 0,
    SYNC_MSG_HELLO = 1,
    SYNC_MSG_ERROR = 2,
    SYNC_MSG_END = 3,
    SYNC_MSG_TREE = 4,
    SYNC_MSG_TURN = 5,
    SYNC_MSG_LIST = 6,
    SYNC_MSG_STATE = 7,
    SYNC_MSG_WANT = 8,
    SYNC_MSG_HASH = 9,
    SYNC_MSG_FILE = 10,
    SYNC_MSG_DATA = 11,
    SYNC_MSG_HOLE = 12,
    SYNC_MSG_DONE = 13,
    SYNC_MSG_MISSING = 14,
    SYNC_MSG_MAKE = 15,
    SYNC_MSG_DROP = 16,
    SYNC_MSG_META = 17,
    SYNC_MSG_STAMP = 18,
    SYNC_MSG_FAULT = 19,
    SYNC_MSG_DIGEST = 20,
    SYNC_MSG_BYE = 21,
    SYNC_MSG_BUSY = 22,
    SYNC_MSG_TYPE_COUNT
};

/* The purpose of a turn. */
enum sync_turn { SYNC_TURN_HASH, SYNC_TURN_FETCH, SYNC_TURN_PUSH, SYNC_TURN_COMMIT };

/* Which of the two bases in TREE is the base of the remote end: neither, digest[0],
 * digest[1]. */
enum sync_base { SYNC_BASE_NONE, SYNC_BASE_LAST, SYNC_BASE_NEXT };

struct sync_msg {
    enum sync_msg_type type;
    struct str payload; /* a view into the bytes from which the message was taken */
};

/* The content of TREE. */
struct sync_tree_msg {
    bool git;          /* the remote end leaves out what git ignores */
    uint64_t uid, gid; /* the owner of everything that the remote end makes, if it is root */
    struct str id;     /* the name of the tree: sync_id_is_good() */
    struct str remote_path; /* of the tree's directory on the remote side; absolute */
    struct str base_dir; /* absolute; the remote end keeps its base in the file base_dir/ID */
    struct str home;     /* the user's home there, for git's settings; empty: none */
    /* The bases that the local end has: the last base, and a next base that the remote end may
     * have stored without being able to confirm it. 64 digits '0' if there is none. */
    struct str digest[2];
};

/* The content of MAKE, DROP, META and STAMP: one operation on the remote tree. */
struct sync_op {
    struct str path;
    struct sync_entry expected; /* the state of the path in which the operation is permitted */
    struct sync_entry entry;    /* the new state; GONE in DROP */
};

/* Returns true if `id` has 1 to LIMIT_NAME letters of ASCII, digits, '-', '_' and '.', and does
 * not begin with '.'. */
bool sync_id_is_good(struct str id);

/* Each function adds one message to out. If the message is longer than LIMIT_SYNC_MESSAGE or
 * exceeds out's maximum, out->overflowed is set and the bytes of out are useless.
 *
 * sync_msg_add() is for types whose payload is plain bytes, sync_msg_add_number() for HOLE,
 * sync_msg_add_byte() for HELLO and DONE, and sync_msg_add_op() for MAKE, DROP, META and
 * STAMP. */
void sync_msg_add(struct buf *out, enum sync_msg_type type, struct str payload);
void sync_msg_add_number(struct buf *out, enum sync_msg_type type, uint64_t n);
void sync_msg_add_byte(struct buf *out, enum sync_msg_type type, unsigned char b);
void sync_msg_add_tree(struct buf *out, const struct sync_tree_msg *t);
void sync_msg_add_turn(struct buf *out, enum sync_turn kind, uint64_t tree);
void sync_msg_add_state(struct buf *out, enum sync_base base, uint64_t left_alone);
void sync_msg_add_file(struct buf *out, const struct sync_entry *entry);
void sync_msg_add_op(struct buf *out, enum sync_msg_type type, const struct sync_op *op);
void sync_msg_add_fault(struct buf *out, uint64_t number, struct str why);

/* Writes the head of a message whose payload has `len` bytes, at most LIMIT_SYNC_MESSAGE, to
 * `head`. */
void sync_msg_head(char head[SYNC_HEAD], enum sync_msg_type type, size_t len);

/* Takes the message at the front of *in, sets *m to it, and moves *in behind it. Returns 1 on
 * success; 0, with *in unchanged, if the message is not complete yet; and -1 and ERR_FORMAT,
 * with *in unchanged, if the bytes are not a message. */
int sync_msg_next(struct str *in, struct sync_msg *m, struct err *e);

/* These functions read a payload. The caller has checked that the message has the type, which
 * is the one in the function's name, or for sync_msg_number() HOLE, for sync_msg_byte() HELLO
 * or DONE, for sync_msg_path() WANT, and for sync_msg_op() MAKE, DROP, META or STAMP. Texts are
 * views of the payload. Return 0 on success and -1 on error; the results are then undefined.
 * ERR_FORMAT means that the payload is malformed, and ERR_LIMIT that a path in it is too
 * long. */
int sync_msg_number(struct sync_msg m, uint64_t *n, struct err *e);
int sync_msg_byte(struct sync_msg m, unsigned char *b, struct err *e);
int sync_msg_path(struct sync_msg m, struct str *path, struct err *e);
int sync_msg_tree(struct sync_msg m, struct sync_tree_msg *t, struct err *e);
int sync_msg_turn(struct sync_msg m, enum sync_turn *kind, uint64_t *tree, struct err *e);
int sync_msg_state(struct sync_msg m, enum sync_base *base, uint64_t *left_alone,
                   struct err *e);
int sync_msg_file(struct sync_msg m, struct sync_entry *entry, struct err *e);
int sync_msg_op(struct sync_msg m, struct sync_op *op, struct err *e);
int sync_msg_fault(struct sync_msg m, uint64_t *number, struct str *why, struct err *e);

#endif
