/* SPDX-License-Identifier: MIT */
#include "wire/agent_msg.h"

#include "base/num.h"

enum { FLAGS_LEN = 4 };

int agent_msg_next(struct str *in, struct str *msg)
{
    size_t len;

    if (in->len < AGENT_MSG_HEAD) {
        return 0;
    }
    len = be32_get(in->p);
    if (len == 0 || len > AGENT_MSG_MAX) {
        return -1;
    }
    if (in->len < AGENT_MSG_HEAD + len) {
        return 0;
    }
    *msg = str_n(in->p, AGENT_MSG_HEAD + len);
    *in = str_drop(*in, AGENT_MSG_HEAD + len);
    return 1;
}

static unsigned type_of(struct str msg)
{
    return (unsigned char)msg.p[AGENT_MSG_HEAD];
}

/* Takes a string, which begins with its length, from the front of *s. */
static bool take_string(struct str *s)
{
    size_t len;

    if (s->len < AGENT_MSG_HEAD) {
        return false;
    }
    len = be32_get(s->p);
    if (len > s->len - AGENT_MSG_HEAD) {
        return false;
    }
    *s = str_drop(*s, AGENT_MSG_HEAD + len);
    return true;
}

bool agent_msg_may_pass(struct str msg)
{
    struct str rest = str_drop(msg, AGENT_MSG_HEAD + 1);

    switch (type_of(msg)) {
    case AGENT_MSG_LIST:
        return rest.len == 0;
    case AGENT_MSG_SIGN:
        if (!take_string(&rest)) { /* the key; the data follows */
            return false;
        }
        return take_string(&rest) && rest.len == FLAGS_LEN;
    default:
        return false;
    }
}

bool agent_msg_answers(struct str request, struct str msg)
{
    unsigned type = type_of(msg);

    return type == AGENT_MSG_FAILURE ||
           (type_of(request) == AGENT_MSG_LIST && type == AGENT_MSG_LIST_ANSWER) ||
           (type_of(request) == AGENT_MSG_SIGN && type == AGENT_MSG_SIGN_ANSWER);
}

int agent_msg_add_failure(struct buf *out)
{
    static const char failure[AGENT_MSG_FAILURE_LEN] = {0, 0, 0, 1, AGENT_MSG_FAILURE};

    return buf_add(out, failure, sizeof(failure));
}
