/* SPDX-License-Identifier: MIT */
/* When a weaker sandbox is chosen. */
#include "session/fallback.h"

#include "confine/landlock.h"
#include "context.h"
#include "native/userns_error.h"
#include "tap.h"

#include <errno.h>

static struct err e;

static void namespaces_are_forbidden(void)
{
    err_reset(&e);
    errno = EPERM;
    (void)err_sys(&e, "new namespaces");
    (void)userns_error_mark(&e, USERNS_ERROR_CLONE);
    (void)err_wrap(&e, "sandbox");
}

int main(void)
{
    static struct context c;
    static const struct fact_native native;
    struct plan full = {.kind = SANDBOX_NATIVE, .native.facts = &native};
    struct plan landlock_only = {.kind = SANDBOX_LANDLOCK_ONLY, .native.facts = &native};
    struct plan image = {.kind = SANDBOX_LOCAL_CONTAINER};
    static const struct err fault = {.kind = ERR_SYS, .errnum = EIO};
    static const struct err rule = {.kind = ERR_REFUSED};

    context_init(&c, NULL);
    namespaces_are_forbidden();
    ok(fallback_is_due(&full, &e), "the weaker sandbox is due if namespaces are forbidden");
    ok(!fallback_is_due(&full, &fault), "it is not due after a failed system call");
    ok(!fallback_is_due(&full, &rule), "it is not due after a refusal of cco's own");
    ok(!fallback_is_due(&landlock_only, &e) && !fallback_is_due(&image, &e),
       "neither Landlock only nor a container has a weaker sandbox");
    c.opts.require_full = true;
    ok(fallback_choose(&c.ctx, &e) < 0 && e.kind == ERR_REFUSED && e.hint[0] != '\0',
       "--require full forbids it: %s. %s", e.text, e.hint);
    ok(c.facts.native.no_namespaces == NULL, "the facts are unchanged after that error");
    c.opts.require_full = false;
    namespaces_are_forbidden();
    if (landlock_abi() == 0) {
        ok(fallback_choose(&c.ctx, &e) < 0 && strstr(e.text, "no Landlock") != NULL,
           "without Landlock it is refused: %s", e.text);
    } else {
        is_int(fallback_choose(&c.ctx, &e), 0, "without --require full it is chosen");
        ok(e.kind == ERR_NONE && c.facts.native.no_namespaces != NULL &&
               c.facts.native.landlock_abi == (unsigned)landlock_abi(),
           "the facts have the reason: %s", c.facts.native.no_namespaces);
    }
    context_release(&c);
    return done_testing();
}
