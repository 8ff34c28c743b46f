/* SPDX-License-Identifier: MIT */
/* The directories and files of a machine that must not be given to an agent, because they
 * contain keys, logins, programs or settings of the user, or files of several users. The table
 * applies to the project and to --add-dir. A path that the user names to be read only (--ro) is
 * not refused. Pure. */
#ifndef PLAN_PLACE_TABLE_H
#define PLAN_PLACE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

struct place {
    /* An absolute path, or one relative to a home. Directories between the home and this path
     * are refused as well, because this path is in them. */
    const char *path;
    bool below;      /* everything below the path is refused as well */
    bool of_sandbox; /* the sandbox has its own directory there, so nothing can replace it */
    const char *why; /* the reason, the rest of a sentence about the directory: "it ..." */
};

/* Paths relative to the home of a user. */
enum { PLACES_OF_HOME_MAX = 128 }; /* at least their number */
extern const struct place places_of_home[];
extern const size_t places_of_home_count;

/* Returns whether the place contains keys, logins or passwords. A history of commands counts.
 */
bool place_is_secret(const struct place *p);

/* Absolute paths. The directories above them are not refused for that reason. */
extern const struct place places_of_machine[];
extern const size_t places_of_machine_count;

#endif
