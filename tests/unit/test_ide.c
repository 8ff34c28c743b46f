/* SPDX-License-Identifier: MIT */
/* Tests both files of this name: what is found on the host, and what the plan does with it. */
#include "host/ide.h"

#include "plan.h"
#include "tap.h"
#include "tmpdir.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TOKEN "11111111-2222-3333-4444-555555555555"

static struct planned t;
static struct arena arena;
static char *tmp;

static void put_lock(const char *name, const char *text)
{
    put_file(arena_printf(&arena, "%s/claude/ide/%s", tmp, name), text);
}

/* Returns the text of an editor's file. */
static const char *lock(const char *pid, const char *folder, const char *editor)
{
    return arena_printf(&arena,
                        "{\"pid\":%s,\"workspaceFolders\":[\"%s\"],\"ideName\":\"%s\","
                        "\"transport\":\"ws\",\"authToken\":\"" TOKEN "\"}",
                        pid, folder, editor);
}

static const struct facts *probed(const char *port)
{
    static struct facts f;
    char *const env[] = {arena_printf(&arena, "CLAUDE_CODE_SSE_PORT=%s", port), NULL};

    f = (struct facts){.uid = getuid(),
                       .claude_dir = arena_printf(&arena, "%s/claude", tmp),
                       .cwd_physical = arena_printf(&arena, "%s/p/d", tmp)};
    ide_probe(env, &arena, &f);
    return &f;
}

static void editors_of_the_project_are_found(void)
{
    const char *self = arena_printf(&arena, "%d", (int)getpid());
    const char *project = arena_printf(&arena, "%s/p", tmp);
    const struct facts *f;

    is_int((long long)probed("1")->ide_count, 0, "without the directory there is no editor");
    (void)mkdir(in_tmp("claude"), 0700);
    (void)mkdir(in_tmp("claude/ide"), 0700);
    put_lock("41234.lock", lock(self, project, "VS Code"));
    put_lock("41235.lock", lock(self, arena_printf(&arena, "%s/other", tmp), "VS Code"));
    put_lock("41236.lock", lock("2147483647", project, "VS Code"));
    put_lock("x.lock", lock(self, project, "VS Code"));
    put_lock("41237.lock", "{");
    put_lock("41238.lock", "{\"workspaceFolders\":[1,\"p\"]}");
    put_lock("0.lock", lock(self, project, "VS Code"));
    put_lock("99999.lock", lock(self, project, "VS Code"));
    (void)symlink("41234.lock", arena_printf(&arena, "%s/claude/ide/41239.lock", tmp));
    f = probed("41234");
    ok(f->ide_count == 1 && strcmp(f->ides[0].port, "41234") == 0 &&
           strcmp(f->ides[0].name, "VS Code") == 0,
       "only a living editor with a folder around the current directory counts");
    is_str(f->ide_port, "41234", "the variable names its port");
    is_str(probed("41235")->ide_port, NULL, "the port of another editor does not count");
    put_lock("41234.lock", lock(self, project, "12345678901234567890123456789012345678901"));
    is_str(probed("1")->ides[0].name, "an editor", "a long name is not shown");
}

static void number_and_size_are_limited(void)
{
    const char *project = arena_printf(&arena, "%s/p", tmp);
    char *big = arena_alloc(&arena, IDE_FILE_BYTES + 1);

    for (int i = 0; i < 2 * IDE_FILES; i++) {
        put_lock(arena_printf(&arena, "%d.lock", 1000 + i), lock("0.5", project, "E"));
    }
    is_int((long long)probed("1")->ide_count, IDE_FILES, "not all editors are kept");
    (void)unlink(arena_printf(&arena, "%s/claude/ide/41234.lock", tmp));
    for (int i = 0; i < 2 * IDE_FILES; i++) {
        (void)unlink(arena_printf(&arena, "%s/claude/ide/%d.lock", tmp, 1000 + i));
    }
    memset(big, ' ', IDE_FILE_BYTES);
    put_lock("41234.lock", arena_printf(&arena, "%s%s", big, lock("1", project, "E")));
    is_int((long long)probed("1")->ide_count, 0, "a long file is left out");
}

