/* SPDX-License-Identifier: MIT */
#include "session/session_dir_fill.h"

#include "base/limits.h"
#include "creds/helper.h"
#include "creds/journal.h"
#include "tap.h"
#include "tmpdir.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;
static char *no_env[] = {NULL};

static const char *path(const char *name)
{
    return arena_printf(&arena, "%s/%s", tmpdir, name);
}

static struct facts facts_of(enum login_source source)
{
    return (struct facts){
        .project = "/p",
        .cwd_physical = "/p",
        .claude_root = "/p",
        .data_dir = path("data"),
        .project_key = "p-1",
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

#define MCP "{\"mcpServers\":{\"s\":{\"type\":\"http\",\"url\":\"https://s.example\"}}}"

/* A session can change .mcp.json, or the way to it, after the user has trusted the project. */
static void servers_are_those_that_were_trusted(void)
{
    struct plan_copy st = {.kind = COPY_LOGIN, .name = "credentials.json", .mode = 0600};
    struct facts f = facts_of(LOGIN_FILE);
    struct err e;

    put_file(path("login"), "{\"claudeAiOauth\":{\"accessToken\":\"a\"},\"mcpOAuth\":{"
                            "\"s|1\":{\"serverName\":\"s\",\"serverUrl\":\"https://s.example\","
                            "\"accessToken\":\"of-s\"}}}");
    (void)mkdir(path("mcp"), 0700);
    put_file(path("mcp/.mcp.json"), MCP);
    f.project = f.cwd_physical = path("mcp");
    f.trust_items.a = &arena;
    ok(fill(&f, &st, 1, false, &e) == 0 &&
           strstr(get_file(path("s/files/credentials.json")), "of-s") == NULL,
       "a file that was not examined names no server %s", e.text);
    trust_items_text(&f.trust_items, path("mcp/.mcp.json"), str_c(MCP));
    ok(fill(&f, &st, 1, false, &e) == 0 &&
           strstr(get_file(path("s/files/credentials.json")), "of-s") != NULL,
       "the login of a trusted server is copied %s", e.text);
    put_file(path("mcp/.mcp.json"), MCP " ");
    ok(fill(&f, &st, 1, false, &e) == 0 &&
           strstr(get_file(path("s/files/credentials.json")), "of-s") == NULL,
       "not if the file has changed since then %s", e.text);
}

static void login_is_copied(void)
{
    struct plan_copy st = {.kind = COPY_LOGIN, .name = "credentials.json", .mode = 0600};
    struct facts f = facts_of(LOGIN_FILE);
    struct journal j;
    struct err e;
    char first[SHA256_HEX];

    put_file(path("login"),
             "{\"claudeAiOauth\":{\"accessToken\":\"a\",\"refreshToken\":\"r\"}}");
    ok(fill(&f, &st, 1, false, &e) == 0, "a login is copied %s", e.text);
    is_str(get_file(path("s/files/credentials.json")),
           "{\"claudeAiOauth\":{\"accessToken\":\"a\"},\"mcpOAuth\":{}}",
           "the copy has no refresh token");
    is_int(mode_of(path("s/files/credentials.json")), 0600, "the copy is private");
    ok(journal_read(path("s"), &arena, &j, &e) == 0 && j.has_store && !j.with_refresh &&
           j.given[0] != '\0' && strcmp(j.claude_json, path("claude.json")) == 0,
       "the journal describes the login");
    memcpy(first, j.given, sizeof(first));
    ok(fill(&f, &st, 1, true, &e) == 0 && journal_read(path("s"), &arena, &j, &e) == 0 &&
           j.with_refresh && strcmp(j.given, first) != 0 &&
           strstr(get_file(path("s/files/credentials.json")), "\"r\"") != NULL,
       "with_refresh keeps the refresh token and is recorded");
    ok(strstr(get_file(path("s/" JOURNAL_FILE)), "\"r\"") == NULL,
       "the journal does not contain the refresh token");
    put_file(path("login"), "{");
    ok(fill(&f, &st, 1, false, &e) < 0, "a broken login is an error: %s", e.text);
}

static void key_of_a_helper_is_copied(void)
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
    ok(fill(&f, st, 2, false, &e) == 0, "an apiKeyHelper is run %s", e.text);
    is_str(get_file(path("s/files/api-key")), "the-key", "the copy of the key has its output");
    is_str(get_file(path("s/files/settings.json")),
           "{\"apiKeyHelper\":\"cat /run/cco/files/api-key\","
           "\"skipDangerousModePermissionPrompt\":true}",
           "the helper in the settings prints the copy");
    is_int(helper_interval_s(path("s")), HELPER_TTL_S,
           "the interval for renewing the key is recorded");
    f.login.helper = "exit 1";
    ok(fill(&f, st, 2, false, &e) < 0 && e.hint[0] != '\0',
       "a helper that fails is an error with a hint: %s", e.text);
}

/* claude asks once whether it may work without asking for permission. The copy of the settings
 * answers that. */
static void settings_answer_a_question(void)
{
    static const char *const cases[][3] = {
        {"{\"model\":\"x\"}\n",
         "{\"model\":\"x\",\"skipDangerousModePermissionPrompt\":true}\n",
         "settings without an answer"},
        {"{\"skipDangerousModePermissionPrompt\": false}",
         "{\"skipDangerousModePermissionPrompt\": true}", "settings with another answer"},
        {" \n", " \n{\"skipDangerousModePermissionPrompt\":true}", "blank settings"},
        {"[1", "[1", "broken settings"},
        {"{\"sandbox\":{\"enabled\":true,\"x\":1}}",
         "{\"sandbox\":{\"enabled\":false,\"x\":1},"
         "\"skipDangerousModePermissionPrompt\":true}",
         "settings with claude's own sandbox"},
    };
    struct plan_copy st = {.kind = COPY_SETTINGS, .name = "settings.json", .mode = 0600};
    struct facts f = facts_of(LOGIN_NONE);
    struct err e;

    ok(fill(&f, &st, 1, false, &e) == 0, "missing settings are made %s", e.text);
    is_str(get_file(path("s/files/settings.json")),
           "{\"skipDangerousModePermissionPrompt\":true}", "the new settings have the answer");
    st.source = path("settings");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        put_file(path("settings"), cases[i][0]);
        ok(fill(&f, &st, 1, false, &e) == 0, "%s are copied %s", cases[i][2], e.text);
        is_str(get_file(path("s/files/settings.json")), cases[i][1], cases[i][2]);
    }
}

