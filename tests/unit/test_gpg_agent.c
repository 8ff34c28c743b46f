/* SPDX-License-Identifier: MIT */
#include "host/gpg_agent.h"

#include "base/fd.h"
#include "base/unix_socket.h"
#include "plan/untrusted.h"
#include "tap.h"
#include "tmpdir.h"
#include "trust/ledger.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;
static struct ledger trees;
static struct facts f;

static const char *keep(const char *name)
{
    return arena_strdup(&arena, in_tmp(name));
}

/* Finds gpg's files with these variables. */
static void probe(const char *gnupghome, bool gpg)
{
    char *const env[] = {arena_printf(&arena, "XDG_RUNTIME_DIR=%s/run", tmpdir),
                         arena_printf(&arena, "GNUPGHOME=%s", gnupghome), NULL};
    struct opts o = {.gpg = gpg};

    f = (struct facts){
        .home = keep("home"), .uid = getuid(), .trees = &trees, .state_dir = keep("state")};
    gpg_agent_probe(env, &o, &arena, &f);
}

static int serve(const char *path)
{
    struct err e = {0};
    int fd = unix_socket_listen(path, 0600, &e);

    ok(fd >= 0, "a socket is served: %s", e.text);
    return fd;
}

/* Returns true if the socket that was found is this one. */
static bool found(const char *path)
{
    return f.gpg.agent.type == FACT_OTHER && strcmp(f.gpg.agent.physical, path) == 0;
}

static void socket_of_the_usual_home(void)
{
    const char *in_home = keep("home/.gnupg/S.gpg-agent.extra");
    const char *in_run = keep("run/gnupg/S.gpg-agent.extra");
    int home;
    int run;

    put_file(in_home, "a file");
    probe("", true);
    ok(f.gpg.agent.type == FACT_MISSING, "a file is not a socket");
    (void)unlink(in_home);
    home = serve(in_home);
    probe("", true);
    ok(found(in_home), "the socket in the home is found");
    run = serve(in_run);
    probe("", true);
    ok(found(in_run), "the one in the runtime directory comes first");
    probe(keep("home/.gnupg"), true);
    ok(found(in_run), "also if GNUPGHOME names the usual home");
    fd_close(&run);
    probe("", true);
    ok(found(in_home), "a socket at which no process listens does not count");
    probe("", false);
    ok(f.gpg.home == NULL && f.gpg.agent.type == FACT_MISSING, "it is found only with --gpg");
    fd_close(&home);
    probe("", true);
    ok(f.gpg.agent.type == FACT_MISSING, "no agent runs");
}

/* The name of the directory is that of gpgconf 2.2.40 for this home. */
static void socket_of_another_home(void)
{
    const char *path = keep("run/gnupg/d.cm8ym7do3yyi598y7sk5sg5r/S.gpg-agent.extra");
    int usual;
    int own;

    (void)unlink(in_tmp("run/gnupg/S.gpg-agent.extra"));
    usual = serve(in_tmp("run/gnupg/S.gpg-agent.extra"));
    own = serve(path);
    probe("/nonexistent/gnupg", true);
    ok(found(path), "another home has sockets of its own");
    is_str(f.gpg.home, "/nonexistent/gnupg", "and files of its own");
    fd_close(&own);
    probe("/nonexistent/gnupg", true);
    ok(f.gpg.agent.type == FACT_MISSING, "the agent of the usual home does not serve it");
    fd_close(&usual);
}

static void files(void)
{
    put_file(in_tmp("home/.gnupg/pubring.kbx"), "keys");
    put_file(in_tmp("tree/trustdb.gpg"), "trust");
    ok(symlink(in_tmp("tree/trustdb.gpg"), in_tmp("home/.gnupg/trustdb.gpg")) == 0, "a link");
    probe("", true);
    ok(f.gpg.files[0].type == FACT_FILE && f.gpg.files[1].type == FACT_MISSING,
       "the files with keys are found");
    ok(untrusted_why(&f, in_tmp("home/.gnupg/trustdb.gpg")) != NULL,
       "a link that leads where an agent could write is noted");
    ok(untrusted_why(&f, in_tmp("home/.gnupg/pubring.kbx")) == NULL, "other files are not");
}

static void socket_in_a_tree(void)
{
    const char *path = keep("tree/S.gpg-agent.extra");
    int fd = serve(path);

    probe(keep("tree"), true);
    ok(found(path) && untrusted_why(&f, path) != NULL,
       "a socket that an agent could have made is noted");
    fd_close(&fd);
}

int main(void)
{
    static const char *const dirs[] = {
        "home", "home/.gnupg", "run", "run/gnupg", "run/gnupg/d.cm8ym7do3yyi598y7sk5sg5r",
        "tree"};

    tmpdir_make();
    for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
        (void)mkdir(in_tmp(dirs[i]), 0700);
    }
    ledger_add(&trees, &arena, keep("tree"));
    socket_of_the_usual_home();
    socket_of_another_home();
    files();
    socket_in_a_tree();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
