/* SPDX-License-Identifier: MIT */
#include "wire/agent_msg.h"

#include "tap.h"

#define S(text) text, sizeof(text) - 1

#define KEY "\0\0\0\3key"
#define DATA "\0\0\0\4data"

static const struct sample {
    const char *bytes;
    size_t len;
    int want; /* the result of agent_msg_next() */
    bool passes;
    const char *name;
} samples[] = {
    {S("\0\0\0\1\x0b"), 1, true, "a request to list passes"},
    {S("\0\0\0\2\x0bx"), 1, false, "a request to list with content does not pass"},
    {S("\0\0\0\x14\x0d" KEY DATA "\0\0\0\4"), 1, true, "a request to sign passes"},
    {S("\0\0\0\x13\x0d" KEY DATA "\0\0\0"), 1, false, "a request to sign that is too short"},
    {S("\0\0\0\x15\x0d" KEY DATA "\0\0\0\0\0"), 1, false, "a request to sign that is too long"},
    {S("\0\0\0\x0c\x0d" KEY "\0\0\0\0"), 1, false, "a request to sign without flags"},
    {S("\0\0\0\5\x0d\xff\xff\xff\xff"), 1, false, "a string that is longer than the message"},
    {S("\0\0\0\1\x0d"), 1, false, "a request to sign without content"},
    {S("\0\0\0\1\x13"), 1, false, "a request to remove all keys"},
    {S("\0\0\0\1\x1b"), 1, false, "an extension"},
    {S("\0\0\0\1\x05"), 1, false, "a failure is no request"},
    {S("\0\0\0\0"), -1, false, "an empty message is malformed"},
    {S("\0\4\0\1\x0b"), -1, false, "a message of more than 256 KiB is malformed"},
    {S("\0\4\0\0\x0b"), 0, false, "a message of 256 KiB is not complete yet"},
    {S("\xff\xff\xff\xff\x0b"), -1, false, "a message of 4 GiB is malformed"},
    {S("\0\0\0"), 0, false, "a length that is not complete"},
    {S("\0\0\0\2\x0b"), 0, false, "a message that is not complete"},
    {S(""), 0, false, "nothing"},
};

static bool answers(const char *request, const char *msg)
{
    return agent_msg_answers(str_n(request, 5), str_n(msg, 5));
}

int main(void)
{
    struct str in = str_n(S("\0\0\0\1\x0b\0\0\0\1\x13\0"));
    struct str msg = {0};
    struct buf out;

    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        const struct sample *s = &samples[i];
        struct str rest = str_n(s->bytes, s->len);
        int got = agent_msg_next(&rest, &msg);

        is_int(got, s->want, s->name);
        if (got == 1) {
            ok(agent_msg_may_pass(msg) == s->passes && rest.len == 0, "%s", s->name);
        } else {
            ok(rest.len == s->len, "the input is unchanged");
        }
    }
    ok(agent_msg_next(&in, &msg) == 1 && msg.p[4] == 11 && in.len == 6 &&
           agent_msg_next(&in, &msg) == 1 && msg.p[4] == 19 && in.len == 1,
       "one message is taken after the other");
    ok(answers("\0\0\0\1\x0b", "\0\0\0\1\x0c") && answers("\0\0\0\1\x0d", "\0\0\0\1\x0e"),
       "lists and signatures answer their requests");
    ok(answers("\0\0\0\1\x0b", "\0\0\0\1\x05") && answers("\0\0\0\1\x0d", "\0\0\0\1\x05"),
       "a failure answers every request");
    ok(!answers("\0\0\0\1\x0b", "\0\0\0\1\x0e") && !answers("\0\0\0\1\x0d", "\0\0\0\1\x0c") &&
           !answers("\0\0\0\1\x0d", "\0\0\0\1\x06") && !answers("\0\0\0\1\x13", "\0\0\0\1\x0c"),
       "nothing else answers them");
    buf_init(&out, AGENT_MSG_FAILURE_LEN);
    ok(agent_msg_add_failure(&out) == 0 && str_eq(buf_str(&out), str_n(S("\0\0\0\1\5"))),
       "a failure is written");
    ok(agent_msg_add_failure(&out) < 0, "a failure that does not fit is an error");
    buf_release(&out);
    return done_testing();
}
