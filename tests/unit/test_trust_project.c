/* SPDX-License-Identifier: MIT */
#include "trust/trust_project.h"

#include "tap.h"
#include "tmpdir.h"
#include "trust/trust_record.h"

static struct arena arena;

static void is_state(const struct trust_project *p, enum trust_state want, const char *why)
{
    const enum trust_state got = trust_project_state(p, &arena);

    is_str(trust_state_word(got), trust_state_word(want), why);
}

static void forget(void)
{
    struct err e = {0};

    is_int(trust_record_remove(tmpdir, TRUST_PROJECTS, "/p", &e), 0, "(forgotten)");
}

static void answers(void)
{
    struct trust_project p = {.state_dir = tmpdir, .path = "/p", .digest = "d1"};
    struct err e = {0};

    is_state(&p, TRUST_NEW, "an unknown project is new");
    ok(trust_project_see(&p, &e) == 0, "it is seen");
    is_state(&p, TRUST_NEW, "which is not an answer");
    ok(trust_project_decide(&p, true, &e) == 0, "yes");
    is_state(&p, TRUST_GIVEN, "a yes is remembered");
    p.digest = "d2";
    is_state(&p, TRUST_CHANGED, "for these items only");
    ok(trust_project_decide(&p, false, &e) == 0, "no");
    is_state(&p, TRUST_REFUSED, "a no is remembered");
    p.digest = "d1";
    is_state(&p, TRUST_NEW, "and ends the trust in the earlier items");
    p.digest = "";
    is_state(&p, TRUST_NOTHING, "without items there is nothing to trust");
    p.digest = "d2";
    p.state_dir = NULL;
    is_state(&p, TRUST_NEW, "without records every project is new");
    ok(trust_project_see(&p, &e) == 0 && trust_project_decide(&p, true, &e) == 0,
       "and nothing is recorded");
    forget();
}

static void host(void)
{
    struct trust_project p = {
        .state_dir = tmpdir, .path = "/p", .digest = "d1", .host_trusts = true};
    struct err e = {0};

    is_state(&p, TRUST_BY_HOST, "the host's claude trusts a project that cco sees first");
    ok(trust_project_see(&p, &e) == 0, "(seen)");
    is_state(&p, TRUST_BY_HOST, "as long as nothing changes");
    p.digest = "d2";
    is_state(&p, TRUST_CHANGED, "a change is asked about");
    ok(trust_project_see(&p, &e) == 0, "(seen again)");
    is_state(&p, TRUST_CHANGED, "seeing it does not hide the change");
    forget();
    p.was_writable = true;
    is_state(&p, TRUST_CHANGED, "items that appear after a session are a change");
    ok(trust_project_see(&p, &e) == 0, "(seen)");
    is_state(&p, TRUST_CHANGED, "also after they were seen");
    ok(trust_project_decide(&p, true, &e) == 0, "yes");
    is_state(&p, TRUST_GIVEN, "the user's answer counts more");
    forget();
}

static void unreadable(void)
{
    struct trust_project p = {.state_dir = tmpdir,
                              .path = "/p",
                              .digest = "d1",
                              .host_trusts = true,
                              .unreadable = true};
    struct err e = {0};

    is_state(&p, TRUST_NEW, "the host's trust does not cover what cannot be examined");
    ok(trust_project_decide(&p, true, &e) == 0, "yes");
    is_state(&p, TRUST_NEW, "and a yes is not remembered");
    ok(trust_project_decide(&p, false, &e) == 0, "no");
    is_state(&p, TRUST_REFUSED, "but a no is");
    forget();
}

int main(void)
{
    tmpdir_make();
    answers();
    host();
    unreadable();
    for (int s = 0; s < TRUST_STATE_COUNT; s++) {
        ok(trust_state_is_safe((enum trust_state)s) == (s >= TRUST_NEW),
           "%s: whether the session is safe", trust_state_word((enum trust_state)s));
    }
    arena_release(&arena);
    tmpdir_remove();
    return done_testing();
}
