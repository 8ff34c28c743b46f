/* SPDX-License-Identifier: MIT */
#include "plan/build.h"

#include "base/path.h"
#include "plan.h"
#include "plan/place_table.h"
#include "tap.h"

static const char *untrusted;  /* a path that an agent could decide */
static const char *leads_to;   /* a file of the host's claude to which the project leads */
static const char *in_project; /* an entry of claude's state that is in the project */
/* The paths of these, if they are not below the home. */
static const char *claude_dir, *claude_json, *login, *home_link;

static void check(const char *dir, bool good)
{
    struct planned t;
    struct builder b = {&t.o, &t.f, &t.arena, &t.p};

    const char *places[PLACES_OF_HOME_MAX] = {"/data/keys"};

    planned_init(&t, NULL);
    t.f.project = t.f.cwd_physical = dir;
    t.f.home_places = places;
    strv_add(&t.f.homes, &t.arena, "/root");
    strv_add(&t.f.homes, &t.arena, "/home/ann");
    strv_add(&t.f.homes, &t.arena, "/home/bob");
    strv_add(&t.f.homes, &t.arena, "/home/students/eve");
    t.f.untrusted = &(struct fact_untrusted){untrusted, "why", false};
    t.f.untrusted_count = untrusted != NULL;
    t.f.project_leads_to = leads_to;
    for (size_t i = 0; in_project != NULL && i < claude_state_count; i++) {
        if (strcmp(claude_state[i].name, in_project) == 0) {
            t.f.claude_state[i].physical = path_join(&t.arena, dir, in_project);
        }
    }
    t.f.claude_dir = claude_dir != NULL ? claude_dir : t.f.claude_dir;
    t.f.claude_json.physical = claude_json != NULL ? claude_json : t.f.claude_json.physical;
    t.f.login.path = login != NULL ? login : t.f.login.path;
    t.f.home = home_link != NULL ? home_link : t.f.home;
    if (good) {
        ok(project_check(&b, &t.e) == 0, "%s can be the project %s", dir, t.e.text);
    } else {
        ok(project_check(&b, &t.e) < 0 && t.e.kind == ERR_REFUSED && t.e.hint[0] != '\0',
           "%s cannot be the project: %s", dir, t.e.text);
    }
    planned_release(&t);
}

/* Some users keep such files in a repository and link them. */
static void links_in_the_project_are_refused(void)
{
    static const char *const refused[] = {
        "/home/ann/.claude",
        "/home/ann/.claude.json",
        "/home/ann/.claude/.credentials.json",
        "/home/ann/.local/share/cco",
        "/home/ann/.local/state/cco",
        "/run/user/1000/cco",
    };
    static const char *const good[] = {"/home/ann/.claude/projects",
                                       "/home/ann/.claude/settings.json",
                                       "/home/ann/.gitconfig"};

    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        untrusted = refused[i];
        check("/home/ann/dots", false);
    }
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        untrusted = good[i];
        check("/home/ann/dots", true);
    }
    untrusted = NULL;
    leads_to = "/home/ann/.claude/hooks";
    check("/home/ann/dots", false);
    leads_to = NULL;
    in_project = "CLAUDE.md";
    check("/home/ann/dots", false);
    in_project = "todos";
    check("/home/ann/dots", true);
}

static void directories_with_claudes_files_are_refused(void)
{
    check("/data/x", true);
    claude_dir = "/data/x/claude";
    check("/data/x", false);
    claude_dir = NULL;
    claude_json = "/data/x/claude.json";
    check("/data/x", false);
    claude_json = NULL;
    login = "/data/x/login.json";
    check("/data/x", false);
    login = NULL;
    home_link = "/data/x";
    check("/data/x", false);
    check("/data", false);
    home_link = NULL;
}

