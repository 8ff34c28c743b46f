/* SPDX-License-Identifier: MIT */
/* Tests both files of this name: what is found on the host, and what the plan says about it. */
#include "host/project_tools.h"

#include "plan.h"
#include "tap.h"
#include "tmpdir.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct planned t;
static struct arena arena;
static char *tmp;

static void put_venv(const char *name, const char *text)
{
    (void)mkdir(in_tmp(name), 0700);
    put_file(arena_printf(&arena, "%s/pyvenv.cfg", in_tmp(name)), text);
}

static const struct facts *probed(void)
{
    static struct facts f;

    f = (struct facts){.project = arena_printf(&arena, "%s/p", tmp)};
    f.cwd_physical = f.project;
    project_tools_probe(&arena, &f);
    return &f;
}

static void what_tools_have_noted_is_found(void)
{
    const struct facts *f;

    tmpdir_make();
    tmp = realpath(in_tmp("."), NULL);
    (void)mkdir(in_tmp("p"), 0700);
    (void)mkdir(in_tmp("py"), 0700);
    (void)mkdir(in_tmp("py/bin"), 0700);
    (void)mkdir(in_tmp("store"), 0700);
    (void)mkdir(in_tmp("store/v10"), 0700);
    (void)mkdir(in_tmp("store/v10/files"), 0700);
    (void)mkdir(in_tmp("p/node_modules"), 0700);
    put_file(in_tmp("py/bin/python3"), "x");
    put_venv("p/.venv", arena_printf(&arena, "home = %s/py/bin\nversion = 3.11.2\n", tmp));
    put_venv("p/venv", arena_printf(&arena, "home=%s/py/bin\nversion_info = 3.12.1rc1", tmp));
    put_file(in_tmp("p/node_modules/.modules.yaml"),
             arena_printf(&arena,
                          "{\n  \"a\": {\"b\": 1},\n  \"storeDir\": \"%s/store/v10\",\n}\n",
                          tmp));
    f = probed();
    ok(f->venvs.count == 6 && strcmp(f->venvs.v[2], "3.11.2") == 0 &&
           strcmp(f->venvs.v[5], "3.12.1rc1") == 0,
       "both environments, with the version");
    ok(f->pnpm_stores.count == 1 &&
           strcmp(f->pnpm_stores.v[0], arena_printf(&arena, "%s/store/v10", tmp)) == 0,
       "the store of pnpm in JSON");
    put_file(in_tmp("p/node_modules/.modules.yaml"),
             arena_printf(&arena, "hoist:\n  - '*'\nstoreDir: '%s/store/v10'\n", tmp));
    is_int((long long)probed()->pnpm_stores.count, 1, "the store of pnpm in YAML");
}

static void hostile_files_name_nothing(void)
{
    static const char *const texts[] = {"", "home", "home = \nversion = 3.1\n",
                                        "home = py/bin\nversion = 3.1\n",
                                        "home = /nowhere/bin\nversion = 3.1\n"};
    char *big = arena_alloc(&arena, 2 * PROJECT_TOOLS_BYTES + 1);

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        put_venv("p/.venv", texts[i]);
        is_int((long long)probed()->venvs.count, 3, texts[i]);
    }
    put_venv("p/.venv", arena_printf(&arena, "home = %s/py/../py/bin\nversion = 3.1\n", tmp));
    is_int((long long)probed()->venvs.count, 3, "a path that is not clean");
    put_venv("p/.venv", arena_printf(&arena, "home = %s/py/bin\nversion = 3.1\033[2J\n", tmp));
    is_int((long long)probed()->venvs.count, 3, "a version with other characters");
    memset(big, '\n', 2 * PROJECT_TOOLS_BYTES);
    put_file(in_tmp("p/node_modules/.modules.yaml"), big);
    is_int((long long)probed()->pnpm_stores.count, 0, "a long file is read in part");
    put_file(in_tmp("p/node_modules/.modules.yaml"), "\"storeDir\": \"/st\\u006fre\"\n");
    is_int((long long)probed()->pnpm_stores.count, 0, "a value with an escape is left out");
    (void)unlink(in_tmp("p/.venv/pyvenv.cfg"));
    (void)symlink("../venv/pyvenv.cfg", in_tmp("p/.venv/pyvenv.cfg"));
    is_int((long long)probed()->venvs.count, 3, "a link is not followed");
    (void)unlink(in_tmp("p/.venv/pyvenv.cfg"));
    (void)mkfifo(in_tmp("p/.venv/pyvenv.cfg"), 0600);
    is_int((long long)probed()->venvs.count, 3, "a fifo is not read");
}

