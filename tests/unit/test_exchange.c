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

/* Returns the number of backups of this kind. */
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

static void without_refresh_only_the_host_counts(void)
{
    hand_out(login_text(1, "u"), false);
    ok(strstr(box_text(), "refresh") == NULL, "the copy has no refresh token");
    is_int(step(), EXCHANGE_NOTHING, "without a change nothing is exchanged");
    put_host(login_text(2, "u"));
    is_int(step(), EXCHANGE_TO_SANDBOX, "a login renewed on the host goes to the sandbox");
    ok(strstr(box_text(), "\"a2\"") != NULL && strstr(box_text(), "refresh") == NULL,
       "the copy has the new login without its refresh token");
    is_int(step(), EXCHANGE_NOTHING, "a change is exchanged only once");
    put_box(login_text(9, "u"));
    is_int(step(), EXCHANGE_NOTHING, "a change of the copy is ignored");
    is_str(host_text(), login_text(2, "u"), "a change of the copy never reaches the host");
    put_host("{ half");
    is_int(step(), EXCHANGE_NOTHING, "a half-written login of the host is ignored");
    (void)unlink(in_tmp("claude/.credentials.json"));
    is_int(step(), EXCHANGE_NOTHING, "a missing login of the host is ignored");
}

static void renewed_copy_goes_to_the_host(void)
{
    hand_out(login_text(1, "u"), true);
    ok(strstr(box_text(), "\"r1\"") != NULL && strstr(box_text(), "\"m\"") == NULL,
       "the copy has the login's refresh token, but not those of MCP servers");
    is_int(step(), EXCHANGE_NOTHING, "without a change nothing is exchanged");
    put_box(login_text(2, "u"));
    is_int(step(), EXCHANGE_TO_HOST, "a login renewed in the sandbox goes to the host");
    ok(strstr(host_text(), "\"a2\", \"refreshToken\":\"r2\"") != NULL &&
           strstr(host_text(), "17000000") != NULL && strstr(host_text(), "\"m\"") != NULL,
       "the host has the new tokens and keeps everything else");
    is_int(mode_of(in_tmp("claude/.credentials.json")), 0600, "the host's file is private");
    is_int(backups("before-sync"), 1, "the host's old login was backed up");
    is_int(step(), EXCHANGE_NOTHING, "a change is exchanged only once");
    put_box(login_text(3, "u"));
    is_int(step(), EXCHANGE_TO_HOST, "a second renewal in the sandbox goes to the host");
    put_host(login_text(4, "u"));
    is_int(step(), EXCHANGE_TO_SANDBOX, "a renewal on the host goes to the sandbox");
    ok(strstr(box_text(), "\"r4\"") != NULL, "the copy has the new refresh token");
}

static void host_wins_if_both_changed(void)
{
    hand_out(login_text(1, "u"), true);
    put_host(login_text(2, "u"));
    put_box(login_text(3, "u"));
    is_int(step(), EXCHANGE_KEPT, "if both have changed, one is kept");
    is_str(host_text(), login_text(2, "u"), "the host's login stays");
    ok(strstr(box_text(), "\"r2\"") != NULL, "the copy has the host's login");
    is_int(backups("conflict"), 1, "the copy's login is kept beside the backups");
    ok(strstr(get_file(in_tmp("session/" JOURNAL_NOTES)), "restore-creds") != NULL,
       "a note names the command that restores it");
    hand_out(login_text(1, "u"), true);
    put_host(login_text(5, "u"));
    put_box(login_text(5, "u"));
    is_int(step(), EXCHANGE_NOTHING, "if both have the same new login, nothing is written");
    is_int(step(), EXCHANGE_NOTHING, "after that nothing has changed");
    is_int(backups("conflict"), 0, "equal logins are not a conflict");
}

/* Starts a process that writes the copy while step() waits for the lock of the backups, after
 * it has read both sides. */
static pid_t writer(const char *backup_dir, const char *text)
{
    struct err e = {0};
    int lock = file_lock_dir(backup_dir, clock_ms(), &e);
    int64_t deadline = clock_ms() + 10000;
    pid_t pid;

    (void)fflush(stdout);
    (void)chmod(backup_dir,
                0755); /* a backup makes it private first, which shows that it waits */
    pid = fork();
    if (pid == 0) {
        while (mode_of(backup_dir) != 0700 && clock_ms() < deadline) {
            (void)poll(NULL, 0, 1);
        }
        put_box(text);
        _exit(0); /* this also releases the lock */
    }
    fd_close(&lock);
    return pid;
}

static void copy_renewed_during_an_exchange_is_kept(void)
{
    pid_t pid;

    hand_out(login_text(1, "u"), true);
    put_host(login_text(2, "u"));
    put_box(login_text(3, "u"));
    ok(mkdir(in_tmp("data"), 0700) == 0 || file_is_dir(in_tmp("data")),
       "a data directory can be made");
    ok(mkdir(in_tmp("data/backups"), 0700) == 0 || file_is_dir(in_tmp("data/backups")),
       "a directory of backups can be made");
    pid = writer(in_tmp("data/backups"), login_text(4, "u"));
    is_int(step(), EXCHANGE_KEPT,
           "a copy that was renewed during the exchange is examined again");
    (void)waitpid(pid, NULL, 0);
    is_int(backups("conflict"), 2, "both logins of the sandbox are kept");
    ok(strstr(box_text(), "\"r2\"") != NULL, "the copy has the host's login in the end");
}

/* A cco was killed while it held claude's locks. claude does not have to wait until they are
 * abandoned. */
