/* SPDX-License-Identifier: MIT */
#include "creds/keychain.h"

#include "base/clock.h"
#include "base/limits.h"
#include "tap.h"
#include "tmpdir.h"

#include <signal.h>

/* A script that behaves like security(1). Items are files "SERVICE@ACCOUNT" in $HOME/items.
 * $HOME/mode selects an error, and the arguments are written to $HOME/argv. */
#define STANDIN                                                                                \
    "#!/bin/sh\n"                                                                              \
    "echo \"$*\" >>\"$HOME/argv\"\n"                                                           \
    "mode=$(cat \"$HOME/mode\" 2>/dev/null)\n"                                                 \
    "case $mode in\n"                                                                          \
    "locked) exit 36 ;;\n"                                                                     \
    "denied) exit 51 ;;\n"                                                                     \
    "odd) echo 'security: something odd' >&2; echo more >&2; exit 9 ;;\n"                      \
    "silent) exit 7 ;;\n"                                                                      \
    "esac\n"                                                                                   \
    "if [ \"$1\" = find-generic-password ]; then\n"                                            \
    "  [ \"$2 $4 $5\" = '-a -w -s' ] || exit 2\n"                                              \
    "  cat \"$HOME/items/$6@$3\" 2>/dev/null || exit 44\n"                                     \
    "  echo\n"                                                                                 \
    "  exit 0\n"                                                                               \
    "fi\n"                                                                                     \
    "[ \"$1\" = -i ] || exit 2\n"                                                              \
    "IFS= read -r line\n"                                                                      \
    "[ \"$mode\" != parrot ] || { echo \"unknown: $line\" >&2; exit 2; }\n"                    \
    "account=$(printf %s \"$line\" | sed 's/.* -a \"\\([^\"]*\\)\".*/\\1/')\n"                 \
    "service=$(printf %s \"$line\" | sed 's/.* -s \"\\([^\"]*\\)\".*/\\1/')\n"                 \
    "hex=$(printf %s \"$line\" | sed 's/.* -X \"\\([^\"]*\\)\".*/\\1/')\n"                     \
    "[ \"$mode\" != forgetful ] || hex=7b7d\n"                                                 \
    "[ \"$mode\" != hex ] || { printf %s \"$hex\" >\"$HOME/items/$service@$account\"; exit; "  \
    "}\n"                                                                                      \
    "printf %s \"$hex\" | perl -pe '$_ = pack(\"H*\", $_)' "                                   \
    ">\"$HOME/items/$service@$account\"\n"

static struct arena arena;
static char home[128];
static char path[256];
static char user[64];

static struct keychain find(const char *more, const char *even_more)
{
    char *env[] = {
        home, path, user, arena_strdup(&arena, more), arena_strdup(&arena, even_more), NULL};

    return keychain_find(env, &arena);
}

static struct keychain setup(void)
{
    (void)mkdir(in_tmp("items"), 0700);
    (void)mkdir(in_tmp("bin"), 0700);
    put_file(in_tmp("bin/security"), STANDIN);
    (void)chmod(in_tmp("bin/security"), 0700);
    (void)snprintf(home, sizeof(home), "HOME=%s", tmpdir);
    (void)snprintf(path, sizeof(path), "PATH=%s/bin:/usr/bin:/bin", tmpdir);
    (void)snprintf(user, sizeof(user), "USER=ann");
    return find("CCO_KEYCHAIN=security", "TOKEN=secret");
}

