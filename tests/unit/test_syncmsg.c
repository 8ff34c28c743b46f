/* SPDX-License-Identifier: MIT */
#include "wire/syncmsg.h"

#include "base/limits.h"
#include "tap.h"

static struct buf b;
static char zeros[SYNC_DIGEST];

static void add_one_message_of_each_kind(void)
{
    const struct sync_entry file = {SYNC_FILE, 0640, 7, -3, 4, {0}};
    const struct sync_tree_msg tree = {.git = true,
                                       .uid = 1000,
                                       .gid = 100,
                                       .id = STR("a-1_b.c"),
                                       .remote_path = STR("/w/p"),
                                       .base_dir = STR("/run/b"),
                                       .home = STR("/home/u"),
                                       .digest = {{zeros, SYNC_DIGEST}, {zeros, SYNC_DIGEST}}};
    const struct sync_op make = {STR("d/f"), {.type = SYNC_GONE}, file};
    const struct sync_op drop = {STR("d/f"), file, {.type = SYNC_GONE}};

    buf_reset(&b);
    sync_msg_add_byte(&b, SYNC_MSG_HELLO, SYNC_VERSION);
    sync_msg_add_tree(&b, &tree);
    sync_msg_add_turn(&b, SYNC_TURN_COMMIT, 300);
    sync_msg_add_state(&b, SYNC_BASE_NEXT, 12);
    sync_msg_add(&b, SYNC_MSG_WANT, str_c("a/b"));
    sync_msg_add_file(&b, &file);
    sync_msg_add_number(&b, SYNC_MSG_HOLE, 1ULL << 40);
    sync_msg_add_op(&b, SYNC_MSG_MAKE, &make);
    sync_msg_add_op(&b, SYNC_MSG_DROP, &drop);
    sync_msg_add_fault(&b, 5, str_c("why"));
    sync_msg_add(&b, SYNC_MSG_END, str_c(""));
}

static struct sync_msg next(struct str *in, enum sync_msg_type type)
{
    struct sync_msg m = {SYNC_MSG_NONE, {0}};
    struct err e = {0};

    ok(sync_msg_next(in, &m, &e) == 1 && m.type == type, "the next message has the type %u",
       (unsigned)type);
    return m;
}

static void messages_are_written_and_read(void)
{
    struct str in = buf_str(&b);
    struct sync_tree_msg tree = {0};
    struct sync_entry entry = {0};
    struct sync_op op = {0};
    enum sync_turn kind = SYNC_TURN_HASH;
    enum sync_base base = SYNC_BASE_NONE;
    struct err e = {0};
    struct str text = {0};
    uint64_t n = 0;
    unsigned char byte = 0;

    ok(sync_msg_byte(next(&in, SYNC_MSG_HELLO), &byte, &e) == 0 && byte == SYNC_VERSION,
       "HELLO is read");
    ok(sync_msg_tree(next(&in, SYNC_MSG_TREE), &tree, &e) == 0 && tree.git &&
           tree.uid == 1000 && tree.gid == 100 && str_eq_c(tree.id, "a-1_b.c") &&
           str_eq_c(tree.remote_path, "/w/p") && str_eq_c(tree.base_dir, "/run/b") &&
           str_eq_c(tree.home, "/home/u"),
       "TREE is read");
    ok(sync_msg_turn(next(&in, SYNC_MSG_TURN), &kind, &n, &e) == 0 &&
           kind == SYNC_TURN_COMMIT && n == 300,
       "TURN is read");
    ok(sync_msg_state(next(&in, SYNC_MSG_STATE), &base, &n, &e) == 0 &&
           base == SYNC_BASE_NEXT && n == 12,
       "STATE is read");
    ok(sync_msg_path(next(&in, SYNC_MSG_WANT), &text, &e) == 0 && str_eq_c(text, "a/b"),
       "WANT is read");
    ok(sync_msg_file(next(&in, SYNC_MSG_FILE), &entry, &e) == 0 && entry.size == 7 &&
           entry.mtime == -3,
       "FILE is read");
    ok(sync_msg_number(next(&in, SYNC_MSG_HOLE), &n, &e) == 0 && n == 1ULL << 40,
       "HOLE is read");
    ok(sync_msg_op(next(&in, SYNC_MSG_MAKE), &op, &e) == 0 && str_eq_c(op.path, "d/f") &&
           op.expected.type == SYNC_GONE && op.entry.mode == 0640,
       "MAKE is read");
    ok(sync_msg_op(next(&in, SYNC_MSG_DROP), &op, &e) == 0 && op.entry.type == SYNC_GONE,
       "DROP is read");
    ok(sync_msg_fault(next(&in, SYNC_MSG_FAULT), &n, &text, &e) == 0 && n == 5 &&
           str_eq_c(text, "why"),
       "FAULT is read");
    (void)next(&in, SYNC_MSG_END);
    is_int((long long)in.len, 0, "no bytes are left");
}

