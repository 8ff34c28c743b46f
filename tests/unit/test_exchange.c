/* SPDX-License-Identifier: MIT */
#include "exchange.h"

#include "tap.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/file_lock.h"

#include <dirent.h>
#include <poll.h>
#include <sys/wait.h>

static int step(void)
{
    struct err e = {0};
    int rc = exchange(session_dir, no_env, &e);

    if (rc < 0) {
        (void)printf("# %s\n", e.text);
    }
    return rc;
}

/* How many backups of this kind there are. */
static int backups(const char *kind)
{
    DIR *d = opendir(in_tmp("data/backups"));
    const struct dirent *entry;
    int count = 0;

    while (d != NULL && (entry = readdir(d)) != NULL) {
        count += strstr(entry->d_name, kind) != NULL;
    }
    if (d != NULL) {
        (void)closedir(d);
    }
    return count;
}

static void without_refresh(void)
{
    hand_out(login_text(1, "u"), false);
    ok(strstr(box_text(), "refresh") == NULL, "no refresh token is handed out");
    is_int(step(), EXCHANGE_NOTHING, "nothing has changed");
    put_host(login_text(2, "u"));
    is_int(step(), EXCHANGE_TO_SANDBOX, "the host's was renewed");
    ok(strstr(box_text(), "\"a2\"") != NULL && strstr(box_text(), "refresh") == NULL,
       "the copy has the new one, without its refresh token");
    is_int(step(), EXCHANGE_NOTHING, "once");
    put_box(login_text(9, "u"));
    is_int(step(), EXCHANGE_NOTHING, "what the sandbox writes is its own");
    is_str(host_text(), login_text(2, "u"), "and never the host's");
    put_host("{ half");
    is_int(step(), EXCHANGE_NOTHING, "a half-written login is none");
    (void)unlink(in_tmp("claude/.credentials.json"));
    is_int(step(), EXCHANGE_NOTHING, "nor is a missing one");
}

static void back_to_the_host(void)
{
    hand_out(login_text(1, "u"), true);
    ok(strstr(box_text(), "\"r1\"") != NULL && strstr(box_text(), "\"m\"") == NULL,
       "its own refresh token is handed out, that of other servers is not");
    is_int(step(), EXCHANGE_NOTHING, "nothing has changed");
    put_box(login_text(2, "u"));
    is_int(step(), EXCHANGE_TO_HOST, "the sandbox has renewed it");
    ok(strstr(host_text(), "\"a2\", \"refreshToken\":\"r2\"") != NULL &&
           strstr(host_text(), "17000000") != NULL && strstr(host_text(), "\"m\"") != NULL,
       "the host has it, and what it had beside it");
    is_int(mode_of(in_tmp("claude/.credentials.json")), 0600, "private");
    is_int(backups("before-sync"), 1, "the old one was backed up");
    is_int(step(), EXCHANGE_NOTHING, "once");
    put_box(login_text(3, "u"));
    is_int(step(), EXCHANGE_TO_HOST, "and again");
    put_host(login_text(4, "u"));
    is_int(step(), EXCHANGE_TO_SANDBOX, "the other way");
    ok(strstr(box_text(), "\"r4\"") != NULL, "with the refresh token");
}

static void both_changed(void)
{
    hand_out(login_text(1, "u"), true);
    put_host(login_text(2, "u"));
    put_box(login_text(3, "u"));
    is_int(step(), EXCHANGE_KEPT, "both changed");
    is_str(host_text(), login_text(2, "u"), "the host's stays");
    ok(strstr(box_text(), "\"r2\"") != NULL, "and the sandbox has it now");
    is_int(backups("conflict"), 1, "the other one is kept");
    ok(strstr(get_file(in_tmp("session/" JOURNAL_NOTES)), "restore-creds") != NULL,
       "and the user will know");
    hand_out(login_text(1, "u"), true);
    put_host(login_text(5, "u"));
    put_box(login_text(5, "u"));
    is_int(step(), EXCHANGE_NOTHING, "both to the same: an exchange that was killed");
    is_int(step(), EXCHANGE_NOTHING, "is finished");
    is_int(backups("conflict"), 0, "without a conflict");
}

