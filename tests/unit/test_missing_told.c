/* SPDX-License-Identifier: MIT */
#include "session/missing_told.h"

#include "base/fd.h"
#include "base/hash.h"
#include "context.h"
#include "heard.h"
#include "tap.h"

static struct context c;

/* Returns what missing_tell() prints on stderr. */
static const char *told(const struct missing *m)
{
    hear();
    missing_tell(&c.ctx, m);
    return heard();
}

static struct missing list_of(const char *cause, const char *text)
{
    struct missing m = {0};

    missing_add(&m, &c.arena, cause, text);
    return m;
}

static void each_cause_is_printed_once_for_each_project(void)
{
    struct missing m = {0};

    is_str(told(&m), "", "without items nothing is printed");
    ok(!file_exists(in_tmp("state")), "and no file is made");
    m = list_of("tool x", "x is missing");
    c.opts.quiet = true;
    is_str(told(&m), "", "with --quiet nothing is printed");
    c.opts.quiet = false;
    is_str(told(&m), "cco: x is missing\n", "and the line is printed by the next start");
    is_int(mode_of(in_tmp("state/missing")), 0700, "the directory is private");
    is_int(mode_of(in_tmp("state/missing/p-12345678")), 0600, "the record is private");
    is_str(told(&m), "", "the line is printed once");
    m = list_of("tool x", "x is missing, in other words");
    is_str(told(&m), "", "another text of the same cause is not printed");
    missing_add(&m, &c.arena, "tool\ny", "y is missing");
    is_str(told(&m), "cco: y is missing\n", "another cause is printed");
    is_str(told(&m), "", "but once");
    c.facts.project_key = "q-12345678";
    is_str(told(&m), "cco: x is missing, in other words\ncco: y is missing\n",
           "another project gets all lines");
}

static void a_damaged_record_counts_as_empty(void)
{
    const struct missing m = list_of("tool x", "x is missing");

    put_file(in_tmp("state/missing/q-12345678"), "no record\n");
    is_str(told(&m), "cco: x is missing\n", "lines are printed again");
    is_str(told(&m), "", "and the record is whole again");
    (void)unlink(in_tmp("state/missing/q-12345678"));
    (void)mkfifo(in_tmp("state/missing/q-12345678"), 0600);
    is_str(told(&m), "cco: x is missing\n", "a FIFO does not block");
    (void)unlink(in_tmp("state/missing/q-12345678"));
}

static void the_record_has_a_maximum(void)
{
    struct stat st;

    for (int round = 0; round < 2 * MISSING_TOLD_MAX / MISSING_MAX; round++) {
        struct missing m = {0};

        for (int i = 0; i < MISSING_MAX; i++) {
            missing_add(&m, &c.arena, arena_printf(&c.arena, "%d %d", round, i), "x");
        }
        (void)told(&m);
        is_str(told(&m), "", "all lines of a start are recorded");
    }
    ok(stat(in_tmp("state/missing/q-12345678"), &st) == 0 &&
           st.st_size == MISSING_TOLD_MAX * (off_t)SHA256_HEX,
       "the file has the newest causes");
}

int main(void)
{
    tmpdir_make();
    context_init(&c, NULL);
    c.facts.state_dir = arena_strdup(&c.arena, in_tmp("state"));
    c.facts.project_key = "p-12345678";
    each_cause_is_printed_once_for_each_project();
    a_damaged_record_counts_as_empty();
    the_record_has_a_maximum();
    tmpdir_remove();
    context_release(&c);
    return done_testing();
}
