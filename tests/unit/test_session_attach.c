/* SPDX-License-Identifier: MIT */
/* A session server that does not exist. The end-to-end tests attach terminals. */
#include "session/session_attach.h"

#include "context.h"
#include "tap.h"
#include "tmpdir.h"

int main(void)
{
    struct context c;
    struct err e = {0};
    struct session_found f = {.name = "cco-x-1", .runtime_dir = "/nonexistent"};

    tmpdir_make();
    context_init(&c, (char *const[]){NULL});
    c.facts.runtime_dir = "/nonexistent";
    c.opts.wait = true;
    f.sock = in_tmp("cco-x-1.sock");
    ok(session_attach(&c.ctx, &f, &e) < 0 && strstr(e.text, "session cco-x-1") != NULL,
       "the error of a session without its server names the session: %s", e.text);
    context_release(&c);
    tmpdir_remove();
    return done_testing();
}