/* Writes the copy once step() waits with its backup, which comes after its look at both. */
static pid_t writer(const char *backup_dir, const char *text)
{
    struct err e = {0};
    int lock = file_lock_dir(backup_dir, clock_ms(), &e);
    int64_t deadline = clock_ms() + 10000;
    pid_t pid;

    (void)fflush(stdout);
    (void)chmod(backup_dir, 0755); /* a backup makes it private first */
    pid = fork();
    if (pid == 0) {
        while (mode_of(backup_dir) != 0700 && clock_ms() < deadline) {
            (void)poll(NULL, 0, 1);
        }
        put_box(text);
        _exit(0); /* and with it the lock */
    }
    fd_close(&lock);
    return pid;
}

static void renewed_meanwhile(void)
{
    pid_t pid;

    hand_out(login_text(1, "u"), true);
    put_host(login_text(2, "u"));
    put_box(login_text(3, "u"));
    ok(mkdir(in_tmp("data"), 0700) == 0 || file_is_dir(in_tmp("data")), "a place for backups");
    ok(mkdir(in_tmp("data/backups"), 0700) == 0 || file_is_dir(in_tmp("data/backups")),
       "private");
    pid = writer(in_tmp("data/backups"), login_text(4, "u"));
    is_int(step(), EXCHANGE_KEPT, "renewed again while the first one was kept");
    (void)waitpid(pid, NULL, 0);
    is_int(backups("conflict"), 2, "is kept, too");
    ok(strstr(box_text(), "\"r2\"") != NULL, "before the sandbox gets the host's");
}

/* Killed after the last step and before it let go: claude need not wait until that is stale. */
static void left_locked(void)
{
    struct err e = {0};

    hand_out(login_text(1, "u"), true);
    ok(mkdir(in_tmp("claude.lock"), 01700) == 0 &&
           mkdir(in_tmp("claude/.oauth_refresh.lock"), 01700) == 0,
       "locks of a dead one");
    is_int(exchange_finish(session_dir, no_env, &e), EXCHANGE_NOTHING, "nothing is due");
    ok(!file_exists(in_tmp("claude.lock")) &&
           !file_exists(in_tmp("claude/.oauth_refresh.lock")),
       "and nothing locked");
}

static void refused(void)
{
    static const char *const bad[] = {
        "",
        "{",
        "[]",
        "{\"claudeAiOauth\":1}",
        "{\"claudeAiOauth\":{}}",
        "{\"claudeAiOauth\":{\"accessToken\":\"\",\"refreshToken\":\"\",\"expiresAt\":0}}",
        "{\"claudeAiOauth\":{\"accessToken\":\"a\",\"refreshToken\":\"b c\",\"expiresAt\":9}}",
        "{\"claudeAiOauth\":{\"accessToken\":\"a\",\"refreshToken\":\" b\",\"expiresAt\":9}}",
        "{\"claudeAiOauth\":{\"accessToken\":\"a\",\"refreshToken\":\"b\\u0000\",\"expiresAt\":"
        "9}}",
        "{\"claudeAiOauth\":{\"accessToken\":\"a\",\"refreshToken\":\"b\",\"expiresAt\":-9}}",
        "{\"claudeAiOauth\":{\"accessToken\":\"a\",\"refreshToken\":\"b\",\"expiresAt\":\"9\"}"
        "}",
        "{\"claudeAiOauth\":{\"accessToken\":[\"a\"],\"refreshToken\":\"b\",\"expiresAt\":9}}",
    };

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        hand_out(login_text(1, "u"), true);
        put_box(bad[i]);
        ok(step() == EXCHANGE_NOTHING && strcmp(host_text(), login_text(1, "u")) == 0,
           "no login: %s", bad[i]);
    }
    hand_out(login_text(1, "u"), true);
    put_box(login_text(2, "somebody else"));
    is_int(step(), EXCHANGE_REFUSED, "another account's");
    is_str(host_text(), login_text(1, "u"), "is not taken");
    ok(strstr(get_file(in_tmp("session/" JOURNAL_NOTES)), "another account") != NULL,
       "and told");
    hand_out(login_text(1, "u"), true);
    (void)unlink(in_tmp("claude/.credentials.json"));
    put_box(login_text(2, "u"));
    ok(step() == EXCHANGE_NOTHING && !file_exists(in_tmp("claude/.credentials.json")),
       "a log-out is not undone");
}

