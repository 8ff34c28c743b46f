/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "wire/agent_msg.h"

#include <stdlib.h>
#include <string.h>

/* Properties: each message is inside the input and makes progress, and what may pass is a
 * request to list or to sign. The bytes arrive in pieces, as init reads them. */
void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct str seen = str_n(in.p, 0);

    for (;;) {
        struct str before = seen;
        struct str msg = {0};
        int got = agent_msg_next(&seen, &msg);

        if (got < 0) {
            (void)buf_add_c(out, "failed");
            return;
        }
        if (got == 1) {
            bool passes = agent_msg_may_pass(msg);
            char type = msg.p[AGENT_MSG_HEAD];

            if (msg.p != before.p || msg.len <= AGENT_MSG_HEAD || msg.len > before.len ||
                seen.len != before.len - msg.len ||
                (passes && type != AGENT_MSG_LIST && type != AGENT_MSG_SIGN) ||
                (passes && agent_msg_answers(msg, msg))) {
                abort();
            }
            (void)buf_addf(out, "%d%s ", type, passes ? "+" : "");
            continue;
        }
        if ((size_t)(in.p + in.len - seen.p) == seen.len) {
            (void)buf_addf(out, "%zu", seen.len);
            return;
        }
        step = step < (size_t)(in.p + in.len - seen.p) - seen.len
                   ? step
                   : (size_t)(in.p + in.len - seen.p) - seen.len;
        seen.len += step > 0 ? step : 1;
    }
}