static void system_directories_are_refused(void)
{
    static const char *const system[] = {
        "/bin",     "/boot",    "/dev",           "/etc",       "/lib",       "/lib64",
        "/opt",     "/proc",    "/root",          "/run",       "/sbin",      "/srv",
        "/sys",     "/usr",     "/usr/bin",       "/usr/lib",   "/usr/local", "/var",
        "/var/lib", "/var/run", "/usr/local/bin", "/usr/sbin",  "/usr/share", "/proc/1",
        "/sys/fs",  "/dev/shm", "/run/cco",       "/run/cco/x",
    };
    static const char *const others[] = {"/etc/x", "/usr/src/linux", "/home/ann", "/devices"};

    for (size_t i = 0; i < sizeof(system) / sizeof(system[0]); i++) {
        ok(project_is_system(system[i]), "%s is a system directory", system[i]);
        check(system[i], false);
    }
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        ok(!project_is_system(others[i]), "%s is not a system directory", others[i]);
    }
}

static void directory_of_all_users_is_refused(void)
{
    struct planned t;
    struct builder b = {&t.o, &t.f, &t.arena, &t.p};

    planned_init(&t, NULL);
    strv_add(&t.f.for_all, &t.arena, t.f.cwd_physical);
    ok(project_check(&b, &t.e) < 0 && strstr(t.e.text, "every user") != NULL,
       "a directory in which every user can create files is refused: %s", t.e.text);
    planned_release(&t);
}

static void reasons_are_those_of_the_directory(void)
{
    static const struct {
        const char *path, *says;
    } all[] = {{"/home/ann/.ssh", "keys"},        {"/home/ann/.config/gh", "logins"},
               {"/home/ann/.config", "settings"}, {"/home/ann/.local/bin/x", "programs"},
               {"/home/bob", "home of a user"},   {"/tmp", "temporary"}};

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        struct planned t;
        struct builder b = {&t.o, &t.f, &t.arena, &t.p};
        const char *why;

        planned_init(&t, NULL);
        strv_add(&t.f.homes, &t.arena, "/home/bob");
        why = project_place(&b, all[i].path);
        ok(why != NULL && strstr(why, all[i].says) != NULL, "%s: %s", all[i].path,
           why != NULL ? why : "accepted");
        planned_release(&t);
    }
}

int main(void)
{
    static const char *const refused[] = {
        "/",
        "/home",
        "/home/ann",
        "/home/ann/.claude",
        "/home/ann/.claude/projects",
        "/home/ann/.local",
        "/home/ann/.local/share/cco",
        "/home/ann/.local/share/cco/claude",
        "/run/user/1000/cco",
        "/run/user",
        "/run",
        "/proc/1",
        "/sys",
        "/dev/shm",
        "/usr",
        "/usr/bin",
        "/etc",
        "/var",
        "/run/cco",
        "/home/ann/.ssh",
        "/home/ann/.ssh/keys",
        "/home/ann/.gnupg",
        "/home/ann/.config",
        "/home/ann/.config/gcloud",
        "/home/ann/.config/gh",
        "/home/ann/.local/bin",
        "/home/ann/.local/share",
        "/home/ann/.local/share/keyrings/x",
        "/home/ann/.local/state",
        "/home/ann/bin",
        "/home/ann/go",
        "/home/ann/Library",
        "/home/bob",
        "/home/bob/.aws",
        "/home/students",
        "/home/students/eve/.kube/x",
        "/root/.ssh",
        "/data/keys",
        "/data/keys/x",
        "/mnt",
        "/mnt/c",
        "/media",
        "/media/ann",
        "/run/media/ann",
        "/tmp",
        "/var/tmp",
        "/Users",
        "/Volumes",
    };
    static const char *const good[] = {
        "/home/ann/src/app",
        "/home/annette",
        "/home/ann/.config/nvim",
        "/srv/app",
        "/tmp/x",
        "/usr/src/linux",
        "/var/www/site",
        "/home/ann/.claude-x",
        "/mnt/disk",
        "/home/ann/.local/share/chezmoi",
        "/home/ann/go/src/app",
        "/home/ann/.config/nvim/lua",
        "/media/ann/disk",
        "/home/ann/binary",
        "/data/keys-2",
        "/home/ann/.sshd",
        "/home/bobby",
    };

    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        check(refused[i], false);
    }
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        check(good[i], true);
    }
    links_in_the_project_are_refused();
    directories_with_claudes_files_are_refused();
    system_directories_are_refused();
    directory_of_all_users_is_refused();
    reasons_are_those_of_the_directory();
    return done_testing();
}
