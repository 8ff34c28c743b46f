/* SPDX-License-Identifier: MIT */
/* The scripts name every option, command and topic. tests/e2e/test_completion.py runs one. */
#include "cli/app.h"

#include "cli.h"
#include "cli/manual.h"
#include "cli/options.h"
#include "tap.h"

int main(void)
{
    static const char *const shells[] = {"bash", "zsh", "fish"};

    cli_setup();
    for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++) {
        is_int(cli("completion", shells[i], NULL), 0, shells[i]);
        for (size_t k = 0; k < option_count; k++) {
            ok(cli_out(option_table[k].name), "%s: it knows --%s", shells[i],
               option_table[k].name);
        }
        for (size_t k = 0; k < command_count; k++) {
            const char *sub = command_table[k].sub;

            ok(cli_out(command_table[k].word) && (sub == NULL || cli_out(sub)),
               "%s: it knows %s", shells[i], command_table[k].usage);
        }
        for (size_t k = 0; manual_topic(k) != NULL; k++) {
            ok(cli_out(manual_topic(k)), "%s: it knows the topic %s", shells[i],
               manual_topic(k));
        }
    }
    is_int(cli("completion", "zsh", NULL), 0, "zsh");
    ok(cli_out("'*-e[") && cli_out("'*--env=[") && cli_out("'-y["),
       "letters are completed, too");
    is_int(cli("completion", "tcsh", NULL), 2, "an unknown shell is refused");
    ok(cli_err("bash, zsh or fish"), "the message lists the shells");
    is_int(cli("completion", NULL), 2, "the shell must be named");
    tmpdir_remove();
    return done_testing();
}