/* Reads every message as each type. Returns the number of messages, and -1 if one is
 * malformed. */
static int read_all(struct str in)
{
    struct sync_msg m;
    struct err e = {0};
    int got;
    int count = 0;

    while ((got = sync_msg_next(&in, &m, &e)) == 1) {
        struct sync_tree_msg tree;
        struct sync_entry entry;
        struct sync_op op;
        enum sync_turn kind;
        enum sync_base base;
        struct str text;
        uint64_t n;
        unsigned char byte;

        (void)sync_msg_byte(m, &byte, &e);
        (void)sync_msg_number(m, &n, &e);
        (void)sync_msg_path(m, &text, &e);
        (void)sync_msg_tree(m, &tree, &e);
        (void)sync_msg_turn(m, &kind, &n, &e);
        (void)sync_msg_state(m, &base, &n, &e);
        (void)sync_msg_file(m, &entry, &e);
        (void)sync_msg_op(m, &op, &e);
        (void)sync_msg_fault(m, &n, &text, &e);
        count++;
    }
    return got < 0 ? -1 : count;
}

static void mutated_messages_do_no_harm(void)
{
    static char copy[4096];
    int whole = read_all(buf_str(&b));
    bool fewer = true;

    for (size_t len = 0; len < b.len; len++) {
        fewer = fewer && read_all(str_n(buf_data(&b), len)) < whole;
    }
    ok(fewer, "truncated bytes have fewer messages");
    for (size_t i = 0; i < b.len; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            memcpy(copy, buf_data(&b), b.len);
            copy[i] = (char)((unsigned char)copy[i] ^ 1U << bit);
            (void)read_all(str_n(copy, b.len));
        }
    }
    ok(true, "messages with flipped bits are read or refused");
}

static void malformed_messages_are_refused(void)
{
    static const char *const ids[] = {"",   ".a", "a/b", "..", "a b", "\xc3\xa9",
                                      "a`", "a{", "a@",  "a[", "a:"};
    struct sync_msg m = {SYNC_MSG_NONE, {0}};
    struct sync_tree_msg tree = {
        .id = STR("a"), .remote_path = STR("relative"), .base_dir = STR("/b")};
    struct err e = {0};
    struct str in = str_n("\x00\x00\x00\x00\x00", 5);
    struct buf small;

    ok(sync_msg_next(&in, &m, &e) < 0, "type 0 is refused");
    in = str_n("\x01\x00\x10\x00\x01", 5);
    ok(sync_msg_next(&in, &m, &e) < 0, "a message past the limit is refused");
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        ok(!sync_id_is_good(str_c(ids[i])), "not a tree's id: '%s'", ids[i]);
    }
    ok(sync_id_is_good(str_c("azAZ09-_.x")),
       "letters, digits, '-', '_' and '.' are accepted in an id");
    tree.digest[0] = tree.digest[1] = str_n(zeros, SYNC_DIGEST);
    buf_reset(&b);
    sync_msg_add_tree(&b, &tree);
    in = buf_str(&b);
    ok(sync_msg_next(&in, &m, &e) == 1 && sync_msg_tree(m, &tree, &e) < 0,
       "a relative remote path is refused");
    buf_init(&small, 10);
    sync_msg_add(&small, SYNC_MSG_LIST, str_c("more than fits"));
    ok(small.overflowed, "a message that does not fit overflows the buffer");
    buf_release(&small);
}

int main(void)
{
    memset(zeros, '0', sizeof(zeros));
    buf_init(&b, 2 << 20);
    add_one_message_of_each_kind();
    messages_are_written_and_read();
    mutated_messages_do_no_harm();
    malformed_messages_are_refused();
    buf_release(&b);
    return done_testing();
}
