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

/* Feeds these bytes `step` at a time; whether they detached. What passed is in `out`. */
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

static void detaches(const char *spec, struct str in, const char *before, const char *name)
{
    struct keys k = parsed(spec);

    ok(feed(&k, in, in.len), "%s", name);
    is_mem(buf_data(&out), out.len, before, strlen(before),
           "with what came before it passed on");
}

static void specs(void)
{
    static const char *const bad[] = {"",          "ctrl-", "ctrl-1", "ab",     "a,",
                                      "a,b,c,d,e", ",",     " ",      "ctrl-ab"};
    struct keys k = parsed("ctrl-P,ctrl-q");
    struct err e = {0};

    ok(k.len == 2 && k.seq[0] == 16 && k.seq[1] == 17, "docker's spelling, any case");
    k = parsed("ctrl-@,ctrl-_,x");
    ok(k.len == 3 && k.seq[0] == 0 && k.seq[1] == 31 && k.seq[2] == 'x', "all of ctrl");
    is_int((long long)parsed("none").len, 0, "none");
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ok(keys_parse(&k, bad[i], &e) < 0 && e.kind == ERR_USAGE, "refused: '%s'", bad[i]);
    }
}

static void transparent(void)
{
    static const char all[] = "\034x\034\034y\033[A\033[92;6uz\003\004 ok";
    char bytes[256];

    for (int i = 0; i < 256; i++) {
        bytes[i] = (char)i;
    }
    passes(KEYS_DEFAULT, str_n(bytes, 256), "every byte passes");
    passes(KEYS_DEFAULT, str_c(all), "so does half of the sequence, repeated, with other keys");
    passes("none", str_c("\034d\034d"), "without a sequence everything does");
}

static void sequences(void)
{
    detaches(KEYS_DEFAULT, str_c("ls\r\034d"), "ls\r", "the sequence");
    detaches(KEYS_DEFAULT, str_c("\034\034d"), "\034", "again after itself");
    detaches(KEYS_DEFAULT, str_c("\033[92;5ud"), "", "as kitty's protocol tells it");
    detaches(KEYS_DEFAULT, str_c("\033[92;5u\033[92;5:3ud"), "", "with the key going up");
    detaches(KEYS_DEFAULT, str_c("\033[92;5:1u\033[100u"), "", "with both keys as codes");
    detaches(KEYS_DEFAULT, str_c("\033[27;5;92~d"), "", "as modifyOtherKeys has it");
    detaches("ctrl-p,ctrl-q", str_c("\020\021"), "", "docker's");
    detaches("ctrl-p,ctrl-q", str_c("\033[112;5u\033[113;5u"), "", "docker's in kitty's");
    detaches("a,b,c", str_c("ababc"), "ab", "a longer one that begins anew");
}

static void holding(void)
{
    struct keys k = parsed(KEYS_DEFAULT);

    buf_reset(&out);
    ok(!keys_in(&k, str_c("\034"), 1000, &out) && out.len == 0, "a first key is held");
    is_int((long long)k.deadline_ms, 1000 + KEYS_HOLD_MS, "for so long");
    keys_expire(&k, 1000 + KEYS_HOLD_MS - 1, &out);
    is_int((long long)out.len, 0, "no shorter");
    keys_expire(&k, 1000 + KEYS_HOLD_MS, &out);
    is_mem(buf_data(&out), out.len, "\034", 1, "and then goes on");
    ok(!keys_in(&k, str_c("d"), 1500, &out), "too late to detach");
}

static void reports(void)
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
        ok(keys_is_report(str_c(yes[i])), "an answer: %s", yes[i] + 1);
    }
    for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
        ok(!keys_is_report(str_c(no[i])), "no answer: %zu", i);
    }
}

int main(void)
{
    buf_init(&out, 4096);
    specs();
    transparent();
    sequences();
    holding();
    reports();
    buf_release(&out);
    return done_testing();
}
