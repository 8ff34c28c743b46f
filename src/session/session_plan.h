/* SPDX-License-Identifier: MIT */
/* The plan of a session, which is a draft until its container exists (plan/plan.h). The first
 * draft follows from the options and the facts that are known. Whatever is learnt on the way to
 * the container changes a fact, and the whole plan is built again. session_plan() is the only
 * place that does so, and lists the reasons. */
#ifndef SESSION_SESSION_PLAN_H
#define SESSION_SESSION_PLAN_H

#include "plan/plan.h"
#include "session/session_context.h"

enum session_plan_reason {
    SESSION_PLAN_NO_REASON,     /* not planned again */
    SESSION_PLAN_DRAFT,         /* host and engine were probed, as far as they could be */
    SESSION_PLAN_IMAGE,         /* the image can be looked up, or was just built or pulled */
    SESSION_PLAN_NAME_TAKEN,    /* a session or container has this name: another random name */
    SESSION_PLAN_REMOTE,        /* the engine turned out not to see this machine's files */
    SESSION_PLAN_LANDLOCK_ONLY, /* this machine does not allow namespaces: a weaker sandbox */
};

/* Changes the facts for the reason `why` and builds *p from options and facts. For
 * SESSION_PLAN_IMAGE, p is the draft whose image is looked up; a missing image is a success
 * with facts->image.present == false. For the reasons after it, *e holds the error that is the
 * reason, and is reset. Strings of the plan live in ctx->arena or are shared with options and
 * facts. Returns 0 on success and -1 on error. Blocks while the engine is asked about the
 * image. */
int session_plan(struct session_context *ctx, enum session_plan_reason why, struct plan *p,
                 struct err *e);

/* Returns the reason for which another plan may succeed where the container of this one could
 * not be made or started, or SESSION_PLAN_NO_REASON. Changes nothing. */
enum session_plan_reason session_plan_why_again(const struct session_context *ctx,
                                                const struct plan *p, const struct err *e);

/* Warns of what the plan says, except for what is in `told`, the warnings of an earlier
 * plan. */
void session_plan_warn(const struct plan *p, const struct strv *told);

#endif
