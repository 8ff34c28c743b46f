/* SPDX-License-Identifier: MIT */
#include "engine/image_progress_stream.h"

#include "base/limits.h"
#include "progress.h"
#include "tap.h"
#include "wire/base64.h"

#include <stdlib.h>

static struct noted noted;

static int feed(struct str in, size_t step, struct err *e)
{
    struct progress_stream *s = progress_stream_new(&noted.progress);
    int rc = 0;

    buf_reset(&noted.text);
    *e = (struct err){0};
    while (rc == 0 && in.len > 0) {
        struct str piece = str_n(in.p, in.len < step ? in.len : step);

        rc = progress_stream_in(s, piece, e);
        in = str_drop(in, piece.len);
    }
    if (rc == 0) {
        rc = progress_stream_end(s, e);
    }
    progress_stream_free(s);
    return rc;
}

static void check(const char *in, int want_rc, const char *want, const char *name)
{
    struct err e;
    bool same = true;

    for (size_t step = 1; step <= strlen(in) && same; step++) {
        same = feed(str_c(in), step, &e) == want_rc && strcmp(buf_c(&noted.text), want) == 0;
    }
    if (!ok(same, "%s", name)) {
        (void)printf("#   got  '%s' (%s)\n#   want '%s'\n", buf_c(&noted.text), e.text, want);
    }
}

/* Adds a StatusResponse in the form in which the engine streams it. */
static void trace(const char *p, size_t len, struct buf *out)
{
    (void)buf_add_c(out, "{\"id\":\"moby.buildkit.trace\",\"aux\":\"");
    (void)base64_encode(str_n(p, len), false, out);
    (void)buf_add_c(out, "\"}\r\n");
}

static void buildkit(void)
{
    static const char started[] = "\x0a\x0c\x0a\x02"
                                  "d1\x1a\x04step\x2a\x00";
    static const char again[] = "\x0a\x0c\x0a\x02"
                                "d1\x1a\x04step\x2a\x00\x1a\x08\x0a\x02"
                                "d1\x22\x02hi";
    static const char failed[] = "\x0a\x14\x0a\x02"
                                 "d1\x1a\x04step\x2a\x00\x32\x00\x3a\x04"
                                 "boom";
    struct buf in;
    struct err e;

    buf_init(&in, 1 << 16);
    trace(started, sizeof(started) - 1, &in);
    trace(again, sizeof(again) - 1, &in);
    trace(failed, sizeof(failed) - 1, &in);
    (void)buf_add_c(&in, "{\"errorDetail\":{\"message\":\"exit code: 9\"},\"error\":\"x\"}");
    ok(feed(buf_str(&in), 7, &e) < 0 && e.kind == ERR_ENGINE, "a failed build is an error");
    is_str(e.text, "exit code: 9", "the error has the engine's message");
    is_str(buf_c(&noted.text), "step(step)out(hi)done(step,boom)",
           "each step is reported once");
    buf_reset(&in);
    (void)buf_add_c(&in, "{\"id\":\"moby.buildkit.trace\",\"aux\":\"!!\"}");
    ok(feed(buf_str(&in), 99, &e) < 0 && e.kind == ERR_FORMAT,
       "progress that is not base64 is an error: %s", e.text);
    buf_release(&in);
}

int main(void)
{
    struct err e;

    noted_init(&noted);
    check("{\"stream\":\"Step 1/2 : FROM x\"}\r\n{\"stream\":\"\\n\"}\r\n{\"stream\":\"Step "
          "2/2 : RUN y\\n\"}\r\n"
          "{\"stream\":\"hi\\n\"}\r\n{\"aux\":{\"ID\":\"sha256:1\"}}\r\n",
          0,
          "step(Step 1/2 : FROM x)out(\n)done(Step 1/2 : FROM x)step(Step 2/2 : RUN y)out(hi\n)"
          "done(Step 2/2 : RUN y)",
          "the steps and the output of a classic build are reported");
    check("{\"stream\":\"Step 1/1 : RUN x\"}{\"errorDetail\":{\"code\":9,\"message\":\"code: "
          "9\"},\"error\":\"old\"}",
          -1, "step(Step 1/1 : RUN x)done(Step 1/1 : RUN x,code: 9)",
          "a failed step is reported as done with its error");
    check("{\"status\":\"Pulling\",\"id\":\"1\"}\n{\"status\":\"Downloading\","
          "\"progressDetail\":{\"current\":5,\"total\":9},"
          "\"id\":\"ab\"}\n{\"status\":\"Extracting\",\"progressDetail\":{\"current\":1,"
          "\"units\":\"s\"},\"id\":\"ab\"}\n",
          0, "out(Pulling 1)at(Downloading ab,5/9)out(Extracting ab)",
          "the transfers of a pull are reported");
    check("{\"status\":\"Downloading\",\"progressDetail\":{\"current\":5,\"total\":9},\"id\":"
          "\"ab\"}{\"status\":\"Download complete\",\"progressDetail\":{},\"id\":\"ab\"}"
          "{\"status\":\"Pull complete\",\"progressDetail\":{},\"id\":\"ab\"}"
          "{\"status\":\"Downloading\",\"progressDetail\":{\"current\":0},\"id\":\"cd\"}",
          0, "at(Downloading ab,5/9)at(Downloading ab,0/0)at(Extracting ab,0/0)",
          "the ends of transfers are reported");
    check("{\"error\":\"denied\"}", -1, "", "an error without errorDetail is an error");
    check("", 0, "", "an empty stream is accepted");
    buildkit();
    ok(feed(str_c("{\"stream\":\"x\""), 3, &e) < 0 && e.kind == ERR_EOF,
       "a stream that ends inside of an object is an error: %s", e.text);
    ok(feed(str_c("]"), 1, &e) < 0 && e.kind == ERR_FORMAT,
       "a stream that is not JSON is an error: %s", e.text);
    ok(feed(str_c("{a}"), 1, &e) < 0 && e.kind == ERR_FORMAT, "broken JSON is an error: %s",
       e.text);
    char *huge = malloc(LIMIT_JSON_LINE + 2U);

    memset(huge, 'x', LIMIT_JSON_LINE + 2U);
    huge[0] = '"';
    ok(feed(str_n(huge, LIMIT_JSON_LINE + 2U), 1 << 16, &e) < 0 && e.kind == ERR_LIMIT,
       "an object that is too long is an error: %s", e.text);
    free(huge);
    buf_release(&noted.text);
    return done_testing();
}
