/* SPDX-License-Identifier: MIT */
/* Reads messages of a synchronization. Properties: each message makes progress and is inside
 * the input, and a message that consists of parts gives the same bytes when it is written
 * again. */
#include "fuzz.h"

#include "base/limits.h"
#include "wire/syncmsg.h"

#include <stdlib.h>
#include <string.h>

static void look(struct sync_msg m, struct buf *out)
{
    struct sync_tree_msg tree = {0};
    struct sync_entry entry = {0};
    struct sync_op op = {0};
    enum sync_turn kind = SYNC_TURN_HASH;
    enum sync_base base = SYNC_BASE_NONE;
    struct str text = {0};
    struct err e = {0};
    struct buf again;
    uint64_t n = 0;
    uint64_t k = 0;

    buf_init(&again, SYNC_HEAD + LIMIT_SYNC_MESSAGE);
    if (sync_msg_tree(m, &tree, &e) == 0) {
        sync_msg_add_tree(&again, &tree);
    } else if (sync_msg_op(m, &op, &e) == 0) {
        sync_msg_add_op(&again, m.type, &op);
    } else if (sync_msg_file(m, &entry, &e) == 0) {
        sync_msg_add_file(&again, &entry);
    } else if (sync_msg_fault(m, &n, &text, &e) == 0) {
        sync_msg_add_fault(&again, n, text);
    } else if (sync_msg_turn(m, &kind, &n, &e) == 0) {
        sync_msg_add_turn(&again, kind, n);
    } else if (sync_msg_state(m, &base, &k, &e) == 0) {
        sync_msg_add_state(&again, base, k);
    } else {
        sync_msg_add(&again, m.type, m.payload);
    }
    if (again.overflowed || again.len != SYNC_HEAD + m.payload.len ||
        memcmp(buf_data(&again) + SYNC_HEAD, m.payload.p, m.payload.len) != 0) {
        abort();
    }
    buf_release(&again);
    (void)buf_addf(out, "%u %zu %d\n", (unsigned)m.type, m.payload.len,
                   sync_msg_path(m, &text, &e));
}

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    size_t seen = 0;
    size_t at = 0;
    struct err e = {0};

    while (seen < in.len) {
        struct sync_msg m = {SYNC_MSG_NONE, {0}};
        int got;

        seen = seen + step < in.len ? seen + step : in.len;
        do {
            struct str rest = str_n(in.p + at, seen - at);

            got = sync_msg_next(&rest, &m, &e);
            if (got == 1) {
                look(m, out);
                at = seen - rest.len;
            }
        } while (got == 1);
        if (got < 0) {
            (void)buf_add_c(out, "refused");
            return;
        }
    }
}
