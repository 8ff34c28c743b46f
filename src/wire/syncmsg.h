/* SPDX-License-Identifier: MIT */
/* The protocol between the two ends of a synchronization (sync/sync.h): `local` on the host,
 * which leads, and `remote` in the sandbox. Pure.
 *
 *   message = type (1 byte) length (4 bytes, big-endian) payload (at most LIMIT_SYNC_MESSAGE
 * bytes)
 *
 * Numbers, texts, entries and listings are those of wire/synclist.h. Digests are SHA-256 in
 * lower-case hex digits. One side speaks at a time: a turn consists of messages up to END, then
 * the other side answers with messages up to END. Types are never reused. A message in any
 * other place is an error that ends the conversation. Instead of the next message of its turn,
 * `remote` may send ERROR (a text), which is then its last message.
 *
 * First turn
 *   local   HELLO    SYNC_VERSION (1 byte)
 *           TREE     one for each tree, numbered from 0: struct sync_tree_msg
 *           END
 *   remote  HELLO    the same version
 *           LIST     for each tree any number of these: the pieces of one listing, which holds
 *                    what differs from the base that STATE names, or everything if that is
 *                    SYNC_BASE_NONE
 *           STATE    ends a tree: enum sync_base (number), how many things were left alone
 * (number) END Then, as often as local wants, one of these turns about a tree that TURN names
 * (kind: 1 byte, tree: number): local   TURN SYNC_TURN_HASH    WANT path...    END remote  for
 * each, in order: HASH (SYNC_DIGEST bytes), or MISSING (why: text)    END before it BUSY, once
 * for SYNC_BUSY bytes of the file: a sign of life
 *
 *   local   TURN SYNC_TURN_FETCH   WANT path...    END
 *   remote  for each, in order: a file, or MISSING    END
 *           file = FILE entry (DATA bytes | HOLE length (number))* DONE (1 byte)
 *                  DONE is 1 if size bytes came and are one state of the file, 0 otherwise
 *
 *   local   TURN SYNC_TURN_PUSH, then struct sync_op in the order in which they are done:
 *           DROP     path: what was expected is removed
 *           MAKE     path becomes entry; of a file: followed by (DATA | HOLE)* DONE
 *           META     the file or directory at path gets the mode and the time of entry
 *           STAMP    the directory at path likewise, whatever it had; a failure is not an error
 *           END
 *   remote  FAULT    number of the operation in the turn (STAMPs do not count), why (text): the
 *                    operation was not done
 *           END
 *
 *   local   TURN SYNC_TURN_COMMIT, LIST..., DIGEST (of the new base's listing), END
 *                    the pieces of a listing: the changes to the remote side's base
 *   remote  END      the new base is on disk
 * At last
 *   local   BYE      no answer */
#ifndef WIRE_SYNCMSG_H
#define WIRE_SYNCMSG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "wire/synclist.h"

enum { SYNC_VERSION = 1, SYNC_HEAD = 5, SYNC_DIGEST = 64, SYNC_BUSY = 64 << 20 };

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

enum sync_turn { SYNC_TURN_HASH, SYNC_TURN_FETCH, SYNC_TURN_PUSH, SYNC_TURN_COMMIT };

/* Which of the two bases that TREE offers is the base of the remote side. */
enum sync_base { SYNC_BASE_NONE, SYNC_BASE_LAST, SYNC_BASE_NEXT };

struct sync_msg {
    enum sync_msg_type type;
    struct str payload; /* a view into the bytes it was taken from */
};

/* What the local end tells the remote end about a tree. */
struct sync_tree_msg {
    bool git; /* the remote end leaves out what git ignores */
    uint64_t uid, gid;
    struct str id;          /* sync_id_is_good() */
    struct str remote_path; /* absolute */
    struct str base_dir;    /* absolute; where the remote side's base is: base_dir/ID */
    struct str home;        /* empty: none */
    /* Of the bases that the local side has: the last one, and one that the remote side may have
     * stored before it could say so. Digits "0": none. */
    struct str digest[2];
};

/* One operation on the remote side. */
struct sync_op {
    struct str path;
    struct sync_entry expected; /* nothing is done if the path is in another state */
    struct sync_entry entry;    /* GONE in DROP */
};

/* Returns true for a name of 1 to LIMIT_NAME letters, digits, '-', '_' and '.', which does not
 * begin with '.'. */
bool sync_id_is_good(struct str id);

/* Each function adds one message. If out's maximum is exceeded, out->overflowed is set and the
 * bytes are useless. */
void sync_msg_add(struct buf *out, enum sync_msg_type type, struct str payload);
void sync_msg_add_number(struct buf *out, enum sync_msg_type type, uint64_t n); /* HOLE */
void sync_msg_add_byte(struct buf *out, enum sync_msg_type type,
                       unsigned char b); /* HELLO, DONE */
void sync_msg_add_tree(struct buf *out, const struct sync_tree_msg *t);
void sync_msg_add_turn(struct buf *out, enum sync_turn kind, uint64_t tree);
void sync_msg_add_state(struct buf *out, enum sync_base base, uint64_t left_alone);
void sync_msg_add_file(struct buf *out, const struct sync_entry *entry);
void sync_msg_add_op(struct buf *out, enum sync_msg_type type, const struct sync_op *op);
void sync_msg_add_fault(struct buf *out, uint64_t number, struct str why);

/* Writes the head of a message of `len` bytes. */
void sync_msg_head(char head[SYNC_HEAD], enum sync_msg_type type, size_t len);

/* Takes the message at the front of *in and moves *in behind it. Returns 1 on success, 0 if the
 * message is not complete yet (*in is unchanged), and -1 with ERR_FORMAT. */
int sync_msg_next(struct str *in, struct sync_msg *m, struct err *e);

/* These read payloads. They return 0 on success and -1 with ERR_FORMAT, or ERR_LIMIT for a
 * path. Texts are views of the payload. */
int sync_msg_number(struct sync_msg m, uint64_t *n, struct err *e);
int sync_msg_byte(struct sync_msg m, unsigned char *b, struct err *e);
int sync_msg_path(struct sync_msg m, struct str *path, struct err *e); /* WANT */
int sync_msg_tree(struct sync_msg m, struct sync_tree_msg *t, struct err *e);
int sync_msg_turn(struct sync_msg m, enum sync_turn *kind, uint64_t *tree, struct err *e);
int sync_msg_state(struct sync_msg m, enum sync_base *base, uint64_t *left_alone,
                   struct err *e);
int sync_msg_file(struct sync_msg m, struct sync_entry *entry, struct err *e);
int sync_msg_op(struct sync_msg m, struct sync_op *op, struct err *e);
int sync_msg_fault(struct sync_msg m, uint64_t *number, struct str *why, struct err *e);

#endif
