/* SPDX-License-Identifier: MIT */
#include "cli/progress.h"

#include "base/clock.h"
#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>

/* Runs `story` with stderr in a file; what it wrote. The view believes it has lasted `age_ms`. */
static const char *told(void (*story)(struct view *v), bool quiet, int64_t age_ms)
{
    struct view v;
    int keep = dup(2);
    int fd = open(in_tmp("err"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    (void)dup2(fd, 2);
    view_open(&v, "building", quiet, "xterm");
    v.start_ms -= age_ms;
    story(&v);
    (void)dup2(keep, 2);
    (void)close(keep);
    (void)close(fd);
    return get_file(in_tmp("err"));
}

static void build(struct view *v)
{
    struct progress *p = &v->progress;

    p->step(p, str_c("[1/2] FROM  x\n\x1b[31mred"), false);
    p->output(p, str_c("[1/2]"), str_c("line\n"));
    p->transfer(p, str_c("layer"), 5, 10);
    v->step_ms -= 2500;
    p->done(p, str_c("[1/2] FROM"), str_c(NULL));
    p->step(p, str_c("cached"), true);
    view_close(v, true);
}

static void failure(struct view *v)
{
    struct progress *p = &v->progress;

    p->step(p, str_c("RUN make"), false);
    for (int i = 0; i < 5000; i++) {
        p->output(p, str_c("RUN make"), str_c("compiling something\n"));
    }
    p->output(p, str_c("RUN make"), str_c("error: \x1b]0;title\x07 boom\n"));
    p->done(p, str_c("RUN make"), str_c("exit code 1"));
    view_close(v, false);
}

int main(void)
{
    const char *text;

    tmpdir_make();
    is_str(told(build, false, 0), "", "short work says nothing");
    text = told(build, false, 5000);
    ok(strstr(text, "cco: building\n") != NULL, "long work has a title");
    ok(strstr(text, "cco: [1/2] FROM x red\n") != NULL,
       "steps are plain lines without a terminal: %s", text);
    ok(strstr(text, "(2.5 s)") != NULL && strstr(text, "done in 5.") != NULL,
       "with the time they took");
    ok(strstr(text, "cached") == NULL, "what had nothing to do is not told");
    ok(strchr(text, '\x1b') == NULL && strchr(text, '\r') == NULL, "no control sequences");
    is_str(told(build, true, 5000), "", "--quiet says nothing");
    text = told(failure, false, 0);
    ok(strstr(text, "RUN make") != NULL && strstr(text, "boom") != NULL,
       "a failed step shows its last lines");
    ok(strlen(text) < 4000, "not all of them");
    ok(strchr(text, '\x1b') == NULL && strchr(text, '\x07') == NULL,
       "which cannot drive the terminal");
    tmpdir_remove();
    return done_testing();
}
