/* SPDX-License-Identifier: MIT */
#include "session/start_line.h"

#include "tap.h"

static struct arena a;

static void line_says_where_and_how_to_leave(void)
{
    struct plan p = {.kind = SANDBOX_NATIVE,
                     .image = {.ref = "cco:123"},
                     .command = {.tty = true, .converses = true}};
    struct opts o = {0};

    is_str(
        start_line(&p, &o, "native", &a),
        "in a native sandbox of this machine; Ctrl-\\ d leaves it running, cco attach returns",
        "a native session");
    p.kind = SANDBOX_LANDLOCK_ONLY;
    o.detach_keys = "none";
    is_str(start_line(&p, &o, "native", &a),
           "in a native sandbox of this machine, confined by Landlock only",
           "without keys, the line only says where");
    p.kind = SANDBOX_LOCAL_CONTAINER;
    o.detach_keys = "ctrl-p,q,ctrl-a";
    is_str(start_line(&p, &o, "unix:///s", &a),
           "in a container of cco:123; Ctrl-P q Ctrl-A leaves it running, cco attach returns",
           "the keys are those of the option");
    p.kind = SANDBOX_REMOTE_CONTAINER;
    o.detach_keys = "none";
    is_str(start_line(&p, &o, "ssh://host", &a), "in a container of cco:123 on ssh://host",
           "a remote session names the machine");
}

static void other_sessions_have_no_line(void)
{
    const struct plan claude = {.command = {.tty = true, .converses = true}};
    const struct plan shell = {.command = {.tty = true, .login_shell = true}};
    const struct plan command = {.command = {.tty = true}};
    const struct plan pipe = {.command = {.login_shell = true}};
    const struct opts plain = {0};
    const struct opts detach = {.detach = true};
    const struct opts without = {.no_start_line = true};
    const struct opts quiet = {.quiet = true};

    ok(start_line(&claude, &plain, "", &a) != NULL &&
           start_line(&shell, &plain, "", &a) != NULL,
       "claude's screen and a login shell have the line");
    ok(start_line(&command, &plain, "", &a) == NULL &&
           start_line(&pipe, &plain, "", &a) == NULL,
       "a single command, and a session without a terminal, have none");
    ok(start_line(&claude, &detach, "", &a) == NULL &&
           start_line(&claude, &without, "", &a) == NULL &&
           start_line(&claude, &quiet, "", &a) == NULL,
       "it is left out if the session is not shown here or the user does not want it");
}

int main(void)
{
    line_says_where_and_how_to_leave();
    other_sessions_have_no_line();
    arena_release(&a);
    return done_testing();
}
