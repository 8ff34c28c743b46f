/* SPDX-License-Identifier: MIT */
/* The help text against the option table: every option of one is in the other, lines fit a
 * terminal. */
#include "cli/app.h"

#include "cli.h"
#include "tap.h"

int main(void)
{
    static const char *const words[] = {
        "--env",     "--packages", "--rebuild",    "--image",       "--network",
        "--dry-run", "--timing",   "--yes",        "--quiet",       "--verbose",
        "--help",    "--version",  "shell",        "info",          "cleanup",
        "--json",    "--all",      "backup-creds", "restore-creds", "--allow-oauth-refresh",
        "--strict",
    };
    const char *text;

    cli_setup();
    is_int(cli("--help", NULL), 0, "help");
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        ok(cli_out(words[i]), "it names %s", words[i]);
    }
    text = get_file(in_tmp("out"));
    while (*text != '\0') {
        size_t len = strcspn(text, "\n");

        if (len > 80) {
            ok(false, "a line of %zu characters: %.*s", len, (int)len, text);
        }
        text += len + (text[len] == '\n' ? 1 : 0);
    }
    ok(!cli_out("not yet") && !cli_out("planned"), "it promises nothing");
    is_int(cli("--version", NULL), 0, "version");
    ok(cli_out("cco " CCO_VERSION "\n"), "is told on stdout");
    is_str(get_file(in_tmp("err")), "", "and nothing on stderr");
    tmpdir_remove();
    return done_testing();
}
