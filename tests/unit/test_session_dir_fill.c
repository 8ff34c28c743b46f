/* SPDX-License-Identifier: MIT */
#include "session/session_dir_fill.h"

#include "base/limits.h"
#include "creds/helper.h"
#include "creds/journal.h"
#include "tap.h"
#include "tmpdir.h"

#include <signal.h>
#include <sys/stat.h>

static struct arena arena;
static char *no_env[] = {NULL};

static const char *path(const char *name)
{
    return arena_printf(&arena, "%s/%s", tmpdir, name);
}

static struct facts facts_of(enum login_source source)
{
    return (struct facts){
        .cwd_physical = "/p",
        .data_dir = path("data"),
        .claude_json = {path("claude.json"), path("claude.json"), FACT_FILE},
        .login = {.source = source,
                  .path = path("login"),
                  .detail = path("login"),
                  .dir = tmpdir,
                  .helper = "echo the-key"},
    };
}

static int fill(const struct facts *f, struct plan_copy *copies, size_t count,
                bool with_refresh, struct err *e)
{
    const struct plan p = {.files.copies = copies,
                           .files.copy_count = count,
                           .login.with_refresh = with_refresh,
                           .command.runs_claude = true};

    *e = (struct err){0};
    (void)file_remove_tree(path("s"), e);
    (void)mkdir(path("s"), 0700);
    (void)mkdir(path("s/files"), 0700);
    return session_dir_fill(path("s"), &p, f, no_env, e);
}

static void login(void)
{
    struct plan_copy st = {.kind = COPY_LOGIN, .name = "credentials.json", .mode = 0600};
    struct facts f = facts_of(LOGIN_FILE);
    struct journal j;
    struct err e;
    char first[SHA256_HEX];

    put_file(path("login"),
             "{\"claudeAiOauth\":{\"accessToken\":\"a\",\"refreshToken\":\"r\"}}");
    ok(fill(&f, &st, 1, false, &e) == 0, "a login %s", e.text);
    is_str(get_file(path("s/files/credentials.json")),
           "{\"claudeAiOauth\":{\"accessToken\":\"a\"}}", "without its refresh token");
    is_int(mode_of(path("s/files/credentials.json")), 0600, "private");
    ok(journal_read(path("s"), &arena, &j, &e) == 0 && j.has_store && !j.with_refresh &&
           j.given[0] != '\0' && strcmp(j.claude_json, path("claude.json")) == 0,
       "with its journal");
    memcpy(first, j.given, sizeof(first));
    ok(fill(&f, &st, 1, true, &e) == 0 && journal_read(path("s"), &arena, &j, &e) == 0 &&
           j.with_refresh && strcmp(j.given, first) != 0 &&
           strstr(get_file(path("s/files/credentials.json")), "\"r\"") != NULL,
       "or with it");
    ok(strstr(get_file(path("s/" JOURNAL_FILE)), "\"r\"") == NULL,
       "which does not stand in the journal");
    put_file(path("login"), "{");
    ok(fill(&f, &st, 1, false, &e) < 0, "a broken one: %s", e.text);
}

static void key(void)
{
    struct plan_copy st[] = {
        {.kind = COPY_API_KEY, .name = "api-key", .mode = 0600},
        {.kind = COPY_SETTINGS,
         .source = path("settings"),
         .name = "settings.json",
         .mode = 0600},
    };
    struct facts f = facts_of(LOGIN_HELPER);
    struct err e;

    put_file(path("settings"), "{\"apiKeyHelper\":\"echo the-key\"}");
    ok(fill(&f, st, 2, false, &e) == 0, "an apiKeyHelper %s", e.text);
    is_str(get_file(path("s/files/api-key")), "the-key", "has printed its key");
    is_str(get_file(path("s/files/settings.json")),
           "{\"apiKeyHelper\":\"cat /run/cco/files/api-key\","
           "\"skipDangerousModePermissionPrompt\":true}",
           "which the sandbox's prints");
    is_int(helper_interval_s(path("s")), HELPER_TTL_S, "and it will be asked again");
    f.login.helper = "exit 1";
    ok(fill(&f, st, 2, false, &e) < 0 && e.hint[0] != '\0', "one that fails: %s", e.text);
}

/* Claude asks once whether it may work unasked; in a sandbox there is nothing to ask. */
static void settings(void)
{
    static const char *const cases[][3] = {
        {"{\"model\":\"x\"}\n",
         "{\"model\":\"x\",\"skipDangerousModePermissionPrompt\":true}\n", "settings"},
        {"{\"skipDangerousModePermissionPrompt\": false}",
         "{\"skipDangerousModePermissionPrompt\": true}", "that say otherwise"},
        {" \n", " \n{\"skipDangerousModePermissionPrompt\":true}", "blank ones"},
        {"[1", "[1", "broken ones"},
    };
    struct plan_copy st = {.kind = COPY_SETTINGS, .name = "settings.json", .mode = 0600};
    struct facts f = facts_of(LOGIN_NONE);
    struct err e;

    ok(fill(&f, &st, 1, false, &e) == 0, "no settings %s", e.text);
    is_str(get_file(path("s/files/settings.json")),
           "{\"skipDangerousModePermissionPrompt\":true}", "are made");
    st.source = path("settings");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        put_file(path("settings"), cases[i][0]);
        ok(fill(&f, &st, 1, false, &e) == 0, "%s %s", cases[i][2], e.text);
        is_str(get_file(path("s/files/settings.json")), cases[i][1], cases[i][2]);
    }
}

static void state(void)
{
    struct plan_copy st[] = {
        {.kind = COPY_CLAUDE_JSON,
         .source = path("claude.json"),
         .name = "claude.json",
         .mode = 0600},
        {.kind = COPY_TEXT, .text = "{}", .name = "stub", .mode = 0600},
        {.kind = COPY_FILE, .source = path("file"), .name = "file", .mode = 0640},
    };
    struct facts f = facts_of(LOGIN_NONE);
    struct journal j;
    struct err e;

    put_file(path("claude.json"), "{\"x\":1}");
    put_file(path("file"), "as it is\n");
    ok(fill(&f, st, 3, false, &e) == 0, "files %s", e.text);
    ok(strstr(get_file(path("s/files/claude.json")), "hasTrustDialogAccepted") != NULL,
       "claude's state answers its questions");
    is_str(get_file(path("s/files/stub")), "{}", "a stand-in");
    is_str(get_file(path("s/files/file")), "as it is\n", "a copy");
    is_int(mode_of(path("s/files/file")), 0640, "with its mode");
    ok(journal_read(path("s"), &arena, &j, &e) == 0 && !j.has_store, "no login, no store");
    put_file(path("claude.json"), "[]");
    ok(fill(&f, st, 1, false, &e) < 0 && e.hint[0] != '\0', "a broken .claude.json: %s",
       e.text);
    (void)unlink(path("file"));
    ok(fill(&f, st + 2, 1, false, &e) < 0, "a file that has gone: %s", e.text);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    tmpdir_make();
    login();
    key();
    settings();
    state();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
