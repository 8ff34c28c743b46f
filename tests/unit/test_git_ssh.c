/* SPDX-License-Identifier: MIT */
/* The files of git and ssh in a plan. */
#include "plan/plan.h"

#include "base/path.h"
#include "plan.h"
#include "tap.h"

#include <string.h>

static struct arena arena;
static struct facts f;
static struct plan p;

static void build(bool ssh_keys)
{
    struct opts o = {.ssh_keys = ssh_keys};
    struct err e = {0};

    ok(plan_build(&o, &f, &arena, &p, &e) == 0, "a plan is built %s", e.text);
}

static const struct plan_mount *at(const char *target)
{
    for (size_t i = 0; i < p.files.mount_count; i++) {
        if (strcmp(p.files.mounts[i].target, target) == 0) {
            return &p.files.mounts[i];
        }
    }
    return NULL;
}

static const struct plan_copy *copy_of(const char *source)
{
    for (size_t i = 0; i < p.files.copy_count; i++) {
        const char *from = p.files.copies[i].source;

        if (from != NULL && strcmp(from, source) == 0) {
            return &p.files.copies[i];
        }
    }
    return NULL;
}

static bool is_copy(const char *path)
{
    const struct plan_mount *m = at(path);

    return m != NULL && m->read_only && !m->is_dir && copy_of(path) != NULL &&
           strcmp(path_base(m->source), copy_of(path)->name) == 0;
}

static void known_files_are_copies(void)
{
    static struct fact_path keys[] = {
        {"/home/ann/.ssh/id.pub", "/home/ann/.ssh/id.pub", FACT_FILE},
        {"/home/ann/.ssh/config.pub", "/home/ann/.ssh/config.pub", FACT_FILE},
    };
    static const char *const all[] = {
        "/home/ann/.gitconfig",         "/home/ann/.config/git/config",
        "/home/ann/.config/git/ignore", "/home/ann/.config/git/attributes",
        "/home/ann/.ssh/known_hosts",   "/home/ann/.ssh/config",
        "/home/ann/.ssh/id.pub",        "/home/ann/.ssh/config.pub",
    };

    plan_facts(&f, &arena);
    for (size_t i = 0; i < 3; i++) {
        f.git_files[i] = (struct fact_path){all[i + 1], all[i + 1], FACT_FILE};
    }
    f.ssh_config = (struct fact_path){all[5], all[5], FACT_FILE};
    f.ssh_public = keys;
    f.ssh_public_count = 2;
    build(false);
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        ok(is_copy(all[i]), "%s is a read-only copy", all[i]);
        for (size_t k = 0; k < i; k++) {
            ok(strcmp(copy_of(all[i])->name, copy_of(all[k])->name) != 0,
               "it does not share its copy with %s", all[k]);
        }
    }
    ok(at("/home/ann/.config/git") == NULL && at("/home/ann/.ssh") == NULL,
       "the directories are not mounted");
    ok(copy_of(all[5])->text != NULL && strstr(copy_of(all[5])->text, "IdentityAgent") != NULL,
       "ssh's settings begin with those of the sandbox");
    ok(copy_of(all[0])->text == NULL, "git's settings are unchanged");
    f.ssh_dir = (struct fact_path){"/home/ann/.ssh", "/home/ann/.ssh", FACT_DIR};
    build(true);
    ok(at("/home/ann/.ssh") != NULL && at("/home/ann/.ssh")->read_only && at(all[5]) == NULL,
       "with --ssh-keys, the whole directory takes the place of the copies");
}

static void files_that_an_agent_may_have_made_are_not_copied(void)
{
    plan_facts(&f, &arena);
    f.git_files[0] = (struct fact_path){"/home/ann/.config/git/config",
                                        "/home/ann/src/app/config", FACT_FILE};
    f.ssh_config =
        (struct fact_path){"/home/ann/.ssh/config", "/home/ann/.ssh/config", FACT_FILE};
    f.git_files[1] = (struct fact_path){"/home/ann/.config/git/ignore", "/x", FACT_DIR};
    f.untrusted = &(struct fact_untrusted){f.ssh_config.path, "why", false};
    f.untrusted_count = 1;
    build(false);
    ok(at("/home/ann/.config/git/config") == NULL, "a file in the project is not copied");
    ok(at("/home/ann/.ssh/config") == NULL, "a file behind a link in the project is not");
    ok(at("/home/ann/.config/git/ignore") == NULL, "nor is a directory");
    ok(at("/home/ann/.gitconfig") != NULL, "others are");
}

static void copies_are_not_mounted_over_links_that_the_user_shares(void)
{
    struct opts_path path = {.path = "~/.ssh", .access = ACCESS_READ, .option = "--ro"};
    struct fact_option_path dir = {
        .target = "/home/ann/.ssh", .physical = "/home/ann/.ssh", .type = FACT_DIR};
    struct opts o = {.paths = &path, .path_count = 1};
    struct err e = {0};

    plan_facts(&f, &arena);
    f.ssh_config = (struct fact_path){"/home/ann/.ssh/config", "/home/ann/dot/ssh", FACT_FILE};
    f.known_hosts = (struct fact_path){"/home/ann/.ssh/known_hosts",
                                       "/home/ann/.ssh/known_hosts", FACT_FILE};
    f.option_paths = &dir;
    f.option_path_count = 1;
    ok(plan_build(&o, &f, &arena, &p, &e) == 0, "a plan with --ro ~/.ssh is built %s", e.text);
    ok(at("/home/ann/.ssh") != NULL && at("/home/ann/.ssh/config") == NULL,
       "a link in the directory is unchanged");
    ok(is_copy("/home/ann/.ssh/known_hosts"), "a file is covered by its copy");
}

/* Returns true if the plan says that git has no key for a remote. */
static bool lacks_keys(bool ssh_keys)
{
    build(ssh_keys);
    for (size_t i = 0; i < p.missing.count; i++) {
        if (strcmp(p.missing.list[i].cause, "ssh-keys") == 0) {
            return true;
        }
    }
    return false;
}

static void missing_keys_for_a_remote_are_reported(void)
{
    static struct fact_path key = {"/home/ann/.ssh/id.pub", "/home/ann/.ssh/id.pub", FACT_FILE};

    plan_facts(&f, &arena);
    f.ssh_dir = (struct fact_path){"/home/ann/.ssh", "/home/ann/.ssh", FACT_DIR};
    f.ssh_remote = true;
    ok(!lacks_keys(false), "with an agent, no key is missing");
    f.ssh_agent.type = FACT_MISSING;
    ok(!lacks_keys(false), "nor if the user has none");
    f.ssh_public = &key;
    f.ssh_public_count = 1;
    ok(lacks_keys(false), "without an agent, the keys are missing");
    ok(!lacks_keys(true), "but not with --ssh-keys");
    f.ssh_remote = false;
    ok(!lacks_keys(false), "nor if no remote is reached over ssh");
}

int main(void)
{
    known_files_are_copies();
    files_that_an_agent_may_have_made_are_not_copied();
    copies_are_not_mounted_over_links_that_the_user_shares();
    missing_keys_for_a_remote_are_reported();
    arena_release(&arena);
    return done_testing();
}
