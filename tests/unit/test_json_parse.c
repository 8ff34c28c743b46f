/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "tap.h"
#include "wire/json.h"

#include <stdlib.h>

static const char *const accepted[] = {
    "null",
    "true",
    "false",
    "0",
    "-0",
    "12",
    "-1.5e+10",
    "1E2",
    "0.1",
    "\"\"",
    "\"a\\u00e9\\n\"",
    "[]",
    "{}",
    " [ 1 , 2 ] ",
    "{\"a\":1,\"a\":2}",
    "[[[]]]",
    "{\"a\":{\"b\":[null]}}",
    "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"",
    "\"\\ud83d\\ude00\"",
    "\"\\/\"",
    "\t\r\n1\n",
    "\"\x7f\"",
};

static const char *const refused[] = {
    "",
    " ",
    "nul",
    "nulll",
    "True",
    "01",
    "-",
    "+1",
    "1.",
    ".5",
    "1e",
    "1e+",
    "0x1",
    "NaN",
    "\"",
    "\"\\x\"",
    "\"\\u12\"",
    "\"\\u12g4\"",
    "\"\n\"",
    "\"\t\"",
    "\"\xff\"",
    "\"\xc0\x80\"",
    "\"\xed\xa0\x80\"",
    "[",
    "]",
    "[1,]",
    "[,1]",
    "[1 2]",
    "[1}",
    "{",
    "}",
    "{1:2}",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\":1,}",
    "{,}",
    "{\"a\" 1}",
    "1 2",
    "[] []",
    "{} x",
    "/**/1",
    "'a'",
    "\"a\"b",
    "\xef\xbb\xbf"
    "1",
};

static void nest(char *out, size_t depth)
{
    memset(out, '[', depth);
    memset(out + depth, ']', depth);
    out[2 * depth] = '\0';
}

/* Scans `text` in pieces of `step` bytes, and adds it to out with a '|' behind every complete
 * value. */
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

static void values_of_a_stream_are_found_in_every_split(void)
{
    check("{\"a\":1}\r\n{\"b\":2}\n", "{\"a\":1}|\r\n{\"b\":2}|\n",
          "a value on a line ends before the line break");
    check("{}[]{}", "{}|[]|{}|", "values may follow each other directly");
    check("{\"a\":\"}\\\"]\"} {}", "{\"a\":\"}\\\"]\"}| {}|",
          "brackets in strings do not count");
    check("\"x y\" 12 true ", "\"x y\"| 12 |true |",
          "numbers, words and strings end at a blank");
    check("[[[1],{}]]x", "[[[1],{}]]|x", "nesting is followed");
    check("{} }", "{}| }!", "a closing bracket without an opening one fails");
}

int main(void)
{
    struct err e = {0};
    struct json v;
    char deep[2 * LIMIT_JSON_DEPTH + 8];
    char *big = malloc(LIMIT_JSON_TEXT + 1U);

    for (size_t i = 0; i < sizeof(accepted) / sizeof(accepted[0]); i++) {
        ok(json_parse(str_c(accepted[i]), &v, &e) == 0, "accepted: %s", accepted[i]);
    }
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        e = (struct err){0};
        ok(json_parse(str_c(refused[i]), &v, &e) < 0 && e.kind == ERR_FORMAT,
           "refused: sample %zu", i);
    }
    ok(json_parse(str_n("1\0", 2), &v, &e) < 0, "a NUL after the value is refused");
    nest(deep, LIMIT_JSON_DEPTH);
    is_int(json_parse(str_c(deep), &v, &e), 0, "the deepest allowed nesting is accepted");
    nest(deep, LIMIT_JSON_DEPTH + 1);
    ok(json_parse(str_c(deep), &v, &e) < 0 && e.kind == ERR_LIMIT,
       "one level more is refused with ERR_LIMIT");
    memset(big, ' ', LIMIT_JSON_TEXT + 1U);
    ok(json_parse(str_n(big, LIMIT_JSON_TEXT + 1U), &v, &e) < 0 && e.kind == ERR_LIMIT,
       "a text past the limit is refused unread");
    free(big);
    is_int(json_parse(str_c("  {\"a\" : 1}\n"), &v, &e), 0,
           "blanks around the value are accepted");
    is_mem(v.raw.p, v.raw.len, "{\"a\" : 1}", 9,
           "the value's bytes are as written, without blanks");
    is_int(json_parse(str_c("[1,\"x"), &v, &e), -1, "an unfinished text is refused");
    ok(strstr(e.text, "ends at byte 5") != NULL, "the error names the byte offset: %s", e.text);
    values_of_a_stream_are_found_in_every_split();
    return done_testing();
}
