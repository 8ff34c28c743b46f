/* SPDX-License-Identifier: MIT */
#include "session/reports.h"

#include "base/fd.h"
#include "context.h"
#include "heard.h"
#include "tap.h"

static struct context c;

static void ask(const char *text)
{
    if (text != NULL) {
        reports_once(&c.ctx, text);
    } else {
        reports_tell(&c.ctx);
    }
}

/* Returns what is printed on stderr: the kept reports, or `once` by reports_once(). */
static const char *told_of(const char *once)
{
    hear();
    ask(once);
    return heard();
}

static const char *told(void)
{
    return told_of(NULL);
}

int main(void)
{
    struct strv lines = {0};

    tmpdir_make();
    context_init(&c, NULL);
    c.facts.state_dir = arena_strdup(&c.arena, in_tmp("state"));
    c.facts.project_key = "p-12345678";
    is_str(told(), "", "without kept reports nothing is printed");
    reports_add(&c.ctx, "p-12345678", "cco-p-1", &lines, true);
    ok(!file_exists(in_tmp("state")), "without lines no file is made");
    strv_add(&lines, &c.arena, "one");
    strv_add(&lines, &c.arena, "two");
    reports_add(&c.ctx, "p-12345678", "cco-p-1", &lines, true);
    reports_add(&c.ctx, "q-12345678", "cco-q-1", &lines, true);
    is_int(mode_of(in_tmp("state/reports")), 0700, "the directory of reports is private");
    is_int(mode_of(in_tmp("state/reports/p-12345678.cco-p-1")), 0600, "a report is private");
    is_str(told(), "cco: cco-p-1: one\ncco: cco-p-1: two\n",
           "the kept lines of the project are printed with the session's name");
    is_str(told(), "", "kept lines are printed only once");
    ok(file_exists(in_tmp("state/reports/q-12345678.cco-q-1")),
       "reports of other projects stay");
    is_str(told_of("it is far"), "cco: it is far\n", "a new text is printed");
    is_str(told_of("it is far"), "", "the same text is not printed again");
    is_str(told_of("it is farther"), "cco: it is farther\n", "another text is printed");
    c.facts.project_key = "q-12345678";
    is_str(told_of("it is farther"), "cco: it is farther\n",
           "another project gets the same text");
    tmpdir_remove();
    context_release(&c);
    return done_testing();
}
