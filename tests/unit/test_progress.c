/* SPDX-License-Identifier: MIT */
#include "cli/progress.h"

#include "base/clock.h"
#include "heard.h"
#include "pty.h"
#include "tap.h"

#include <fcntl.h>

/* Runs `story` with stderr in a file and returns what it wrote. The work seems to have begun
 * age_ms ago. */
static const char *told(void (*story)(struct progress_view *v), bool quiet, int64_t age_ms)
{
    struct progress_view v;

    hear();
    progress_view_init(&v, "xterm");
    v.quiet = quiet;
    v.progress.begin(&v.progress, "building");
    v.start_ms -= age_ms;
    story(&v);
    return heard();
}

static void build(struct progress_view *v)
{
    struct progress *p = &v->progress;

    p->step(p, str_c("[1/2] FROM  x\n\x1b[31mred"), false);
    p->output(p, str_c("[1/2]"), str_c("line\n"));
    p->transfer(p, str_c("layer"), 5, 10);
    v->step_ms -= 2500;
    p->done(p, str_c("[1/2] FROM"), str_c(NULL));
    p->step(p, str_c("cached"), true);
    p->end(p, true);
}

static void failure(struct progress_view *v)
{
    struct progress *p = &v->progress;

    p->step(p, str_c("RUN make"), false);
    for (int i = 0; i < 5000; i++) {
        p->output(p, str_c("RUN make"), str_c("compiling something\n"));
    }
    p->output(p, str_c("RUN make"), str_c("error: \x1b]0;title\x07 boom\n"));
    p->done(p, str_c("RUN make"), str_c("exit code 1"));
    p->end(p, false);
}

/* Pulls two layers. */
static void pull(struct progress_view *v)
{
    struct progress *p = &v->progress;

    p->transfer(p, str_c("Downloading aa"), 50, 100);
    for (int i = 0; i < 1000; i++) {
        p->transfer(p, str_c("Downloading bb"), 10, 100);
    }
    v->told_ms -= PROGRESS_TRANSFER_MS;
    p->transfer(p, str_c("Downloading bb"), 100000000, 200000000);
    for (int i = 0; i < 1000; i++) {
        p->output(p, str_c(NULL), str_c("Waiting cc\n"));
        p->tick(p);
    }
    p->end(p, true);
}

static void silence(struct progress_view *v)
{
    struct progress *p = &v->progress;

    p->step(p, str_c("RUN make"), false);
    p->output(p, str_c("RUN make"), str_c("0%\r50%\r99% \x1b]0;title\x07linked\r\n"));
    p->tick(p);
    v->told_ms -= PROGRESS_SILENCE_MS;
    p->tick(p);
    p->tick(p);
    p->end(p, false);
}

static size_t lines_in(const char *text)
{
    size_t n = 0;

    for (; *text != '\0'; text++) {
        n += *text == '\n' ? 1U : 0U;
    }
    return n;
}

/* Runs `story` with stderr on a terminal and returns what the terminal receives. */
static const char *shown(void (*story)(struct progress_view *v), unsigned short columns,
                         const char *term)
{
    static char text[1 << 16];
    struct pty pty = pty_new(24, columns);
    int keep = dup(2);
    struct progress_view v;
    size_t len = 0;
    ssize_t n;

    (void)dup2(pty.slave, 2);
    progress_view_init(&v, term);
    v.progress.begin(&v.progress, "building");
    v.start_ms -= 65000;
    story(&v);
    (void)dup2(keep, 2);
    (void)close(keep);
    (void)fcntl(pty.master, F_SETFL, O_NONBLOCK);
    while ((n = read(pty.master, text + len, sizeof(text) - 1 - len)) > 0) {
        len += (size_t)n;
    }
    text[len] = '\0';
    pty_close(&pty);
    return text;
}

static void live(struct progress_view *v)
{
    struct progress *p = &v->progress;

    p->step(p, str_c("[1/2] RUN apt-get install something with a long name"), false);
    v->step_ms -= 2500;
    p->done(p, str_c("[1/2] RUN apt-get install something with a long name"), str_c(NULL));
    p->end(p, true);
}

static void on_terminals(void)
{
    const char *text = shown(live, 40, "xterm");

    is_str(text,
           "cco: building\r\n\r1m05s [1/2] RUN apt-get install somet\033[K"
           "\r\033[Kcco: [1/2] RUN apt-get instal (2.5 s)\r\n"
           "\r1m05s building\033[K"
           "\r\033[Kcco: building: done in 65.0 s\r\n",
           "the live line fits into 40 columns");
    text = shown(live, 10, "xterm");
    ok(strstr(text, "\r1m05s [\033[K") != NULL && strstr(text, "cco: (2.5 s)\r\n") != NULL,
       "it fits into ten columns, too: %s", text);
    text = shown(live, 40, "dumb");
    ok(strchr(text, '\033') == NULL && strstr(text, "done in") != NULL,
       "with TERM=dumb there are plain lines");
    ok(strchr(shown(live, 40, NULL), '\033') == NULL, "without TERM there are plain lines");
    ok(strchr(shown(live, 40, ""), '\033') == NULL, "with an empty TERM there are plain lines");
}

int main(void)
{
    const char *text;

    tmpdir_make();
    is_str(told(build, false, 0), "", "short work prints nothing");
    text = told(build, false, 5000);
    ok(strstr(text, "cco: building\n") != NULL, "long work has a title");
    ok(strstr(text, "cco: [1/2] FROM x red\n") != NULL,
       "steps are plain lines without a terminal: %s", text);
    ok(strstr(text, "(2.5 s)") != NULL && strstr(text, "done in 5.") != NULL,
       "durations of steps and of the work are printed");
    ok(strstr(text, "cached") == NULL, "a cached step is not printed");
    ok(strchr(text, '\x1b') == NULL && strchr(text, '\r') == NULL,
       "a log has no control sequences");
    is_str(told(build, true, 5000), "", "--quiet prints nothing");
    text = told(failure, false, 0);
    ok(strstr(text, "RUN make") != NULL && strstr(text, "boom") != NULL,
       "a failed step shows its last lines");
    ok(strlen(text) < 4000, "only the last lines are shown");
    ok(strchr(text, '\x1b') == NULL && strchr(text, '\x07') == NULL,
       "control sequences of the step are removed");
    text = told(pull, false, 5000);
    ok(lines_in(text) == 3 && strstr(text, "cco: building\n") == text,
       "there is one line about transfers in ten seconds: %s", text);
    ok(strstr(text, "cco: Downloading (2 parts): 50%, 100.0 of 200.0 MB") != NULL,
       "the line has the sum of the parts");
    ok(strstr(text, "s, 100 MB\n") != NULL, "the last line has the total size");
    text = told(silence, false, 5000);
    ok(lines_in(text) == 3 && strstr(text, "cco: RUN make: 5s, 99% linked\n") != NULL,
       "after a silence there is a line with the last output: %s", text);
    on_terminals();
    tmpdir_remove();
    return done_testing();
}
