/* SPDX-License-Identifier: MIT */
#include "plan/caches.h"

#include "plan.h"
#include "tap.h"

#define KEPT "/home/ann/.local/share/cco/caches/app-1a2b3c4d"

enum { CACHES = 8 };

static struct planned t;

static void keep(struct opts *o, struct facts *f, struct arena *a)
{
    (void)f;
    (void)a;
    o->caches = true;
}

static const struct plan_mount *at(const char *target)
{
    for (size_t i = 0; i < t.p.files.mount_count; i++) {
        if (strcmp(t.p.files.mounts[i].target, target) == 0) {
            return &t.p.files.mounts[i];
        }
    }
    return NULL;
}

static size_t count(void)
{
    size_t n = 0;

    for (size_t i = 0; i < t.p.files.mount_count; i++) {
        n += strncmp(t.p.files.mounts[i].why, "--caches", 8) == 0 ? 1U : 0U;
    }
    return n;
}

static void build(void (*change)(struct opts *o, struct facts *f, struct arena *a))
{
    planned_init(&t, change);
    ok(planned_build(&t) == 0 && plan_check(&t.p, &t.f, &t.e) == 0, "the plan is valid %s",
       t.e.text);
}

static void kept_only_if_the_user_asks(void)
{
    const struct plan_mount *m;

    build(NULL);
    is_int((long long)count(), 0, "without the option no cache is kept");
    planned_release(&t);
    build(keep);
    is_int((long long)count(), CACHES, "with the option all caches are kept");
    m = at("/home/ann/.cache");
    ok(m != NULL && m->is_dir && !m->read_only && m->make_source &&
           strcmp(m->source, KEPT "/cache") == 0 && m->placeholder == m->source,
       "a cache is a directory of cco's own for the project, and is no link");
    ok(at("/home/ann/go/pkg/mod") != NULL && strv_has(&t.p.user.dirs, "/home/ann/go/pkg") &&
           strv_has(&t.p.user.dirs, "/home/ann/.cargo"),
       "the directories above it belong to the user");
    ok(!strv_has(&t.p.files.kept, KEPT "/cache") &&
           !strv_has(&t.p.files.writable, KEPT "/cache"),
       "the audit does not walk through caches, and they are not trees of the user");
    is_str(caches_dir(&t.f, &t.arena), KEPT, "the directory is that of the project");
    planned_release(&t);
}

static void in_a_project(struct opts *o, struct facts *f, struct arena *a)
{
    keep(o, f, a);
    f->project = f->cwd_physical = f->claude_root = f->dotenv_dir = "/home/ann/go/pkg/mod/x";
}

static void program_in_npm(struct opts *o, struct facts *f, struct arena *a)
{
    static const struct fact_program programs[] = {
        {.path = "/home/ann/.npm/claude", .link = NULL, .target = "/home/ann/.npm/claude"}};

    case_native(o, f, a);
    keep(o, f, a);
    f->native.programs = programs;
    f->native.claude = "/home/ann/.npm/claude";
}

static void what_is_shared_comes_first(void)
{
    build(in_a_project);
    ok(count() == CACHES - 1 && at("/home/ann/go/pkg/mod") == NULL,
       "a cache that contains the project is not kept");
    ok(t.p.missing.count > 0 && strcmp(t.p.missing.list[t.p.missing.count - 1].text,
                                       "--caches does not keep /home/ann/go/pkg/mod, because "
                                       "/home/ann/go/pkg/mod/x is shared") == 0,
       "one line says so");
    planned_release(&t);
    build(program_in_npm);
    ok(count() == CACHES - 1 && at("/home/ann/.npm") == NULL,
       "neither is one with a program that a native sandbox shows");
    planned_release(&t);
}

static void remote(struct opts *o, struct facts *f, struct arena *a)
{
    case_remote(o, f, a);
    keep(o, f, a);
}

static void without_namespaces(struct opts *o, struct facts *f, struct arena *a)
{
    case_native_landlock_only(o, f, a);
    keep(o, f, a);
}

static void other_engines(void)
{
    const struct plan_mount *m;

    build(remote);
    m = at("/home/ann/.cache");
    ok(count() == CACHES && m != NULL && m->kind == MOUNT_VOLUME && !m->make_source &&
           m->placeholder == NULL &&
           strcmp(m->source, "cco-app-1a2b3c4d-0a0b0c0d-cache-cache") == 0,
       "a remote engine has a volume for each cache");
    ok(strv_has(&t.p.user.dirs, "/home/ann/.cache"), "which init gives to the user");
    for (size_t i = 0; i < t.p.remote.tree_count; i++) {
        ok(strncmp(t.p.remote.trees[i].local_path, KEPT, strlen(KEPT)) != 0,
           "%s: no cache is synchronized", t.p.remote.trees[i].local_path);
    }
    planned_release(&t);
    build(without_namespaces);
    is_int((long long)count(), CACHES, "without namespaces they are kept as well");
    planned_release(&t);
}

int main(void)
{
    kept_only_if_the_user_asks();
    what_is_shared_comes_first();
    other_engines();
    return done_testing();
}
