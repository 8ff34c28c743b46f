/* SPDX-License-Identifier: MIT */
/* Runs the whole program in a child, with a home, a project and a scripted engine of the test.
 * Its output goes to files. */
#ifndef TESTS_CLI_H
#define TESTS_CLI_H

#include <fcntl.h>
#include <stdarg.h>

#include "base/fd.h"
#include "child.h"
#include "cli/app.h"
#include "fake.h"
#include "tmpdir.h"

static const char *cli_more_env; /* one more variable for each run: NAME=VALUE; NULL: none */
static const char *cli_docker_host = "unix:///nowhere/docker.sock";

/* Returns a secret that is not a literal of the test program: it is put together here. */
__attribute__((unused)) static const char *cli_secret(void)
{
    static char secret[32];

    (void)snprintf(secret, sizeof(secret), "%s%s%d", "secret", "-value-", 7);
    return secret;
}

/* Makes the home, the runtime directory and the project in the test's directory. */
__attribute__((unused)) static void cli_setup(void)
{
    tmpdir_make();
    (void)mkdir(in_tmp("home"), 0700);
    (void)mkdir(in_tmp("home/project"), 0700);
    (void)mkdir(in_tmp("run"), 0700);
    (void)setenv("XDG_RUNTIME_DIR", in_tmp("run"), 1); /* for fake_find_secret() */
}

/* Runs `cco WORDS...` in the project. The words end with NULL. Returns the exit status;
 * cli_out() and cli_err() search the output. */
__attribute__((unused, sentinel)) static int cli(const char *first, ...)
{
    char name[] = "cco";
    char words[16][256];
    char env[5][300];
    char *argv[18] = {name};
    char *envp[6] = {env[0], env[1], env[2], env[3], env[4], NULL};
    int argc = 1;
    va_list ap;
    pid_t pid;

    va_start(ap, first);
    for (const char *word = first; word != NULL && argc < 16; word = va_arg(ap, const char *)) {
        (void)snprintf(words[argc], sizeof(words[argc]), "%s", word);
        argv[argc] = words[argc];
        argc++;
    }
    va_end(ap);
    (void)snprintf(env[0], sizeof(env[0]), "HOME=%s", in_tmp("home"));
    (void)snprintf(env[1], sizeof(env[1]), "XDG_RUNTIME_DIR=%s", in_tmp("run"));
    (void)snprintf(env[2], sizeof(env[2]), "DOCKER_HOST=%s", cli_docker_host);
    (void)snprintf(env[3], sizeof(env[3]), "ANTHROPIC_API_KEY=%s", cli_secret());
    (void)snprintf(env[4], sizeof(env[4]), "%s", cli_more_env != NULL ? cli_more_env : "");
    (void)fflush(stdout);
    pid = fork();
    if (pid == 0) {
        int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
        int out = open(in_tmp("out"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        int err = open(in_tmp("err"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

        if (in < 0 || out < 0 || err < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 ||
            dup2(err, 2) < 0 || chdir(in_tmp("home/project")) < 0) {
            _exit(99);
        }
        exit(app_main(argc, argv, envp));
    }
    return status_of(pid);
}

/* Returns true if standard output of the last run contains the text. */
__attribute__((unused)) static bool cli_out(const char *text)
{
    return strstr(get_file(in_tmp("out")), text) != NULL;
}

/* The same for standard error, which is printed if it does not contain the text. */
__attribute__((unused)) static bool cli_err(const char *text)
{
    bool found = strstr(get_file(in_tmp("err")), text) != NULL;

    if (!found) {
        (void)printf("#   stderr: %s\n", get_file(in_tmp("err")));
    }
    return found;
}

/* Starts the scripted engine. Later runs of cco use it. */
__attribute__((unused)) static void cli_engine(struct fake *f, const struct fake_rule *rules)
{
    static char host[120];

    fake_start(f, rules);
    (void)snprintf(host, sizeof(host), "unix://%s", f->socket);
    cli_docker_host = host;
}

#define CLI_PING                                                                               \
    {                                                                                          \
        "HEAD /_ping", FAKE_PING, false                                                        \
    }
#define CLI_INFO                                                                               \
    {                                                                                          \
        "GET /v1.41/info", FAKE_JSON("200 OK", "{\"SecurityOptions\":[\"name=seccomp\"]}"),    \
            false                                                                              \
    }
#define CLI_NO_CONTAINERS                                                                      \
    {                                                                                          \
        "GET /v1.41/containers/json", FAKE_JSON("200 OK", "[]"), false                         \
    }

#endif
