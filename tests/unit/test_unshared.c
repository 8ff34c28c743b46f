/* SPDX-License-Identifier: MIT */
#include "plan/build.h"

#include "plan/untrusted.h"
#include "tap.h"

#include <string.h>

static struct arena arena;
static struct facts f = {.project = "/p", .cwd_physical = "/p"};
static struct plan p;
static struct builder b = {.f = &f, .a = &arena, .p = &p};

static void notes_decide(void)
{
    struct fact_untrusted noted[] = {{"/h/x", "it leads into /d", true}};

    f.untrusted = noted;
    f.untrusted_count = 1;
    f.pins = &(struct fact_pin){"/p/pinned", "digest"};
    f.pin_count = 1;
    ok(!unshared_note(&b, "/h/own", "/h/own") && p.unshared_count == 0, "a file is shared");
    ok(unshared_note(&b, "/d/x", "/h/x"), "a noted path is not shared");
    ok(unshared_note(&b, "/p/y", "/h/y"), "a path into the project is not shared");
    ok(!unshared_note(&b, "/p/pinned", "/h/z"), "a pinned object is shared");
    is_int((long long)p.unshared_count, 2, "the plan lists what is not shared");
    unshared_warn(&b);
    is_int((long long)p.warnings.count, 1, "one warning is about all of them");
    is_str(
        p.warnings.v[0],
        "2 of your files are not shared:\n/h/x: it leads into /d\n"
        "/h/y: it is in the project\nTo accept the present content of this one: cco trust /h/x",
        "the warning has one next step");
}

/* The text of a message is cut at 4095 bytes. */
static void no_message_is_cut(bool same_reason)
{
    enum { COUNT = 100 };
    struct fact_untrusted noted[COUNT];
    size_t found = 0;

    p = (struct plan){0};
    for (size_t i = 0; i < COUNT; i++) {
        noted[i] = (struct fact_untrusted){arena_printf(&arena, "/h/%0100zu", i),
                                           "it leads into /d", true};
        if (!same_reason) {
            noted[i].why = arena_printf(&arena, "it leads into /%0200zu", i);
        }
    }
    f.untrusted = noted;
    f.untrusted_count = COUNT;
    for (size_t i = 0; i < COUNT; i++) {
        (void)unshared_note(&b, "/d/x", noted[i].path);
    }
    unshared_warn(&b);
    for (size_t i = 0; i < p.warnings.count; i++) {
        const char *command = strstr(p.warnings.v[i], "cco trust ");

        ok(strlen(p.warnings.v[i]) < 4095, "warning %zu fits into a message", i);
        for (size_t k = 0; command != NULL && k < COUNT; k++) {
            found += strstr(command, noted[k].path) != NULL;
        }
    }
    is_int((long long)found, COUNT, "each path is in one command");
}

static void names_cannot_begin_a_line(void)
{
    struct fact_untrusted noted[] = {{"/h/x\ncco: y", "it leads into /d\nz", false}};

    p = (struct plan){0};
    f.untrusted = noted;
    f.untrusted_count = 1;
    (void)unshared_note(&b, "/d/x", noted[0].path);
    unshared_warn(&b);
    is_str(p.warnings.v[0], "/h/x\\x0acco: y is not shared: it leads into /d\\x0az",
           "line breaks in names are escaped");
}

int main(void)
{
    unshared_warn(&b);
    ok(p.warnings.count == 0, "without such a path there is no warning");
    notes_decide();
    no_message_is_cut(true);
    no_message_is_cut(false);
    names_cannot_begin_a_line();
    arena_release(&arena);
    return done_testing();
}
