/* SPDX-License-Identifier: MIT */
/* Tests the paths that the user named: which are shared, hidden or refused. */
#include "plan/build.h"

#include "plan_golden.h"

struct sample {
    const char *what;
    enum opts_access access;
    bool of_claude, optional;
    struct fact_option_path option_paths;
    const char *refused; /* a part of the error; NULL: no error */
    const char *mount;   /* "SOURCE TARGET ro|rw" of the added mount; NULL: none is added */
};

#define APP "/home/ann/src/app"
#define AT(p, t)                                                                               \
    {                                                                                          \
        .target = (p), .physical = (p), .type = (t), .id = "1:2"                               \
    }

static const struct sample samples[] = {
    {"a directory beside the project", ACCESS_WRITE, false, false,
     AT("/home/ann/src/lib", FACT_DIR), NULL, "/home/ann/src/lib /home/ann/src/lib rw"},
    {"read-only", ACCESS_READ, false, false, AT("/home/ann/src/lib", FACT_DIR), NULL,
     "/home/ann/src/lib /home/ann/src/lib ro"},
    {"a file", ACCESS_READ, false, false, AT("/etc/hosts", FACT_FILE), NULL,
     "/etc/hosts /etc/hosts ro"},
    {"a link of the user",
     ACCESS_WRITE,
     false,
     false,
     {"/home/ann/l", "/data/l", FACT_DIR, NULL, "1:2", NULL, NULL},
     NULL,
     "/data/l /home/ann/l rw"},
    {"a link in the project",
     ACCESS_WRITE,
     false,
     false,
     {APP "/l", "/data/l", FACT_DIR, "/home/ann/src/app/link", "1:2", NULL, NULL},
     "the link /home/ann/src/app/link",
     NULL},
    {"a link in the project, in claude's arguments",
     ACCESS_READ,
     true,
     true,
     {APP "/l", "/data/l", FACT_FILE, "/home/ann/src/app/link", "1:2", NULL, NULL},
     NULL,
     NULL},
    {"a directory in the project", ACCESS_WRITE, false, false, AT(APP "/sub", FACT_DIR), NULL,
     NULL},
    {"a read-only directory in the project", ACCESS_READ, false, false,
     AT(APP "/sub", FACT_DIR), NULL, APP "/sub " APP "/sub ro"},
    {"the project, read-only", ACCESS_READ, false, false, AT(APP, FACT_DIR), NULL,
     APP " " APP " ro"},
    {"a file in the project, in claude's arguments", ACCESS_READ, true, true,
     AT(APP "/m.json", FACT_FILE), NULL, NULL},
    {"a missing path",
     ACCESS_READ,
     false,
     false,
     {.target = "/nowhere", .type = FACT_MISSING},
     "no such file",
     NULL},
    {"a missing path in the configuration file",
     ACCESS_READ,
     false,
     true,
     {.target = "/nowhere", .type = FACT_MISSING},
     NULL,
     NULL},
    {"a socket", ACCESS_READ, false, false, AT("/run/s", FACT_OTHER), "neither a file", NULL},
    {"the home", ACCESS_READ, false, false, AT("/home/ann", FACT_DIR), "home", NULL},
    {"all homes", ACCESS_READ, false, false, AT("/home", FACT_DIR), "home", NULL},
    {"the root directory", ACCESS_READ, false, false, AT("/", FACT_DIR), "home", NULL},
    {"the login", ACCESS_READ, false, false,
     AT("/home/ann/.claude/.credentials.json", FACT_FILE), "login", NULL},
    {"claude's directory", ACCESS_READ, false, false, AT("/home/ann/.claude", FACT_DIR),
     "claude's configuration", NULL},
    {"a writable directory in claude's state", ACCESS_WRITE, false, false,
     AT("/home/ann/.claude/x", FACT_DIR), "obeys", NULL},
    {"claude's settings, in claude's arguments", ACCESS_READ, true, true,
     AT("/home/ann/.claude/settings.json", FACT_FILE), NULL, NULL},
    {"another file of claude's directory, in claude's arguments", ACCESS_READ, true, true,
     AT("/home/ann/.claude/mcp.json", FACT_FILE), NULL,
     "/home/ann/.claude/mcp.json /home/ann/.claude/mcp.json ro"},
    {"cco's data", ACCESS_READ, false, false, AT("/home/ann/.local/share/cco", FACT_DIR),
     "cco keeps", NULL},
    {"above cco's data", ACCESS_READ, false, false, AT("/home/ann/.local", FACT_DIR),
     "cco keeps", NULL},
    {"cco's configuration", ACCESS_WRITE, false, false, AT("/home/ann/.config", FACT_DIR),
     "cco keeps", NULL},
    {"a system directory", ACCESS_READ, false, false, AT("/usr", FACT_DIR),
     "system directories", NULL},
    {"a directory in a system directory", ACCESS_READ, false, false,
     AT("/usr/share/dict", FACT_DIR), NULL, "/usr/share/dict /usr/share/dict ro"},
    {"a directory of /proc", ACCESS_READ, false, false, AT("/proc/1", FACT_DIR),
     "system directories", NULL},
    {"a hidden file in the project", ACCESS_HIDE, false, false, AT(APP "/secret", FACT_FILE),
     NULL, "/run/user/1000/cco/cco-app-0123/files/hidden " APP "/secret ro"},
    {"a hidden directory", ACCESS_HIDE, false, false, AT(APP "/secrets", FACT_DIR), NULL,
     "/run/user/1000/cco/cco-app-0123/empty " APP "/secrets ro"},
    {"a hidden directory of claude's state", ACCESS_HIDE, false, false,
     AT("/home/ann/.claude/projects", FACT_DIR), NULL,
     "/run/user/1000/cco/cco-app-0123/empty /home/ann/.claude/projects ro"},
    {"a hidden directory that is not inside", ACCESS_HIDE, false, false, AT("/data", FACT_DIR),
     NULL, NULL},
    {"hiding the project", ACCESS_HIDE, false, false, AT(APP, FACT_DIR), "hidden", NULL},
    {"hiding a directory above the project", ACCESS_HIDE, false, false,
     AT("/home/ann/src", FACT_DIR), "the project would be hidden", NULL},
    {"a missing file that claude writes",
     ACCESS_OUTPUT,
     true,
     true,
     {.target = "/tmp/debug.log", .type = FACT_MISSING, .parent = "/tmp"},
     NULL,
     "/tmp/debug.log /tmp/debug.log rw"},
    {"an existing file that claude writes", ACCESS_OUTPUT, true, true,
     AT("/tmp/debug.log", FACT_FILE), NULL, "/tmp/debug.log /tmp/debug.log rw"},
};

