/* SPDX-License-Identifier: MIT */
#include "plan/build.h"

#include "plan_golden.h"

static struct arena arena;
static struct facts f;
static struct plan p;

static const struct plan_mount *at(const char *target)
{
    for (size_t i = 0; i < p.files.mount_count; i++) {
        if (strcmp(p.files.mounts[i].target, target) == 0) {
            return &p.files.mounts[i];
        }
    }
    return NULL;
}

static void build(void)
{
    struct opts o = {0};
    struct err e = {0};

    ok(plan_build(&o, &f, &arena, &p, &e) == 0 && plan_check(&p, &f, &e) == 0,
       "the plan is built and holds its invariants: %s", e.text);
}

#define INSIDE "/home/ann/.claude/projects/-home-ann-src-app"
#define OWN "/home/ann/.local/share/cco/claude/app-1a2b3c4d"

int main(void)
{
    const struct plan_mount *m;

    plan_goldens();
    plan_facts(&f, &arena);
    build();
    m = at(INSIDE);
    ok(m != NULL && !m->read_only && !m->make_source && strcmp(m->source, INSIDE) == 0,
       "this project's conversations are mounted");
    ok(at("/home/ann/.claude/projects") == NULL, "those of other projects are not");
    ok(strv_has(&p.user.dirs, "/home/ann/.claude/projects"),
       "the directory above is given to the user");
    f.claude_project.type = FACT_MISSING;
    build();
    m = at(INSIDE);
    ok(m != NULL && m->make_source, "the directory is created on the host if it is missing");
    f.claude_project.type = FACT_OTHER;
    build();
    m = at(INSIDE);
    ok(m != NULL && strcmp(m->source, OWN "/projects") == 0 && p.warnings.count == 1,
       "a link in its place is not followed: a directory of cco's is used, with a warning");
    f.claude_project.type = FACT_DIR;
    f.claude_root = "/srv/main";
    f.claude_memory =
        (struct fact_state){FACT_MISSING, "/home/ann/.claude/projects/-srv-main/memory"};
    build();
    m = at("/home/ann/.claude/projects/-srv-main/memory");
    ok(m != NULL && m->make_source, "the memory of a worktree's repository is shared");
    ok(at("/home/ann/.claude/projects/-srv-main") == NULL, "its conversations are not");
    f.untrusted = &(struct fact_untrusted){"/home/ann/.claude/projects", "why", false};
    f.untrusted_count = 1;
    build();
    m = at(INSIDE);
    ok(m != NULL && strcmp(m->source, OWN "/projects") == 0,
       "a directory of projects that is found through the project is not used");
    arena_release(&arena);
    return done_testing();
}