/* A repository must not choose what cco proposes to share. */
static void only_a_store_of_pnpm_is_named(void)
{
    static const char *const others[] = {"", "/store", "/store/v10/files", "/store/v1",
                                         "/store/files"};

    (void)mkdir(in_tmp("store/v1"), 0700);
    (void)mkdir(in_tmp("store/files"), 0700);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        put_file(in_tmp("p/node_modules/.modules.yaml"),
                 arena_printf(&arena, "storeDir: %s%s\n", tmp, others[i]));
        is_int((long long)probed()->pnpm_stores.count, 0, others[i]);
    }
}

static void give_venv(struct facts *f, struct arena *a, const char *dir, const char *version)
{
    strv_add(&f->venvs, a, "/home/ann/src/app/.venv");
    strv_add(&f->venvs, a, dir);
    strv_add(&f->venvs, a, version);
}

static void container(struct opts *o, struct facts *f, struct arena *a)
{
    (void)o;
    give_venv(f, a, "/home/ann/.pyenv/versions/3.12.1/bin", "3.12.1");
    give_venv(f, a, "/usr/bin", "3.11.2");
    give_venv(f, a, "/usr/bin", "3.13.5");
    give_venv(f, a, "/home/ann/.ssh/bin", "3.9");
    give_venv(f, a, "/home/ann/src/app/python/bin", "3.9");
    strv_add(&f->pnpm_stores, a, "/home/ann/.local/share/pnpm/store/v10");
    strv_add(&f->pnpm_stores, a, "/home/ann/.ssh");
    strv_add(&f->pnpm_stores, a, "/srv/store");
}

static void native(struct opts *o, struct facts *f, struct arena *a)
{
    case_native(o, f, a);
    give_venv(f, a, "/usr/bin", "3.11.2");
    give_venv(f, a, "/home/ann/.pyenv/versions/3.12.1/bin", "3.12.1");
}

static void lines_name_what_no_mount_shows(void)
{
    planned_init(&t, container);
    ok(planned_build(&t) == 0, "the plan is built %s", t.e.text);
    is_int((long long)t.p.missing.count, 5, "what the image or a mount has is not missing");
    is_str(
        t.p.missing.list[0].text,
        ".venv needs Python 3.12.1 of /home/ann/.pyenv/versions/3.12.1/bin, which is missing "
        "inside. Use --ro /home/ann/.pyenv/versions/3.12.1, or make another environment "
        "inside (python3 -m venv)",
        "a Python of the home can be shared");
    is_str(t.p.missing.list[1].text,
           ".venv needs Python 3.11.2 of /usr/bin, which is missing inside. Make another "
           "environment inside (python3 -m venv)",
           "the image has another version");
    ok(strstr(t.p.missing.list[2].text, "--ro") == NULL, "a secret place is not proposed");
    is_str(
        t.p.missing.list[3].text,
        "node_modules needs pnpm's store /home/ann/.local/share/pnpm/store/v10, which is "
        "missing inside. A store in the project works on both sides: pnpm install --store-dir "
        ".pnpm-store",
        "a store beside programs of the host cannot be shared; a secret place is left out");
    is_str(
        t.p.missing.list[4].text,
        "node_modules needs pnpm's store /srv/store, which is missing inside. To share it, and "
        "so the packages of other projects: --add-dir /srv/store",
        "another store can be shared");
    planned_release(&t);
    planned_init(&t, native);
    ok(planned_build(&t) == 0, "the plan is built %s", t.e.text);
    ok(t.p.missing.count == 1 && strstr(t.p.missing.list[0].text, ".pyenv") != NULL,
       "a native sandbox has this machine's Python");
    planned_release(&t);
}

int main(void)
{
    what_tools_have_noted_is_found();
    hostile_files_name_nothing();
    only_a_store_of_pnpm_is_named();
    lines_name_what_no_mount_shows();
    tmpdir_remove();
    free(tmp);
    arena_release(&arena);
    return done_testing();
}