static void with_editor(struct opts *o, struct facts *f, struct arena *a)
{
    static struct fact_ide ide = {"/home/ann/.claude/ide/41234.lock", "41234", "VS Code"};

    (void)o;
    f->ides = &ide;
    f->ide_count = 1;
    f->ide_port = "41234";
    strv_add(&f->env_names, a, "CLAUDE_CODE_SSE_PORT");
    strv_add(&f->env_names, a, "ENABLE_IDE_INTEGRATION");
}

static void wanted(struct opts *o, struct facts *f, struct arena *a)
{
    with_editor(o, f, a);
    strv_add(&o->args, a, "--ide");
}

static void wanted_on_a_bridge(struct opts *o, struct facts *f, struct arena *a)
{
    wanted(o, f, a);
    o->network = NETWORK_BRIDGE;
}

static void wanted_on_a_desktop(struct opts *o, struct facts *f, struct arena *a)
{
    wanted(o, f, a);
    f->engine.host_network_real = false;
}

static bool passes(const char *name)
{
    for (size_t i = 0; i < t.p.env.count; i++) {
        if (strcmp(t.p.env.vars[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static const struct plan_copy *copy(void)
{
    for (size_t i = 0; i < t.p.files.copy_count; i++) {
        if (t.p.files.copies[i].kind == COPY_IDE) {
            return &t.p.files.copies[i];
        }
    }
    return NULL;
}

static void option_lets_claude_connect(void)
{
    planned_init(&t, wanted);
    ok(planned_build(&t) == 0 && plan_check(&t.p, &t.f, &t.e) == 0, "the plan is built %s",
       t.e.text);
    ok(copy() != NULL && copy()->by_init && copy()->mode == 0600 &&
           strcmp(copy()->target, "/home/ann/.claude/ide/41234.lock") == 0,
       "the sandbox gets the file");
    ok(passes("CLAUDE_CODE_SSE_PORT") && passes("ENABLE_IDE_INTEGRATION"),
       "the variables pass");
    is_int((long long)t.p.missing.count, 0, "nothing is missing");
    planned_release(&t);
}

static void line_is(void (*change)(struct opts *o, struct facts *f, struct arena *a),
                    const char *text, const char *what)
{
    planned_init(&t, change);
    ok(planned_build(&t) == 0, "the plan is built %s", t.e.text);
    is_str(t.p.missing.count > 0 ? t.p.missing.list[0].text : NULL, text, what);
    ok(copy() == NULL && !passes("CLAUDE_CODE_SSE_PORT"), "the sandbox gets nothing");
    planned_release(&t);
}

static void otherwise_a_line_says_what_is_missing(void)
{
    line_is(
        with_editor,
        "/ide does not find VS Code, which has the project open. To let the agent connect to "
        "it and use its tools: --ide",
        "without the option");
    line_is(
        wanted_on_a_bridge,
        "/ide does not find VS Code, which has the project open. The sandbox does not reach "
        "this machine's localhost. To let the agent connect to it and use its tools: --ide "
        "--network host",
        "on a bridge");
    line_is(wanted_on_a_desktop,
            "/ide does not find VS Code, which has the project open. With this engine the "
            "sandbox does not reach this machine's localhost",
            "with an engine that has no host network");
    line_is(NULL, NULL, "without an editor");
}

int main(void)
{
    tmpdir_make();
    tmp = realpath(in_tmp("."), NULL);
    editors_of_the_project_are_found();
    number_and_size_are_limited();
    option_lets_claude_connect();
    otherwise_a_line_says_what_is_missing();
    tmpdir_remove();
    free(tmp);
    arena_release(&arena);
    return done_testing();
}
