/* SPDX-License-Identifier: MIT */
#include "cli/options.h"

#include "tap.h"

int main(void)
{
    static const struct {
        const char *arg;
        const char *like; /* NULL: nothing */
    } samples[] = {
        {"--pakages", "packages"},
        {"--package", "packages"},
        {"--pacakges=jq", "packages"},
        {"--newtork", "network"},
        {"--imgae", "image"},
        {"--imge", "image"},
        {"--dryrun", "dry-run"},
        {"--dockersocket", "docker"},
        {"--alow-oauth-refesh", "allow-oauth-refresh"},
        {"--ennv", "env"},
        {"--packages", NULL}, /* it is one */
        {"--pkg", NULL},
        {"--model", NULL},
        {"--effort", NULL},
        {"--x", NULL},
        {"--", NULL},
        {"-p", NULL},
        {"--aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL},
    };

    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        const struct option *opt = option_like(samples[i].arg);

        if (samples[i].like == NULL) {
            ok(opt == NULL, "%s is like none", samples[i].arg);
        } else {
            is_str(opt == NULL ? "" : opt->name, samples[i].like, samples[i].arg);
        }
    }
    return done_testing();
}
