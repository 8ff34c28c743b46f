/* SPDX-License-Identifier: MIT */
/* Finds the login of a cloud provider in files: profiles of AWS (~/.aws), and the credentials
 * of Google Cloud. */
#ifndef SESSION_CLOUD_LOGIN_H
#define SESSION_CLOUD_LOGIN_H

#include "base/arena.h"
#include "plan/facts.h"

/* Sets f->cloud if f->login is LOGIN_CLOUD, and leaves it unchanged otherwise. f->login and the
 * facts of host_probe() must be set. `env` is the environment; variables also count in `env` of
 * the user's settings, if the sandbox gets these, in `given`, the values of --env, and in the
 * project's .env. Reads the files, and keeps no secret of them.
 * Strings are in the arena. Blocks only as the file system does. */
void cloud_login_find(char *const *env, const struct strv *given, struct arena *a,
                      struct facts *f);

#endif
