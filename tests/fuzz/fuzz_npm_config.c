/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "wire/npm_config.h"

#include <stdlib.h>
#include <string.h>

/* Properties: the registry's address ends with '/', and a login is one line. */
void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    static char home[] = "HOME=/home/ann";
    char *env[] = {home, NULL};
    const struct url url = {.scheme = URL_HTTPS,
                            .user_info = "",
                            .host = "r.example",
                            .port = 443,
                            .path = "/npm/"};
    struct npm_config c = {.scope = "@anthropic-ai"};
    struct arena a = {0};
    struct buf login;
    const char *registry;

    (void)step;
    npm_config_file(&c, in, env, &a);
    registry = npm_config_registry(&c, &a);
    if (!str_ends(str_c(registry), "/")) {
        abort();
    }
    (void)buf_addf(out, "%s %s %s", registry, c.cafile != NULL ? c.cafile : "",
                   c.proxy != NULL ? c.proxy : "");
    buf_init(&login, 1 << 12);
    if (npm_config_login(in, env, &url, &login)) {
        if (memchr(buf_data(&login), '\n', login.len) != NULL) {
            abort();
        }
        (void)buf_add_str(out, buf_str(&login));
    }
    buf_wipe(&login);
    arena_release(&a);
}
