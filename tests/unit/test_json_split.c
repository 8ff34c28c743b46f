/* SPDX-License-Identifier: MIT */
#include "tap.h"
#include "wire/json.h"

/* Feeds `text` in pieces of `step`; every completed value is written down with a '|'. */
static void split(const char *text, size_t step, struct buf *out)
{
    struct json_split s = {0};
    struct str rest = str_c(text);

    buf_reset(out);
    while (rest.len > 0 && !s.failed) {
        struct str piece = str_n(rest.p, rest.len < step ? rest.len : step);
        bool complete = false;
        size_t n = json_split_scan(&s, piece, &complete);

        (void)buf_add(out, rest.p, n);
        if (complete) {
            (void)buf_add_byte(out, '|');
        }
        rest = str_drop(rest, n);
    }
    (void)buf_add_c(out, s.failed ? "!" : "");
}

static void check(const char *text, const char *want, const char *name)
{
    struct buf out;
    bool same = true;

    buf_init(&out, 1024);
    for (size_t step = 1; step <= strlen(text); step++) {
        split(text, step, &out);
        same = same && strcmp(buf_c(&out), want) == 0;
    }
    ok(same, "%s", name);
    if (!same) {
        split(text, strlen(text), &out);
        (void)printf("# whole: %s\n", buf_c(&out));
    }
    buf_release(&out);
}

int main(void)
{
    check("{\"a\":1}\r\n{\"b\":2}\n", "{\"a\":1}|\r\n{\"b\":2}|\n",
          "lines end with their value");
    check("{}[]{}", "{}|[]|{}|", "nothing between values");
    check("{\"a\":\"}\\\"]\"} {}", "{\"a\":\"}\\\"]\"}| {}|",
          "brackets in strings do not count");
    check("\"x y\" 12 true ", "\"x y\"| 12 |true |", "bare values end at a blank");
    check("[[[1],{}]]x", "[[[1],{}]]|x", "nesting is followed");
    check("{} }", "{}| }!", "a closing bracket too many fails");
    return done_testing();
}
