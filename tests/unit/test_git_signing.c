/* SPDX-License-Identifier: MIT */
#include "host/git_signing.h"

#include "base/fd.h"
#include "base/unix_socket.h"
#include "tap.h"
#include "tmpdir.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct arena arena;
static struct facts f;

/* The bytes "key" and "odd", as OpenSSH writes public keys. */
#define KEY "ssh-ed25519 a2V5 ann@host\n"
#define ODD "ssh-ed25519 b2Rk ann@host\n"

static const struct git_config_item on = {"commit", NULL, "gpgsign", "true"};
static const struct git_config_item ssh = {"gpg", NULL, "format", "ssh"};

/* Serves one client in a child: answers with `answer`, of `len` bytes. NULL: not at all. */
static pid_t serve(const char *path, const void *answer, size_t len)
{
    struct err e = {0};
    int listener = unix_socket_listen(path, 0600, &e);
    pid_t child = fork();

    if (child == 0) {
        int fd = -1;
        char request[5];

        (void)alarm(10);
        while (fd < 0) {
            fd = unix_socket_accept(listener, &e);
        }
        while (read(fd, request, sizeof(request)) < 0) {
        }
        if (answer != NULL) {
            (void)!write(fd, answer, len);
        }
        (void)pause();
        _exit(0);
    }
    fd_close(&listener);
    return child;
}

/* Asks an agent that answers so about the key of the file "key". */
static bool lacks(const void *answer, size_t len)
{
    const char *path = arena_strdup(&arena, in_tmp("agent"));
    pid_t child = serve(path, answer, len);

    f.ssh_agent = (struct fact_path){path, path, FACT_OTHER};
    f.signing.agent_lacks_key = false;
    git_signing_probe(&arena, &f);
    (void)kill(child, SIGKILL);
    (void)waitpid(child, NULL, 0);
    (void)unlink(path);
    return f.signing.agent_lacks_key;
}

static void variables_are_taken(void)
{
    f = (struct facts){0};
    git_signing_take(&f, &(struct git_config_item){"commit", "x", "gpgsign", "true"});
    git_signing_take(&f, &(struct git_config_item){"commit", NULL, "gpgsign", "false"});
    ok(!f.signing.commits, "false, and a subsection, mean no");
    git_signing_take(&f, &(struct git_config_item){"commit", NULL, "gpgsign", NULL});
    ok(f.signing.commits && !f.signing.ssh, "a variable without a value means yes, with gpg");
    git_signing_take(&f, &ssh);
    git_signing_take(&f, &(struct git_config_item){"user", NULL, "signingkey", "~/key"});
    ok(f.signing.ssh, "the format is taken");
    is_str(f.signing.key, "~/key", "and the key");
    git_signing_take(&f, &(struct git_config_item){"gpg", NULL, "format", "x509"});
    ok(!f.signing.ssh && f.signing.certificate, "a certificate is another format");
}

static void the_agent_is_asked(void)
{
    /* length, type, count of keys, length and bytes of a key, length of a comment */
    static const char answer[] = "\0\0\0\x10\x0c\0\0\0\1\0\0\0\3key\0\0\0\0";

    f = (struct facts){.home = arena_strdup(&arena, tmpdir)};
    git_signing_take(&f, &on);
    git_signing_take(&f, &ssh);
    f.signing.key = "~/key";
    put_file(in_tmp("key.pub"), KEY);
    ok(!lacks(answer, sizeof(answer) - 1), "an agent with the key has it");
    put_file(in_tmp("key"), "-----BEGIN OPENSSH PRIVATE KEY-----\n");
    ok(!lacks(answer, sizeof(answer) - 1), "the public key beside a private one counts");
    put_file(in_tmp("key.pub"), ODD);
    ok(lacks(answer, sizeof(answer) - 1), "another key is not this one");
    f.signing.key = "key::" ODD;
    ok(lacks(answer, sizeof(answer) - 1), "a key in the settings counts");
    f.signing.key = KEY;
    ok(!lacks(answer, sizeof(answer) - 1), "in both forms");
    f.signing.key = ODD;
    ok(!lacks(NULL, 0), "an agent that does not answer is not waited for, and lacks nothing");
    ok(!lacks("\xff\xff\xff\xff\xff", 5), "a wrong answer ends the question");
    f.signing.key = "~/nothing";
    ok(!lacks(answer, sizeof(answer) - 1), "an unknown key is not asked for");
}

int main(void)
{
    tmpdir_make();
    variables_are_taken();
    the_agent_is_asked();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