static void file_of_an_editor_has_no_process(void)
{
    struct plan_copy st = {
        .kind = COPY_IDE, .source = path("lock"), .name = "ide-1", .mode = 0600};
    struct facts f = facts_of(LOGIN_NONE);
    struct err e;

    put_file(path("lock"), "{\"pid\":7,\"authToken\":\"t\"}");
    ok(fill(&f, &st, 1, false, &e) == 0, "the file is copied %s", e.text);
    is_str(get_file(path("s/files/ide-1")), "{\"authToken\":\"t\"}", "without the process");
    put_file(path("lock"), "{\"pid\":7,");
    ok(fill(&f, &st, 1, false, &e) == 0, "a broken file does not end the start %s", e.text);
    is_str(get_file(path("s/files/ide-1")), "", "its copy is empty");
    (void)unlink(path("lock"));
    ok(fill(&f, &st, 1, false, &e) == 0, "nor does a missing file %s", e.text);
}

/* claude asks once about each key of ANTHROPIC_API_KEY, also if the settings set it. */
static void answer_about_a_key_in_the_settings_is_copied(void)
{
    struct plan_copy st = {.kind = COPY_CLAUDE_JSON,
                           .source = path("claude.json"),
                           .name = "claude.json",
                           .mode = 0600};
    struct facts f = facts_of(LOGIN_API_KEY);
    struct err e;

    f.login.settings = path("settings");
    f.login.variable = "ANTHROPIC_API_KEY";
    put_file(path("settings"),
             "{\"env\":{\"ANTHROPIC_API_KEY\":\"sk-0123456789abcdefghijklmn\"}}");
    put_file(path("claude.json"), "{\"customApiKeyResponses\":{\"approved\":["
                                  "\"456789abcdefghijklmn\",\"other\"],\"rejected\":[]}}");
    ok(fill(&f, &st, 1, false, &e) == 0, "the copy is made %s", e.text);
    ok(strstr(get_file(path("s/files/claude.json")), "456789abcdefghijklmn") != NULL,
       "the answer about the key of the settings is in the copy");
    ok(strstr(get_file(path("s/files/claude.json")), "other") == NULL,
       "those about other keys are not");
}

static void other_files_are_copied(void)
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
    put_file(path("file"), "content\n");
    ok(fill(&f, st, 3, false, &e) == 0, "other files are copied %s", e.text);
    ok(strstr(get_file(path("s/files/claude.json")), "hasTrustDialogAccepted") != NULL,
       "the copy of .claude.json answers claude's questions");
    is_str(get_file(path("s/files/stub")), "{}", "a file with a fixed text is written");
    is_str(get_file(path("s/files/file")), "content\n", "a file is copied unchanged");
    is_int(mode_of(path("s/files/file")), 0640, "the copy has the mode of the plan");
    ok(journal_read(path("s"), &arena, &j, &e) == 0 && !j.has_store,
       "without a login the journal has no store");
    put_file(path("claude.json"), "[]");
    ok(fill(&f, st, 1, false, &e) < 0 && e.hint[0] != '\0',
       "a broken .claude.json is an error with a hint: %s", e.text);
    (void)unlink(path("file"));
    ok(fill(&f, st + 2, 1, false, &e) < 0, "a missing file is an error: %s", e.text);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    tmpdir_make();
    login_is_copied();
    servers_are_those_that_were_trusted();
    key_of_a_helper_is_copied();
    settings_answer_a_question();
    answer_about_a_key_in_the_settings_is_copied();
    file_of_an_editor_has_no_process();
    other_files_are_copied();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
