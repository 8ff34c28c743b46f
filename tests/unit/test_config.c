/* SPDX-License-Identifier: MIT */
/* The configuration file, alone and together with a command line. */
#include "cli/config.h"

#include "cli/options.h"
#include "tap.h"

#include <string.h>

enum { ARGS_MAX = 8 };

struct parsed {
    struct arena arena;
    struct opts o;
    struct err e;
    int rc;
};

static void parse(struct parsed *p, const char *text, const char *const *words)
{
    char *argv[ARGS_MAX] = {NULL};
    int argc = 1;

    *p = (struct parsed){0};
    argv[0] = arena_strdup(&p->arena, "cco");
    for (; words != NULL && words[argc - 1] != NULL; argc++) {
        argv[argc] = arena_strdup(&p->arena, words[argc - 1]);
    }
    p->rc = config_parse(str_c(text), "/c/config", "/home/ann", &p->arena, &p->o, &p->e);
    if (p->rc == 0) {
        p->rc = options_parse(argc, argv, &p->arena, &p->o, &p->e);
    }
}

static void refused(const char *text, const char *where)
{
    struct parsed p;

    parse(&p, text, NULL);
    ok(p.rc < 0 && p.e.kind == ERR_USAGE && strstr(p.e.text, where) != NULL &&
           p.e.hint[0] != '\0',
       "refused at %s: %s", where, p.e.text);
    arena_release(&p.arena);
}

static void accepted_lines_set_options(void)
{
    struct parsed p;

    parse(&p,
          "# mine\n\n  packages = jq, figlet \npackages=zsh\nmemory = 4g\nstrict = true\n"
          "timing = false\nadd-dir = ~/lib:ro\ndeny-path = /etc/hosts\nenv = A=b = c\n"
          "network=bridge\r\nquiet = true",
          NULL);
    is_int(p.rc, 0, p.e.text);
    ok(p.o.packages.count == 3 && p.o.strict && !p.o.timing && p.o.quiet &&
           p.o.memory == (uint64_t)4 << 30 && p.o.network == NETWORK_BRIDGE,
       "values and flags are set");
    ok(p.o.env_configured == 1, "its variables are known");
    is_str(p.o.env.v[0], "A=b = c", "a value runs to the end of the line");
    ok(p.o.path_count == 2, "paths are added");
    is_str(p.o.paths[0].path, "/home/ann/lib", "~ is replaced with the home directory");
    ok(p.o.paths[0].access == ACCESS_READ && p.o.paths[0].optional && p.o.paths[0].pass_on &&
           p.o.paths[1].access == ACCESS_HIDE,
       "a path in the configuration may be missing");
    is_str(p.o.config_file, "/c/config", "the path of the file is kept for messages");
    arena_release(&p.arena);
}

static void the_last_line_of_an_option_counts(void)
{
    struct parsed p;

    parse(&p, "strict = true\nstrict = false\nmemory = 4g\nmemory = 1g\n", NULL);
    ok(p.rc == 0 && !p.o.strict && p.o.memory == 1 << 30,
       "the last line wins for a flag and for a value");
    arena_release(&p.arena);
}

static void the_command_line_overrides_the_file(void)
{
    static const char *const verbose[] = {"--verbose", "--memory", "1g", NULL};
    static const char *const image[] = {"--image", "x", NULL};
    static const char *const packages[] = {"--packages", "jq", NULL};
    static const char *const none[] = {"--network", "none", NULL};
    static const char *const build[] = {"info", NULL};
    struct parsed p;

    parse(&p, "quiet = true\nmemory = 4g\n", verbose);
    ok(p.rc == 0 && p.o.verbose && !p.o.quiet && p.o.memory == 1 << 30,
       "a value of the command line overrides that of the file");
    arena_release(&p.arena);
    parse(&p, "packages = jq\nbase = b\n", image);
    ok(p.rc == 0 && p.o.packages.count == 0 && p.o.base == NULL,
       "--image unsets configured packages and base");
    arena_release(&p.arena);
    parse(&p, "image = y\n", packages);
    ok(p.rc == 0 && p.o.image == NULL && p.o.packages.count == 1,
       "--packages unsets a configured image");
    arena_release(&p.arena);
    parse(&p, "publish = 80\n", none);
    ok(p.rc == 0 && p.o.port_count == 0, "--network none unsets configured ports");
    arena_release(&p.arena);
    parse(&p, "memory = 4g\n", build);
    ok(p.rc == 0, "a configured option that the command does not take is not an error");
    arena_release(&p.arena);
}

int main(void)
{
    accepted_lines_set_options();
    the_last_line_of_an_option_counts();
    the_command_line_overrides_the_file();
    refused("memory", "/c/config:1");
    refused("\n\nmemory = much\n", "/c/config:3");
    refused("colour = blue\n", "colour");
    refused("name = x\n", "name");
    refused("dry-run = true\n", "dry-run");
    refused("strict = yes\n", "strict: expected true or false");
    refused("strict\n", "/c/config:1");
    refused("add-dir = ../x\n", "add-dir");
    refused("packages =\n", "/c/config:1");
    refused("= x\n", "/c/config:1");
    refused("engine = podman\n", ": engine: expected auto, docker or native");
    refused("require = some\n", "full");
    return done_testing();
}