static bool has_mount(struct arena *a, const struct plan *p, const char *want)
{
    for (size_t i = 0; i < p->files.mount_count; i++) {
        const struct plan_mount *m = &p->files.mounts[i];

        if (strcmp(
                arena_printf(a, "%s %s %s", m->source, m->target, m->read_only ? "ro" : "rw"),
                want) == 0) {
            return true;
        }
    }
    return false;
}

static void plan(const struct sample *s)
{
    struct planned t;
    struct opts_path path = {
        .path = "P",
        .access = s->access,
        .option = "--opt",
        .of_claude = s->of_claude,
        .optional = s->optional,
    };
    struct fact_option_path option_paths = s->option_paths;
    struct plan without;

    planned_init(&t, NULL);
    (void)plan_build(&t.o, &t.f, &t.arena, &without, &t.e);
    t.o.paths = &path;
    t.o.path_count = 1;
    t.f.option_paths = &option_paths;
    t.f.option_path_count = 1;
    if (s->refused != NULL) {
        ok(planned_build(&t) < 0 && t.e.kind == ERR_USAGE &&
               strstr(t.e.text, s->refused) != NULL && strstr(t.e.text, "--opt P") != NULL &&
               t.e.hint[0] != '\0',
           "%s is refused: %s", s->what, t.e.text);
        planned_release(&t);
        return;
    }
    ok(planned_build(&t) == 0 && plan_check(&t.p, &t.f, &t.e) == 0, "%s is planned %s", s->what,
       t.e.text);
    if (s->mount != NULL) {
        ok(has_mount(&t.arena, &t.p, s->mount), "%s: %s", s->what, s->mount);
    } else {
        ok(t.p.files.mount_count == without.files.mount_count, "%s: nothing else is mounted",
           s->what);
    }
    planned_release(&t);
}

