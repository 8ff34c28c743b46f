/* SPDX-License-Identifier: MIT */
#include "term/keys.h"

#include "tap.h"

static struct buf out;

static struct keys parsed(const char *spec)
{
    struct keys k;
    struct err e = {0};

    if (keys_parse(&k, spec, &e) < 0) {
        (void)printf("# %s\n", e.text);
    }
    return k;
}

/* Feeds these bytes, `step` at a time. Returns true if they detached. The bytes for the program
 * are in `out`. */
static bool feed(struct keys *k, struct str in, size_t step)
{
    buf_reset(&out);
    while (in.len > 0) {
        size_t len = step < in.len ? step : in.len;

        if (keys_in(k, str_n(in.p, len), 0, &out)) {
            return true;
        }
        in = str_drop(in, len);
    }
    return false;
}

/* Checks that all of `in` passes to the program, in pieces of every size. */
static void passes(const char *spec, struct str in, const char *name)
{
    bool same = true;

    for (size_t step = 1; step <= in.len; step++) {
        struct keys k = parsed(spec);

        same = same && !feed(&k, in, step);
        keys_expire(&k, KEYS_HOLD_MS, &out);
        same = same && out.len == in.len && memcmp(buf_data(&out), in.p, in.len) == 0;
    }
    ok(same, "%s", name);
}

/* Checks that `in` detaches, and that the program gets `before`. */
static void detaches(const char *spec, struct str in, const char *before, const char *name)
{
    struct keys k = parsed(spec);

    ok(feed(&k, in, in.len), "%s", name);
    is_mem(buf_data(&out), out.len, before, strlen(before),
           "the bytes before the sequence pass to the program");
}

static void sequences_are_parsed_or_refused(void)
{
    static const char *const bad[] = {"",          "ctrl-", "ctrl-1", "ab",     "a,",
                                      "a,b,c,d,e", ",",     " ",      "ctrl-ab"};
    struct keys k = parsed("ctrl-P,ctrl-q");
    struct err e = {0};

    ok(k.len == 2 && k.seq[0] == 16 && k.seq[1] == 17,
       "keys are parsed in Docker's form, in upper and lower case");
    k = parsed("ctrl-@,ctrl-_,x");
    ok(k.len == 3 && k.seq[0] == 0 && k.seq[1] == 31 && k.seq[2] == 'x',
       "ctrl-@, ctrl-_ and a plain character are keys");
    is_int((long long)parsed("none").len, 0, "none means no sequence");
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ok(keys_parse(&k, bad[i], &e) < 0 && e.kind == ERR_USAGE, "refused: '%s'", bad[i]);
    }
}

static void other_keys_pass_unchanged(void)
{
    static const char all[] = "\034x\034\034y\033[A\033[92;6uz\003\004 ok";
    char bytes[256];

    for (int i = 0; i < 256; i++) {
        bytes[i] = (char)i;
    }
    passes(KEYS_DEFAULT, str_n(bytes, 256), "every byte passes to the program");
    passes(KEYS_DEFAULT, str_c(all), "a part of the sequence passes if another key follows");
    passes("none", str_c("\034d\034d"), "without a sequence all keys pass");
}

static void the_sequence_detaches(void)
{
    detaches(KEYS_DEFAULT, str_c("ls\r\034d"), "ls\r", "the sequence detaches");
    detaches(KEYS_DEFAULT, str_c("\034\034d"), "\034",
             "the sequence is found behind its own first key");
    detaches(KEYS_DEFAULT, str_c("\033[92;5ud"), "",
             "a key in the form of kitty's protocol is recognized");
    detaches(KEYS_DEFAULT, str_c("\033[92;5u\033[92;5:3ud"), "",
             "the report of a key's release does not interrupt the sequence");
    detaches(KEYS_DEFAULT, str_c("\033[92;5:1u\033[100u"), "",
             "both keys in the form of kitty's protocol are recognized");
    detaches(KEYS_DEFAULT, str_c("\033[27;5;92~d"), "",
             "a key in the form of modifyOtherKeys is recognized");
    detaches("ctrl-p,ctrl-q", str_c("\020\021"), "", "Docker's own sequence detaches");
    detaches("ctrl-p,ctrl-q", str_c("\033[112;5u\033[113;5u"), "",
             "Docker's own sequence in the form of kitty's protocol detaches");
    detaches("a,b,c", str_c("ababc"), "ab",
             "a longer sequence is found behind its own beginning");
}

static void a_first_key_is_held_for_a_while(void)
{
    struct keys k = parsed(KEYS_DEFAULT);

    buf_reset(&out);
    ok(!keys_in(&k, str_c("\034"), 1000, &out) && out.len == 0,
       "the first key of the sequence is held");
    is_int((long long)k.deadline_ms, 1000 + KEYS_HOLD_MS,
           "the first key is held until its deadline");
    keys_expire(&k, 1000 + KEYS_HOLD_MS - 1, &out);
    is_int((long long)out.len, 0, "a held key does not pass before its deadline");
    keys_expire(&k, 1000 + KEYS_HOLD_MS, &out);
    is_mem(buf_data(&out), out.len, "\034", 1, "a held key passes at its deadline");
    ok(!keys_in(&k, str_c("d"), 1500, &out),
       "the second key after the deadline does not detach");
}

static void answers_of_terminals_are_recognized(void)
{
    static const char *const yes[] = {"\033[?62;22c",
                                      "\033[12;40R",
                                      "\033[?2026;2$y",
                                      "\033[0n",
                                      "\033[?1u",
                                      "\033]11;rgb:0/0/0\033\\",
                                      "\033]10;rgb:ff/ff/ff\a",
                                      "\033P1+r\033\\",
                                      "\033[>0;276;0c\033[1;1R"};
    static const char *const no[] = {"a",
                                     "\033",
                                     "\033[A",
                                     "\033[1;5A",
                                     "\033OP",
                                     "\033[I",
                                     "\033[<0;1;1M",
                                     "\033[97u",
                                     "\033[12;40Rx",
                                     "",
                                     "\033[200~paste\033[201~"};

    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
        ok(keys_is_report(str_c(yes[i])), "an answer of a terminal is recognized: %s",
           yes[i] + 1);
    }
    for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
        ok(!keys_is_report(str_c(no[i])),
           "input that is not an answer is not taken for one: %zu", i);
    }
}

int main(void)
{
    buf_init(&out, 4096);
    sequences_are_parsed_or_refused();
    other_keys_pass_unchanged();
    the_sequence_detaches();
    a_first_key_is_held_for_a_while();
    answers_of_terminals_are_recognized();
    buf_release(&out);
    return done_testing();
}
