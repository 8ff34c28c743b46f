/* SPDX-License-Identifier: MIT */
#include "host/project_trust.h"

#include "tap.h"
#include "tmpdir.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SERVER "{\"mcpServers\": {\"s\": {\"command\": \"c\"}}}"

static struct arena arena;
static struct facts f;
static struct opts o;

static void start(void)
{
    f = (struct facts){.project = arena_strdup(&arena, in_tmp("top/p")),
                       .cwd_physical = arena_strdup(&arena, in_tmp("top/p")),
                       .state_dir = arena_strdup(&arena, in_tmp("state")),
                       .trust_items = {.a = &arena}};
    o = (struct opts){0};
}

static void is_state(enum trust_state want, const char *why)
{
    host_project_trust(&o, &arena, &f);
    is_str(trust_state_word(f.trust), trust_state_word(want), why);
}

static void host_claude(const char *project, const char *answer)
{
    const char *path = arena_strdup(&arena, in_tmp("claude.json"));

    put_file(path,
             arena_printf(&arena, "{\"projects\": {\"%s\": {\"hasTrustDialogAccepted\": %s}}}",
                          project, answer));
    f.claude_json = (struct fact_path){path, path, FACT_FILE};
}

static void states(void)
{
    start();
    is_state(TRUST_NOTHING, "a project without items needs no trust");
    put_file(in_tmp("top/p/.mcp.json"), SERVER);
    is_state(TRUST_NEW, "a project with items is new");
    start();
    o.trust = OPTS_TRUST_ALWAYS;
    is_state(TRUST_BY_OPTION, "an option trusts it");
    start();
    host_claude(f.cwd_physical, "true");
    is_state(TRUST_BY_HOST, "the host's claude trusts it");
    start();
    host_claude(in_tmp("top"), "true");
    is_state(TRUST_NEW, "its trust in a directory above does not count");
    start();
    host_claude(f.cwd_physical, "false");
    is_state(TRUST_NEW, "nor does a no");
    start();
    host_claude(f.cwd_physical, "true");
    f.untrusted = &(struct fact_untrusted){f.claude_json.path, "why", false};
    f.untrusted_count = 1;
    is_state(TRUST_NEW, "a file that the project can write does not count");
}

static void other_directories(void)
{
    static struct opts_path path = {.access = ACCESS_READ, .pass_on = true};
    struct fact_option_path found = {.type = FACT_DIR};

    (void)unlink(in_tmp("top/p/.mcp.json"));
    start();
    found.physical = arena_strdup(&arena, in_tmp("lib"));
    o.paths = &path;
    o.path_count = f.option_path_count = 1;
    f.option_paths = &found;
    is_state(TRUST_NEW, "a directory that is passed on to claude counts");
    ok(strcmp(f.trust_items.list[0].file, in_tmp("lib/.mcp.json")) == 0, "with its path");
    path.pass_on = false;
    start();
    o.paths = &path;
    o.path_count = f.option_path_count = 1;
    f.option_paths = &found;
    is_state(TRUST_NOTHING, "a directory that is only mounted does not");
    put_file(in_tmp("top/.mcp.json"), SERVER);
    start();
    is_state(TRUST_NOTHING, "what is above the project is not seen");
    found.physical = arena_strdup(&arena, in_tmp("top"));
    start();
    o.paths = &path;
    o.path_count = f.option_path_count = 1;
    f.option_paths = &found;
    is_state(TRUST_NEW, "unless an option mounts it");
}

static void another_project(void)
{
    struct trust_items t;
    struct trust_project p;
    const char *dir = arena_strdup(&arena, in_tmp("lib"));

    start();
    put_file(in_tmp("lib/.env"), "PATH=./bin\n");
    host_trust_other(&f, dir, &arena, &t, &p);
    ok(t.count == 2 && strcmp(t.list[0].file, ".env") == 0 && strcmp(p.path, dir) == 0 &&
           strlen(p.digest) == SHA256_HEX - 1,
       "another project is examined with its .env");
    f.untrusted = &(struct fact_untrusted){f.state_dir, "why", false};
    f.untrusted_count = 1;
    host_trust_other(&f, dir, &arena, &t, &p);
    ok(p.state_dir == NULL, "records that the project can write are not used");
}

int main(void)
{
    tmpdir_make();
    ok(mkdir(in_tmp("top"), 0700) == 0 && mkdir(in_tmp("top/p"), 0700) == 0 &&
           mkdir(in_tmp("lib"), 0700) == 0,
       "(directories)");
    put_file(in_tmp("lib/.mcp.json"), SERVER);
    states();
    other_directories();
    another_project();
    arena_release(&arena);
    tmpdir_remove();
    return done_testing();
}