static void stricter_option_applies(void)
{
    struct planned t;
    struct opts_path paths[] = {
        {.path = "l", .access = ACCESS_HIDE, .option = "--deny"},
        {.path = "l", .access = ACCESS_READ, .option = "--ro"},
        {.path = "l/sub", .access = ACCESS_WRITE, .option = "--add-dir", .pass_on = true},
        {.path = ".env", .access = ACCESS_HIDE, .option = "--deny"},
    };
    struct fact_option_path option_paths[] = {AT("/srv/l", FACT_DIR), AT("/srv/l", FACT_DIR),
                                              AT("/srv/l/sub", FACT_DIR),
                                              AT(APP "/.env", FACT_FILE)};
    static struct fact_dotenv dotenv[] = {{"DB_PASSWORD", false, false}};

    planned_init(&t, NULL);
    t.o.paths = paths;
    t.o.path_count = 4;
    t.f.option_paths = option_paths;
    t.f.option_path_count = 4;
    t.f.dotenv = dotenv;
    t.f.dotenv_count = 1;
    ok(planned_build(&t) == 0 && plan_check(&t.p, &t.f, &t.e) == 0, "the plan is built %s",
       t.e.text);
    ok(has_mount(&t.arena, &t.p, "/run/user/1000/cco/cco-app-0123/empty /srv/l ro") &&
           !has_mount(&t.arena, &t.p, "/srv/l /srv/l ro") &&
           !has_mount(&t.arena, &t.p, "/srv/l/sub /srv/l/sub rw"),
       "--deny overrides --ro and --add-dir, also below the path");
    ok(strv_has(&t.p.command.argv, "--add-dir=/srv/l/sub"), "--add-dir is passed on to claude");
    for (size_t i = 0; i < t.p.env.count; i++) {
        ok(strcmp(t.p.env.vars[i].name, "DB_PASSWORD") != 0, "a hidden .env does not set %s",
           t.p.env.vars[i].name);
    }
    planned_release(&t);
}

static void writable_part_of_a_read_only_directory_is_warned_about(bool read_only)
{
    struct planned t;
    struct opts_path paths[] = {
        {.path = "sub", .access = ACCESS_WRITE, .option = "--add-dir", .pass_on = true},
        {.path = ".", .access = ACCESS_READ, .option = "--ro"},
    };
    struct fact_option_path facts[] = {AT(APP "/sub", FACT_DIR), AT(APP, FACT_DIR)};

    planned_init(&t, NULL);
    t.o.paths = paths;
    t.f.option_paths = facts;
    t.o.path_count = t.f.option_path_count = read_only ? 2 : 1;
    ok(planned_build(&t) == 0, "the plan is built %s", t.e.text);
    ok(strv_has(&t.p.warnings, "--add-dir sub: can only be read, because " APP
                               " is shared read-only") == read_only,
       "--add-dir has %s effect", read_only ? "no" : "its");
    planned_release(&t);
}

static void needed_path_cannot_be_hidden(const char *path)
{
    struct planned t;
    struct fact_option_path fact = AT(path, FACT_DIR);
    struct opts_path deny = {.path = path, .access = ACCESS_HIDE, .option = "--deny"};

    planned_init(&t, case_native);
    t.o.paths = &deny;
    t.f.option_paths = &fact;
    t.o.path_count = t.f.option_path_count = 1;
    ok(planned_build(&t) < 0 && t.e.kind == ERR_USAGE && strstr(t.e.text, path) != NULL,
       "hiding it is refused: %s", t.e.text);
    planned_release(&t);
}

int main(void)
{
    plan_goldens();
    needed_path_cannot_be_hidden("/usr");
    needed_path_cannot_be_hidden("/run/cco");
    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        plan(&samples[i]);
    }
    stricter_option_applies();
    writable_part_of_a_read_only_directory_is_warned_about(true);
    writable_part_of_a_read_only_directory_is_warned_about(false);
    return done_testing();
}