static void item_depends_on_the_environment(void)
{
    struct keychain k = find("X=", "Y=");

    ok(k.program == NULL, "without the variable the Keychain is not used");
    is_str(k.service, "Claude Code-credentials", "the name of the usual item");
    is_str(k.account, "ann", "the account is the user");
    k = find("CCO_KEYCHAIN=security", "TOKEN=secret");
    is_str(k.program, in_tmp("bin/security"), "the program is found in PATH");
    ok(strcmp(k.env[0], home) == 0 && strcmp(k.env[1], path) == 0 &&
           strcmp(k.env[2], user) == 0 && k.env[3] == NULL,
       "the program gets only three variables");
    k = find("CLAUDE_CONFIG_DIR=/home/ann/other", "Y=");
    is_str(k.service, "Claude Code-credentials-cabdfcac",
           "another directory of claude's has another item");
    k = find("CLAUDE_CONFIG_DIR=/x", "CLAUDE_SECURESTORAGE_CONFIG_DIR=/home/ann/other");
    is_str(k.service, "Claude Code-credentials-cabdfcac",
           "the variable for secure storage overrides the directory");
    k = find("CLAUDE_CONFIG_DIR=/x", "CLAUDE_SECURESTORAGE_CONFIG_DIR=");
    is_str(k.service, "Claude Code-credentials",
           "an empty variable for secure storage means the usual item");
    k = find("CLAUDE_CONFIG_DIR=", "Y=");
    is_str(k.service, "Claude Code-credentials",
           "an empty CLAUDE_CONFIG_DIR means the usual item");
    (void)snprintf(user, sizeof(user), "USER=a b\"c");
    is_str(find("X=", "Y=").account, "claude-code-user",
           "a user name with odd characters is replaced");
    (void)snprintf(user, sizeof(user), "USER=");
    is_str(find("X=", "Y=").account, "claude-code-user", "an empty user name is replaced");
    (void)snprintf(user, sizeof(user), "USER=ann");
}

