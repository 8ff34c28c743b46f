/* SPDX-License-Identifier: MIT */
#include "cli/ask_trust.h"

#include "cli/app.h"
#include "tap.h"
#include "tmpdir.h"
#include "trust/trust_record.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct trust_item items[] = {{".env", "PATH: ./bin", TRUST_DOTENV, false}};
static struct app app;

static void start(enum trust_state state)
{
    static char *env[] = {NULL};

    app_init(&app, env);
    app.sig.fd = -1;
    app.facts.project = app.facts.cwd_physical = "/p";
    app.facts.state_dir = tmpdir;
    app.facts.trust = state;
    app.facts.trust_items =
        (struct trust_items){.a = &app.arena, .list = items, .count = 1, .hashed = true};
    sha256_init(&app.facts.trust_items.hash);
}

/* Returns the result of ask_trust() on a terminal on which `typed` was typed. */
static int answer(const char *typed, struct err *e)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    int in = dup(0);
    int out = dup(2);
    int slave;
    int rc;

    if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0) {
        return 99;
    }
    slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (slave < 0 || dup2(slave, 0) < 0 || dup2(slave, 2) < 0 ||
        write(master, typed, strlen(typed)) < 0) {
        return 98;
    }
    rc = ask_trust(&app, e);
    (void)dup2(in, 0);
    (void)dup2(out, 2);
    (void)close(in);
    (void)close(out);
    (void)close(slave);
    (void)close(master);
    return rc;
}

static const char *recorded(const char *field)
{
    struct trust_record r = {0};

    return trust_record_read(tmpdir, TRUST_PROJECTS, "/p", &app.arena, &r)
               ? trust_record_get(&r, field)
               : NULL;
}

static void is_answer(const char *typed, int want, enum trust_state state, const char *why)
{
    struct err e = {0};

    start(TRUST_NEW);
    is_int(answer(typed, &e), want, why);
    is_str(trust_state_word(app.facts.trust), trust_state_word(state), "and the state");
    ok(want >= 0 || e.kind == ERR_CANCELED, "quitting is not an error: %s", e.text);
    ok((recorded("trusted") != NULL) == (state == TRUST_GIVEN) &&
           (recorded("refused") != NULL) == (state == TRUST_REFUSED),
       "and the record");
    (void)trust_record_remove(tmpdir, TRUST_PROJECTS, "/p", &e);
    arena_release(&app.arena);
}

static void is_not_asked(const char *why)
{
    struct err e = {0};
    const enum trust_state before = app.facts.trust;

    is_int(answer("y\n", &e), 0, why);
    ok(app.facts.trust == before, "and nothing changes");
    arena_release(&app.arena);
}

int main(void)
{
    struct err e = {0};

    tmpdir_make();
    is_answer("y\n", 1, TRUST_GIVEN, "y is yes");
    is_answer("YES\n", 1, TRUST_GIVEN, "YES is yes");
    is_answer("no\n", 1, TRUST_REFUSED, "no is no");
    is_answer("q\n", -1, TRUST_NEW, "q quits");
    is_answer("\x04", -1, TRUST_NEW, "the end of the input quits");
    is_answer("\n\nx\n", -1, TRUST_NEW, "three other answers quit");
    start(TRUST_GIVEN);
    is_not_asked("a trusted project is not asked about");
    start(TRUST_REFUSED);
    is_not_asked("nor is a project that was refused");
    start(TRUST_NEW);
    app.opts.trust = OPTS_TRUST_NEVER;
    is_not_asked("an option can decide");
    start(TRUST_NEW);
    app.opts.command = CMD_CLAUDE;
    strv_add(&app.opts.args, &app.arena, "-p");
    is_not_asked("nobody is asked for a printed answer");
    start(TRUST_NEW);
    {
        static char name[] = "CI=1";
        static char *ci[] = {name, NULL};

        app.env = ci;
    }
    is_not_asked("nor in CI");
    start(TRUST_NEW);
    (void)close(0);
    ok(open("/dev/null", O_RDONLY | O_CLOEXEC) == 0 && ask_trust(&app, &e) == 0,
       "nor without a terminal");
    ok(recorded("seen") != NULL, "but cco notes what it has seen");
    arena_release(&app.arena);
    tmpdir_remove();
    return done_testing();
}