static void locks_of_a_killed_cco_are_removed(void)
{
    struct err e = {0};

    hand_out(login_text(1, "u"), true);
    ok(mkdir(in_tmp("claude.lock"), 01700) == 0 &&
           mkdir(in_tmp("claude/.oauth_refresh.lock"), 01700) == 0,
       "locks with cco's mark can be made");
    is_int(exchange_finish(session_dir, no_env, &e), EXCHANGE_NOTHING,
           "a session that has renewed nothing exchanges nothing at its end");
    ok(!file_exists(in_tmp("claude.lock")) &&
           !file_exists(in_tmp("claude/.oauth_refresh.lock")),
       "the locks are removed");
}

static void other_logins_are_refused(void)
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
           "not a complete login: %s", bad[i]);
    }
    hand_out(login_text(1, "u"), true);
    put_box(login_text(2, "somebody else"));
    is_int(step(), EXCHANGE_REFUSED, "a login of another account is refused");
    is_str(host_text(), login_text(1, "u"), "the host's login stays");
    ok(strstr(get_file(in_tmp("session/" JOURNAL_NOTES)), "another account") != NULL,
       "a note gives the reason");
    hand_out(login_text(1, "u"), true);
    (void)unlink(in_tmp("claude/.credentials.json"));
    put_box(login_text(2, "u"));
    ok(step() == EXCHANGE_NOTHING && !file_exists(in_tmp("claude/.credentials.json")),
       "a log-out is not undone");
}

/* Returns the result of an exchange after the sandbox has renewed its login. `host` and `box`
 * are members of the logins beside the tokens. */
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

static void account_decides_or_the_plan_if_it_is_unknown(void)
{
#define ACCOUNT(id) ",\"accountUuid\":\"" id "\""
#define PLAN(name) ",\"subscriptionType\":\"" name "\""
    is_int(renewed_as(ACCOUNT("u") PLAN("pro"), ACCOUNT("u") PLAN("max")), EXCHANGE_TO_HOST,
           "the same account with another plan is accepted");
    is_int(renewed_as(ACCOUNT("u") PLAN("pro"), ACCOUNT("v") PLAN("pro")), EXCHANGE_REFUSED,
           "another account with the same plan is refused");
    is_int(renewed_as(ACCOUNT("u"), ""), EXCHANGE_REFUSED,
           "a login that has lost its account is refused");
    is_int(renewed_as(PLAN("pro"), PLAN("pro")), EXCHANGE_TO_HOST,
           "without an account, the same plan is accepted");
    is_int(renewed_as(PLAN("pro"), PLAN("max")), EXCHANGE_REFUSED,
           "without an account, another plan is refused");
    is_int(renewed_as("", ""), EXCHANGE_TO_HOST,
           "two logins without account and plan are accepted");
    is_int(renewed_as(PLAN("pro"), ""), EXCHANGE_REFUSED,
           "a login that has lost its plan is refused");
#undef ACCOUNT
#undef PLAN
}

/* An agent puts other files in place of the copy: nothing is followed or waited for. */
static void hostile_copies_count_as_unchanged(void)
{
    struct err e = {0};

    hand_out(login_text(1, "u"), true);
    (void)!truncate(in_tmp("session/" JOURNAL_LOGIN), (off_t)1 << 30);
    is_int(step(), EXCHANGE_NOTHING, "a copy of 1 GiB counts as unchanged");
    ok(exchange_trim(session_dir), "a copy that is too large is truncated");
    ok(!exchange_trim(session_dir), "a small copy is not truncated");
    (void)unlink(in_tmp("session/" JOURNAL_LOGIN));
    (void)mkfifo(in_tmp("session/" JOURNAL_LOGIN), 0600);
    is_int(step(), EXCHANGE_NOTHING, "a fifo counts as unchanged");
    (void)unlink(in_tmp("session/" JOURNAL_LOGIN));
    (void)mkdir(in_tmp("session/" JOURNAL_LOGIN), 0700);
    is_int(step(), EXCHANGE_NOTHING, "a directory counts as unchanged");
    (void)rmdir(in_tmp("session/" JOURNAL_LOGIN));
    is_int(step(), EXCHANGE_NOTHING, "a missing copy counts as unchanged");
    put_host(login_text(2, "u"));
    ok(exchange(session_dir, no_env, &e) < 0, "a missing copy cannot be rewritten: %s", e.text);
    is_str(host_text(), login_text(2, "u"), "the host's login is unchanged");
}

static void without_a_journal_nothing_is_done(void)
{
    struct err e = {0};

    ok(exchange(in_tmp("nowhere"), no_env, &e) == EXCHANGE_NOTHING,
       "without a journal nothing is exchanged");
    ok(exchange_finish(in_tmp("nowhere"), no_env, &e) == EXCHANGE_NOTHING,
       "without a journal nothing is exchanged at the end");
    put_file(in_tmp("session/" JOURNAL_FILE), "{");
    ok(exchange(session_dir, no_env, &e) < 0 && e.kind == ERR_FORMAT,
       "a broken journal is an error");
}

int main(void)
{
    tmpdir_make();
    without_refresh_only_the_host_counts();
    renewed_copy_goes_to_the_host();
    host_wins_if_both_changed();
    copy_renewed_during_an_exchange_is_kept();
    locks_of_a_killed_cco_are_removed();
    other_logins_are_refused();
    account_decides_or_the_plan_if_it_is_unknown();
    hostile_copies_count_as_unchanged();
    without_a_journal_nothing_is_done();
    tmpdir_remove();
    return done_testing();
}
