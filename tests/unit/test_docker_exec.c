/* SPDX-License-Identifier: MIT */
/* Runs programs in containers, with a fake engine. */
#include "engine/docker_exec.h"

#include "session.h"
#include "tap.h"

static struct fake f;
static struct engine en;

#define CONTAINER "GET /v1.41/containers/c0ffee/json"
#define LOOK                                                                                   \
    {                                                                                          \
        CONTAINER, FAKE_JSON("200 OK", "{\"Config\":{\"Labels\":{\"cco\":\"1\"}}}"), false     \
    }
#define EXEC                                                                                   \
    LOOK,                                                                                      \
    {                                                                                          \
        "POST /v1.41/containers/c0ffee/exec", FAKE_JSON("201 Created", "{\"Id\":\"e1\"}"),     \
            false                                                                              \
    }
#define UPGRADED "HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\n"

/* Writes a stream to a file, because a rule of the fake engine cannot contain NUL bytes. */
static const char *stream_file(const char *bytes, size_t len)
{
    static char path[64] = "@/tmp/cco-exec.XXXXXX";
    FILE *out;

    if (path[strlen(path) - 1] == 'X') {
        (void)close(mkstemp(path + 1));
    }
    out = fopen(path + 1, "we");
    if (out == NULL || fwrite(UPGRADED, 1, sizeof(UPGRADED) - 1, out) == 0 ||
        fwrite(bytes, 1, len, out) != len || fclose(out) != 0) {
        abort();
    }
    return path;
}

/* Reads everything until the end, with a buffer of `max` bytes. */
static void take_all(const char *bytes, size_t len, size_t max, struct buf *out, struct err *e)
{
    struct fake_rule rules[] = {
        EXEC, {"POST /v1.41/exec/e1/start", stream_file(bytes, len), false}, FAKE_END};
    struct exec_sync x;
    struct buf in;

    *e = (struct err){0};
    buf_reset(out);
    buf_init(&in, max);
    fake_engine(&en, &f, rules);
    exec_sync_init(&x);
    is_int(exec_sync_open(&x, &en, "c0ffee", e), 0, "a program is started in a container");
    while (e->kind == ERR_NONE && x.io.fill(&x.io, &in, e) == 0) {
        ok(in.len > 0 && in.len <= max,
           "a call adds bytes, and not more than there is room for");
        (void)buf_add_str(out, buf_str(&in));
        buf_drop(&in, in.len);
    }
    exec_sync_close(&x);
    engine_close(&en);
    fake_stop(&f);
    buf_release(&in);
}

static void filling(void)
{
    static const char frames[] =
        "\1\0\0\0\0\0\0\3abc\2\0\0\0\0\0\0\5oops\n\1\0\0\0\0\0\0\4d\0ef";
    static const char broken[] = "\1\0\0\0\0\0\0\3abc\7\0\0\0\0\0\0\3xyz";
    struct buf out;
    struct err e;

    buf_init(&out, 1 << 16);
    for (size_t max = 1; max < 12; max += 5) {
        take_all(frames, sizeof(frames) - 1, max, &out, &e);
        ok(out.len == 7 && memcmp(buf_data(&out), "abcd\0ef", 7) == 0,
           "the output is complete, with at most %zu bytes at a time", max);
        ok(e.kind == ERR_EOF && strstr(e.text, "oops") != NULL,
           "the error at the end has the program's message: %s", e.text);
    }
    take_all(broken, sizeof(broken) - 1, 100, &out, &e);
    ok(e.kind == ERR_FORMAT && out.len <= 3, "bytes that are not a log frame are an error: %s",
       e.text);
    buf_release(&out);
}

static void sending(void)
{
    static const struct fake_rule rules[] = {
        EXEC, {"POST /v1.41/exec/e1/start", UPGRADED, true}, FAKE_END};
    static const struct fake_rule refused[] = {
        LOOK,
        {"POST /v1.41/containers/c0ffee/exec",
         FAKE_JSON("409 Conflict", "{\"message\":\"container is not running\"}"), false},
        FAKE_END};
    static const struct fake_rule sudo[] = {
        {CONTAINER, FAKE_JSON("200 OK", "{\"Config\":{\"Labels\":{\"cco.sudo\":\"1\"}}}"),
         false},
        {"POST /v1.41/containers/c0ffee/exec", FAKE_JSON("201 Created", "{\"Id\":\"e1\"}"),
         false},
        {"POST /v1.41/exec/e1/start", UPGRADED, true},
        FAKE_END};
    static char bytes[3 << 20];
    struct exec_sync x;
    struct err e = {0};

    fake_engine(&en, &f, rules);
    exec_sync_init(&x);
    is_int(exec_sync_open(&x, &en, "c0ffee", &e), 0, "a transfer is started");
    ok(fake_saw(&f, "\"/proc/1/exe\",\"sync\"") && fake_saw(&f, "\"User\":\"0:0\""),
       "it runs init's `sync` as root");
    is_int(x.io.send(&x.io, str_n(bytes, sizeof(bytes)), &e), 0, "3 MiB are sent");
    exec_sync_close(&x);
    engine_close(&en);
    fake_stop(&f);
    fake_engine(&en, &f, sudo);
    exec_sync_init(&x);
    ok(exec_sync_open(&x, &en, "c0ffee", &e) == 0 && fake_saw(&f, "\"/cco-init\",\"sync\""),
       "with --sudo it runs the file of init");
    exec_sync_close(&x);
    engine_close(&en);
    fake_stop(&f);
    fake_engine(&en, &f, refused);
    exec_sync_init(&x);
    ok(exec_sync_open(&x, &en, "c0ffee", &e) < 0 && strstr(e.text, "not running") != NULL,
       "a container that does not run is an error: %s", e.text);
    exec_sync_close(&x);
    engine_close(&en);
    fake_stop(&f);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    filling();
    sending();
    (void)unlink(stream_file("", 0) + 1);
    return done_testing();
}
