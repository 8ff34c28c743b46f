/* SPDX-License-Identifier: MIT */
/* Builds the plan of a session (plan/plan.h). The plan is a draft until the sandbox exists. The
 * first draft follows from the options and from the facts that are known then. If cco learns
 * something before the sandbox exists, that changes a fact, and the whole plan is built again.
 * session_plan() is the only function that does this; its reasons are enum
 * session_plan_reason. */
#ifndef SESSION_SESSION_PLAN_H
#define SESSION_SESSION_PLAN_H

#include "plan/plan.h"
#include "session/session_context.h"

enum session_plan_reason {
    SESSION_PLAN_NO_REASON,     /* the plan stays valid */
    SESSION_PLAN_DRAFT,         /* the first draft: host and engine were probed */
    SESSION_PLAN_IMAGE,         /* the image has to be looked up, or was built or pulled */
    SESSION_PLAN_NAME_TAKEN,    /* a session or container has this name: another random name */
    SESSION_PLAN_NAME_FREE,     /* a left-over container has had this name: the same name */
    SESSION_PLAN_REMOTE,        /* the engine does not see this machine's files after all */
    SESSION_PLAN_LANDLOCK_ONLY, /* this machine does not allow namespaces: a weaker sandbox */
};

/* Changes the facts for the reason `why` and builds *p from the options and facts. For
 * SESSION_PLAN_IMAGE, *p must be the draft whose image is looked up; if the engine does not
 * have it, the function succeeds with facts->image.present == false. For the reasons that
 * follow in the enumeration, *e must contain the error that is the reason, and is reset. The
 * strings of the plan live in ctx->arena or are shared with options and facts. Returns 0 on
 * success and -1 on error; *p may then be incomplete and must not be used. Blocks while the
 * engine is asked about the image. */
int session_plan(struct session_context *ctx, enum session_plan_reason why, struct plan *p,
                 struct err *e);

/* The sandbox of the plan *p could not be made or started because of *e: returns the reason for
 * which another plan may succeed, or SESSION_PLAN_NO_REASON. Changes nothing. The session
 * directory must still exist. */
enum session_plan_reason session_plan_why_again(const struct session_context *ctx,
                                                const struct plan *p, const struct err *e);

/* Prints the warnings of the plan, except for those in `told`, which are the warnings of an
 * earlier plan and were printed already. */
void session_plan_warn(const struct plan *p, const struct strv *told);

#endif
