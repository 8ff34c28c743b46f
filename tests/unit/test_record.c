/* SPDX-License-Identifier: MIT */
#include "term/record.h"

#include "tap.h"
#include "tmpdir.h"
#include "wire/json.h"

/* Parses a recording. Adds the output in all events to `shown`, and counts the lines (-1: one
 * is not JSON) and the events with a size. */
static void check(const char *text, struct buf *shown, int *lines, int *sizes)
{
    struct str rest = str_c(text);
    struct str line = {0};

    *lines = *sizes = 0;
    while (rest.len > 0) {
        struct json root;
        struct json item;
        struct json_iter it;
        struct err e = {0};

        (void)str_cut(&rest, '\n', &line);
        if (json_parse(line, &root, &e) < 0) {
            *lines = -1;
            return;
        }
        if ((*lines)++ == 0) {
            uint64_t version = 0;

            ok(json_u64(json_get(root, "version"), &version) && version == 2,
               "the first line has version 2");
            continue;
        }
        it = json_iter(root);
        (void)json_next(&it, NULL, &item);
        (void)json_next(&it, NULL, &item);
        *sizes += json_is(item, "r") ? 1 : 0;
        if (json_is(item, "o")) {
            (void)json_next(&it, NULL, &item);
            (void)json_string(item, shown);
        }
    }
}

int main(void)
{
    static const char text[] =
        "plain \033[1m\344\270\255\346\226\207\r\n\360\237\230\200 \"\\ end\001";
    struct record r;
    struct err e = {0};
    struct buf shown;
    struct stat st;
    int lines;
    int sizes;

    tmpdir_make();
    buf_init(&shown, 4096);
    record_init(&r);
    record_output(&r, str_c("not recorded"));
    is_int(record_open(&r, in_tmp("a.cast"), "xterm", &e), 0, "a recording starts");
    ok(stat(in_tmp("a.cast"), &st) == 0 && (st.st_mode & 0777) == 0600,
       "only the owner can read the recording");
    record_size(&r, 24, 80);
    for (size_t i = 0; i < sizeof(text) - 1; i++) {
        record_output(&r, str_n(text + i, 1)); /* characters are cut in every way */
    }
    record_size(&r, 30, 90);
    record_size(&r, 30, 90);
    record_output(&r, str_c(text));
    is_int(record_close(&r, &e), 0, "the recording is complete");
    check(get_file(in_tmp("a.cast")), &shown, &lines, &sizes);
    ok(lines > 4, "every line is JSON, and each piece of output has one");
    is_int(sizes, 1, "a size that is reported twice is one event");
    ok(shown.len == 2 * (sizeof(text) - 1) &&
           memcmp(buf_data(&shown), text, sizeof(text) - 1) == 0,
       "the recording contains all output, and no character is cut");
    ok(record_open(&r, in_tmp("a.cast"), NULL, &e) < 0 && e.kind == ERR_USAGE,
       "an existing file is refused: %s", e.text);
    ok(record_open(&r, in_tmp("no/where"), NULL, &e) < 0 && e.kind == ERR_USAGE,
       "a file in a missing directory is refused: %s", e.text);
    if (record_open(&r, "/dev/full", NULL, &e) < 0) {
        ok(true, "a device is refused, because it exists");
    }
    is_int(record_open(&r, in_tmp("b.cast"), NULL, &e), 0, "another recording starts");
    record_output(&r, str_c("early"));
    record_size(&r, 30, 90);
    is_int(record_close(&r, &e), 0, "the other recording is complete");
    buf_reset(&shown);
    check(get_file(in_tmp("b.cast")), &shown, &lines, &sizes);
    is_int(lines, 3, "the first line is written before output that comes before any size");
    is_int(sizes, 1, "the size that comes later is an event");
    is_str(buf_c(&shown), "early", "the output is an event");
    is_int(record_open(&r, in_tmp("c.cast"), NULL, &e), 0, "a recording without a terminal");
    record_lines(&r, str_c("one\ntw"));
    record_lines(&r, str_c("o\n\nend"));
    is_int(record_close(&r, &e), 0, "it is complete");
    buf_reset(&shown);
    check(get_file(in_tmp("c.cast")), &shown, &lines, &sizes);
    is_str(buf_c(&shown), "one\r\ntwo\r\n\r\nend", "its lines are lines of a terminal");
    is_int(record_open(&r, in_tmp("d.cast"), NULL, &e), 0, "a recording of nothing");
    is_int(record_close(&r, &e), 0, "it is complete as well");
    check(get_file(in_tmp("d.cast")), &shown, &lines, &sizes);
    is_int(lines, 1, "and has its first line");
    buf_release(&shown);
    tmpdir_remove();
    return done_testing();
}
