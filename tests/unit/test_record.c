/* SPDX-License-Identifier: MIT */
#include "term/record.h"

#include "tap.h"
#include "tmpdir.h"
#include "wire/json.h"

/* Every line is JSON; the output pieces together are the text. */
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

            ok(json_u64(json_get(root, "version"), &version) && version == 2, "version 2");
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
    record_output(&r, str_c("nobody records"));
    is_int(record_open(&r, in_tmp("a.cast"), "xterm", &e), 0, "a recording");
    ok(stat(in_tmp("a.cast"), &st) == 0 && (st.st_mode & 0777) == 0600, "for its owner only");
    record_size(&r, 24, 80);
    for (size_t i = 0; i < sizeof(text) - 1; i++) {
        record_output(&r, str_n(text + i, 1)); /* characters are cut in every way */
    }
    record_size(&r, 30, 90);
    record_size(&r, 30, 90);
    record_output(&r, str_c(text));
    is_int(record_close(&r, &e), 0, "is complete");
    check(get_file(in_tmp("a.cast")), &shown, &lines, &sizes);
    ok(lines > 4, "every line is JSON");
    is_int(sizes, 1, "a size is told once");
    ok(shown.len == 2 * (sizeof(text) - 1) &&
           memcmp(buf_data(&shown), text, sizeof(text) - 1) == 0,
       "all output is there, no character is cut");
    ok(record_open(&r, in_tmp("a.cast"), NULL, &e) < 0 && e.kind == ERR_USAGE,
       "a file that is there is left alone: %s", e.text);
    ok(record_open(&r, in_tmp("no/where"), NULL, &e) < 0, "a directory that is not there: %s",
       e.text);
    if (record_open(&r, "/dev/full", NULL, &e) < 0) {
        ok(true, "a device is there already");
    }
    is_int(record_open(&r, in_tmp("b.cast"), NULL, &e), 0, "a recording starts");
    record_output(&r, str_c("early"));
    record_size(&r, 30, 90);
    is_int(record_close(&r, &e), 0, "it is complete");
    buf_reset(&shown);
    check(get_file(in_tmp("b.cast")), &shown, &lines, &sizes);
    is_int(lines, 3, "the first line is written before output that comes before any size");
    is_int(sizes, 1, "the size that comes later is an event");
    is_str(buf_c(&shown), "early", "the output is an event");
    buf_release(&shown);
    tmpdir_remove();
    return done_testing();
}