static void items_are_read(const struct keychain *k)
{
    static const struct {
        const char *mode;
        const char *item;
        enum err_kind kind; /* ERR_NONE: reading must succeed */
        const char *text;   /* the result, or a part of the message or the hint */
    } cases[] = {
        {"", "{\"a\":1}", ERR_NONE, "{\"a\":1}"},
        {"", "7b2261223a312c22c3a4223a327d", ERR_NONE, "{\"a\":1,\"\xc3\xa4\":2}"},
        {"", "7B2261223a317D", ERR_NONE, "{\"a\":1}"},
        {"", "7b2261223a31", ERR_NONE, "{\"a\":1"},
        {"", "5b2261223a315d", ERR_NONE, "5b2261223a315d"},
        {"", "7b2261223a317", ERR_NONE, "7b2261223a317"},
        {"", "7bzz", ERR_NONE, "7bzz"},
        {"", "", ERR_NONE, ""},
        {"", NULL, ERR_NOT_FOUND, "no such item"},
        {"", "{\"keychainOverflow\":2}", ERR_REFUSED, "several items"},
        {"locked", "{}", ERR_REFUSED, "security unlock-keychain"},
        {"denied", "{}", ERR_REFUSED, "refuses access"},
        {"odd", "{}", ERR_REFUSED, "security: something odd"},
        {"silent", "{}", ERR_REFUSED, "exit status 7"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *item = in_tmp("items/Claude Code-credentials@ann");
        struct buf out;
        struct err e = {0};
        int rc;

        buf_init(&out, LIMIT_CREDENTIALS);
        put_file(in_tmp("mode"), cases[i].mode);
        (void)unlink(item);
        if (cases[i].item != NULL) {
            put_file(item, cases[i].item);
        }
        rc = keychain_read(k, &out, &e);
        if (cases[i].kind == ERR_NONE) {
            ok(rc == 0 && str_eq_c(buf_str(&out), cases[i].text), "read: %s %s", cases[i].item,
               e.text);
        } else {
            ok(rc < 0 && e.kind == cases[i].kind && out.len == 0 &&
                   (strstr(e.text, cases[i].text) != NULL ||
                    strstr(e.hint, cases[i].text) != NULL),
               "an error: %s. %s", e.text, e.hint);
        }
        buf_wipe(&out);
    }
    put_file(in_tmp("mode"), "");
}

static void items_are_written(const struct keychain *k)
{
    static char big[3000];
    struct err e = {0};
    struct buf out;

    put_file(in_tmp("argv"), "");
    ok(keychain_write(k, str_c("{ \"token\" : \"sec ret\\\" \\\\\" ,\n\t\"n\": 1 }\n"), &e) ==
           0,
       "an item is written %s", e.text);
    is_str(get_file(in_tmp("items/Claude Code-credentials@ann")),
           "{\"token\":\"sec ret\\\" \\\\\",\"n\":1}",
           "the item has no white space between tokens");
    ok(strstr(get_file(in_tmp("argv")), "sec") == NULL &&
           strstr(get_file(in_tmp("argv")), "7365") == NULL &&
           strstr(get_file(in_tmp("argv")), "-i\nfind-generic-password -a ann -w -s") != NULL,
       "no argument contains a part of the secret");
    buf_init(&out, LIMIT_CREDENTIALS);
    put_file(in_tmp("mode"), "hex");
    ok(keychain_write(k, str_c("{\"a\":\"\xc3\xa4\"}"), &e) == 0 &&
           keychain_read(k, &out, &e) == 0 && str_eq_c(buf_str(&out), "{\"a\":\"\xc3\xa4\"}"),
       "an item that is printed in hex is decoded");
    buf_wipe(&out);
    put_file(in_tmp("mode"), "forgetful");
    ok(keychain_write(k, str_c("{\"a\":1}"), &e) < 0 && e.kind == ERR_FORMAT,
       "an item that reads back differently is an error: %s", e.text);
    put_file(in_tmp("mode"), "parrot");
    ok(keychain_write(k, str_c("{\"token\":\"secret\"}"), &e) < 0 &&
           strstr(e.text, "7b22746f") == NULL && strstr(e.text, "exit status 2") != NULL,
       "an error message that repeats the input is not shown: %s", e.text);
    put_file(in_tmp("mode"), "locked");
    ok(keychain_write(k, str_c("{}"), &e) < 0 && e.kind == ERR_REFUSED && e.hint[0] != '\0',
       "a locked Keychain is refused with a hint: %s", e.text);
    put_file(in_tmp("mode"), "");
    memset(big, 'x', sizeof(big));
    big[0] = '"';
    big[sizeof(big) - 1] = '"';
    put_file(in_tmp("argv"), "");
    ok(keychain_write(k, str_n(big, sizeof(big)), &e) < 0 && e.kind == ERR_LIMIT &&
           e.hint[0] != '\0',
       "a text that is too long is refused with a hint: %s", e.text);
    is_str(get_file(in_tmp("argv")), "", "for a text that is too long no program is run");
    big[1950] = '"';
    ok(keychain_write(k, str_n(big, 1951), &e) == 0, "the longest text that fits is written %s",
       e.text);
}

static void odd_programs_and_names_are_refused(struct keychain k)
{
    struct err e = {0};
    struct buf out;

    buf_init(&out, LIMIT_CREDENTIALS);
    k.program = "security";
    ok(keychain_read(&k, &out, &e) < 0 && e.kind == ERR_REFUSED,
       "a program that is not in PATH is refused: %s", e.text);
    k.program = in_tmp("none");
    ok(keychain_read(&k, &out, &e) < 0 && e.kind == ERR_SYS,
       "a program that does not exist is an error: %s", e.text);
    k.program = "/bin/sh";
    k.service = "a\"b";
    ok(keychain_write(&k, str_c("{}"), &e) < 0 && e.kind == ERR_REFUSED,
       "a name with a quote is refused: %s", e.text);
    buf_wipe(&out);
}

int main(void)
{
    struct keychain k;

    (void)signal(SIGPIPE, SIG_IGN);
    tmpdir_make();
    k = setup();
    item_depends_on_the_environment();
    items_are_read(&k);
    items_are_written(&k);
    odd_programs_and_names_are_refused(k);
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
