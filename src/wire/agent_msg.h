/* SPDX-License-Identifier: MIT */
/* Messages of the protocol of ssh agents (draft-ietf-sshm-ssh-agent), and which of them a
 * sandbox may use: to list the keys, and to sign with one. Everything else changes the agent
 * (add, remove, lock), or depends on the connection (extensions). Pure. */
#ifndef WIRE_AGENT_MSG_H
#define WIRE_AGENT_MSG_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/str.h"

enum {
    AGENT_MSG_HEAD = 4,        /* bytes of the length in front of a message */
    AGENT_MSG_MAX = 256 << 10, /* bytes of a message without its length, as in OpenSSH */
    AGENT_MSG_FAILURE_LEN = AGENT_MSG_HEAD + 1
};

/* Numbers of messages. An answer to a request that is not listed here is never passed on. */
enum agent_msg_type {
    AGENT_MSG_FAILURE = 5,
    AGENT_MSG_LIST = 11,        /* SSH_AGENTC_REQUEST_IDENTITIES */
    AGENT_MSG_LIST_ANSWER = 12, /* SSH_AGENT_IDENTITIES_ANSWER */
    AGENT_MSG_SIGN = 13,        /* SSH_AGENTC_SIGN_REQUEST */
    AGENT_MSG_SIGN_ANSWER = 14  /* SSH_AGENT_SIGN_RESPONSE */
};

/* Takes the message at the front of *in, sets *msg to it, with its length in front, and moves
 * *in behind it. Returns 1 on success; 0, with *in unchanged, if the message is not complete
 * yet; and -1 if it is empty or longer than AGENT_MSG_MAX: the position in the stream is lost
 * then. *msg is a view. */
int agent_msg_next(struct str *in, struct str *msg);

/* Returns true if a sandbox may send this message, with its length in front: a request to list
 * without content, or a request to sign of the form string key, string data, uint32 flags. */
bool agent_msg_may_pass(struct str msg);

/* Returns true if `msg` is of the type that answers a request of this type, or a failure. Both
 * have their length in front. */
bool agent_msg_answers(struct str request, struct str msg);

/* Adds a failure, which has AGENT_MSG_FAILURE_LEN bytes. Returns 0 on success and -1 if they do
 * not fit. */
int agent_msg_add_failure(struct buf *out);

#endif
