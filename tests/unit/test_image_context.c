/* SPDX-License-Identifier: MIT */
/* The content of the build context. The same input gives the same bytes. */
#include "engine/image_context.h"

#include "engine/image_files.h"
#include "tap.h"
#include "wire/tar.h"

#include <stdlib.h>
#include <unistd.h>

struct kept {
    struct context_sink sink; /* the first member: put() gets this address */
    struct buf text;
    int fail_after;
};

static int put(struct context_sink *s, struct str bytes, struct err *e)
{
    struct kept *k = (struct kept *)s;

    if (k->fail_after-- == 0) {
        return err_set(e, ERR_EOF, "the sink is full");
    }
    return buf_add_str(&k->text, bytes);
}

static void names(struct str in, struct buf *out)
{
    struct tar_r t;
    struct err e = {0};

    tar_r_init(&t);
    while (in.len > 0) {
        struct str data;
        bool ready = false;
        size_t used = 0;

        if (tar_r_in(&t, in, &used, &ready, &data, &e) < 0) {
            ok(false, "%s", e.text);
            break;
        }
        if (ready) {
            (void)buf_addf(out, "%.*s:%o:%llu ", (int)t.entry.path.len, t.entry.path.p,
                           t.entry.mode, (unsigned long long)t.entry.uid);
        }
        in = str_drop(in, used);
    }
    ok(t.state == TAR_END, "the archive is complete");
    tar_r_release(&t);
}

int main(void)
{
    char exe[] = "/tmp/cco-context.XXXXXX";
    int fd = mkstemp(exe);
    static struct fact_path cas[] = {{"x", NULL, FACT_MISSING}, {"y", NULL, FACT_FILE}};
    static const struct strv no_words = {0};
    struct image_input in = {.base = "b",
                             .packages = &no_words,
                             .build_args = &no_words,
                             .cache_from = &no_words,
                             .ca_files = cas,
                             .ca_count = 2,
                             .exe = exe,
                             .exe_digest = "00",
                             .refresh = "",
                             .proxies = &no_words};
    struct kept one = {.sink = {put}, .fail_after = -1};
    struct kept two = {.sink = {put}, .fail_after = -1};
    struct buf list;
    struct err e = {0};

    cas[1].physical = exe;
    ok(fd >= 0 && write(fd, "binary", 6) == 6 && close(fd) == 0,
       "a file takes the place of cco");
    buf_init(&one.text, 1 << 20);
    buf_init(&two.text, 1 << 20);
    buf_init(&list, 4096);
    is_int(context_send(&in, &one.sink, &e), 0, "a context is sent");
    is_int(context_send(&in, &two.sink, &e), 0, "it is sent again");
    ok(str_cmp(buf_str(&one.text), buf_str(&two.text)) == 0, "both have the same bytes");
    names(buf_str(&one.text), &list);
    ok(str_contains(buf_str(&list), "Dockerfile:644:0 "), "it has the Dockerfile");
    ok(str_contains(buf_str(&list), "apt-install:755:0 "), "programs are executable");
    ok(str_contains(buf_str(&list), "ca/:755:0 ca/1.crt:644:0 cco:755:0 "),
       "it has the certificates that exist, and cco");
    ok(image_files_count >= 3, "the files are embedded");
    for (int i = 0; i < 6; i++) {
        two.fail_after = i;
        ok(context_send(&in, &two.sink, &e) < 0 && e.kind == ERR_EOF,
           "an error of the sink is passed on");
    }
    two.fail_after = -1;
    buf_reset(&two.text);
    in.dockerfile = str_c("FROM of-the-user\n");
    is_int(context_send(&in, &two.sink, &e), 0, "a context with the user's Dockerfile is sent");
    ok(str_contains(buf_str(&two.text), "FROM of-the-user") &&
           !str_contains(buf_str(&two.text), "RUN install-claude") &&
           str_contains(buf_str(&two.text), "apt-install"),
       "it has the user's Dockerfile and the other files of image/");
    (void)unlink(exe);
    two.fail_after = -1;
    ok(context_send(&in, &two.sink, &e) < 0, "a missing cco is an error: %s", e.text);
    buf_release(&one.text);
    buf_release(&two.text);
    buf_release(&list);
    return done_testing();
}
