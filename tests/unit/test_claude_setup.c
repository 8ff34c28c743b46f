/* SPDX-License-Identifier: MIT */
#include "plan/build.h"

#include "base/path.h"
#include "plan.h"
#include "tap.h"

#include <string.h>

#define LINK "/home/ann/.claude/skills/x"

static struct planned t;

static const struct plan_mount *at(const char *target)
{
    for (size_t i = 0; i < t.p.files.mount_count; i++) {
        if (strcmp(t.p.files.mounts[i].target, target) == 0) {
            return &t.p.files.mounts[i];
        }
    }
    return NULL;
}

/* Plans a session with a link of a skill to `physical`, which has the path `inside` there. */
static void plan_link(const char *physical, const char *inside, enum fact_type type)
{
    static struct fact_claude_link l;

    planned_release(&t);
    planned_init(&t, NULL);
    l = (struct fact_claude_link){{LINK, physical, type}, inside};
    t.f.claude_links = &l;
    t.f.claude_link_count = 1;
    ok(planned_build(&t) == 0, "the plan for %s is built %s", inside, t.e.text);
    ok(plan_check(&t.p, &t.f, &t.e) == 0, "its invariants hold %s", t.e.text);
}

static void targets_of_links_are_shown_read_only(void)
{
    const struct plan_mount *m;

    plan_link("/home/ann/dotfiles/x", "/home/ann/.agents/x", FACT_DIR);
    m = at("/home/ann/.agents/x");
    ok(m != NULL && m->is_dir && m->read_only && strcmp(m->source, "/home/ann/dotfiles/x") == 0,
       "a directory is shown at the path of the link's text");
    is_int((int)t.p.missing.count, 0, "nothing is missing");
    ok(strv_has(&t.p.user.dirs, "/home/ann/.agents"), "the user owns the directory above it");
    plan_link("/home/ann/x.md", "/home/ann/x.md", FACT_FILE);
    m = at("/home/ann/x.md");
    ok(m != NULL && !m->is_dir && m->read_only, "a file is shown");
    plan_link("/home/ann/src/app/skill", "/home/ann/src/app/skill", FACT_DIR);
    ok(at("/home/ann/src/app/skill") == NULL && t.p.missing.count == 0 &&
           t.p.unshared_count == 0,
       "what the project shows needs nothing");
    plan_link("/home/ann/.claude/commands/x.md", "/home/ann/.claude/commands/x.md", FACT_FILE);
    ok(at("/home/ann/.claude/commands/x.md") == NULL && t.p.missing.count == 0,
       "what claude's other directories show needs nothing");
}

static void secrets_are_not_shown(void)
{
    static const char *const all[] = {"/home/ann/.ssh",
                                      "/home/ann/.ssh/id_ed25519",
                                      "/home/ann",
                                      "/home",
                                      "/",
                                      "/home/ann/.config",
                                      "/home/ann/.aws/credentials",
                                      "/home/ann/.claude",
                                      "/home/ann/.claude/.credentials.json",
                                      "/home/ann/.claude/history.jsonl",
                                      "/home/ann/.local/share/cco/backups",
                                      "/etc"};

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        const size_t type = strchr(path_base(all[i]), '_') != NULL ? FACT_FILE : FACT_DIR;

        plan_link(all[i], "/home/ann/.agents/x", (enum fact_type)type);
        ok(at("/home/ann/.agents/x") == NULL && t.p.missing.count == 1,
           "%s is not shown, and a line says so", all[i]);
        plan_link(all[i], all[i], (enum fact_type)type);
        ok(t.p.missing.count <= 1, "nor at its own path");
        for (size_t k = 0; k < t.p.files.mount_count; k++) {
            ok(strstr(t.p.files.mounts[k].why, LINK) == NULL, "no mount shows it");
        }
    }
}

static void an_untrusted_target_is_not_shared(void)
{
    static struct fact_untrusted u = {LINK, "it is in a project", true};
    static struct fact_claude_link l = {{LINK, "/srv/x", FACT_DIR}, "/home/ann/.agents/x"};

    planned_release(&t);
    planned_init(&t, NULL);
    t.f.claude_links = &l;
    t.f.claude_link_count = 1;
    t.f.untrusted = &u;
    t.f.untrusted_count = 1;
    ok(planned_build(&t) == 0 && at("/home/ann/.agents/x") == NULL && t.p.unshared_count == 1,
       "a target that an agent could have written is not shown, and is listed");
}

int main(void)
{
    planned_init(&t, NULL);
    targets_of_links_are_shown_read_only();
    secrets_are_not_shown();
    an_untrusted_target_is_not_shared();
    planned_release(&t);
    return done_testing();
}