/* Of a login with these members beside the tokens: what comes of a renewal in the sandbox. */
static int renewed_as(const char *host, const char *box)
{
    char before[512];
    char after[512];

    (void)snprintf(
        before, sizeof(before),
        "{\"claudeAiOauth\":{\"accessToken\":\"a1\",\"refreshToken\":\"r1\",\"expiresAt\":"
        "1700000000000%s}}",
        host);
    (void)snprintf(
        after, sizeof(after),
        "{\"claudeAiOauth\":{\"accessToken\":\"a2\",\"refreshToken\":\"r2\",\"expiresAt\":"
        "1800000000000%s}}",
        box);
    hand_out(before, true);
    put_box(after);
    return step();
}

static void the_account_decides_and_the_plan_where_it_is_unknown(void)
{
#define ACCOUNT(id) ",\"accountUuid\":\"" id "\""
#define PLAN(name) ",\"subscriptionType\":\"" name "\""
    is_int(renewed_as(ACCOUNT("u") PLAN("pro"), ACCOUNT("u") PLAN("max")), EXCHANGE_TO_HOST,
           "the same account with another plan");
    is_int(renewed_as(ACCOUNT("u") PLAN("pro"), ACCOUNT("v") PLAN("pro")), EXCHANGE_REFUSED,
           "another account with the same plan");
    is_int(renewed_as(ACCOUNT("u"), ""), EXCHANGE_REFUSED,
           "an account that is not named any more");
    is_int(renewed_as(PLAN("pro"), PLAN("pro")), EXCHANGE_TO_HOST, "the same plan");
    is_int(renewed_as(PLAN("pro"), PLAN("max")), EXCHANGE_REFUSED, "another plan");
    is_int(renewed_as("", ""), EXCHANGE_TO_HOST, "neither has a plan");
    is_int(renewed_as(PLAN("pro"), ""), EXCHANGE_REFUSED, "one of them has none");
#undef ACCOUNT
#undef PLAN
}

/* What an agent can put in place of the copy: nothing of it is followed or waited for. */
static void hostile(void)
{
    struct err e = {0};

    hand_out(login_text(1, "u"), true);
    (void)!truncate(in_tmp("session/" JOURNAL_LOGIN), (off_t)1 << 30);
    is_int(step(), EXCHANGE_NOTHING, "1 GiB is no login");
    ok(exchange_trim(session_dir), "and is made small");
    ok(!exchange_trim(session_dir), "once");
    (void)unlink(in_tmp("session/" JOURNAL_LOGIN));
    (void)mkfifo(in_tmp("session/" JOURNAL_LOGIN), 0600);
    is_int(step(), EXCHANGE_NOTHING, "a fifo is no login");
    (void)unlink(in_tmp("session/" JOURNAL_LOGIN));
    (void)mkdir(in_tmp("session/" JOURNAL_LOGIN), 0700);
    is_int(step(), EXCHANGE_NOTHING, "nor a directory");
    (void)rmdir(in_tmp("session/" JOURNAL_LOGIN));
    is_int(step(), EXCHANGE_NOTHING, "nor nothing");
    put_host(login_text(2, "u"));
    ok(exchange(session_dir, no_env, &e) < 0, "which cannot be rewritten: %s", e.text);
    is_str(host_text(), login_text(2, "u"), "the host's is what it was");
}

static void no_session(void)
{
    struct err e = {0};

    ok(exchange(in_tmp("nowhere"), no_env, &e) == EXCHANGE_NOTHING,
       "no journal, nothing to do");
    ok(exchange_finish(in_tmp("nowhere"), no_env, &e) == EXCHANGE_NOTHING, "at the end too");
    put_file(in_tmp("session/" JOURNAL_FILE), "{");
    ok(exchange(session_dir, no_env, &e) < 0 && e.kind == ERR_FORMAT, "a broken one is told");
}

int main(void)
{
    tmpdir_make();
    without_refresh();
    back_to_the_host();
    both_changed();
    renewed_meanwhile();
    left_locked();
    refused();
    the_account_decides_and_the_plan_where_it_is_unknown();
    hostile();
    no_session();
    tmpdir_remove();
    return done_testing();
}
